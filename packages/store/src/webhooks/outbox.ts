/**
 * The outbox: an event, and its delivery to each consumer that wants it, are rows that commit with what made the event true. What
 * is rolled back is never told; what is committed is told at least once, whatever becomes of the process.
 */

/** What an outbox statement runs on: a transaction of the pool, or one of Prisma's (see {@link queryableOf}). */
export interface Queryable {
  query<Row extends object>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** Prisma's transaction, as far as it is needed here. */
interface RawTransaction {
  $queryRawUnsafe<Result>(text: string, ...values: unknown[]): Promise<Result>;
}

/** A transaction of Prisma as the outbox takes it. Statements name the type of every parameter: Prisma sends them as text. */
export function queryableOf(transaction: RawTransaction): Queryable {
  return {
    query: async <Row extends object>(text: string, values: unknown[] = []) => ({
      rows: await transaction.$queryRawUnsafe<Row[]>(text, ...values),
    }),
  };
}

/** Whom an event concerns; without a company it concerns the client itself. */
export interface EventScope {
  readonly clientId: string;
  readonly companyId: string | undefined;
  readonly connectionId: string | undefined;
}

/** Whether a client has a consumer that takes events: without one nothing of an event has to be looked up. */
export async function hasConsumers(queryable: Queryable, clientId: string): Promise<boolean> {
  const { rows } = await queryable.query<{ has: boolean }>(
    'SELECT EXISTS (SELECT FROM webhook_consumers WHERE client_id = $1::uuid AND NOT disabled) AS has',
    [clientId],
  );
  return rows[0]?.has ?? false;
}

/**
 * Consumers of a client that want an event: by one of its names, and by a tag of its company. They stay until the transaction
 * ends, so that a deletion meanwhile does not fail the work that the event tells of.
 */
export async function interestedConsumers(
  queryable: Queryable,
  scope: EventScope,
  names: readonly string[],
): Promise<string[]> {
  const { rows } = await queryable.query<{ id: string }>(
    `SELECT consumer.id::text AS id FROM webhook_consumers AS consumer
     WHERE consumer.client_id = $1::uuid AND NOT consumer.disabled
       AND (cardinality(consumer.event_types) = 0 OR consumer.event_types && $3::text[])
       AND (cardinality(consumer.company_tags) = 0 OR EXISTS (
         SELECT FROM companies AS company, jsonb_each_text(company.tags) AS tag
         WHERE company.client_id = consumer.client_id AND company.id = $2::uuid
           AND tag.key || ':' || tag.value = ANY (consumer.company_tags)))
     FOR KEY SHARE OF consumer`,
    [scope.clientId, scope.companyId ?? null, [...names]],
  );
  return rows.map(({ id }) => id);
}

/** An event as it is stored and sent. */
export interface OutboxEvent extends EventScope {
  readonly id: string;
  readonly eventType: string;
  /** What every attempt sends, to the byte. */
  readonly body: string;
}

/** Writes an event for those consumers, due at once. */
export async function writeEvent(
  queryable: Queryable,
  event: OutboxEvent,
  consumerIds: readonly string[],
): Promise<void> {
  // Not now(), which is when the transaction began: a delivery is as old as its event.
  await queryable.query(
    `WITH event AS (
       INSERT INTO webhook_events (id, client_id, company_id, connection_id, event_type, body, created_at)
       VALUES ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::text, clock_timestamp())
       RETURNING id, client_id, created_at
     )
     INSERT INTO webhook_deliveries (id, client_id, consumer_id, event_id, next_attempt_at, created_at)
     SELECT gen_random_uuid(), event.client_id, consumer_id, event.id, event.created_at, event.created_at
     FROM event, unnest($7::uuid[]) AS consumer_id`,
    [
      event.id,
      event.clientId,
      event.companyId ?? null,
      event.connectionId ?? null,
      event.eventType,
      event.body,
      [...consumerIds],
    ],
  );
}

/** Forgets what was told, or is still to be told, of a company or of one of its connections. */
export async function eraseEvents(
  queryable: Queryable,
  scope: { clientId: string; companyId: string; connectionId?: string },
): Promise<void> {
  await queryable.query(
    `DELETE FROM webhook_events
     WHERE company_id = $2::uuid AND client_id = $1::uuid AND ($3::uuid IS NULL OR connection_id = $3::uuid)`,
    [scope.clientId, scope.companyId, scope.connectionId ?? null],
  );
}
