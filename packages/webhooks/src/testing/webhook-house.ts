/** A database with clients, consumers and events, receivers over real HTTP, and dispatchers whose clock can be moved. For tests. */
import { randomUUID } from 'node:crypto';
import { createLogger } from '@tributary/logging';
import {
  createWebhookConsumerRepository,
  inTransaction,
  interestedConsumers,
  openStore,
  writeEvent,
} from '@tributary/store';
import { createTestDatabase } from '@tributary/testing';
import { createVault } from '@tributary/vault';
import { createDispatcher, type DispatcherDependencies } from '../delivery/dispatcher.ts';
import { createSender } from '../delivery/sender.ts';
import { makeWebhookSecret, webhookSecretBinding } from '../delivery/signature.ts';
import { openReceiver, type Reply } from './receiver.ts';

export { answer, silence, until } from './receiver.ts';

export type WebhookHouse = Awaited<ReturnType<typeof startWebhookHouse>>;

export async function startWebhookHouse(databaseUrl?: string) {
  const database =
    databaseUrl === undefined ? await createTestDatabase() : { databaseUrl, drop: async () => undefined };
  const store = openStore({
    databaseUrl: database.databaseUrl,
    poolSize: 10,
    applicationName: 'webhook-test',
    onError: () => undefined,
  });
  const vault = createVault([{ id: 'test', key: Buffer.alloc(32, 7) }]);
  const consumers = createWebhookConsumerRepository(store);
  const closers: (() => Promise<unknown>)[] = [];
  const lines: string[] = [];
  const logger = createLogger({
    level: 'info',
    name: 'test',
    destination: { write: (line) => void lines.push(line) },
  });
  const lenientSender = createSender({ allowPrivateTargets: true });
  closers.push(() => lenientSender.close());

  const startReceiver = async (reply?: Reply) => {
    const receiver = await openReceiver(reply);
    closers.push(() => receiver.close());
    return receiver;
  };

  const createClient = async () => {
    const { id } = await store.prisma.client.create({ data: { id: randomUUID(), name: 'Lender' } });
    return id;
  };

  const createConsumer = async (
    clientId: string,
    url: string,
    wanted: { eventTypes?: string[]; companyTags?: string[] } = {},
  ) => {
    const secretId = randomUUID();
    const secret = makeWebhookSecret();
    const id = randomUUID();
    const sealed = vault.seal(secret, webhookSecretBinding(secretId, clientId));
    await consumers.create(clientId, {
      id,
      url,
      eventTypes: wanted.eventTypes ?? [],
      companyTags: wanted.companyTags ?? [],
      disabled: false,
      secret: { id: secretId, sealed },
    });
    return { id, secret };
  };

  /** Commits an event of a client for all its consumers, as an event writer does. */
  const emit = (clientId: string, payload: object = { hello: 'world' }) =>
    inTransaction(store.pool, async (client) => {
      const id = randomUUID();
      const scope = { clientId, companyId: undefined, connectionId: undefined };
      const eventType = 'company.created';
      const interested = await interestedConsumers(client, scope, [eventType]);
      const body = JSON.stringify({ id, eventType, generatedDate: new Date().toISOString(), payload });
      await writeEvent(client, { ...scope, id, eventType, body }, interested);
      return id;
    });

  const time = { offsetMs: 0 };
  // A little ahead: the database rounds the time of an event to the next millisecond.
  const clock = () => Date.now() + 5 + time.offsetMs;
  const dispatcher = (changes: Partial<DispatcherDependencies> = {}) =>
    createDispatcher({ store, vault, sender: lenientSender, clock, logger, ...changes });

  const deliveries = async (consumerId: string) => {
    const { rows } = await store.pool.query<{
      status: string;
      attempts: number;
      next: Date | null;
      event_id: string;
    }>(
      'SELECT status, attempts, next_attempt_at AS next, event_id FROM webhook_deliveries WHERE consumer_id = $1 ORDER BY created_at',
      [consumerId],
    );
    return rows;
  };

  const attemptsOf = async (consumerId: string) => {
    const { rows } = await store.pool.query<{
      status_code: number | null;
      failure: string | null;
      excerpt: string | null;
      started_at: Date;
    }>(
      `SELECT attempt.* FROM webhook_attempts AS attempt JOIN webhook_deliveries AS delivery ON delivery.id = delivery_id
       WHERE consumer_id = $1 ORDER BY attempt.id`,
      [consumerId],
    );
    return rows;
  };

  return {
    databaseUrl: database.databaseUrl,
    store,
    vault,
    consumers,
    logger,
    lines,
    time,
    clock,
    startReceiver,
    createClient,
    createConsumer,
    emit,
    dispatcher,
    deliveries,
    attemptsOf,
    /** Closed with the house. */
    closing: <Closable extends { close(): Promise<unknown> }>(part: Closable): Closable => {
      closers.push(() => part.close());
      return part;
    },
    close: async () => {
      for (const close of closers.toReversed()) await close();
      await store.close();
      await database.drop();
    },
  };
}
