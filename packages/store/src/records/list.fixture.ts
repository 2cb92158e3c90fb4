/** Tests' way to stored records: through the write path of syncs. */
import { randomUUID } from 'node:crypto';
import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { Pool } from 'pg';
import { inTransaction } from '../pool.ts';
import { lockDataset, moveCounters, readDataset } from '../runs/datasets.ts';
import type { ListCounters } from './list-plan.ts';
import type { RecordScope } from './spine.ts';
import { upsertRecords } from './upsert.ts';

export interface TestRecord {
  readonly id: string;
  /** JSON text. */
  readonly document: string;
  readonly isDeleted?: boolean;
}

/** A client with a company and a Linked connection; ids are new. */
export async function createScope(pool: Pool): Promise<RecordScope & { clientId: string }> {
  const [clientId, companyId, connectionId] = [randomUUID(), randomUUID(), randomUUID()];
  await pool.query('INSERT INTO clients (id, name) VALUES ($1, $2)', [clientId, 'Lender']);
  await pool.query('INSERT INTO companies (id, client_id, name) VALUES ($1, $2, $3)', [
    companyId,
    clientId,
    'Business',
  ]);
  await pool.query(
    `INSERT INTO connections (id, client_id, company_id, platform_key, status) VALUES ($1, $2, $3, 'ksho', 'Linked')`,
    [connectionId, clientId, companyId],
  );
  return { clientId, companyId, connectionId };
}

/** Stores records as one page of a sync would. */
export async function storeRecords(
  pool: Pool,
  scope: RecordScope & { clientId: string },
  dataType: DataTypeKey,
  records: readonly TestRecord[],
): Promise<void> {
  await pool.query(
    'INSERT INTO datasets (client_id, company_id, connection_id, data_type) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [scope.clientId, scope.companyId, scope.connectionId, dataType],
  );
  await inTransaction(pool, async (client) => {
    const { lastSeq } = await lockDataset(client, scope, dataType);
    const rows = records.map(({ id, document, isDeleted = false }) => {
      const { values, sourceModifiedAt } = columnsOf(dataType, document);
      return {
        id,
        document,
        contentHash: randomUUID().replaceAll('-', ''),
        sourceModifiedAt,
        isDeleted,
        columns: values,
      };
    });
    const { inserted, deletedDelta } = await upsertRecords(client, scope, dataType, rows, lastSeq);
    await moveCounters(client, scope, dataType, { inserted, deleted: deletedDelta });
  });
}

/** What the API knows of a dataset before it lists. */
export async function countersOf(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
): Promise<ListCounters> {
  const { recordCount, lastSeq } = await readDataset(pool, scope, dataType);
  return { recordCount, lastSeq: Number(lastSeq) };
}

function columnsOf(dataType: DataTypeKey, document: string) {
  const body: unknown = JSON.parse(document, (_key, value, { source }) =>
    typeof value === 'number' ? { source } : value,
  );
  const at = (path: string): unknown =>
    path
      .split('.')
      .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body);
  const values = dataTypes[dataType].columns.map(({ path }) => {
    const value = at(path);
    if (typeof value === 'object' && value !== null && 'source' in value) return String(value.source);
    return typeof value === 'string' || typeof value === 'boolean' ? value : null;
  });
  const sourceModified = at('sourceModifiedDate');
  return { values, sourceModifiedAt: typeof sourceModified === 'string' ? sourceModified : undefined };
}
