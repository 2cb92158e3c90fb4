import type { BookChoices } from '@tributary/connector-kit';
import { type AnyDataTypeKey, type DataTypeKey, parseDataTypeKey } from '@tributary/model';
import { findRecordSource, listRecords, type RecordScope } from '@tributary/store';
import { z } from 'zod';
import { createSources } from '../data/sources.ts';
import type { AppDependencies } from '../dependencies.ts';
import { notFound, notFoundBecause } from '../errors.ts';
import type { PushOption } from '../schemas/push.ts';

/** How the platform of a connection takes records that a client writes. */
export interface PushOptionService {
  /** @throws ApiError 404 for a data type that cannot be written to the platform */
  options(
    clientId: string,
    source: { companyId: string; connectionId: string },
    dataType: string,
  ): Promise<PushOption>;
}

/** Of a larger chart, the first accounts are offered; others are taken all the same. */
const mostChoices = 5000;

const account = z.object({
  id: z.string(),
  name: z.string().default(''),
  nominalCode: z.string().optional(),
  isBankAccount: z.boolean().default(false),
  status: z.string().optional(),
});
const taxRate = z.object({ id: z.string(), name: z.string().default(''), status: z.string().optional() });

export function createPushOptionService(
  dependencies: Pick<AppDependencies, 'store' | 'connectors'>,
): PushOptionService {
  const { connectors } = dependencies;
  const { pool } = dependencies.store;
  const sources = createSources(dependencies);

  /** What is stored so far; without a sync there is nothing to choose from. */
  async function stored<Schema extends z.ZodType<{ status?: string | undefined }>>(
    clientId: string,
    scope: RecordScope,
    dataType: DataTypeKey,
    schema: Schema,
  ): Promise<z.output<Schema>[]> {
    const source = await findRecordSource(pool, clientId, scope, dataType);
    if (source?.counters === undefined) return [];
    const page = { filter: undefined, orderBy: undefined, page: 1, pageSize: mostChoices, cursor: undefined };
    const { records } = await listRecords(pool, scope, dataType, source.counters, page);
    return records
      .filter(({ isDeleted }) => !isDeleted)
      .map(({ document }) => schema.parse(JSON.parse(document)))
      .filter(({ status }) => status !== 'Archived');
  }

  return {
    async options(clientId, source, name) {
      const connection = await sources.connection(clientId, source);
      if (connection === undefined) throw notFound('connection');
      const connector = connectors.get(connection.platformKey);
      const dataType = writableKey(name);
      if (dataType === undefined || !connector?.writing?.dataTypes.has(dataType))
        throw notFoundBecause(
          `Datatype ${dataType ?? JSON.stringify(name.slice(0, 100))} cannot be written to ${connector?.manifest.name ?? 'the platform'}.`,
        );
      const scope = { companyId: connection.companyId, connectionId: connection.id };
      const books: BookChoices = {
        accounts: await stored(clientId, scope, 'chartOfAccounts', account),
        taxRates: await stored(clientId, scope, 'taxRates', taxRate),
      };
      return connector.writing.describe(dataType, books) as PushOption;
    },
  };
}

/** Accounts are written at `push/accounts`, and are `chartOfAccounts` as a data type: clients use both. */
export function writableKey(name: string): AnyDataTypeKey | undefined {
  return name.toLowerCase() === 'accounts' ? 'chartOfAccounts' : parseDataTypeKey(name);
}
