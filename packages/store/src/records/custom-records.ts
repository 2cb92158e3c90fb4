/** Records of data types that clients defined themselves: kept as the client wants them, without a unified schema. */
import type { ClientBase, Pool } from 'pg';
import type { RecordScope } from './spine.ts';

export interface CustomRecordRow {
  readonly id: string;
  /** JSON text of the object that the client asked for. */
  readonly content: string;
  /** Hash of `content`: 32 hexadecimal digits. */
  readonly contentHash: string;
  /** As the platform wrote it. */
  readonly sourceModifiedDate: string | undefined;
}

/** Counts of one page. */
export interface CustomPageCounts {
  readonly inserted: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** Writes one page; ids must be distinct. Records that did not change keep their time. */
export async function upsertCustomRecords(
  client: ClientBase,
  run: RecordScope & { readonly id: string },
  identifier: string,
  rows: readonly CustomRecordRow[],
): Promise<CustomPageCounts> {
  if (rows.length === 0) return { inserted: 0, changed: 0, unchanged: 0 };
  const { rows: counts } = await client.query<{ inserted: number; changed: number }>(
    `WITH input AS (
       SELECT * FROM unnest($5::text[], $6::text[], $7::uuid[], $8::text[]) AS input (id, content, content_hash, source_modified_date)
     ), before AS MATERIALIZED (
       SELECT input.id, stored.content_hash IS DISTINCT FROM input.content_hash AS differs, stored.id IS NULL AS is_new
       FROM input LEFT JOIN custom_data_records AS stored
         ON stored.company_id = $1 AND stored.connection_id = $2 AND stored.identifier = $3 AND stored.id = input.id
     ), written AS (
       INSERT INTO custom_data_records AS stored
         (company_id, connection_id, identifier, id, content, content_hash, modified_at, source_modified_date, run_id)
       SELECT $1, $2, $3, input.id, input.content::json, input.content_hash, clock_timestamp(), input.source_modified_date, $4 FROM input
       ON CONFLICT (company_id, connection_id, identifier, id) DO UPDATE
       SET content = excluded.content, content_hash = excluded.content_hash, source_modified_date = excluded.source_modified_date,
           run_id = excluded.run_id,
           modified_at = CASE WHEN stored.content_hash = excluded.content_hash THEN stored.modified_at ELSE excluded.modified_at END
     )
     SELECT count(*) FILTER (WHERE is_new)::int AS inserted, count(*) FILTER (WHERE differs AND NOT is_new)::int AS changed FROM before`,
    [
      run.companyId,
      run.connectionId,
      identifier,
      run.id,
      rows.map(({ id }) => id),
      rows.map(({ content }) => content),
      rows.map(({ contentHash }) => contentHash),
      rows.map(({ sourceModifiedDate }) => sourceModifiedDate ?? null),
    ],
  );
  const { inserted = 0, changed = 0 } = counts[0] ?? {};
  return { inserted, changed, unchanged: rows.length - inserted - changed };
}

/** After a whole listing: what it did not show is gone. @returns how many there were */
export async function deleteUnseenCustomRecords(
  client: ClientBase,
  run: RecordScope & { readonly id: string },
  identifier: string,
): Promise<number> {
  const { rowCount } = await client.query(
    `DELETE FROM custom_data_records WHERE company_id = $1 AND connection_id = $2 AND identifier = $3 AND run_id <> $4`,
    [run.companyId, run.connectionId, identifier, run.id],
  );
  return rowCount ?? 0;
}

export interface StoredCustomRecord {
  readonly id: string;
  /** JSON text with the digits it was stored with. */
  readonly content: string;
  readonly modifiedAt: Date;
  readonly sourceModifiedDate: string | null;
}

/** One page in the order in which records were first stored; `page` counts from 1. */
export async function listCustomRecords(
  pool: Pool,
  scope: RecordScope,
  identifier: string,
  { page, pageSize }: { page: number; pageSize: number },
): Promise<{ rows: StoredCustomRecord[]; total: number }> {
  const values = [scope.companyId, scope.connectionId, identifier];
  const where = 'WHERE company_id = $1 AND connection_id = $2 AND identifier = $3';
  const count = await pool.query<{ total: number }>(
    `SELECT count(*)::float8 AS total FROM custom_data_records ${where}`,
    values,
  );
  const { rows } = await pool.query<StoredCustomRecord>(
    `SELECT id, content::text AS content, modified_at AS "modifiedAt", source_modified_date AS "sourceModifiedDate"
     FROM custom_data_records ${where} ORDER BY seq LIMIT $4 OFFSET $5::bigint`,
    [...values, pageSize, (page - 1) * pageSize],
  );
  return { rows, total: count.rows[0]?.total ?? 0 };
}

/** Whether a client's own data type was ever asked for on a connection. */
export async function isCustomTypeRequested(
  pool: Pool,
  scope: RecordScope,
  dataType: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'SELECT FROM datasets WHERE company_id = $1 AND connection_id = $2 AND data_type = $3',
    [scope.companyId, scope.connectionId, dataType],
  );
  return rowCount === 1;
}
