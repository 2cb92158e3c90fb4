/**
 * Erasing a connection's data for good: records, raw records, quarantine, warnings, runs, tokens, consents.
 *
 * Before, the caller has stopped the connection and ended its runs. Most rows then go in batches, so that no transaction
 * grows with the book; the last step is one transaction. It locks datasets and runs in the order of every writer, and deletes the connection
 * (with it runs and datasets): a worker that still holds a page finds its run gone and writes nothing. What such a worker had
 * committed before is deleted after that. A process that dies half-way leaves the connection in place: deleting it again goes on.
 */
import { dataTypeKeys, dataTypes } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../pool.ts';
import { forgetInAuditLog } from '../portal/audit.ts';
import { ledgerTables } from '../records/ledger-tables.ts';
import { lockDatasetsOf } from '../runs/datasets.ts';
import type { Store } from '../store.ts';

const recordTables = [
  ...dataTypeKeys.map((key) => dataTypes[key].table),
  'raw_records',
  'missing_records',
  'quarantined_records',
  'custom_data_records',
  'data_findings',
  ...ledgerTables,
];

const batchRows = 10_000;

/** A job of a run that ended longer ago than this is not on the queue any more. */
const longestJob = `interval '2 days'`;

/**
 * Makes a connection one that is not synced any more, and forgets its tokens.
 * @returns false when the client's company has no such connection
 */
export async function stopConnection(
  pool: Pool,
  connection: { clientId: string; companyId: string; connectionId: string },
): Promise<boolean> {
  const { clientId, companyId, connectionId } = connection;
  const { rowCount } = await pool.query(
    `UPDATE connections SET status = 'Unlinked' WHERE client_id = $1 AND company_id = $2 AND id = $3`,
    [clientId, companyId, connectionId],
  );
  if (rowCount === 0) return false;
  await pool.query('DELETE FROM connection_credentials WHERE connection_id = $1', [connectionId]);
  return true;
}

/** A connection's runs that may still have a job on the queue. */
export async function recentRuns(pool: Pool, connectionId: string): Promise<{ id: string; fence: number }[]> {
  const { rows } = await pool.query<{ id: string; fence: number }>(
    `SELECT id, fence FROM pull_operations
     WHERE connection_id = $1 AND (completed_at IS NULL OR completed_at > now() - ${longestJob})`,
    [connectionId],
  );
  return rows;
}

/** Told in the transaction of a deletion, while the row is still there. */
type BeforeDeletion = (client: ClientBase) => Promise<void>;

/**
 * Deletes a company that has no connection any more.
 * @returns the connections that are still there (then nothing was deleted); undefined when the client has no such company
 */
export function deleteCompany(
  pool: Pool,
  clientId: string,
  companyId: string,
  beforeDeletion: BeforeDeletion,
): Promise<string[] | undefined> {
  return deleteWhenEmpty(pool, {
    parent: 'SELECT FROM companies WHERE client_id = $1 AND id = $2 FOR UPDATE',
    children: 'SELECT id FROM connections WHERE client_id = $1 AND company_id = $2',
    deletion: 'DELETE FROM companies WHERE client_id = $1 AND id = $2',
    values: [clientId, companyId],
    beforeDeletion: async (client) => {
      await beforeDeletion(client);
      await forgetInAuditLog(client, clientId, companyId);
    },
  });
}

/**
 * Deletes a client that has no company any more, with its keys and settings.
 * @returns the companies that are still there (then nothing was deleted); undefined when there is no such client
 */
export function deleteClient(pool: Pool, clientId: string): Promise<string[] | undefined> {
  return deleteWhenEmpty(pool, {
    parent: 'SELECT FROM clients WHERE id = $1 FOR UPDATE',
    children: 'SELECT id FROM companies WHERE client_id = $1',
    deletion: 'DELETE FROM clients WHERE id = $1',
    values: [clientId],
  });
}

/** The lock on the parent's row keeps new children out until the transaction ends. */
async function deleteWhenEmpty(
  pool: Pool,
  request: {
    parent: string;
    children: string;
    deletion: string;
    values: readonly string[];
    beforeDeletion?: BeforeDeletion;
  },
): Promise<string[] | undefined> {
  const { parent, children, deletion, values } = request;
  return inTransaction(pool, async (client) => {
    if ((await client.query(parent, [...values])).rowCount === 0) return undefined;
    const { rows } = await client.query<{ id: string }>(children, [...values]);
    if (rows.length === 0) {
      await request.beforeDeletion?.(client);
      await client.query(deletion, [...values]);
    }
    return rows.map(({ id }) => id);
  });
}

/** @returns false when the client's company has no such connection */
export async function eraseConnection(
  { pool }: Pick<Store, 'pool'>,
  clientId: string,
  companyId: string,
  connectionId: string,
  beforeDeletion: BeforeDeletion = async () => undefined,
): Promise<boolean> {
  const scope = [companyId, connectionId] as const;
  const { rowCount } = await pool.query(
    'SELECT FROM connections WHERE client_id = $1 AND company_id = $2 AND id = $3',
    [clientId, ...scope],
  );
  if (rowCount === 0) return false;
  for (const table of recordTables) await deleteInBatches(pool, table, scope);
  await inTransaction(pool, async (client) => {
    await lockDatasetsOf(client, connectionId);
    const runIds = await lockRuns(client, connectionId);
    const pushes = await client.query<{ id: string }>(
      'SELECT id FROM push_operations WHERE connection_id = $1 ORDER BY id FOR UPDATE',
      [connectionId],
    );
    await beforeDeletion(client);
    await forgetInAuditLog(client, clientId, connectionId);
    await client.query('DELETE FROM connections WHERE client_id = $1 AND id = $2', [clientId, connectionId]);
    await client.query('DELETE FROM run_seen_records WHERE run_id = ANY($1::uuid[])', [runIds]);
    await client.query('DELETE FROM data_warnings WHERE run_id = ANY($1::uuid[])', [runIds]);
    const ids = [...runIds, ...pushes.rows.map(({ id }) => id)];
    await client.query('DELETE FROM upstream_requests WHERE run_id = ANY($1::uuid[])', [ids]);
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
