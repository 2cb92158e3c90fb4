import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { ClientBase } from 'pg';
import { recordByKey } from './by-key.ts';
import type { RawRow } from './raw.ts';
import type { RecordScope } from './spine.ts';
import { textArray, uuidArray } from './sql-array.ts';

/** Records that are stored as mapping them once more would leave them. */
export interface AlreadyMapped {
  /** Where they stand among what was asked for, from 0. */
  readonly positions: ReadonlySet<number>;
  /** Their numbers, as PostgreSQL writes an array. */
  readonly seqs: string;
  /** Epoch milliseconds: the latest change that the platform tells of; undefined: it tells of none. */
  readonly greatestModifiedMs: number | undefined;
}

/**
 * SQL: whether the record is not in `quarantined_records` or `missing_records`. Most books have none there, which one look tells: an empty
 * table is read from its beginning for each record, and the kernel asked for its length.
 */
const isNotIn = (table: string): string => {
  const noted = `FROM ${table} AS noted WHERE noted.company_id = $1 AND noted.connection_id = $2 AND noted.data_type = $3`;
  return `CASE WHEN EXISTS (SELECT ${noted}) THEN NOT EXISTS (SELECT ${noted} AND noted.id = input.id) ELSE true END`;
};

/**
 * Of raw records, those that need not be mapped, by ids and hashes alone: for a dataset whose records were last mapped with what this run
 * maps with (`mappedWith`). Whoever lies in quarantine, is marked deleted, or was not shown by the last complete listing may have
 * been mapped with something older (docs/adr/0049). The caller holds the dataset's row lock.
 * @param rows with distinct ids
 */
export async function alreadyMapped(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  mappingVersion: number,
  rows: readonly Pick<RawRow, 'id' | 'rawHash'>[],
): Promise<AlreadyMapped> {
  // Look-ups by key, one for each row: as joins, tables without statistics are read whole for every page.
  const { rows: found } = await client.query<{ positions: string; seqs: string; modifiedMs: number | null }>({
    name: `already-mapped-${dataType}`,
    text: `
      SELECT coalesce(array_to_string(array_agg(input.position), ','), '') AS positions,
        coalesce(array_agg(record.seq), '{}')::text AS seqs,
        (extract(epoch from max(record.source_modified_at)) * 1000)::float8 AS "modifiedMs"
      FROM unnest($5::text[], $6::uuid[]) WITH ORDINALITY AS input (id, raw_hash, position)
      CROSS JOIN LATERAL ${recordByKey('record.seq, record.source_modified_at', dataTypes[dataType].table, 'input.id', 'NOT record.is_deleted')} AS record
      WHERE (
        SELECT stored.raw_hash = input.raw_hash AND stored.mapping_version = $4 AND NOT stored.map_again FROM raw_records AS stored
        WHERE stored.company_id = $1 AND stored.connection_id = $2 AND stored.data_type = $3 AND stored.id = input.id
      ) AND ${isNotIn('quarantined_records')} AND ${isNotIn('missing_records')}`,
    values: [
      scope.companyId,
      scope.connectionId,
      dataType,
      mappingVersion,
      textArray(rows.map((row) => row.id)),
      uuidArray(rows.map((row) => row.rawHash)),
    ],
  });
  const { positions = '', seqs = '{}', modifiedMs = null } = found[0] ?? {};
  return {
    positions: new Set(positions === '' ? [] : positions.split(',').map((position) => Number(position) - 1)),
    seqs,
    greatestModifiedMs: modifiedMs ?? undefined,
  };
}
