/** Writes that nobody works on, that have timed out, or that were written, looked at from outside of a worker's hands. */
import type { AnyDataTypeKey, DataTypeKey } from '@tributary/model';
import { dataTypes } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import type { RecordScope } from '../records/spine.ts';
import type { EnqueueablePush, PushAction } from './push-work.ts';

/** A write whose end was written from outside. */
export interface EndedPush {
  readonly id: string;
  readonly clientId: string;
  readonly companyId: string;
  readonly connectionId: string;
  readonly dataType: AnyDataTypeKey;
  readonly action: PushAction;
  readonly createdAt: Date;
  readonly completedAt: Date;
}

/**
 * Lets writes time out. One that was not sent is closed, and its worker is refused when it wants to send it; one that was sent stays
 * open to workers, who find out what became of it.
 */
export async function timeOutPushes(client: ClientBase, limit: number): Promise<EndedPush[]> {
  const { rows } = await client.query<EndedPush>(
    `WITH late AS (
       SELECT id FROM push_operations
       WHERE closed_at IS NULL AND status = 'Pending' AND times_out_at <= now() ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
     )
     UPDATE push_operations AS push
     SET status = 'TimedOut', status_code = 408, completed_at = now(),
         error_message = CASE
           WHEN stage = 'waiting' THEN format('Not written: it could not be sent within %s minutes.%s', timeout_in_minutes, coalesce(' Last: ' || last_failure, ''))
           ELSE format('Sent, but not confirmed within %s minutes: it may have been written. It is being looked for; do not write it again before this operation says what became of it.', timeout_in_minutes)
         END,
         closed_at = CASE WHEN stage = 'waiting' THEN now() END,
         fence = CASE WHEN stage = 'waiting' THEN fence + 1 ELSE fence END,
         lease_owner = CASE WHEN stage <> 'waiting' THEN lease_owner END,
         lease_until = CASE WHEN stage <> 'waiting' THEN lease_until END
     FROM late WHERE push.id = late.id
     RETURNING push.id, push.client_id AS "clientId", push.company_id AS "companyId", push.connection_id AS "connectionId",
       push.data_type AS "dataType", push.action, push.created_at AS "createdAt", push.completed_at AS "completedAt"`,
    [limit],
  );
  return rows;
}

/**
 * Of each connection, the write that comes next, where nobody is at it although somebody could be: its job vanished, or its worker
 * died. Marks them as enqueued.
 * @param graceMs one that was enqueued more recently is left to its job
 */
export async function sweepPushes(
  pool: Pool,
  request: { graceMs: number; limit: number },
): Promise<EnqueueablePush[]> {
  const { rows } = await pool.query<EnqueueablePush>(
    `WITH orphan AS (
       SELECT id FROM push_operations AS push
       WHERE closed_at IS NULL AND enqueued_at < now() - $1 * interval '1 ms' AND (not_before IS NULL OR not_before <= now())
         AND NOT EXISTS (
           SELECT FROM push_operations AS other
           WHERE other.connection_id = push.connection_id AND other.closed_at IS NULL AND other.lease_until > now())
       ORDER BY enqueued_at LIMIT $2 FOR UPDATE SKIP LOCKED
     )
     UPDATE push_operations AS push SET enqueued_at = now() FROM orphan WHERE push.id = orphan.id
     RETURNING push.id, push.fence, push.trace_id AS "traceId"`,
    [request.graceMs, request.limit],
  );
  return rows;
}

/** The write of a connection that comes next, to be put on the queue; undefined when there is none, or somebody is at it. */
export async function nextPush(pool: Pool, connectionId: string): Promise<EnqueueablePush | undefined> {
  const { rows } = await pool.query<EnqueueablePush & { busy: boolean }>(
    `SELECT id, fence, trace_id AS "traceId", coalesce(lease_until > now(), false) AS busy FROM push_operations
     WHERE connection_id = $1 AND closed_at IS NULL ORDER BY stage = 'waiting', position LIMIT 1`,
    [connectionId],
  );
  return rows[0]?.busy === false ? rows[0] : undefined;
}

/**
 * Of these ids, those that cannot be what a write has created: stored here before it was sent, or known as another write's.
 * @param push whose creation is looked for
 */
export async function idsOfOthers(
  pool: Pool,
  push: RecordScope & { readonly id: string; readonly sentAtMs: number },
  dataType: DataTypeKey,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM ${dataTypes[dataType].table}
     WHERE company_id = $1 AND connection_id = $2 AND id = ANY($4::text[]) AND modified_at < to_timestamp($5::float8 / 1000)
     UNION
     SELECT change #>> '{recordRef,id}' FROM push_operations AS other,
       jsonb_array_elements(CASE jsonb_typeof(other.changes) WHEN 'array' THEN other.changes END) AS change
     WHERE other.connection_id = $2 AND other.id <> $3 AND change #>> '{recordRef,id}' = ANY($4::text[])`,
    [push.companyId, push.connectionId, push.id, [...ids], push.sentAtMs],
  );
  return new Set(rows.map(({ id }) => id));
}

/**
 * Ids of records that writes have stored since a run began. What the run has read of them may be older: it leaves them alone, and
 * the next run, which reads from before this one began, sees them as they are then.
 */
export async function pushedSinceStart(
  client: ClientBase,
  run: { readonly id: string; readonly connectionId: string; readonly dataType: string },
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ id: string }>({
    name: 'pushed-since-start',
    text: `SELECT change #>> '{recordRef,id}' AS id FROM push_operations AS push,
         jsonb_array_elements(CASE jsonb_typeof(push.changes) WHEN 'array' THEN push.changes END) AS change
       WHERE push.connection_id = $1 AND push.written_at >= (SELECT started_at FROM pull_operations WHERE id = $2)
         AND change #>> '{recordRef,dataType}' = $3`,
    values: [run.connectionId, run.id, run.dataType],
  });
  return new Set(rows.map(({ id }) => id));
}

/** A connection's writes, and the fences that jobs of theirs may be named by. */
export async function recentPushes(
  pool: Pool,
  connectionId: string,
): Promise<{ id: string; fence: number }[]> {
  const { rows } = await pool.query<{ id: string; fence: number }>(
    `SELECT id, fence FROM push_operations
     WHERE connection_id = $1 AND (closed_at IS NULL OR closed_at > now() - interval '2 days')`,
    [connectionId],
  );
  return rows;
}
