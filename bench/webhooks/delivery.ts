/** Webhooks: how soon an event is told while little is to do, how many are told per second, and what a dead consumer costs the others. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWebhookConsumerRepository, openStore, type Store } from '@tributary/store';
import { makeWebhookSecret, webhookSecretBinding } from '@tributary/webhooks';
import type { Benchmark } from '../framework/benchmark.ts';
import type { BenchContext } from '../kit/context.ts';
import { encryptionKeys, openVault } from '../kit/postgres.ts';
import { startProcess } from '../kit/processes.ts';

/** Receives events, and notes when each came first. */
async function openReceiver(context: BenchContext) {
  const cameAtMs = new Map<string, number>();
  const server = createServer((request, response) => {
    const id = String(request.headers['webhook-id']);
    request.resume().on('end', () => {
      if (!cameAtMs.has(id)) cameAtMs.set(id, Date.now());
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  context.cleanUp(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, cameAtMs };
}

async function subscribe(store: Store, url: string): Promise<string> {
  const [clientId, secretId] = [randomUUID(), randomUUID()];
  await store.prisma.client.create({ data: { id: clientId, name: 'bench' } });
  const sealed = openVault().seal(makeWebhookSecret(), webhookSecretBinding(secretId, clientId));
  const consumer = { id: randomUUID(), url, eventTypes: [], companyTags: [], disabled: false };
  const secret = { id: secretId, sealed };
  await createWebhookConsumerRepository(store).create(clientId, { ...consumer, secret });
  return clientId;
}

/** Commits so many events of a client, as the outbox holds them. @returns their ids, and when they were committed */
async function emit(store: Store, clientId: string, count: number) {
  const { rows } = await store.pool.query<{ id: string }>(
    `WITH event AS (
       INSERT INTO webhook_events (id, client_id, event_type, body)
       SELECT gen_random_uuid(), $1, 'read.completed', repeat('{"filling":"1234567890"}', 40) FROM generate_series(1, $2) RETURNING id, created_at
     ), delivery AS (
       INSERT INTO webhook_deliveries (id, client_id, consumer_id, event_id, next_attempt_at)
       SELECT gen_random_uuid(), $1, consumer.id, event.id, event.created_at FROM event, webhook_consumers AS consumer WHERE consumer.client_id = $1
     ) SELECT id FROM event`,
    [clientId, count],
  );
  return { ids: rows.map(({ id }) => id), atMs: Date.now() };
}

async function until(holds: () => boolean, seconds: number): Promise<void> {
  const deadlineMs = Date.now() + seconds * 1000;
  while (!holds()) {
    if (Date.now() > deadlineMs) throw new Error(`not delivered within ${seconds} s`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** Milliseconds from commit to first attempt of events that are committed one by one, at uneven times; sorted. */
async function latencies(
  store: Store,
  clientId: string,
  count: number,
  cameAtMs: ReadonlyMap<string, number>,
): Promise<number[]> {
  const committed = new Map<string, number>();
  for (let n = 0; n < count; n += 1) {
    const { ids, atMs } = await emit(store, clientId, 1);
    for (const id of ids) committed.set(id, atMs);
    await new Promise((done) => setTimeout(done, (n * 37) % 90));
  }
  await until(() => [...committed.keys()].every((id) => cameAtMs.has(id)), 60);
  return [...committed]
    .map(([id, atMs]) => (cameAtMs.get(id) ?? 0) - atMs)
    .toSorted((one, other) => one - other);
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

export const webhookDelivery: Benchmark = {
  name: 'webhooks',
  async measure(context) {
    const databaseUrl = await context.database();
    const onError = (error: Error) => context.say(error.message);
    const store = openStore({ databaseUrl, poolSize: 5, applicationName: 'tributary-bench', onError });
    context.cleanUp(() => store.close());
    const receiver = await openReceiver(context);
    const clientId = await subscribe(store, receiver.url);
    const environment = {
      DATABASE_URL: databaseUrl,
      ENCRYPTION_KEYS: encryptionKeys,
      ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
      LOG_LEVEL: 'error',
    };
    const worker = await startProcess(context.root, 'worker', { environment });
    context.cleanUp(worker.stop);

    const singles = context.size(500, 40);
    const quiet = await latencies(store, clientId, singles, receiver.cameAtMs);

    const clients = 10;
    const wanted = context.size(20_000, 1_000);
    const others = await Promise.all(Array.from({ length: clients }, () => subscribe(store, receiver.url)));
    const startedMs = Date.now();
    const before = receiver.cameAtMs.size;
    for (const other of others) await emit(store, other, wanted / clients);
    await until(() => receiver.cameAtMs.size === before + wanted, 300);
    const perSecond = wanted / ((Date.now() - startedMs) / 1000);

    // Nothing ever answers there: its connections are accepted by nobody.
    const dead = await subscribe(store, 'http://127.0.0.1:9/');
    await emit(store, dead, context.size(5_000, 200));
    const beside = await latencies(store, clientId, singles, receiver.cameAtMs);
    return [
      {
        what: `webhooks: from a committed event to its first attempt, ${singles} events one by one`,
        measured: { value: percentile(quiet, 0.99), unit: 'ms (99 %)' },
        target: 'below 2,000 ms',
        met: percentile(quiet, 0.99) < 2_000,
        details: { medianMs: percentile(quiet, 0.5), largestMs: quiet.at(-1) },
      },
      {
        what: `webhooks: ${wanted.toLocaleString('en-GB')} events of ${clients} clients delivered by one worker, each with its own request`,
        measured: { value: perSecond, unit: 'deliveries/s' },
        target: 'stated',
        met: undefined,
      },
      {
        what: 'webhooks: the same latency beside a consumer that is down and has thousands waiting',
        floor: { what: 'without it', value: percentile(quiet, 0.99), unit: 'ms (99 %)' },
        measured: { value: percentile(beside, 0.99), unit: 'ms (99 %)' },
        ratio: percentile(beside, 0.99) / percentile(quiet, 0.99),
        target: 'below 2,000 ms',
        met: percentile(beside, 0.99) < 2_000,
        details: { medianMs: percentile(beside, 0.5), largestMs: beside.at(-1) },
      },
    ];
  },
};
