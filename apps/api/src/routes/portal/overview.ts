/** What the portal's home page and company pages show at a glance. */
import { instant, instantText } from '@tributary/model';
import {
  createCompanyRepository,
  createConnectionRepository,
  type DatasetOverview,
  listDatasetOverviews,
  readClientSummary,
} from '@tributary/store';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AppDependencies } from '../../dependencies.ts';
import { notFound } from '../../errors.ts';
import { errorResponses } from '../../http/error-schema.ts';
import { companyParameters } from '../../http/validation.ts';

const count = z.int().min(0);

const summary = z
  .object({
    companies: count,
    connections: z.object({ PendingAuth: count, Linked: count, Unlinked: count, Deauthorized: count }),
    enabledIntegrations: z.array(z.string()).describe('Their keys.'),
    lastSyncs: z
      .array(
        z.object({
          companyId: z.uuid(),
          companyName: z.string(),
          connectionId: z.uuid(),
          platformKey: z.string(),
          lastSync: instantText,
        }),
      )
      .describe('The newest, ten at most.'),
    firstRun: z
      .object({
        integrationSetUp: z.boolean().describe('One is enabled, and has the keys that it needs.'),
        companyCreated: z.boolean(),
        companyLinked: z.boolean(),
        dataSynced: z.boolean(),
        apiKeyUsed: z.boolean(),
        webhookCreated: z.boolean(),
      })
      .describe('Steps from nothing to data, and whether they are done.'),
    sandboxUrl: z
      .string()
      .optional()
      .describe('Where the sandbox is that stands in for the platforms; absent where they are real.'),
  })
  .meta({ id: 'PortalSummary' });

const dataset = z
  .object({
    connectionId: z.uuid(),
    platformKey: z.string(),
    dataType: z.string(),
    status: z.string().describe('Of the latest pull; `Initial` when there was none.'),
    lastSuccessfulSync: instantText.optional(),
    records: count.describe('Stored records, those marked deleted included.'),
    deleted: count,
    scheduleHours: count.describe('0: not scheduled.'),
    nextSync: instantText.optional(),
    latestPull: z
      .object({
        id: z.uuid(),
        requested: instantText,
        started: instantText.optional(),
        completed: instantText.optional(),
        progress: count.describe('Percent.'),
        pages: count.describe('Read so far.'),
        records: count.describe('Read so far.'),
        warnings: count,
        statusDescription: z.string().optional(),
        errorMessage: z.string().optional(),
      })
      .optional(),
  })
  .meta({ id: 'DatasetOverview' });

const routes: FastifyPluginAsyncZod = async (app) => {
  const { store, connectors } = app.dependencies;
  const companies = createCompanyRepository(store);
  const connections = createConnectionRepository(store);
  const shared = { tags: ['Portal'] };

  app.get(
    '/portal/api/summary',
    {
      schema: {
        ...shared,
        operationId: 'get-portal-summary',
        summary: 'Get summary',
        response: { 200: summary, ...errorResponses() },
      },
    },
    ({ client }) => summaryOf(app.dependencies, client.id),
  );

  app.get(
    '/portal/api/companies/:companyId/datasets',
    {
      schema: {
        ...shared,
        operationId: 'list-datasets',
        summary: 'List data types of a company',
        description: 'Of every connection, with how the latest pull of each goes or went.',
        params: companyParameters,
        response: { 200: z.object({ results: z.array(dataset) }), ...errorResponses(400, 404) },
      },
    },
    async ({ client, params: { companyId } }) => {
      if ((await companies.find(client.id, companyId)) === undefined) throw notFound('company');
      const [rows, ofCompany] = await Promise.all([
        listDatasetOverviews(store.pool, companyId),
        connections.listOfCompanies(client.id, [companyId]),
      ]);
      const results = ofCompany.flatMap(({ id: connectionId, platformKey }) => {
        const known = new Map(
          rows.filter((row) => row.connectionId === connectionId).map((row) => [row.dataType, row]),
        );
        const served = [...(connectors.get(platformKey)?.manifest.dataTypes.keys() ?? [])];
        const dataTypes = new Set<string>([...served, ...known.keys()]);
        return [...dataTypes].map((dataType) =>
          datasetView({ connectionId, platformKey, dataType }, known.get(dataType)),
        );
      });
      return { results };
    },
  );
};

async function summaryOf(
  { store, connectors, credentials, sandboxUrl }: AppDependencies,
  clientId: string,
): Promise<z.input<typeof summary>> {
  const { connections, enabledPlatforms, lastSyncs, ...facts } = await readClientSummary(
    store.pool,
    clientId,
  );
  const canLink = await Promise.all(
    enabledPlatforms.map(async (platformKey) => {
      const connector = connectors.get(platformKey);
      if (connector === undefined) return false;
      return (
        connector.oauth2 === undefined ||
        (await credentials.applicationKeys(clientId, platformKey)) !== undefined
      );
    }),
  );
  return {
    companies: facts.companies,
    connections: { PendingAuth: 0, Linked: 0, Unlinked: 0, Deauthorized: 0, ...connections },
    enabledIntegrations: [...enabledPlatforms],
    lastSyncs: lastSyncs.map(({ lastSyncAt, ...sync }) => ({ ...sync, lastSync: instant(lastSyncAt) })),
    firstRun: {
      integrationSetUp: canLink.includes(true),
      companyCreated: facts.companies > 0,
      companyLinked: (connections.Linked ?? 0) > 0,
      dataSynced: lastSyncs.length > 0,
      apiKeyUsed: facts.isApiKeyUsed,
      webhookCreated: facts.hasWebhook,
    },
    ...(sandboxUrl !== undefined && { sandboxUrl }),
  };
}

function datasetView(
  place: { connectionId: string; platformKey: string; dataType: string },
  row: DatasetOverview | undefined,
): z.input<typeof dataset> {
  const run = row?.run;
  return {
    ...place,
    // The history may be shorter than the memory of the dataset: its latest run can be gone.
    status: run?.status ?? (row?.lastSuccessfulSyncAt ? 'Complete' : 'Initial'),
    ...(row?.lastSuccessfulSyncAt && { lastSuccessfulSync: instant(row.lastSuccessfulSyncAt) }),
    records: row?.records ?? 0,
    deleted: row?.deleted ?? 0,
    scheduleHours: row?.scheduleHours ?? 0,
    ...(row?.nextRunAt && { nextSync: instant(row.nextRunAt) }),
    ...(run && {
      latestPull: {
        id: run.id,
        requested: instant(run.requestedAt),
        ...(run.startedAt !== null && { started: instant(run.startedAt) }),
        ...(run.completedAt !== null && { completed: instant(run.completedAt) }),
        progress: run.progress,
        pages: run.pages,
        records: run.recordsRead,
        warnings: run.warnings,
        ...(run.statusDescription !== null && { statusDescription: run.statusDescription }),
        ...(run.errorMessage !== null && { errorMessage: run.errorMessage }),
      },
    }),
  };
}

export default routes;
