/** Stored records on their way to the checks, a batch at a time. */
import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { Pool } from 'pg';
import { inKeyedTransaction } from '../pool.ts';
import { recordByKey } from '../records/by-key.ts';
import type { RecordScope } from '../records/spine.ts';

/** A record that is not deleted. */
export interface CheckedRecord {
  readonly id: string;
  /** Its document, as JSON text. */
  readonly text: string;
}

/** A record that a run wrote, with its place in the order of writing. */
export interface WrittenRecord extends CheckedRecord {
  readonly modifiedAt: string;
}

/** A batch ends when its documents take so much space in the table, which may be less than their text. */
const mostBytes = 4_000_000;

/** The rows of an ordered selection that has `document`: the first one, and as many more as fit. */
const fitting = (columns: string, selection: string, order: string): string =>
  `SELECT ${columns}, document::text AS text FROM (
     SELECT *, sum(pg_column_size(document)) OVER (ORDER BY ${order}) - pg_column_size(document) < ${mostBytes} AS fits
     FROM (${selection}) AS next
   ) AS measured WHERE fits ORDER BY ${order}`;

const alive = 'company_id = $1 AND connection_id = $2 AND NOT is_deleted';

/** Records in the order of their ids. @param request.after the last id of the batch before; empty starts */
export async function recordsByKey(
  pool: Pool,
  { companyId, connectionId }: RecordScope,
  dataType: DataTypeKey,
  request: { readonly after: string; readonly limit: number },
): Promise<CheckedRecord[]> {
  const selection = `SELECT id, document FROM ${dataTypes[dataType].table} WHERE ${alive} AND id > $3 ORDER BY id LIMIT $4`;
  const { rows } = await pool.query<CheckedRecord>(fitting('id', selection, 'id'), [
    companyId,
    connectionId,
    request.after,
    request.limit,
  ]);
  return rows;
}

/**
 * Records that were written since, in the order of writing.
 * @param request.beforeMs and before then; undefined: to this day
 * @param request.after the last record of the batch before
 */
export async function recordsWrittenSince(
  pool: Pool,
  { companyId, connectionId }: RecordScope,
  dataType: DataTypeKey,
  request: {
    readonly sinceMs: number;
    readonly beforeMs?: number | undefined;
    readonly after: WrittenRecord | undefined;
    readonly limit: number;
  },
): Promise<WrittenRecord[]> {
  const selection = `SELECT id, modified_at, document FROM ${dataTypes[dataType].table}
    WHERE ${alive} AND modified_at >= $3 AND (modified_at, id) > ($3, $4) AND modified_at < $6 ORDER BY modified_at, id LIMIT $5`;
  const { rows } = await pool.query<WrittenRecord>(
    fitting('id, modified_at::text AS "modifiedAt"', selection, 'modified_at, id'),
    [
      companyId,
      connectionId,
      request.after?.modifiedAt ?? new Date(request.sinceMs).toISOString(),
      request.after?.id ?? '',
      request.limit,
      request.beforeMs === undefined ? 'infinity' : new Date(request.beforeMs).toISOString(),
    ],
  );
  return rows;
}

/** Those of a few records that there are and are not deleted. */
export async function recordsOf(
  pool: Pool,
  { companyId, connectionId }: RecordScope,
  dataType: DataTypeKey,
  ids: readonly string[],
): Promise<CheckedRecord[]> {
  const { rows } = await inKeyedTransaction(pool, (client) =>
    client.query<CheckedRecord>(
      `SELECT record.id, record.document::text AS text FROM unnest($3::text[]) AS wanted (id)
     CROSS JOIN LATERAL ${recordByKey('record.id, record.document', dataTypes[dataType].table, 'wanted.id', 'NOT record.is_deleted')} AS record
     ORDER BY record.id`,
      [companyId, connectionId, ids],
    ),
  );
  return rows;
}
