import type { DataTypeKey } from '@tributary/model';
import type { ClientBase } from 'pg';
import type { RecordScope } from './spine.ts';

/** The platform's record behind a stored one. */
export interface RawRow {
  readonly id: string;
  /** Exact JSON text as received. */
  readonly raw: string;
  /** Hash of `raw` in UUID notation. */
  readonly rawHash: string;
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
      FROM unnest($5::text[], $6::text[], $7::uuid[]) AS input (id, raw, raw_hash)
      WHERE NOT EXISTS (
        SELECT FROM raw_records AS stored
        WHERE stored.company_id = $1 AND stored.connection_id = $2 AND stored.data_type = $3 AND stored.id = input.id
          AND stored.raw_hash = input.raw_hash AND stored.mapping_version = $4)
      ON CONFLICT (company_id, connection_id, data_type, id)
      DO UPDATE SET raw = excluded.raw, raw_hash = excluded.raw_hash, mapping_version = excluded.mapping_version`,
    values: [
      scope.companyId,
      scope.connectionId,
      dataType,
      mappingVersion,
      rows.map((row) => row.id),
      rows.map((row) => row.raw),
      rows.map((row) => row.rawHash),
    ],
  });
}
