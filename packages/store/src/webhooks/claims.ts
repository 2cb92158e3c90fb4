/**
 * What workers do with deliveries. A claim is a lease: it moves `next_attempt_at` to its end, so that the delivery of a worker that
 * died comes up again by itself, and raises `fence`, so that an outcome that comes too late changes nothing.
 */
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../pool.ts';
import type { SealedSecret } from './consumers.ts';

/** A delivery that this worker is to attempt now. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly fence: number;
  /** Attempts of this round before. */
  readonly attempts: number;
  readonly clientId: string;
  readonly consumerId: string;
  readonly url: string;
  /** Attempts of the consumer that failed since the last success, of whatever delivery. */
  readonly consumerFailures: number;
  readonly consumerFailingSinceMs: number | null;
  readonly eventId: string;
  readonly eventType: string;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly eventAtMs: number;
  /** Valid ones, the current one first. */
  readonly secrets: readonly SealedSecret[];
}

export interface ClaimRequest {
  /** Epoch milliseconds, by the caller's clock. */
  readonly nowMs: number;
  readonly leaseMs: number;
  readonly limit: number;
  /** How many consumers that fail at present may get a place. */
  readonly failingLimit: number;
}

/** Requests to one consumer at a time, of all workers together: one that fails is tried carefully, one at a time in the end. */
const roomSql = 'CASE WHEN failures = 0 THEN 16 WHEN failures < 5 THEN 4 ELSE 1 END';

/**
 * Takes due deliveries, at most `limit`. Places are dealt out by client and then by consumer before anyone gets a second one; a
 * consumer whose breaker is open is passed over. Any number of workers may call it at the same time.
 */
export async function claimDeliveries(pool: Pool, request: ClaimRequest): Promise<ClaimedDelivery[]> {
  const { rows } = await pool.query<ClaimedDelivery>({
    name: 'claim-webhook-deliveries',
    text: `WITH instant AS (
       SELECT to_timestamp($1::float8 / 1000) AS at, to_timestamp(($1::float8 + $2::float8) / 1000) AS lease_end
     ), due AS (
       SELECT consumer.id, consumer.failures,
              ${roomSql} - (SELECT count(*) FROM webhook_deliveries AS busy
                            WHERE busy.consumer_id = consumer.id AND busy.claimed_until > (SELECT at FROM instant)) AS room,
              row_number() OVER (PARTITION BY consumer.client_id ORDER BY random()) AS turn
       FROM webhook_consumers AS consumer
       WHERE NOT consumer.disabled AND (consumer.blocked_until IS NULL OR consumer.blocked_until <= (SELECT at FROM instant))
         AND EXISTS (SELECT FROM webhook_deliveries AS waiting
                     WHERE waiting.consumer_id = consumer.id AND waiting.next_attempt_at <= (SELECT at FROM instant))
     ), able AS (
       SELECT id, failures, room, turn, row_number() OVER (PARTITION BY failures > 0 ORDER BY turn, random()) AS place,
              greatest(1, $3::int / count(*) OVER ()) AS share
       FROM due WHERE room > 0
     ), served AS (
       SELECT id, least(room, share) AS places FROM able WHERE failures = 0 OR place <= $4::int ORDER BY place LIMIT $3::int
     ), picked AS MATERIALIZED (
       SELECT delivery.id FROM served CROSS JOIN LATERAL (
         SELECT waiting.id FROM webhook_deliveries AS waiting
         WHERE waiting.consumer_id = served.id AND waiting.next_attempt_at <= (SELECT at FROM instant)
         ORDER BY waiting.next_attempt_at, waiting.id LIMIT served.places FOR UPDATE SKIP LOCKED
       ) AS delivery
     ), claimed AS (
       UPDATE webhook_deliveries AS delivery
       SET next_attempt_at = (SELECT lease_end FROM instant), claimed_until = (SELECT lease_end FROM instant), fence = delivery.fence + 1
       FROM picked WHERE delivery.id = picked.id
       RETURNING delivery.id, delivery.fence, delivery.attempts, delivery.client_id, delivery.consumer_id, delivery.event_id
     )
     SELECT claimed.id, claimed.fence, claimed.attempts, claimed.client_id AS "clientId", claimed.consumer_id AS "consumerId",
       consumer.url, consumer.failures AS "consumerFailures",
       (extract(epoch from consumer.failing_since) * 1000)::float8 AS "consumerFailingSinceMs",
       event.id AS "eventId", event.event_type AS "eventType", event.body, (extract(epoch from event.created_at) * 1000)::float8 AS "eventAtMs",
       (SELECT json_agg(json_build_object('id', secret.id, 'sealed', secret.sealed) ORDER BY secret.expires_at DESC NULLS FIRST)
        FROM webhook_secrets AS secret
        WHERE secret.consumer_id = consumer.id AND (secret.expires_at IS NULL OR secret.expires_at > (SELECT at FROM instant))) AS secrets
     FROM claimed JOIN webhook_consumers AS consumer ON consumer.id = claimed.consumer_id JOIN webhook_events AS event ON event.id = claimed.event_id`,
    values: [request.nowMs, request.leaseMs, request.limit, request.failingLimit],
  });
  return rows;
}

/** What came of one attempt, and what is to become of the delivery. Instants are epoch milliseconds. */
export interface AttemptRecord {
  readonly deliveryId: string;
  readonly fence: number;
  readonly consumerId: string;
  /** The consumer had failed before. */
  readonly wasFailing: boolean;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly statusCode: number | undefined;
  readonly failure: string | undefined;
  readonly excerpt: string | undefined;
  readonly outcome: 'Succeeded' | 'Failed' | 'Pending';
  /** Of a pending delivery. */
  readonly nextAttemptAtMs: number | undefined;
}

/** How a consumer stands after attempts. */
export interface ConsumerHealth {
  readonly consumerId: string;
  readonly failures: number;
  readonly failingSinceMs: number;
  /** Earliest next attempt; undefined: the breaker stays closed. */
  readonly blockedUntilMs: number | undefined;
  /** Why it is disabled from now on; undefined: it is not. */
  readonly disabledReason: string | undefined;
}

/** A consumer's failures so far. */
export interface FailureCount {
  readonly consumerId: string;
  readonly failures: number;
  readonly failingSinceMs: number | null;
}

/**
 * Writes down attempts of several deliveries, and how their consumers stand, together or not at all.
 * @param judge decides what failed attempts make of their consumer; asked per consumer, with these failures counted
 * @returns the attempts that counted: the others came from a worker whose claim had run out, or their delivery is gone
 */
export async function recordAttempts(
  pool: Pool,
  attempts: readonly AttemptRecord[],
  judge: (count: FailureCount) => ConsumerHealth,
): Promise<AttemptRecord[]> {
  // As it mostly is: consumers that are well stay well, and are not touched.
  const areWell = attempts.every(({ outcome, wasFailing }) => outcome === 'Succeeded' && !wasFailing);
  if (areWell) return settle(pool, attempts);
  return inTransaction(pool, async (client) => {
    // Consumers first, and in order, as their deletion and other recorders take them.
    const consumerIds = [...new Set(attempts.map(({ consumerId }) => consumerId))];
    const { rows: consumers } = await client.query<FailureCount>(
      `SELECT id AS "consumerId", failures, (extract(epoch from failing_since) * 1000)::float8 AS "failingSinceMs"
       FROM webhook_consumers WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
      [consumerIds],
    );
    const counted = await settle(client, attempts);
    for (const consumer of consumers) {
      const own = counted.filter(({ consumerId }) => consumerId === consumer.consumerId);
      if (own.some(({ outcome }) => outcome === 'Succeeded')) {
        if (consumer.failures > 0) await applySuccess(client, consumer.consumerId);
      } else if (own.length > 0) {
        await applyHealth(client, judge({ ...consumer, failures: consumer.failures + own.length }));
      }
    }
    return counted;
  });
}

async function settle(
  queryable: Pool | ClientBase,
  attempts: readonly AttemptRecord[],
): Promise<AttemptRecord[]> {
  const column = <Name extends keyof AttemptRecord>(name: Name) => attempts.map((item) => item[name] ?? null);
  const { rows } = await queryable.query<{ id: string }>({
    name: 'settle-webhook-attempts',
    text: `WITH attempt AS (
       SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::float8[], $5::float8[], $6::int[], $7::int[], $8::text[], $9::text[])
         AS attempt (delivery_id, fence, outcome, next_attempt_ms, started_ms, duration_ms, status_code, failure, excerpt)
     ), counted AS (
       UPDATE webhook_deliveries AS delivery
       SET status = attempt.outcome, attempts = delivery.attempts + 1, claimed_until = NULL,
           next_attempt_at = to_timestamp(attempt.next_attempt_ms / 1000),
           settled_at = CASE WHEN attempt.next_attempt_ms IS NULL THEN now() END
       FROM attempt WHERE delivery.id = attempt.delivery_id AND delivery.fence = attempt.fence RETURNING delivery.id
     ), logged AS (
       INSERT INTO webhook_attempts (delivery_id, started_at, duration_ms, status_code, failure, excerpt)
       SELECT delivery_id, to_timestamp(started_ms / 1000), duration_ms, status_code, attempt.failure, excerpt
       FROM attempt JOIN counted ON counted.id = attempt.delivery_id
     )
     SELECT id FROM counted`,
    values: [
      column('deliveryId'),
      column('fence'),
      column('outcome'),
      column('nextAttemptAtMs'),
      column('startedAtMs'),
      column('durationMs'),
      column('statusCode'),
      column('failure'),
      column('excerpt'),
    ],
  });
  const known = new Set(rows.map(({ id }) => id));
  return attempts.filter(({ deliveryId }) => known.has(deliveryId));
}

async function applySuccess(client: ClientBase, consumerId: string): Promise<void> {
  await client.query(
    'UPDATE webhook_consumers SET failures = 0, failing_since = NULL, blocked_until = NULL WHERE id = $1',
    [consumerId],
  );
}

async function applyHealth(client: ClientBase, health: ConsumerHealth): Promise<void> {
  await client.query(
    `UPDATE webhook_consumers SET failures = $2, failing_since = to_timestamp($3::float8 / 1000), blocked_until = to_timestamp($4::float8 / 1000),
       disabled = disabled OR $5::text IS NOT NULL, disabled_reason = coalesce($5, disabled_reason) WHERE id = $1`,
    [
      health.consumerId,
      health.failures,
      health.failingSinceMs,
      health.blockedUntilMs ?? null,
      health.disabledReason ?? null,
    ],
  );
  if (health.disabledReason === undefined) return;
  // What waits for it is given up; each can be replayed once it is enabled again.
  await client.query(
    `UPDATE webhook_deliveries SET status = 'Failed', next_attempt_at = NULL, settled_at = now()
     WHERE consumer_id = $1 AND next_attempt_at IS NOT NULL AND claimed_until IS NULL`,
    [health.consumerId],
  );
}

/** Gives claims back that were not attempted: they are due again at once. */
export async function releaseClaims(
  pool: Pool,
  claims: readonly Pick<ClaimedDelivery, 'id' | 'fence'>[],
): Promise<void> {
  if (claims.length === 0) return;
  await pool.query(
    `UPDATE webhook_deliveries AS delivery SET next_attempt_at = delivery.created_at, claimed_until = NULL
     FROM unnest($1::uuid[], $2::int[]) AS claim (id, fence)
     WHERE delivery.id = claim.id AND delivery.fence = claim.fence AND delivery.claimed_until IS NOT NULL`,
    [claims.map(({ id }) => id), claims.map(({ fence }) => fence)],
  );
}

/** How much waits to be told, for whoever watches. */
export interface OutboxState {
  /** Deliveries that are due, of consumers that are not disabled. */
  readonly due: number;
  /** Deliveries that wait for another attempt. */
  readonly scheduled: number;
  /** Age of the delivery that has been due longest, breakers aside; 0 when none is. */
  readonly oldestDueMs: number;
  readonly openBreakers: number;
}

export async function readOutboxState(pool: Pool): Promise<OutboxState> {
  const { rows } = await pool.query<OutboxState>(
    `SELECT (count(*) FILTER (WHERE next_attempt_at <= now()))::int AS due, (count(*) FILTER (WHERE next_attempt_at > now()))::int AS scheduled,
       coalesce(greatest(0, max(extract(epoch from now() - next_attempt_at) * 1000)
         FILTER (WHERE consumer.blocked_until IS NULL OR consumer.blocked_until <= now())), 0)::float8 AS "oldestDueMs",
       (SELECT count(*) FROM webhook_consumers WHERE blocked_until > now() AND NOT disabled)::int AS "openBreakers"
     FROM webhook_deliveries JOIN webhook_consumers AS consumer ON consumer.id = consumer_id
     WHERE next_attempt_at IS NOT NULL AND NOT consumer.disabled`,
  );
  return rows[0] ?? { due: 0, scheduled: 0, oldestDueMs: 0, openBreakers: 0 };
}
