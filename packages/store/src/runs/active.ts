import type { DataTypeKey } from '@tributary/model';
import type { Pool } from 'pg';

/** Runs that have not ended, counted by where they are. */
export interface ActiveRuns {
  /** Wait for a place on the queue. */
  readonly unadmitted: number;
  /** Have one, and wait for a worker. */
  readonly queued: number;
  readonly running: number;
  /** Wait for a rate limit, or for a platform to come back. */
  readonly postponed: number;
  /** Their worker let the lease run out: they are about to be taken over. */
  readonly orphaned: number;
  /** Since when the first of those waits that could start and has no worker, in milliseconds; 0 when none does. */
  readonly oldestWaitingMs: number;
}

/** Reads active runs only: the cost does not grow with the history. */
export async function readActiveRuns(pool: Pool): Promise<ActiveRuns> {
  const { rows } = await pool.query<ActiveRuns>(
    `WITH active AS (
       SELECT coalesce(not_before, requested_at) AS since,
         CASE WHEN lease_until >= now() THEN 'running' WHEN lease_until IS NOT NULL THEN 'orphaned'
           WHEN not_before > now() THEN 'postponed' WHEN enqueued_at IS NULL THEN 'unadmitted' ELSE 'queued' END AS place
       FROM pull_operations WHERE completed_at IS NULL
     )
     SELECT count(*) FILTER (WHERE place = 'unadmitted')::float8 AS unadmitted,
       count(*) FILTER (WHERE place = 'queued')::float8 AS queued,
       count(*) FILTER (WHERE place = 'running')::float8 AS running,
       count(*) FILTER (WHERE place = 'postponed')::float8 AS postponed,
       count(*) FILTER (WHERE place = 'orphaned')::float8 AS orphaned,
       coalesce(extract(epoch from now() - min(since) FILTER (WHERE place IN ('unadmitted', 'queued', 'orphaned'))) * 1000, 0)::float8
         AS "oldestWaitingMs"
     FROM active`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the active runs were not counted');
  return row;
}

/** Whether one of the data types of a connection is being synced, or about to be. */
export async function isDataTypeActive(
  pool: Pool,
  connectionId: string,
  dataTypes: readonly DataTypeKey[],
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'SELECT FROM pull_operations WHERE connection_id = $1 AND data_type = ANY($2::text[]) AND completed_at IS NULL LIMIT 1',
    [connectionId, dataTypes],
  );
  return rowCount === 1;
}
