/**
 * The write path of every data type: one page of records is one statement on typed arrays.
 *
 * Rows are split against what is stored: new ones are inserted with the next `seq` numbers, changed ones updated, unchanged ones
 * only read, so that a re-sync with nothing new leaves no dead tuple. The caller holds the dataset's row lock (see
 * `lockDataset`), which makes `seq` dense and the split exact: one run at a time writes a data type of a connection.
 */
import type { DataTypeKey } from '@tributary/model';
import { dataTypes } from '@tributary/model';
import type { ClientBase } from 'pg';
import { recordByKey } from './by-key.ts';
import { joinJsonTexts, jsonTexts } from './json-column.ts';
import { columnType, type RecordScope } from './spine.ts';
import { columnArray, plainArray, textArray } from './sql-array.ts';

/** One record, ready for the database. */
export interface RecordRow {
  readonly id: string;
  /** Body of the unified record as JSON text with exact digits. */
  readonly document: string;
  /** Hash of `document` in UUID notation. */
  readonly contentHash: string;
  /** ISO instant, if the platform tells. */
  readonly sourceModifiedAt: string | undefined;
  readonly isDeleted: boolean;
  /** Values of the data type's typed columns, in the order of `dataTypes[key].columns`; decimals as text. */
  readonly columns: readonly (string | boolean | null)[];
}

export interface UpsertResult {
  readonly inserted: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Change of the number of records marked deleted. */
  readonly deletedDelta: number;
}

/**
 * The rows that are new, or differ from what is stored. For pages of which most is expected to be stored already: hashes alone go to
 * the server, and the documents of unchanged records stay here. The caller holds the dataset's row lock, as for {@link upsertRecords}.
 */
export async function withoutUnchanged(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  rows: readonly RecordRow[],
): Promise<readonly RecordRow[]> {
  if (rows.length === 0) return rows;
  const { rows: differing } = await client.query<{ position: number }>({
    name: `differing-${dataType}`,
    text: `
      SELECT input.position::int FROM unnest($3::text[], $4::uuid[], $5::boolean[])
        WITH ORDINALITY AS input (id, content_hash, is_deleted, position)
      WHERE ${recordByKey(
        'record.content_hash = input.content_hash AND record.is_deleted = input.is_deleted',
        dataTypes[dataType].table,
        'input.id',
      )} IS NOT TRUE`,
    values: [
      scope.companyId,
      scope.connectionId,
      textArray(rows.map((row) => row.id)),
      plainArray(rows.map((row) => row.contentHash)),
      plainArray(rows.map((row) => row.isDeleted)),
    ],
  });
  return differing.flatMap(({ position }) => rows[position - 1] ?? []);
}

/**
 * Writes one page; ids must be distinct.
 * @param lastSeq highest `seq` of the dataset, from `lockDataset`
 */
export async function upsertRecords(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  rows: readonly RecordRow[],
  lastSeq: bigint,
): Promise<UpsertResult> {
  if (rows.length === 0) return { inserted: 0, changed: 0, unchanged: 0, deletedDelta: 0 };
  const { columns } = dataTypes[dataType];
  const { rows: result } = await client.query<{
    inserted: number;
    inserted_deleted: number;
    changed: number;
    deleted_delta: number;
  }>({
    name: `upsert-${dataType}`,
    text: upsertStatement(dataType),
    values: [
      scope.companyId,
      scope.connectionId,
      lastSeq.toString(),
      textArray(rows.map((row) => row.id)),
      plainArray(rows.map((row) => row.contentHash)),
      plainArray(rows.map((row) => row.sourceModifiedAt ?? null)),
      plainArray(rows.map((row) => row.isDeleted)),
      ...columns.map(({ kind }, index) =>
        columnArray(
          kind,
          rows.map((row) => row.columns[index] ?? null),
        ),
      ),
      // The largest is last: the driver's buffer grows by half for whatever follows it.
      joinJsonTexts(rows.map((row) => row.document)),
    ],
  });
  const counts = result[0];
  if (counts === undefined) throw new Error('the upsert statement returned no counts');
  return {
    inserted: counts.inserted,
    changed: counts.changed,
    unchanged: rows.length - counts.inserted - counts.changed,
    deletedDelta: counts.inserted_deleted + counts.deleted_delta,
  };
}

function upsertStatement(dataType: DataTypeKey): string {
  const { table, columns } = dataTypes[dataType];
  const names = columns.map((column) => column.name);
  const arrays = columns.map((column, index) => `$${index + 8}::${columnType(column.kind)}[]`);
  const documents = `$${columns.length + 8}`;
  const list = (prefix: string) => names.map((name) => `, ${prefix}${name}`).join('');
  return `
    WITH input AS (
      SELECT * FROM unnest($4::text[], ${jsonTexts(documents)}, $5::uuid[], $6::timestamptz[], $7::boolean[]${arrays.map((array) => `, ${array}`).join('')})
        WITH ORDINALITY AS input (id, document, content_hash, source_modified_at, is_deleted${list('')}, position)
    ), existing AS MATERIALIZED (
      SELECT stored.id, stored.content_hash, stored.is_deleted
      FROM input JOIN ${table} AS stored ON stored.company_id = $1 AND stored.connection_id = $2 AND stored.id = input.id
    ), inserted AS (
      INSERT INTO ${table} (company_id, connection_id, id, seq, document, content_hash, modified_at, source_modified_at, is_deleted${list('')})
      SELECT $1, $2, input.id, $3::bigint + row_number() OVER (ORDER BY input.position), input.document::json, input.content_hash,
             clock_timestamp(), input.source_modified_at, input.is_deleted${list('input.')}
      FROM input WHERE NOT EXISTS (SELECT FROM existing WHERE existing.id = input.id)
      RETURNING is_deleted
    ), changed AS (
      UPDATE ${table} AS stored
      SET document = input.document::json, content_hash = input.content_hash, modified_at = clock_timestamp(),
          source_modified_at = input.source_modified_at, is_deleted = input.is_deleted${names.map((name) => `, ${name} = input.${name}`).join('')}
      FROM input JOIN existing ON existing.id = input.id
      WHERE stored.company_id = $1 AND stored.connection_id = $2 AND stored.id = input.id
        AND (existing.content_hash, existing.is_deleted) IS DISTINCT FROM (input.content_hash, input.is_deleted)
      RETURNING stored.is_deleted::int - existing.is_deleted::int AS deleted_delta
    )
    SELECT (SELECT count(*) FROM inserted)::int AS inserted,
           (SELECT count(*) FROM inserted WHERE is_deleted)::int AS inserted_deleted,
           (SELECT count(*) FROM changed)::int AS changed,
           (SELECT coalesce(sum(deleted_delta), 0) FROM changed)::int AS deleted_delta`;
}
