/** Finding or creating runs, and finding those that nobody works on. */
import { randomUUID } from 'node:crypto';
import type { CustomDataTypeKey, DataTypeKey } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../pool.ts';
import type { RunTrigger } from './pull-operations.ts';

/** A run that wants a job on the queue. */
export interface EnqueueableRun {
  readonly id: string;
  readonly fence: number;
  readonly traceId: string | null;
}

/** A run that may go on the queue now. */
export interface AdmittedRun extends EnqueueableRun {
  /** Since it was asked for. */
  readonly waitedMs: number;
}

export interface RunRequest {
  readonly connectionId: string;
  readonly dataType: DataTypeKey | CustomDataTypeKey;
  readonly trigger: RunTrigger;
  /** Undefined: the run gets one of its own. */
  readonly traceId: string | undefined;
}

/** In the form of the API's correlation ids: 32 hex digits. */
const ownTraceId = `replace(gen_random_uuid()::text, '-', '')`;

/** Within a client, what somebody waits for goes before what a schedule started. */
const priorityOf = { request: 0, schedule: 1 } as const;

interface FoundRun {
  readonly id: string;
  readonly clientId: string;
}

async function activeRunOf(pool: Pool, request: RunRequest): Promise<FoundRun | undefined> {
  const { rows } = await pool.query<FoundRun>(
    `SELECT id, client_id AS "clientId" FROM pull_operations
     WHERE connection_id = $1 AND data_type = $2 AND completed_at IS NULL`,
    [request.connectionId, request.dataType],
  );
  return rows[0];
}

/**
 * Locks the dataset before the run is there, as the order in datasets.ts wants it: the schedule's claim does the same.
 * @returns undefined when there is an active run, or the connection is not Linked (or does not exist)
 */
async function createRun(pool: Pool, request: RunRequest): Promise<FoundRun | undefined> {
  const { connectionId, dataType, trigger, traceId } = request;
  return inTransaction(pool, async (client) => {
    await client.query(
      `INSERT INTO datasets (company_id, connection_id, data_type, client_id)
       SELECT company_id, id, $2, client_id FROM connections WHERE id = $1 AND status = 'Linked' ON CONFLICT DO NOTHING`,
      [connectionId, dataType],
    );
    await client.query(
      `SELECT FROM datasets AS dataset JOIN connections AS connection
         ON connection.company_id = dataset.company_id AND connection.id = dataset.connection_id
       WHERE connection.id = $1 AND dataset.data_type = $2 FOR UPDATE OF dataset`,
      [connectionId, dataType],
    );
    const { rows } = await client.query<FoundRun>(
      `WITH created AS (
         INSERT INTO pull_operations (id, client_id, company_id, connection_id, data_type, "trigger", priority, trace_id)
         SELECT $1, client_id, company_id, id, $3, $4, ${priorityOf.request}, coalesce($5, ${ownTraceId}) FROM connections WHERE id = $2 AND status = 'Linked'
         ON CONFLICT (connection_id, data_type) WHERE completed_at IS NULL DO NOTHING
         RETURNING id, client_id, company_id, connection_id, data_type
       ), noted AS (
         UPDATE datasets SET latest_run_id = created.id FROM created
         WHERE datasets.company_id = created.company_id AND datasets.connection_id = created.connection_id
           AND datasets.data_type = created.data_type
       )
       SELECT id, client_id AS "clientId" FROM created`,
      [randomUUID(), connectionId, dataType, trigger, traceId ?? null],
    );
    return rows[0];
  }).catch((error: unknown) => {
    // The connection was erased meanwhile: its foreign keys notice.
    if (error instanceof Error && 'code' in error && error.code === '23503') return undefined;
    throw error;
  });
}

/**
 * The active run of a data type of a connection, created when there is none. A new run waits to be admitted ({@link admitRuns}).
 * @returns undefined when the connection is not Linked (or does not exist)
 */
export async function findOrCreateRun(
  pool: Pool,
  request: RunRequest,
): Promise<{ id: string; clientId: string; created: boolean } | undefined> {
  // The loop: an active run that the insert met may end before it can be read.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const active = await activeRunOf(pool, request);
    if (active !== undefined) return { ...active, created: false };
    const created = await createRun(pool, request);
    if (created !== undefined) return { ...created, created: true };
    const { rows: linked } = await pool.query(
      `SELECT 1 FROM connections WHERE id = $1 AND status = 'Linked'`,
      [request.connectionId],
    );
    if (linked.length === 0) return undefined;
  }
  throw new Error(`could not find or create a run of ${request.dataType}: too much contention`);
}

/** Whether there is such a run, and it has not ended. */
export async function isRunActive(pool: Pool, runId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    'SELECT FROM pull_operations WHERE id = $1 AND completed_at IS NULL',
    [runId],
  );
  return rowCount === 1;
}

/** Those of `runIds` that have not ended. */
export async function activeRunsOf(pool: Pool, runIds: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM pull_operations WHERE id = ANY($1::uuid[]) AND completed_at IS NULL',
    [runIds],
  );
  return rows.map(({ id }) => id);
}

/** Runs of one connection that may be on the queue or under way at a time. */
const runsPerConnection = 4;
/** A client may fill what the workers can run at a time and a quarter more, so that no slot waits for admission. */
const admittedShare = 1.25;
const fewestAdmitted = 4;
/** A worker that has not been heard of for so long has no capacity. */
const workerSilence = `interval '60 s'`;

/** Tells that a worker is alive, and forgets those that are not. */
export async function reportWorker(pool: Pool, worker: { id: string; concurrency: number }): Promise<void> {
  await pool.query(
    `INSERT INTO workers (id, concurrency, seen_at) VALUES ($1, $2, now())
     ON CONFLICT (id) DO UPDATE SET concurrency = excluded.concurrency, seen_at = excluded.seen_at`,
    [worker.id, worker.concurrency],
  );
  await pool.query(`DELETE FROM workers WHERE seen_at < now() - ${workerSilence}`);
}

/** A worker that stops takes its capacity with it. */
export async function forgetWorker(pool: Pool, id: string): Promise<void> {
  await pool.query('DELETE FROM workers WHERE id = $1', [id]);
}

/**
 * Admits waiting runs of a client, most urgent and oldest first, up to its caps, and marks them as enqueued. What is not admitted
 * stays in the table, so that the queue holds a few runs of each client and nobody waits behind another's thousands. The look-ups
 * are ranges of partial indexes: the cost does not grow with the number of runs that wait. Runs that wait for a rate limit do not
 * count.
 */
export async function admitRuns(pool: Pool, clientId: string): Promise<AdmittedRun[]> {
  return inTransaction(pool, async (client) => {
    // Two admissions of one client at a time would both see the same free places.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('admission/' || $1, 0))`, [clientId]);
    const { rows } = await client.query<AdmittedRun>(
      `WITH cap AS (
         SELECT greatest(${fewestAdmitted}, ceil(coalesce(sum(concurrency), 0) * ${admittedShare})) AS runs
         FROM workers WHERE seen_at > now() - ${workerSilence}
       ), busy AS (
         SELECT connection_id, count(*) AS runs FROM pull_operations
         WHERE client_id = $1 AND completed_at IS NULL AND enqueued_at IS NOT NULL AND (not_before IS NULL OR not_before <= now())
         GROUP BY connection_id
       ), head AS (
         SELECT id, connection_id, priority, requested_at FROM pull_operations
         WHERE client_id = $1 AND completed_at IS NULL AND enqueued_at IS NULL
         ORDER BY priority, requested_at LIMIT (SELECT runs * 20 FROM cap)
       ), ranked AS (
         SELECT head.id, head.priority, head.requested_at,
                row_number() OVER (PARTITION BY head.connection_id ORDER BY head.priority, head.requested_at) + coalesce(busy.runs, 0) AS place
         FROM head LEFT JOIN busy ON busy.connection_id = head.connection_id
       ), admitted AS (
         SELECT id FROM ranked WHERE place <= ${runsPerConnection} ORDER BY priority, requested_at
         LIMIT greatest(0, (SELECT runs FROM cap) - (SELECT coalesce(sum(runs), 0) FROM busy))
       ), -- A run that somebody holds is about to end, or works already: it is left alone rather than waited for.
       free AS (
         SELECT id FROM pull_operations
         WHERE id IN (SELECT id FROM admitted) AND completed_at IS NULL AND enqueued_at IS NULL FOR UPDATE SKIP LOCKED
       )
       UPDATE pull_operations AS run SET enqueued_at = now() FROM free WHERE run.id = free.id
       RETURNING run.id, run.fence, run.trace_id AS "traceId",
         (extract(epoch from now() - run.requested_at) * 1000)::float8 AS "waitedMs"`,
      [clientId],
    );
    return rows;
  });
}

/** Whether an admitted run of another client waits for a worker. */
export async function othersWait(pool: Pool, clientId: string): Promise<boolean> {
  const { rows } = await pool.query<{ wait: boolean }>(
    `SELECT EXISTS (
       SELECT FROM pull_operations
       WHERE client_id <> $1 AND completed_at IS NULL AND enqueued_at IS NOT NULL AND lease_until IS NULL
         AND (not_before IS NULL OR not_before <= now())
     ) AS wait`,
    [clientId],
  );
  return rows[0]?.wait ?? false;
}

/** Clients with runs that wait to be admitted; one index probe per client. */
export async function clientsWithWaitingRuns(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ client_id: string }>(
    `WITH RECURSIVE waiting AS (
       (SELECT client_id FROM pull_operations WHERE completed_at IS NULL AND enqueued_at IS NULL ORDER BY client_id LIMIT 1)
       UNION ALL
       SELECT (SELECT client_id FROM pull_operations
               WHERE completed_at IS NULL AND enqueued_at IS NULL AND client_id > waiting.client_id ORDER BY client_id LIMIT 1)
       FROM waiting WHERE waiting.client_id IS NOT NULL
     )
     SELECT client_id FROM waiting WHERE client_id IS NOT NULL`,
  );
  return rows.map((row) => row.client_id);
}

/**
 * Admitted runs that nobody works on although they could start: their job vanished, or their worker died. Marks them as enqueued.
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
         AND enqueued_at < now() - $1 * interval '1 ms'
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
 * however many workers tick. The runs wait to be admitted; a data type with an active run is only rescheduled.
 */
export async function claimDueSchedules(
  pool: Pool,
  request: { limit: number; hourMs: number },
): Promise<{ claimed: number; created: number }> {
  const { rows } = await pool.query<{ claimed: number; created: number }>(
    `WITH due AS (
       SELECT dataset.company_id, dataset.connection_id, dataset.data_type, dataset.client_id
       FROM datasets AS dataset WHERE dataset.next_run_at <= now()
       ORDER BY dataset.next_run_at LIMIT $1 FOR UPDATE SKIP LOCKED
     ), created AS (
       INSERT INTO pull_operations (id, client_id, company_id, connection_id, data_type, "trigger", priority, trace_id)
       SELECT gen_random_uuid(), due.client_id, due.company_id, due.connection_id, due.data_type, 'schedule', ${priorityOf.schedule},
              ${ownTraceId}
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
     SELECT (SELECT count(*) FROM due)::int AS claimed, (SELECT count(*) FROM created)::int AS created`,
    [request.limit, request.hourMs],
  );
  return rows[0] ?? { claimed: 0, created: 0 };
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
 * connections that are not Linked are not scheduled, nor are data types that clients defined themselves.
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
       JOIN connections AS connection ON connection.company_id = target.company_id AND connection.id = target.connection_id
       LEFT JOIN company_sync_settings AS own ON own.company_id = target.company_id AND own.data_type = target.data_type
       LEFT JOIN client_sync_settings AS default_ ON default_.client_id = target.client_id AND default_.data_type = target.data_type
       WHERE target.${column} = $1 AND target.data_type NOT LIKE 'custom/%'
       ORDER BY target.company_id, target.connection_id, target.data_type FOR UPDATE OF target
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
