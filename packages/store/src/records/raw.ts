import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import type { PageBuffers } from '../page-buffers.ts';
import type { RecordScope } from './spine.ts';
import { booleanArray, type JsonText, jsonArray, textArray, uuidArray } from './sql-array.ts';

/** The platform's record behind a stored one. */
export interface RawRow {
  readonly id: string;
  /** Exact JSON text as received. */
  readonly raw: JsonText;
  /** Hash of `raw`: 32 hexadecimal digits. */
  readonly rawHash: string;
  /** The next listing in full has to map it, whether it has changed or not. */
  readonly mapAgain: boolean;
}

/** Whether a stored raw record is as a row of the input says. */
const isAsStored = `(
  SELECT stored.raw_hash = input.raw_hash AND stored.mapping_version = $4 AND stored.map_again = input.map_again FROM raw_records AS stored
  WHERE stored.company_id = $1 AND stored.connection_id = $2 AND stored.data_type = $3 AND stored.id = input.id
) IS TRUE`;

/** SQL over {@link valuesOf}. */
const insertion = `
  INSERT INTO raw_records (company_id, connection_id, data_type, id, raw, raw_hash, mapping_version, map_again)
  SELECT $1, $2, $3, input.id, input.raw, input.raw_hash, $4, input.map_again
  FROM unnest($5::text[], $8::json[], $6::uuid[], $7::boolean[]) AS input (id, raw, raw_hash, map_again)`;

/** The rows that {@link upsertRaw} would write, found by their hashes alone: for pages of which most is stored already. */
export async function withoutUnchangedRaw(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  mappingVersion: number,
  rows: readonly RawRow[],
): Promise<readonly RawRow[]> {
  if (rows.length === 0) return rows;
  const { rows: differing } = await client.query<{ position: number }>({
    name: 'differing-raw',
    text: `
      SELECT input.position::int FROM unnest($5::text[], $6::uuid[], $7::boolean[]) WITH ORDINALITY AS input (id, raw_hash, map_again, position)
      WHERE NOT ${isAsStored}`,
    values: comparedValues(scope, dataType, mappingVersion, rows),
  });
  return differing.flatMap(({ position }) => rows[position - 1] ?? []);
}

/** As {@link upsertRaw}, of records of which none is stored. @throws DatabaseError that `isAlreadyStored` knows, when one is */
export async function insertRaw(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  mappingVersion: number,
  rows: readonly RawRow[],
  buffers?: PageBuffers,
): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'insert-raw',
    text: insertion,
    values: valuesOf(buffers, scope, dataType, mappingVersion, rows),
  });
}

function valuesOf(buffers: PageBuffers | undefined, ...of: Parameters<typeof comparedValues>): unknown[] {
  const [, , , rows] = of;
  const texts = rows.map((row) => row.raw);
  return [...comparedValues(...of), jsonArray(texts, buffers)];
}

/** What rows are compared by with what is stored: all of them but the texts. */
function comparedValues(
  scope: RecordScope,
  dataType: DataTypeKey,
  mappingVersion: number,
  rows: readonly RawRow[],
): unknown[] {
  return [
    scope.companyId,
    scope.connectionId,
    dataType,
    mappingVersion,
    textArray(rows.map((row) => row.id)),
    uuidArray(rows.map((row) => row.rawHash)),
    booleanArray(rows.map((row) => row.mapAgain)),
  ];
}

/** Keeps what the platform sent, with the mapping that read it; a row that did not change is not rewritten. */
export async function upsertRaw(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  mappingVersion: number,
  rows: readonly RawRow[],
  buffers?: PageBuffers,
): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'upsert-raw',
    text: `${insertion}
      -- One look-up by key for each row: as a join, a table without statistics is read whole for every page.
      WHERE NOT ${isAsStored}
      ON CONFLICT (company_id, connection_id, data_type, id)
      DO UPDATE SET raw = excluded.raw, raw_hash = excluded.raw_hash, mapping_version = excluded.mapping_version, map_again = excluded.map_again`,
    values: valuesOf(buffers, scope, dataType, mappingVersion, rows),
  });
}

/**
 * The next listing in full maps these, whether they have changed or not: something that kept it from taking them for mapped is gone.
 * The caller holds the dataset's row lock.
 */
export async function mapAgainNextTime(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await client.query(
    `UPDATE raw_records SET map_again = true
     WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 AND id = ANY($4::text[]) AND NOT map_again`,
    [scope.companyId, scope.connectionId, dataType, ids],
  );
}

/** The platform's record behind a stored one, exact JSON text; undefined for one that was derived. */
export async function readRaw(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
  id: string,
): Promise<string | undefined> {
  const { rows } = await pool.query<{ raw: string }>(
    `SELECT raw::text AS raw FROM raw_records
     WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 AND id = $4`,
    [scope.companyId, scope.connectionId, dataType, id],
  );
  return rows[0]?.raw;
}

/** The platform's record behind one that is stored, and when that one was last changed. */
export interface RawWithMapping {
  /** Exact JSON text as received. */
  readonly raw: string;
  /** Version of the mapping that read it. */
  readonly mappingVersion: number;
  /** When what was made of it was last written. */
  readonly modifiedAt: Date;
}

/** As {@link readRaw}, with what was made of it; undefined when there is no such record, or it was derived from others. */
export async function readRawWithMapping(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
  id: string,
): Promise<RawWithMapping | undefined> {
  // PostgreSQL does not take such text; nothing has such an id.
  if (id.includes('\u0000') || !id.isWellFormed()) return undefined;
  const { rows } = await pool.query<RawWithMapping>(
    `SELECT source.raw::text AS raw, source.mapping_version AS "mappingVersion", stored.modified_at AS "modifiedAt"
     FROM raw_records AS source JOIN ${dataTypes[dataType].table} AS stored
       ON stored.company_id = source.company_id AND stored.connection_id = source.connection_id AND stored.id = source.id
     WHERE source.company_id = $1 AND source.connection_id = $2 AND source.data_type = $3 AND source.id = $4`,
    [scope.companyId, scope.connectionId, dataType, id],
  );
  return rows[0];
}

/**
 * Raw records to map again, by id: those in quarantine, and those that a mapping before `olderThan` read.
 * @param request.olderThan undefined: none did, and the (large) table of raw records is not looked at
 * @param request.after the last id of the batch before; empty starts
 */
export async function storedRaw(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
  request: { olderThan: number | undefined; after: string; limit: number },
): Promise<{ id: string; raw: string; isDeleted: boolean }[]> {
  const { rows } = await pool.query<{ id: string; raw: string; isDeleted: boolean }>(
    `SELECT source.id, source.raw::text AS raw, coalesce(stored.is_deleted, false) AS "isDeleted"
     FROM (
       SELECT id, raw FROM raw_records
       WHERE $4::int IS NOT NULL AND company_id = $1 AND connection_id = $2 AND data_type = $3 AND mapping_version < $4 AND id > $5
         AND NOT EXISTS (
           SELECT FROM quarantined_records AS newer
           WHERE newer.company_id = $1 AND newer.connection_id = $2 AND newer.data_type = $3 AND newer.id = raw_records.id)
       UNION ALL
       SELECT id, raw FROM quarantined_records
       WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 AND id > $5 AND json_typeof(raw) <> 'string'
     ) AS source
     LEFT JOIN ${dataTypes[dataType].table} AS stored ON stored.company_id = $1 AND stored.connection_id = $2 AND stored.id = source.id
     ORDER BY source.id LIMIT $6`,
    [scope.companyId, scope.connectionId, dataType, request.olderThan ?? null, request.after, request.limit],
  );
  return rows;
}
