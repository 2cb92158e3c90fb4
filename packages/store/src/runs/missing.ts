/**
 * Deletions by absence. A complete listing notes beside the run which stored records it showed; at its end an anti-join finds
 * those that it lacked. They become candidates; how many complete listings of different runs lacked one is counted with it.
 */
import type { DataTypeKey } from '@tributary/model';
import { dataTypes } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import { recordByKey } from '../records/by-key.ts';
import type { RecordScope } from '../records/spine.ts';

/**
 * Notes what a page of a full listing showed, mapped or not; of what is not stored nothing has to be known. Call it when the page's
 * records are written, in a keyed transaction.
 * @param run.page its number within the run
 * @param shown.ids of records whose numbers are not known yet
 * @param shown.seqs numbers of others, as PostgreSQL writes an array
 */
export async function noteSeen(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  run: { readonly id: string; readonly page: number },
  { ids, seqs = '{}' }: { readonly ids: readonly string[]; readonly seqs?: string | undefined },
): Promise<void> {
  if (ids.length === 0 && seqs === '{}') return;
  await client.query(
    `INSERT INTO run_seen_records (run_id, page, seqs)
     SELECT $3, $4, $6::bigint[] || coalesce(array_agg(stored.seq), '{}') FROM unnest($5::text[]) AS shown (id)
     CROSS JOIN LATERAL ${recordByKey('record.seq', dataTypes[dataType].table, 'shown.id')} AS stored`,
    [scope.companyId, scope.connectionId, run.id, run.page, ids, seqs],
  );
}

/** When a dataset was last listed in full to the end (epoch milliseconds), and whether records are suspected to be gone since. */
export async function readListingHistory(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
): Promise<{ lastFullAtMs: number | undefined; hasSuspects: boolean }> {
  const { rows } = await pool.query<{ lastFullAtMs: number | null; hasSuspects: boolean }>(
    `SELECT
       (SELECT (extract(epoch from started_at) * 1000)::float8 FROM pull_operations
        WHERE connection_id = $2 AND data_type = $3 AND status = 'Complete' AND listing IN ('initial', 'full')
        ORDER BY requested_at DESC LIMIT 1) AS "lastFullAtMs",
       EXISTS (SELECT FROM missing_records WHERE company_id = $1 AND connection_id = $2 AND data_type = $3) AS "hasSuspects"`,
    [scope.companyId, scope.connectionId, dataType],
  );
  return { lastFullAtMs: rows[0]?.lastFullAtMs ?? undefined, hasSuspects: rows[0]?.hasSuspects ?? false };
}

/** Records that show up are missing no more. */
export async function forgetMissing(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await client.query(
    'DELETE FROM missing_records WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 AND id = ANY($4::text[])',
    [scope.companyId, scope.connectionId, dataType, ids],
  );
}

/**
 * Counts this run's listing against every stored record that it lacked. Repeating it for the same run changes nothing. The caller
 * holds the run's lock: an erasure waits for it.
 * @returns how many stored, undeleted records the listing lacked
 */
export async function countMissing(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  runId: string,
): Promise<number> {
  // Nothing is known of how many numbers an array holds: as a nested loop, each record is compared with each.
  await client.query('SET LOCAL enable_nestloop = off');
  const { rowCount } = await client.query(
    `INSERT INTO missing_records (company_id, connection_id, data_type, id, last_run_id)
     SELECT $1, $2, $3, stored.id, $4
     FROM ${dataTypes[dataType].table} AS stored
     WHERE stored.company_id = $1 AND stored.connection_id = $2 AND NOT stored.is_deleted
       AND NOT EXISTS (
         SELECT FROM (SELECT unnest(seqs) AS seq FROM run_seen_records WHERE run_id = $4) AS seen WHERE seen.seq = stored.seq)
     ON CONFLICT (company_id, connection_id, data_type, id)
     DO UPDATE SET listings = missing_records.listings + (missing_records.last_run_id <> excluded.last_run_id)::int,
                   last_run_id = excluded.last_run_id`,
    [scope.companyId, scope.connectionId, dataType, runId],
  );
  await client.query('SET LOCAL enable_nestloop TO DEFAULT');
  return rowCount ?? 0;
}

/** Candidates that at least `listings` complete listings lacked, the newest of them this run's. */
export async function missingCandidates(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
  request: { runId: string; listings: number; limit: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM missing_records
     WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 AND last_run_id = $4 AND listings >= $5 ORDER BY id LIMIT $6`,
    [scope.companyId, scope.connectionId, dataType, request.runId, request.listings, request.limit],
  );
  return rows.map((row) => row.id);
}

/** Marks records as deleted; they stay readable. @returns how many were not marked before */
export async function markDeleted(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  ids: readonly string[],
): Promise<number> {
  const { rowCount } = await client.query(
    `UPDATE ${dataTypes[dataType].table} SET is_deleted = true, modified_at = clock_timestamp()
     WHERE company_id = $1 AND connection_id = $2 AND id = ANY($3::text[]) AND NOT is_deleted`,
    [scope.companyId, scope.connectionId, ids],
  );
  await forgetMissing(client, scope, dataType, ids);
  return rowCount ?? 0;
}
