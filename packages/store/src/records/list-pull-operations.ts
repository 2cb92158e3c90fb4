/** The history of a company's pulls, as the public API shows it. The client's id is the first argument of everything here. */
import { formatQuery } from '@tributary/model';
import type { Pool } from 'pg';
import type { ListPage, ListRequest } from '../control/listing.ts';
import type { PullOperation } from '../generated/client.ts';
import { shownStatusSql } from '../runs/pull-operations.ts';
import { compileQuery, type ResolvedField } from './compile-query.ts';
import { CursorError, cursorBinding, decodeCursor, encodeCursor } from './list-cursor.ts';

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

const select = `run.id, run.company_id AS "companyId", run.connection_id AS "connectionId", run.data_type AS "dataType", ${shownStatusSql('run')} AS status,
  run.status_description AS "statusDescription", run.error_message AS "errorMessage", run.progress,
  run.requested_at AS "requestedAt", run.completed_at AS "completedAt"`;

/** By the names of the public API. */
const fields: ReadonlyMap<string, ResolvedField> = new Map([
  ['id', { sql: 'run.id::text', kind: 'text' }],
  ['companyId', { sql: 'run.company_id::text', kind: 'text' }],
  ['connectionId', { sql: 'run.connection_id::text', kind: 'text' }],
  ['dataType', { sql: 'run.data_type', kind: 'text' }],
  ['status', { sql: `(${shownStatusSql('run')})`, kind: 'text' }],
  ['statusDescription', { sql: 'run.status_description', kind: 'text' }],
  ['errorMessage', { sql: 'run.error_message', kind: 'text' }],
  ['requested', { sql: 'run.requested_at', kind: 'instant' }],
  ['completed', { sql: 'run.completed_at', kind: 'instant' }],
  ['progress', { sql: 'run.progress', kind: 'numeric' }],
  // A data type that the platform does not have for a business is an answer, not an error.
  ['isCompleted', { sql: `(run.status IN ('Complete', 'NotSupported'))`, kind: 'boolean' }],
  [
    'isErrored',
    {
      sql: `(run.completed_at IS NOT NULL AND run.status NOT IN ('Complete', 'NotSupported'))`,
      kind: 'boolean',
    },
  ],
]);

function fieldOf(path: string): ResolvedField {
  const field = fields.get(path);
  if (field === undefined) throw new Error(`pull operations have no property ${path}`);
  return field;
}

const newestFirst = 'run.requested_at DESC, run.id';

/**
 * A company's runs, newest first unless ordered otherwise. In that order the next page starts behind the last run of this one,
 * whatever runs are new; other orders count off.
 * @throws CursorError
 */
export async function listPullOperations(
  pool: Pool,
  clientId: string,
  companyId: string,
  { filter, orderBy, page, pageSize, cursor }: ListRequest,
): Promise<ListPage<PullOperationRow>> {
  const values: unknown[] = [clientId, companyId];
  let condition = 'run.client_id = $1 AND run.company_id = $2';
  if (filter !== undefined) condition += ` AND ${compileQuery(filter, fieldOf, values)}`;
  const count = await pool.query<{ total: number }>(
    `SELECT count(*)::float8 AS total FROM pull_operations AS run WHERE ${condition}`,
    values,
  );

  const query = filter === undefined ? '' : formatQuery(filter);
  const bindingOf = (number: number) =>
    cursorBinding(['pull operations', companyId, query, pageSize, number]);
  if (cursor !== undefined) {
    if (orderBy !== undefined) throw new CursorError();
    const { requestedMs, id } = readPosition(cursor, bindingOf(page));
    const at = `to_timestamp($${values.push(requestedMs)}::float8 / 1000)::timestamptz(3)`;
    condition += ` AND (run.requested_at < ${at} OR (run.requested_at = ${at} AND run.id > $${values.push(id)}::uuid))`;
  }
  const order = orderBy && fieldOf(orderBy.field);
  const ordered =
    order &&
    `${order.sql} ${order.kind === 'text' ? 'COLLATE "C" ' : ''}${orderBy?.descending ? 'DESC' : 'ASC'} NULLS LAST, ${newestFirst}`;
  const offset = cursor === undefined ? (page - 1) * pageSize : 0;
  const found = await pool.query<PullOperationRow>(
    `SELECT ${select} FROM pull_operations AS run WHERE ${condition} ORDER BY ${ordered ?? newestFirst}
     LIMIT ${pageSize + 1} OFFSET $${values.push(offset)}::bigint`,
    values,
  );
  const rows = found.rows.slice(0, pageSize);
  const hasNext = found.rows.length > pageSize;
  const last = hasNext && orderBy === undefined ? rows.at(-1) : undefined;
  return {
    rows,
    total: count.rows[0]?.total ?? 0,
    hasNext,
    nextCursor:
      last && encodeCursor(bindingOf(page + 1), { seq: String(last.requestedAt.getTime()), value: last.id }),
  };
}

function readPosition(cursor: string, binding: string): { requestedMs: number; id: string } {
  const { seq, value } = decodeCursor(cursor, binding, true);
  if (typeof value !== 'string' || !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value))
    throw new CursorError();
  return { requestedMs: Number(seq), id: value };
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
