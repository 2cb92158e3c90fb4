import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import { joinJsonTexts, jsonTexts } from './json-column.ts';
import type { RecordScope } from './spine.ts';
import { plainArray, textArray } from './sql-array.ts';

/** The platform's record behind a stored one. */
export interface RawRow {
  readonly id: string;
  /** Exact JSON text as received. */
  readonly raw: string;
  /** Hash of `raw` in UUID notation. */
  readonly rawHash: string;
}

/** The rows that {@link upsertRaw} would write, found by their hashes alone: for pages of which most is stored already. */
export async function withoutUnchangedRaw(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  mappingVersion: number,
  rows: readonly RawRow[],
): Promise<readonly RawRow[]> {
  const { rows: differing } = await client.query<{ position: number }>({
    name: 'differing-raw',
    text: `
      SELECT input.position::int FROM unnest($5::text[], $6::uuid[]) WITH ORDINALITY AS input (id, raw_hash, position)
      WHERE (
        SELECT stored.raw_hash = input.raw_hash AND stored.mapping_version = $4 FROM raw_records AS stored
        WHERE stored.company_id = $1 AND stored.connection_id = $2 AND stored.data_type = $3 AND stored.id = input.id
      ) IS NOT TRUE`,
    values: [
      scope.companyId,
      scope.connectionId,
      dataType,
      mappingVersion,
      textArray(rows.map((row) => row.id)),
      plainArray(rows.map((row) => row.rawHash)),
    ],
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
): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'insert-raw',
    text: `
      INSERT INTO raw_records (company_id, connection_id, data_type, id, raw, raw_hash, mapping_version)
      SELECT $1, $2, $3, input.id, input.raw::json, input.raw_hash, $4
      FROM unnest($5::text[], ${jsonTexts('$7')}, $6::uuid[]) AS input (id, raw, raw_hash)`,
    values: valuesOf(scope, dataType, mappingVersion, rows),
  });
}

function valuesOf(
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
    plainArray(rows.map((row) => row.rawHash)),
    joinJsonTexts(rows.map((row) => row.raw)),
  ];
}

/** Keeps what the platform sent, with the mapping that read it; a row that did not change is not rewritten. */
export async function upsertRaw(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  mappingVersion: number,
  rows: readonly RawRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'upsert-raw',
    text: `
      INSERT INTO raw_records (company_id, connection_id, data_type, id, raw, raw_hash, mapping_version)
      SELECT $1, $2, $3, input.id, input.raw::json, input.raw_hash, $4
      FROM unnest($5::text[], ${jsonTexts('$7')}, $6::uuid[]) AS input (id, raw, raw_hash)
      WHERE (
        -- One look-up by key for each row: as a join, a table without statistics is read whole for every page.
        SELECT stored.raw_hash = input.raw_hash AND stored.mapping_version = $4 FROM raw_records AS stored
        WHERE stored.company_id = $1 AND stored.connection_id = $2 AND stored.data_type = $3 AND stored.id = input.id
      ) IS NOT TRUE
      ON CONFLICT (company_id, connection_id, data_type, id)
      DO UPDATE SET raw = excluded.raw, raw_hash = excluded.raw_hash, mapping_version = excluded.mapping_version`,
    values: valuesOf(scope, dataType, mappingVersion, rows),
  });
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
