/** Quarantine and data warnings of runs. */
import type { DataTypeKey } from '@tributary/model';
import type { ClientBase } from 'pg';
import type { RecordScope } from '../records/spine.ts';

export interface QuarantineRow {
  readonly id: string;
  readonly reason: string;
  /** JSON text as received. */
  readonly raw: string;
}

/**
 * Keeps records that could not be mapped; their last good version stays served. `quarantined_at` tells since when the record has
 * been quarantined as it is now.
 */
export async function quarantineRecords(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  runId: string,
  rows: readonly QuarantineRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `INSERT INTO quarantined_records (company_id, connection_id, data_type, run_id, id, reason, raw)
     SELECT $1, $2, $3, $4, input.id, input.reason, input.raw::json
     FROM unnest($5::text[], $6::text[], $7::text[]) AS input (id, reason, raw)
     ON CONFLICT (company_id, connection_id, data_type, id)
     DO UPDATE SET run_id = excluded.run_id, reason = excluded.reason, raw = excluded.raw,
       quarantined_at = CASE WHEN quarantined_records.raw::text = excluded.raw::text THEN quarantined_records.quarantined_at ELSE now() END`,
    [
      scope.companyId,
      scope.connectionId,
      dataType,
      runId,
      rows.map((row) => row.id),
      rows.map((row) => row.reason),
      rows.map((row) => row.raw),
    ],
  );
}

/** Records that map again leave the quarantine. */
export async function releaseFromQuarantine(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await client.query(
    'DELETE FROM quarantined_records WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 AND id = ANY($4::text[])',
    [scope.companyId, scope.connectionId, dataType, ids],
  );
}

export interface WarningRow {
  readonly severity: 'error' | 'warning';
  readonly ruleId: string;
  readonly itemId: string | undefined;
  readonly message: string;
}

/** Adds data warnings to a run, as the validation route shows them. */
export async function addWarnings(
  client: ClientBase,
  companyId: string,
  runId: string,
  rows: readonly WarningRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `INSERT INTO data_warnings (company_id, run_id, severity, rule_id, item_id, message)
     SELECT $1, $2, severity, rule_id, item_id, message
     FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS input (severity, rule_id, item_id, message)`,
    [
      companyId,
      runId,
      rows.map((row) => row.severity),
      rows.map((row) => row.ruleId),
      rows.map((row) => row.itemId ?? null),
      rows.map((row) => row.message),
    ],
  );
}

/** Whether a run quarantined a record that was not there before, or not in this state: the platform may show it better next time. */
export async function hasNewQuarantine(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  run: { readonly id: string; readonly startedAtMs: number },
): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (
       SELECT FROM quarantined_records
       WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 AND run_id = $4
         AND quarantined_at >= to_timestamp($5::float8 / 1000) - interval '1 ms'
     ) AS found`,
    [scope.companyId, scope.connectionId, dataType, run.id, run.startedAtMs],
  );
  return rows[0]?.found ?? false;
}

/**
 * After a complete listing: what it did not quarantine again is at the platform no more, or not in that form.
 * @returns the ids of what left the quarantine so
 */
export async function dropOtherQuarantine(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  runId: string,
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    'DELETE FROM quarantined_records WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 AND run_id <> $4 RETURNING id',
    [scope.companyId, scope.connectionId, dataType, runId],
  );
  return rows.map(({ id }) => id);
}
