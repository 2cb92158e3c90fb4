/**
 * The write path of every data type: one page of records is one statement on typed arrays.
 *
 * A first listing's rows are inserted ({@link insertRecords}). Otherwise they are split against what is stored: new ones are inserted
 * with the next `seq` numbers, changed ones updated, unchanged ones only read, so that a re-sync with nothing new leaves no dead tuple.
 * The caller holds the dataset's row lock (see `lockDataset`), which makes `seq` dense and the split exact: one run at a time writes a
 * data type of a connection.
 */
import type { DataTypeKey } from '@tributary/model';
import { dataTypes } from '@tributary/model';
import { type ClientBase, DatabaseError } from 'pg';
import type { PageBuffers } from '../page-buffers.ts';
import { recordByKey } from './by-key.ts';
import { columnType, type RecordScope } from './spine.ts';
import {
  booleanArray,
  columnArray,
  type JsonText,
  jsonArray,
  plainArray,
  textArray,
  uuidArray,
} from './sql-array.ts';

/** One record, ready for the database. */
export interface RecordRow {
  readonly id: string;
  /** Body of the unified record as JSON text with exact digits. */
  readonly document: JsonText;
  /** Hash of `document`: 32 hexadecimal digits. */
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
      uuidArray(rows.map((row) => row.contentHash)),
      booleanArray(rows.map((row) => row.isDeleted)),
    ],
  });
  return differing.flatMap(({ position }) => rows[position - 1] ?? []);
}

/**
 * Writes a page of records of which none is stored, without looking for them. Ids must be distinct.
 * @param lastSeq highest `seq` of the dataset, from `lockDataset`
 * @param buffers memory for what is sent
 * @throws DatabaseError that {@link isAlreadyStored} knows, when one is stored; the transaction has to be rolled back
 */
export async function insertRecords(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  rows: readonly RecordRow[],
  lastSeq: bigint,
  buffers?: PageBuffers,
): Promise<void> {
  if (rows.length > 0)
    await client.query({
      name: `insert-${dataType}`,
      text: insertStatement(dataType),
      values: valuesOf(scope, dataType, rows, lastSeq, buffers),
    });
}

/** What becomes of rows that {@link insertRecords} writes. */
export function resultOfInserting(rows: readonly RecordRow[]): UpsertResult {
  const deletedDelta = rows.filter(({ isDeleted }) => isDeleted).length;
  return { inserted: rows.length, changed: 0, unchanged: 0, deletedDelta };
}

/** Whether an insert failed because a row with its key is there already. */
export function isAlreadyStored(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23505';
}

/**
 * Writes one page, in a keyed transaction; ids must be distinct.
 * @param lastSeq highest `seq` of the dataset, from `lockDataset`
 * @param buffers memory for what is sent
 */
export async function upsertRecords(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  rows: readonly RecordRow[],
  lastSeq: bigint,
  buffers?: PageBuffers,
): Promise<UpsertResult> {
  if (rows.length === 0) return { inserted: 0, changed: 0, unchanged: 0, deletedDelta: 0 };
  const { rows: result } = await client.query<{
    inserted: number;
    inserted_deleted: number;
    changed: number;
    deleted_delta: number;
  }>({
    name: `upsert-${dataType}`,
    text: upsertStatement(dataType),
    values: valuesOf(scope, dataType, rows, lastSeq, buffers),
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

function valuesOf(
  scope: RecordScope,
  dataType: DataTypeKey,
  rows: readonly RecordRow[],
  lastSeq: bigint,
  buffers: PageBuffers | undefined,
): unknown[] {
  return [
    scope.companyId,
    scope.connectionId,
    lastSeq.toString(),
    textArray(rows.map((row) => row.id)),
    uuidArray(rows.map((row) => row.contentHash)),
    plainArray(rows.map((row) => row.sourceModifiedAt ?? null)),
    booleanArray(rows.map((row) => row.isDeleted)),
    ...dataTypes[dataType].columns.map(({ kind }, index) =>
      columnArray(
        kind,
        rows.map((row) => row.columns[index] ?? null),
      ),
    ),
    jsonArray(
      rows.map((row) => row.document),
      buffers,
    ),
  ];
}

/** SQL over {@link valuesOf}: the page as `input`, and its typed columns as the end of a list. */
function inputOf(dataType: DataTypeKey) {
  const { columns } = dataTypes[dataType];
  const names = columns.map((column) => column.name);
  const list = (prefix: string) => names.map((name) => `, ${prefix}${name}`).join('');
  const arrays = columns.map((column, index) => `, $${index + 8}::${columnType(column.kind)}[]`).join('');
  const documents = `$${columns.length + 8}::json[]`;
  return {
    names,
    list,
    input: `unnest($4::text[], ${documents}, $5::uuid[], $6::timestamptz[], $7::boolean[]${arrays})
        WITH ORDINALITY AS input (id, document, content_hash, source_modified_at, is_deleted${list('')}, position)`,
  };
}

function insertStatement(dataType: DataTypeKey): string {
  const { list, input } = inputOf(dataType);
  return `
    INSERT INTO ${dataTypes[dataType].table}
      (company_id, connection_id, id, seq, document, content_hash, modified_at, source_modified_at, is_deleted${list('')})
    SELECT $1, $2, input.id, $3::bigint + input.position, input.document, input.content_hash, clock_timestamp(),
           input.source_modified_at, input.is_deleted${list('input.')}
    FROM ${input}`;
}

function upsertStatement(dataType: DataTypeKey): string {
  const { table } = dataTypes[dataType];
  const { names, list, input } = inputOf(dataType);
  const replaced = ['document', 'content_hash', 'modified_at', 'source_modified_at', 'is_deleted', ...names];
  // Nothing is joined with the table, neither to find what is stored nor to update it: while it has no statistics, it would be read
  // whole for every page. The conflict finds its row by the key, which is the only way for it.
  return `
    WITH differing AS MATERIALIZED (
      SELECT input.*, stored.content_hash IS NULL AS is_new, stored.is_deleted AS was_deleted
      FROM ${input} LEFT JOIN LATERAL ${recordByKey('record.content_hash, record.is_deleted', table, 'input.id')} AS stored ON true
      WHERE (stored.content_hash, stored.is_deleted) IS DISTINCT FROM (input.content_hash, input.is_deleted)
    ), written AS (
      INSERT INTO ${table} (company_id, connection_id, id, seq, document, content_hash, modified_at, source_modified_at, is_deleted${list('')})
      -- A stored one keeps its number.
      SELECT $1, $2, id, CASE WHEN is_new THEN $3::bigint + row_number() OVER (PARTITION BY is_new ORDER BY position) ELSE 0 END,
             document, content_hash, clock_timestamp(), source_modified_at, is_deleted${list('')}
      FROM differing
      ON CONFLICT (company_id, connection_id, id) DO UPDATE SET ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}
    )
    SELECT count(*) FILTER (WHERE is_new)::int AS inserted,
           count(*) FILTER (WHERE is_new AND is_deleted)::int AS inserted_deleted,
           count(*) FILTER (WHERE NOT is_new)::int AS changed,
           coalesce(sum(is_deleted::int - was_deleted::int) FILTER (WHERE NOT is_new), 0)::int AS deleted_delta
    FROM differing`;
}
