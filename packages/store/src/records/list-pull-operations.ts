/** The history of a company's pulls, as the public API shows it. The client's id is the first argument of everything here. */
import type { Pool } from 'pg';
import { type ListPage, type ListRequest, listRows } from '../control/listing.ts';
import type { PullOperation } from '../generated/client.ts';
import type { ResolvedField } from './compile-query.ts';

/** What the history shows of a run. */
export type PullOperationRow = Pick<
  PullOperation,
  | 'id'
  | 'companyId'
  | 'connectionId'
  | 'dataType'
  | 'status'
  | 'statusDescription'
  | 'errorMessage'
  | 'progress'
  | 'requestedAt'
  | 'completedAt'
>;

const select = `run.id, run.company_id AS "companyId", run.connection_id AS "connectionId", run.data_type AS "dataType", run.status,
  run.status_description AS "statusDescription", run.error_message AS "errorMessage", run.progress,
  run.requested_at AS "requestedAt", run.completed_at AS "completedAt"`;

/** By the names of the public API. */
const fields: ReadonlyMap<string, ResolvedField> = new Map([
  ['id', { sql: 'run.id::text', kind: 'text' }],
  ['companyId', { sql: 'run.company_id::text', kind: 'text' }],
  ['connectionId', { sql: 'run.connection_id::text', kind: 'text' }],
  ['dataType', { sql: 'run.data_type', kind: 'text' }],
  ['status', { sql: 'run.status', kind: 'text' }],
  ['statusDescription', { sql: 'run.status_description', kind: 'text' }],
  ['errorMessage', { sql: 'run.error_message', kind: 'text' }],
  ['requested', { sql: 'run.requested_at', kind: 'instant' }],
  ['completed', { sql: 'run.completed_at', kind: 'instant' }],
  ['progress', { sql: 'run.progress', kind: 'numeric' }],
  ['isCompleted', { sql: `(run.status = 'Complete')`, kind: 'boolean' }],
  ['isErrored', { sql: `(run.completed_at IS NOT NULL AND run.status <> 'Complete')`, kind: 'boolean' }],
]);

/** A company's runs, newest first unless ordered otherwise. */
export function listPullOperations(
  pool: Pool,
  clientId: string,
  companyId: string,
  request: ListRequest,
): Promise<ListPage<PullOperationRow>> {
  const statement = {
    select,
    from: 'pull_operations AS run',
    conditions: ['run.client_id = $1', 'run.company_id = $2'],
    params: [clientId, companyId],
    fields,
    defaultOrder: 'run.requested_at DESC, run.id',
  };
  return listRows(pool, statement, request);
}

/** One run; undefined when the company has no such run. */
export async function findPullOperation(
  pool: Pool,
  clientId: string,
  companyId: string,
  runId: string,
): Promise<PullOperationRow | undefined> {
  const { rows } = await pool.query<PullOperationRow>(
    `SELECT ${select} FROM pull_operations AS run WHERE run.client_id = $1 AND run.company_id = $2 AND run.id = $3`,
    [clientId, companyId, runId],
  );
  return rows[0];
}

/** A data warning of a run. */
export interface StoredWarning {
  readonly severity: 'error' | 'warning';
  readonly ruleId: string;
  readonly itemId: string | null;
  readonly message: string;
}

/** The first `limit` data warnings of a run, in the order in which they were found. */
export async function listWarnings(
  pool: Pool,
  companyId: string,
  runId: string,
  limit: number,
): Promise<StoredWarning[]> {
  const { rows } = await pool.query<StoredWarning>(
    `SELECT severity, rule_id AS "ruleId", item_id AS "itemId", message FROM data_warnings
     WHERE company_id = $1 AND run_id = $2 ORDER BY id LIMIT $3`,
    [companyId, runId, limit],
  );
  return rows;
}
