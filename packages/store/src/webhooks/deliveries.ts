/** The log of deliveries, as a client reads it. */
import type { Pool } from 'pg';
import { type ListPage, type ListRequest, listRows } from '../control/listing.ts';
import type { ResolvedField } from '../records/compile-query.ts';

/** One event for one consumer, with every attempt that was made. */
export interface WebhookDeliveryRow {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly companyId: string | null;
  readonly status: 'Pending' | 'Succeeded' | 'Failed';
  readonly nextAttemptAt: Date | null;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
  readonly attempts: readonly WebhookAttemptRow[];
}

export interface WebhookAttemptRow {
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly statusCode: number | null;
  readonly failure: string | null;
  readonly excerpt: string | null;
}

const fields: ReadonlyMap<string, ResolvedField> = new Map([
  ['id', { sql: 'delivery.id::text', kind: 'text' }],
  ['eventId', { sql: 'delivery.event_id::text', kind: 'text' }],
  ['eventType', { sql: 'event.event_type', kind: 'text' }],
  ['companyId', { sql: 'event.company_id::text', kind: 'text' }],
  ['status', { sql: 'delivery.status', kind: 'text' }],
  ['created', { sql: 'delivery.created_at', kind: 'instant' }],
  ['completed', { sql: 'delivery.settled_at', kind: 'instant' }],
]);

const select = `delivery.id, delivery.event_id AS "eventId", event.event_type AS "eventType", event.company_id AS "companyId", delivery.status,
  CASE WHEN delivery.claimed_until IS NULL THEN delivery.next_attempt_at END AS "nextAttemptAt", delivery.created_at AS "createdAt",
  delivery.settled_at AS "settledAt"`;
const from = 'webhook_deliveries AS delivery JOIN webhook_events AS event ON event.id = delivery.event_id';

type Row = Omit<WebhookDeliveryRow, 'attempts'>;

/** Deliveries of one consumer of a client, in order of creation unless asked otherwise. */
export async function listDeliveries(
  pool: Pool,
  clientId: string,
  consumerId: string,
  request: ListRequest,
): Promise<ListPage<WebhookDeliveryRow>> {
  const conditions = ['delivery.client_id = $1', 'delivery.consumer_id = $2'];
  const params = [clientId, consumerId];
  const page = await listRows<Row>(
    pool,
    { select, from, alias: 'delivery', conditions, params, fields },
    request,
  );
  return { ...page, rows: await withAttempts(pool, page.rows) };
}

async function withAttempts(pool: Pool, rows: readonly Row[]): Promise<WebhookDeliveryRow[]> {
  const { rows: attempts } = await pool.query<WebhookAttemptRow & { deliveryId: string }>(
    `SELECT delivery_id AS "deliveryId", started_at AS "startedAt", duration_ms AS "durationMs", status_code AS "statusCode", failure, excerpt
     FROM webhook_attempts WHERE delivery_id = ANY ($1::uuid[]) ORDER BY id`,
    [rows.map(({ id }) => id)],
  );
  const byDelivery = Map.groupBy(attempts, ({ deliveryId }) => deliveryId);
  return rows.map((row) => ({ ...row, attempts: byDelivery.get(row.id) ?? [] }));
}

/**
 * Makes a delivery due again, with all its attempts; one that is under way stays as it is.
 * @returns undefined when the client's consumer has no such delivery
 */
export async function replayDelivery(
  pool: Pool,
  clientId: string,
  consumerId: string,
  deliveryId: string,
): Promise<WebhookDeliveryRow | undefined> {
  await pool.query(
    `UPDATE webhook_deliveries SET status = 'Pending', attempts = 0, next_attempt_at = now(), settled_at = NULL
     WHERE client_id = $1 AND consumer_id = $2 AND id = $3 AND claimed_until IS NULL`,
    [clientId, consumerId, deliveryId],
  );
  const { rows } = await pool.query<Row>(
    `SELECT ${select} FROM ${from} WHERE delivery.client_id = $1 AND delivery.consumer_id = $2 AND delivery.id = $3`,
    [clientId, consumerId, deliveryId],
  );
  return (await withAttempts(pool, rows))[0];
}
