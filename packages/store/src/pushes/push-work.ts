/**
 * Writes to platforms (push operations) as rows that workers carry out, at most once.
 *
 *   waiting ──"sent" committed──▶ sent ──answer committed──▶ answered ──records stored──▶ closed
 *      │                            │ answer lost: looked for at the platform ──▶ answered-like end, or waiting again (proven absent)
 *      └── closed (refused, timed out: nothing was sent)
 *
 * A row is committed as `sent` before the first byte of the call leaves, and never without: only while it is `waiting` may the write
 * be sent. The writes of a connection are carried out in their order, one at a time, and the one whose outcome is open comes first:
 * what appears at the platform meanwhile is its own, or a person's.
 *
 * `status` is what clients see; `closed_at` says whether a worker has something left to do. They part when a write times out that has
 * been sent: clients see `TimedOut`, workers go on to find out what became of it.
 *
 * Leases and fences are those of runs (see pull-operations.ts). Rows are locked after datasets and runs, and before connections.
 */
import type { AnyDataTypeKey } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../pool.ts';
import { LeaseLostError } from '../runs/pull-operations.ts';

export type PushAction = 'create' | 'update';
export type PushStage = 'waiting' | 'sent' | 'answered';

/** The platform's answer to the call, kept until its records are stored. */
export interface KeptPlatformAnswer {
  readonly status: number;
  readonly text: string;
  readonly location?: string | undefined;
  readonly platformTimeMs: number | null;
}

/** What a worker needs to know of a write that it has claimed. Instants are epoch milliseconds. */
export interface ClaimedPush {
  readonly id: string;
  readonly clientId: string;
  readonly companyId: string;
  readonly connectionId: string;
  readonly platformKey: string;
  readonly connectionStatus: 'PendingAuth' | 'Linked' | 'Unlinked' | 'Deauthorized';
  readonly businessId: string | null;
  readonly connectionInfo: Record<string, string> | null;
  readonly dataType: AnyDataTypeKey;
  readonly action: PushAction;
  readonly recordId: string | null;
  /** Exact JSON text. */
  readonly data: string;
  readonly expectedModifiedMs: number | null;
  readonly syncAfterwards: boolean;
  readonly traceId: string | null;
  readonly status: 'Pending' | 'TimedOut';
  readonly stage: PushStage;
  /** Exact JSON text, once it was sent. */
  readonly memory: string | null;
  readonly answer: KeptPlatformAnswer | null;
  readonly sentAtMs: number | null;
  readonly attempts: number;
  readonly fence: number;
  readonly createdAt: Date;
  readonly isTimedOut: boolean;
  /** Of a worker that had it before and let its lease run out: since when at the latest it does nothing any more. */
  readonly abandonedSinceMs: number | null;
}

/** A write to be put on the queue. */
export interface EnqueueablePush {
  readonly id: string;
  readonly fence: number;
  readonly traceId: string | null;
}

type Fenced = { readonly id: string; readonly fence: number };

const milliseconds = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

/** Minutes that a write has when its client names no others. */
export const defaultPushTimeoutMinutes = 60;

/**
 * Stores a write that is to be carried out.
 * @returns undefined when the connection is not Linked
 */
export async function createPush(
  pool: Pool,
  push: {
    readonly id: string;
    readonly connectionId: string;
    readonly dataType: AnyDataTypeKey;
    readonly action: PushAction;
    readonly recordId: string | undefined;
    readonly data: string;
    readonly expectedModifiedAt: Date | undefined;
    readonly syncAfterwards: boolean;
    readonly validation: object | undefined;
    readonly timeoutInMinutes: number;
    readonly traceId: string;
  },
): Promise<EnqueueablePush | undefined> {
  const { rows } = await pool.query<EnqueueablePush>(
    `INSERT INTO push_operations (id, client_id, company_id, connection_id, data_type, action, record_id, data, expected_modified_at,
       sync_afterwards, validation, timeout_in_minutes, times_out_at, trace_id)
     SELECT $1, client_id, company_id, id, $3, $4, $5, $6::json, $7, $8, $9::jsonb, $10::int, now() + $10::int * interval '1 min', $11
     FROM connections WHERE id = $2 AND status = 'Linked'
     RETURNING id, fence, trace_id AS "traceId"`,
    [
      push.id,
      push.connectionId,
      push.dataType,
      push.action,
      push.recordId ?? null,
      push.data,
      push.expectedModifiedAt ?? null,
      push.syncAfterwards,
      push.validation === undefined ? null : JSON.stringify(push.validation),
      push.timeoutInMinutes,
      push.traceId,
    ],
  );
  return rows[0];
}

/** The connection that a write is for; undefined when there is no such write. */
export async function connectionOfPush(pool: Pool, pushId: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT connection_id AS id FROM push_operations WHERE id = $1',
    [pushId],
  );
  return rows[0]?.id;
}

/**
 * Takes the write of a connection that comes next.
 * @returns undefined when there is none, somebody is at it, or it is not to be worked on yet
 */
export async function claimNextPush(
  pool: Pool,
  request: { connectionId: string; owner: string; leaseMs: number },
): Promise<ClaimedPush | undefined> {
  return inTransaction(pool, async (client) => {
    // Two claims at a time could take two writes of one connection.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('push/' || $1, 0))`, [
      request.connectionId,
    ]);
    const { rows } = await client.query<ClaimedPush>(
      `UPDATE push_operations AS push
       SET lease_owner = $2, lease_until = now() + $3 * interval '1 ms', fence = push.fence + 1, not_before = NULL
       FROM connections AS connection, (
         SELECT id, lease_owner, lease_until, not_before FROM push_operations
         WHERE connection_id = $1 AND closed_at IS NULL ORDER BY stage = 'waiting', position LIMIT 1 FOR UPDATE
       ) AS before
       WHERE push.id = before.id AND connection.id = push.connection_id
         AND (before.lease_until IS NULL OR before.lease_until < now())
         AND (before.not_before IS NULL OR before.not_before <= now() + interval '100 ms')
       RETURNING push.id, push.client_id AS "clientId", push.company_id AS "companyId", push.connection_id AS "connectionId",
         connection.platform_key AS "platformKey", connection.status AS "connectionStatus", connection.business_id AS "businessId",
         connection.connection_info AS "connectionInfo", push.data_type AS "dataType", push.action, push.record_id AS "recordId",
         push.data::text AS data, ${milliseconds('push.expected_modified_at')} AS "expectedModifiedMs",
         push.sync_afterwards AS "syncAfterwards", push.trace_id AS "traceId", push.status, push.stage, push.memory::text AS memory, push.answer,
         ${milliseconds('push.sent_at')} AS "sentAtMs", push.attempts, push.fence, push.created_at AS "createdAt",
         coalesce(push.times_out_at <= now(), false) AS "isTimedOut", ${milliseconds('before.lease_until')} AS "abandonedSinceMs"`,
      [request.connectionId, request.owner, request.leaseMs],
    );
    return rows[0];
  });
}

async function fenced(
  queryable: Pool | ClientBase,
  push: Fenced,
  assignments: string,
  values: readonly unknown[],
): Promise<void> {
  const { rowCount } = await queryable.query(
    `UPDATE push_operations SET ${assignments} WHERE id = $1 AND fence = $2 AND closed_at IS NULL`,
    [push.id, push.fence, ...values],
  );
  if (rowCount !== 1) throw new LeaseLostError(push.id);
}

/** Keeps the lease alive. @throws LeaseLostError */
export function extendPushLease(pool: Pool, push: Fenced, leaseMs: number): Promise<void> {
  return fenced(pool, push, `lease_until = now() + $3 * interval '1 ms'`, [leaseMs]);
}

/**
 * Commits that the call is leaving now. Refused when the write has timed out, was sent before, or its connection is not Linked any
 * more: then the call must not leave.
 * @param memory exact JSON text
 * @returns when that was, epoch milliseconds
 * @throws LeaseLostError
 */
export async function markPushSent(pool: Pool, push: Fenced, memory: string): Promise<number> {
  const { rows } = await pool.query<{ sentAtMs: number }>(
    `UPDATE push_operations SET stage = 'sent', sent_at = coalesce(sent_at, now()), memory = $3::json
     WHERE id = $1 AND fence = $2 AND closed_at IS NULL AND status = 'Pending' AND stage <> 'answered' AND times_out_at > now()
       AND EXISTS (SELECT FROM connections WHERE id = connection_id AND status = 'Linked')
     RETURNING ${milliseconds('sent_at')} AS "sentAtMs"`,
    [push.id, push.fence, memory],
  );
  const row = rows[0];
  if (row === undefined) throw new LeaseLostError(push.id);
  return row.sentAtMs;
}

/** The call had no effect, which is certain: it may be sent again. @throws LeaseLostError */
export function markPushUnsent(pool: Pool, push: Fenced): Promise<void> {
  return fenced(pool, push, `stage = 'waiting', sent_at = NULL, memory = NULL`, []);
}

/** Keeps the platform's answer, before anything is made of it. @throws LeaseLostError */
export function keepPushAnswer(pool: Pool, push: Fenced, answer: KeptPlatformAnswer): Promise<void> {
  return fenced(pool, push, `stage = 'answered', answer = $3::json`, [JSON.stringify(answer)]);
}

/** Puts a write off: the lease is dropped. @throws LeaseLostError */
export function postponePush(
  pool: Pool,
  push: Fenced,
  request: { delayMs: number; failure: string | undefined; isFailure: boolean },
): Promise<void> {
  return fenced(
    pool,
    push,
    `lease_owner = NULL, lease_until = NULL, not_before = now() + $3 * interval '1 ms', enqueued_at = now() + $3 * interval '1 ms',
     last_failure = coalesce($4, last_failure), attempts = attempts + $5`,
    [request.delayMs, request.failure ?? null, request.isFailure ? 1 : 0],
  );
}

/** How a write ends, as clients see it. */
export interface PushEnd {
  readonly status: 'Success' | 'Failed' | 'TimedOut';
  readonly statusCode: number;
  readonly errorMessage: string | undefined;
  /** `[{"type", "recordRef": {"id", "dataType"}}]` */
  readonly changes: readonly object[] | undefined;
  /** Undefined keeps what was found before it was sent. */
  readonly validation: object | undefined;
  /** Its records were stored in the same transaction. */
  readonly isWritten: boolean;
}

/**
 * Ends a write for good, in the caller's transaction. One that has timed out stays so, unless it turns out to have been written.
 * @returns when, and whether its clients have not heard of an end like this one yet
 * @throws LeaseLostError
 */
export async function closePush(
  client: ClientBase,
  push: Fenced,
  end: PushEnd,
): Promise<{ completedAt: Date; status: PushEnd['status']; isNews: boolean }> {
  const { rows } = await client.query<{ completedAt: Date; status: PushEnd['status']; isNews: boolean }>(
    `UPDATE push_operations AS push
     SET status = CASE WHEN before.status = 'TimedOut' AND $3 = 'Failed' THEN 'TimedOut' ELSE $3 END,
         status_code = CASE WHEN before.status = 'TimedOut' AND $3 = 'Failed' THEN push.status_code ELSE $4 END,
         error_message = $5, changes = $6::jsonb, validation = coalesce($7::jsonb, push.validation),
         completed_at = now(), closed_at = now(), written_at = CASE WHEN $8 THEN clock_timestamp() END, answer = NULL, memory = NULL,
         lease_owner = NULL, lease_until = NULL
     FROM (SELECT id, status FROM push_operations WHERE id = $1 AND fence = $2 AND closed_at IS NULL FOR UPDATE) AS before
     WHERE push.id = before.id
     RETURNING push.completed_at AS "completedAt", push.status, push.status <> before.status AS "isNews"`,
    [
      push.id,
      push.fence,
      end.status,
      end.statusCode,
      end.errorMessage ?? null,
      end.changes === undefined ? null : JSON.stringify(end.changes),
      end.validation === undefined ? null : JSON.stringify(end.validation),
      end.isWritten,
    ],
  );
  const row = rows[0];
  if (row === undefined) throw new LeaseLostError(push.id);
  return row;
}
