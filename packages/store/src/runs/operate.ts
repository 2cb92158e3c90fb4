/** What an operator does to runs across the whole installation. */
import type { ClientBase, Pool } from 'pg';
import { type EndedRun, endedRunSql } from './pull-operations.ts';

export async function isPlatformPaused(pool: Pool, platformKey: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT 1 FROM platform_pauses WHERE platform_key = $1', [
    platformKey,
  ]);
  return rowCount === 1;
}

/** Runs of a paused platform wait, and go on within about a minute after it is resumed. */
export async function pausePlatform(
  pool: Pool,
  platformKey: string,
  reason: string | undefined,
): Promise<void> {
  await pool.query(
    'INSERT INTO platform_pauses (platform_key, reason) VALUES ($1, $2) ON CONFLICT (platform_key) DO UPDATE SET reason = excluded.reason',
    [platformKey, reason ?? null],
  );
}

/** @returns whether it was paused */
export async function resumePlatform(pool: Pool, platformKey: string): Promise<boolean> {
  const { rowCount } = await pool.query('DELETE FROM platform_pauses WHERE platform_key = $1', [platformKey]);
  return rowCount === 1;
}

/**
 * Makes every dataset of a Linked connection due whose newest run failed; workers start them at their next tick.
 * @returns how many
 */
export async function retryFailed(
  pool: Pool,
  scope: { clientId?: string; platformKey?: string } = {},
): Promise<number> {
  const { rowCount } = await pool.query(
    `WITH failed AS (
       SELECT target.company_id, target.connection_id, target.data_type
       FROM datasets AS target JOIN pull_operations AS run ON run.id = target.latest_run_id
         JOIN connections AS connection ON connection.id = run.connection_id
       WHERE connection.status = 'Linked' AND run.completed_at IS NOT NULL AND run.status NOT IN ('Complete', 'NotSupported')
         AND ($1::uuid IS NULL OR target.client_id = $1) AND ($2::text IS NULL OR connection.platform_key = $2)
       ORDER BY target.company_id, target.connection_id, target.data_type FOR UPDATE OF target
     )
     UPDATE datasets AS dataset SET next_run_at = now() FROM failed
     WHERE dataset.company_id = failed.company_id AND dataset.connection_id = failed.connection_id
       AND dataset.data_type = failed.data_type`,
    [scope.clientId ?? null, scope.platformKey ?? null],
  );
  return rowCount ?? 0;
}

/** Ends one run of a client. Its worker notices at its next write. @returns undefined when it was not under way */
export async function cancelRun(
  client: ClientBase,
  request: { clientId: string; companyId: string; runId: string },
): Promise<EndedRun | undefined> {
  const { rows } = await client.query<EndedRun>(
    `UPDATE pull_operations
     SET status = 'Cancelled', error_message = 'Cancelled on request', status_description = NULL, completed_at = now(),
         fence = fence + 1, lease_owner = NULL, lease_until = NULL
     WHERE id = $3 AND client_id = $1 AND company_id = $2 AND completed_at IS NULL RETURNING ${endedRunSql}`,
    [request.clientId, request.companyId, request.runId],
  );
  return rows[0];
}

/**
 * Takes every run from its worker, to be started again at the next tick. Only for an installation that knows that no worker of an
 * earlier start can be alive; elsewhere leases run out by themselves.
 */
export async function releaseEveryRun(pool: Pool): Promise<void> {
  await pool.query(
    `UPDATE pull_operations SET status = 'Queued', lease_owner = NULL, lease_until = NULL, fence = fence + 1, enqueued_at = now() - interval '1 hour'
     WHERE completed_at IS NULL AND enqueued_at IS NOT NULL`,
  );
  await pool.query('DELETE FROM workers');
}
