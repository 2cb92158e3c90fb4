/** Reports of debts by age. */
import type { FastifyPluginAsync } from 'fastify';
import { createAgedReportService } from '../../../data/aged-reports.ts';
import { errorResponses } from '../../../http/error-schema.ts';
import { companyParameters } from '../../../http/validation.ts';
import { type AgedQuery, agedQuery, agedSchemas, availability } from './schemas.ts';

type AvailableRoute = { Params: { companyId: string } };
type ReportRoute = AvailableRoute & { Querystring: AgedQuery };

const reports = [
  { path: 'agedDebtor', side: 'debtors', title: 'aged debtors report' },
  { path: 'agedCreditor', side: 'creditors', title: 'aged creditors report' },
] as const;

const json = 'application/json; charset=utf-8';

const routes: FastifyPluginAsync = async (app) => {
  const service = createAgedReportService(app.dependencies);

  for (const { path, side, title } of reports) {
    const base = `/companies/:companyId/reports/${path}`;
    const shared = { tags: ['Reports'], params: companyParameters };

    app.get<AvailableRoute>(
      `${base}/available`,
      {
        schema: {
          ...shared,
          operationId: `is-${title.replaceAll(' ', '-')}-available`,
          summary: `Is the ${title} available`,
          response: { 200: availability, ...errorResponses(400, 404) },
        },
      },
      async ({ client, params }, reply) =>
        reply.type(json).send(JSON.stringify(await service.isAvailable(client.id, params.companyId, side))),
    );

    app.get<ReportRoute>(
      base,
      {
        schema: {
          ...shared,
          operationId: `get-${title.replaceAll(' ', '-')}`,
          summary: `Get the ${title}`,
          description:
            'By party, currency and age. Payments made after the report date are added back; payments on account are taken off.',
          querystring: agedQuery,
          response: { 200: agedSchemas[path], ...errorResponses(400, 404, 409) },
        },
      },
      async ({ client, params, query }, reply) => {
        const { text, derivedFrom } = await service.read(client.id, params.companyId, side, query);
        return reply.header('x-data-derived-from', derivedFrom.join(', ')).type(json).send(text);
      },
    );
  }
};

export default routes;
