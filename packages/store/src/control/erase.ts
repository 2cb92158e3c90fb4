/**
 * Erasing a connection's data for good: records, raw records, quarantine, warnings, runs, tokens, consents.
 *
 * Before, the caller has made the connection `Unlinked` and ended its runs. Most rows then go in batches, so that no transaction
 * grows with the book; the last step is one transaction. It locks the runs first, as every writer does, and deletes the connection
 * (with it runs and datasets): a worker that still holds a page finds its run gone and writes nothing. What such a worker had
 * committed before is deleted after that. A process that dies half-way leaves the connection in place: deleting it again goes on.
 */
import { dataTypeKeys, dataTypes } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../pool.ts';
import { ledgerTables } from '../records/ledger-tables.ts';
import type { Store } from '../store.ts';

const recordTables = [
  ...dataTypeKeys.map((key) => dataTypes[key].table),
  'raw_records',
  'missing_records',
  'quarantined_records',
  ...ledgerTables,
];

const batchRows = 10_000;

/** @returns false when the client's company has no such connection */
export async function eraseConnection(
  { pool }: Pick<Store, 'pool'>,
  clientId: string,
  companyId: string,
  connectionId: string,
): Promise<boolean> {
  const scope = [companyId, connectionId] as const;
  const { rowCount } = await pool.query(
    'SELECT FROM connections WHERE client_id = $1 AND company_id = $2 AND id = $3',
    [clientId, ...scope],
  );
  if (rowCount === 0) return false;
  for (const table of recordTables) await deleteInBatches(pool, table, scope);
  await inTransaction(pool, async (client) => {
    const runIds = await lockRuns(client, connectionId);
    await client.query('DELETE FROM connections WHERE client_id = $1 AND id = $2', [clientId, connectionId]);
    await client.query('DELETE FROM run_seen_records WHERE run_id = ANY($1::uuid[])', [runIds]);
    await client.query('DELETE FROM data_warnings WHERE run_id = ANY($1::uuid[])', [runIds]);
    await client.query('DELETE FROM upstream_requests WHERE run_id = ANY($1::uuid[])', [runIds]);
    for (const table of recordTables) {
      await client.query(`DELETE FROM ${table} WHERE company_id = $1 AND connection_id = $2`, [...scope]);
    }
  });
  return true;
}

async function deleteInBatches(pool: Pool, table: string, scope: readonly [string, string]): Promise<void> {
  const text = `DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM ${table} WHERE company_id = $1 AND connection_id = $2 LIMIT ${batchRows}))`;
  for (;;) {
    const { rowCount } = await pool.query(text, [...scope]);
    if ((rowCount ?? 0) < batchRows) return;
  }
}

async function lockRuns(client: ClientBase, connectionId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM pull_operations WHERE connection_id = $1 ORDER BY id FOR UPDATE',
    [connectionId],
  );
  return rows.map((row) => row.id);
}
