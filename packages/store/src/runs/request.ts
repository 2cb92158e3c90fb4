/** Finding or creating runs, and finding those that nobody works on. */
import { randomUUID } from 'node:crypto';
import type { DataTypeKey } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import type { RunTrigger } from './pull-operations.ts';

/** A run that wants a job on the queue. */
export interface EnqueueableRun {
  readonly id: string;
  readonly fence: number;
  readonly traceId: string | null;
}

export interface RunRequest {
  readonly connectionId: string;
  readonly dataType: DataTypeKey;
  readonly trigger: RunTrigger;
  readonly traceId: string | undefined;
}

/**
 * The active run of a data type of a connection, created when there is none.
 * @returns undefined when the connection is not Linked (or does not exist)
 */
export async function findOrCreateRun(
  pool: Pool,
  request: RunRequest,
): Promise<{ id: string; fence: number; created: boolean } | undefined> {
  // The loop: an active run found by the insert's conflict may end before it can be read.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const { rows } = await pool.query<{ id: string; fence: number; created: boolean }>(
      `WITH created AS (
         INSERT INTO pull_operations (id, client_id, company_id, connection_id, data_type, "trigger", trace_id, enqueued_at)
         SELECT $1, client_id, company_id, id, $3, $4, $5, now() FROM connections WHERE id = $2 AND status = 'Linked'
         ON CONFLICT (connection_id, data_type) WHERE completed_at IS NULL DO NOTHING
         RETURNING id, fence, client_id, company_id, connection_id, data_type
       ), noted AS (
         INSERT INTO datasets (company_id, connection_id, data_type, client_id, latest_run_id)
         SELECT company_id, connection_id, data_type, client_id, id FROM created
         ON CONFLICT (company_id, connection_id, data_type) DO UPDATE SET latest_run_id = excluded.latest_run_id
       )
       SELECT id, fence, true AS created FROM created
       UNION ALL
       SELECT id, fence, false FROM pull_operations
       WHERE connection_id = $2 AND data_type = $3 AND completed_at IS NULL AND NOT EXISTS (SELECT FROM created)`,
      [randomUUID(), request.connectionId, request.dataType, request.trigger, request.traceId ?? null],
    );
    if (rows[0] !== undefined) return rows[0];
    const { rows: linked } = await pool.query(
      `SELECT 1 FROM connections WHERE id = $1 AND status = 'Linked'`,
      [request.connectionId],
    );
    if (linked.length === 0) return undefined;
  }
  throw new Error(`could not find or create a run of ${request.dataType}: too much contention`);
}

/**
 * Runs that nobody works on although they could start: their job vanished, or their worker died. Marks them as enqueued.
 * @param graceMs a run enqueued more recently is left to its job
 */
export async function sweepRuns(
  pool: Pool,
  request: { graceMs: number; limit: number },
): Promise<EnqueueableRun[]> {
  const { rows } = await pool.query<EnqueueableRun>(
    `WITH orphan AS (
       SELECT id FROM pull_operations
       WHERE completed_at IS NULL AND (lease_until IS NULL OR lease_until < now()) AND (not_before IS NULL OR not_before <= now())
         AND (enqueued_at IS NULL OR enqueued_at < now() - $1 * interval '1 ms')
       ORDER BY requested_at LIMIT $2 FOR UPDATE SKIP LOCKED
     )
     UPDATE pull_operations AS run SET enqueued_at = now() FROM orphan WHERE run.id = orphan.id
     RETURNING run.id, run.fence, run.trace_id AS "traceId"`,
    [request.graceMs, request.limit],
  );
  return rows;
}

/**
 * The smallest instant of a dataset's own grid that lies more than half a period ahead. The grid's phase is a hash of the
 * dataset, so that schedules spread over the period and stay where they are.
 */
export const nextDueSql = (hours: string, hourMs: string, connectionId: string, dataType: string): string => {
  const period = `(${hours} * ${hourMs}::float8)`;
  const phase = `(abs(hashtextextended(${connectionId}::text || ${dataType}, 0) % 1000000) / 1000000.0 * ${period})`;
  const nowMs = '(extract(epoch from now()) * 1000)';
  return `CASE WHEN ${hours} > 0 THEN to_timestamp(((floor((${nowMs} + ${period} / 2 - ${phase}) / ${period}) + 1) * ${period} + ${phase}) / 1000) END`;
};

/**
 * Claims due schedules: creates their runs and sets the next due time, in one statement, so that no schedule runs twice
 * however many workers tick. A data type with an active run is only rescheduled.
 */
export async function claimDueSchedules(
  pool: Pool,
  request: { limit: number; hourMs: number },
): Promise<EnqueueableRun[]> {
  const { rows } = await pool.query<EnqueueableRun>(
    `WITH due AS (
       SELECT dataset.company_id, dataset.connection_id, dataset.data_type, dataset.client_id
       FROM datasets AS dataset WHERE dataset.next_run_at <= now()
       ORDER BY dataset.next_run_at LIMIT $1 FOR UPDATE SKIP LOCKED
     ), created AS (
       INSERT INTO pull_operations (id, client_id, company_id, connection_id, data_type, "trigger", enqueued_at)
       SELECT gen_random_uuid(), due.client_id, due.company_id, due.connection_id, due.data_type, 'schedule', now()
       FROM due JOIN connections AS connection ON connection.id = due.connection_id AND connection.status = 'Linked'
       ON CONFLICT (connection_id, data_type) WHERE completed_at IS NULL DO NOTHING
       RETURNING id, fence, connection_id, data_type
     ), moved AS (
       UPDATE datasets AS dataset
       SET next_run_at = ${nextDueSql('dataset.schedule_hours', '$2', 'dataset.connection_id', 'dataset.data_type')},
           latest_run_id = coalesce(created.id, dataset.latest_run_id)
       FROM due LEFT JOIN created ON created.connection_id = due.connection_id AND created.data_type = due.data_type
       WHERE dataset.company_id = due.company_id AND dataset.connection_id = due.connection_id AND dataset.data_type = due.data_type
     )
     SELECT id, fence, NULL::text AS "traceId" FROM created`,
    [request.limit, request.hourMs],
  );
  return rows;
}

/** Which datasets a change of schedules touches. */
export type ScheduleScope =
  | { readonly connectionId: string }
  | { readonly companyId: string }
  | { readonly clientId: string };

/** Schedule of data types without a setting: daily. */
export const defaultScheduleHours = 24;

/**
 * Sets the schedule of every dataset in scope from the settings in force (company's, else client's, else daily); datasets of
 * connections that are not Linked are not scheduled.
 */
export async function applySchedules(
  queryable: Pool | ClientBase,
  scope: ScheduleScope,
  hourMs: number,
): Promise<void> {
  const [column, id] =
    'connectionId' in scope
      ? ['connection_id', scope.connectionId]
      : 'companyId' in scope
        ? ['company_id', scope.companyId]
        : ['client_id', scope.clientId];
  await queryable.query(
    `UPDATE datasets AS dataset
     SET schedule_hours = wanted.hours, next_run_at = ${nextDueSql('wanted.hours', '$2', 'dataset.connection_id', 'dataset.data_type')}
     FROM (
       SELECT target.company_id, target.connection_id, target.data_type,
              CASE WHEN connection.status = 'Linked'
                THEN coalesce(own.sync_schedule, default_.sync_schedule, ${defaultScheduleHours}) ELSE 0 END AS hours
       FROM datasets AS target
       JOIN connections AS connection ON connection.id = target.connection_id
       LEFT JOIN company_sync_settings AS own ON own.company_id = target.company_id AND own.data_type = target.data_type
       LEFT JOIN client_sync_settings AS default_ ON default_.client_id = target.client_id AND default_.data_type = target.data_type
       WHERE target.${column} = $1
     ) AS wanted
     WHERE dataset.company_id = wanted.company_id AND dataset.connection_id = wanted.connection_id AND dataset.data_type = wanted.data_type`,
    [id, hourMs],
  );
}

/** Makes a connection's datasets exist, unscheduled. */
export async function ensureDatasets(
  queryable: Pool | ClientBase,
  connection: { id: string; companyId: string; clientId: string },
  dataTypes: readonly DataTypeKey[],
): Promise<void> {
  await queryable.query(
    `INSERT INTO datasets (company_id, connection_id, client_id, data_type)
     SELECT $1, $2, $3, data_type FROM unnest($4::text[]) AS data_type ON CONFLICT DO NOTHING`,
    [connection.companyId, connection.id, connection.clientId, dataTypes],
  );
}
