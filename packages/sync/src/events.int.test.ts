/** What webhook consumers are told of syncs. */
import { createWebhookConsumerRepository, inTransaction } from '@tributary/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCodatEvents } from '../../webhooks/src/testing/codat-events.ts';
import { createErasure } from './index.ts';
import { type Harness, startHarness } from './testing/harness.ts';

const problemsOf = loadCodatEvents();
let house: Harness;
beforeAll(async () => {
  house = await startHarness({ sandbox: { size: 120 } });
});
afterAll(() => house.close());

type Linked = Awaited<ReturnType<Harness['link']>>;

async function watched(user?: string) {
  const connection = await house.link(user);
  await createWebhookConsumerRepository(house.store).create(connection.clientId, {
    id: crypto.randomUUID(),
    url: 'https://example.com/',
    eventTypes: [],
    companyTags: [],
    disabled: false,
    secret: { id: crypto.randomUUID(), sealed: 'not opened here' },
  });
  return connection;
}

/** Events of a client so far, oldest first. */
async function told({ clientId }: Pick<Linked, 'clientId'>) {
  const { rows } = await house.store.pool.query<{ body: string }>(
    'SELECT body FROM webhook_events WHERE client_id = $1 ORDER BY created_at',
    [clientId],
  );
  for (const { body } of rows) expect(problemsOf?.(body) ?? []).toEqual([]);
  return rows.map(({ body }) => JSON.parse(body));
}

/** As linking leaves it. */
const awaitRead = (connection: Linked, awaitedTypes: string[]) =>
  house.store.prisma.connection.update({ where: { id: connection.id }, data: { awaitedTypes } });

it('each pull that ends is told, with whether it changed anything and since when to ask', async () => {
  const connection = await watched();
  const first = await house.pull(connection, 'customers');
  await house.pull(connection, 'customers');
  const [one, two] = await told(connection);
  expect(one).toMatchObject({
    eventType: 'read.completed',
    payload: {
      referenceCompany: { id: connection.companyId, name: 'shop' },
      dataTypes: [
        { connectionId: connection.id, dataType: 'customers', recordsModified: true, status: 'Complete' },
      ],
    },
  });
  expect(one.payload).not.toHaveProperty('modifiedFromDate');
  expect(two.payload.dataTypes[0]).toMatchObject({ recordsModified: false, status: 'Complete' });
  expect(two.payload.modifiedFromDate).toBe(first.completedAt?.toISOString());
});

it('the end of the first sync is told once, by its last pull, also when two end at the same time', async () => {
  const connection = await watched();
  await awaitRead(connection, ['customers', 'suppliers', 'chartOfAccounts']);
  await house.pull(connection, 'customers');
  expect((await told(connection)).map(({ eventType }) => eventType)).toEqual(['read.completed']);
  await Promise.all([house.pull(connection, 'suppliers'), house.pull(connection, 'chartOfAccounts')]);
  await house.pull(connection, 'customers');
  const events = await told(connection);
  const initial = events.filter(({ eventType }) => eventType === 'read.completed.initial');
  expect(initial).toHaveLength(1);
  expect(initial[0].payload.dataTypes.map(({ dataType }: { dataType: string }) => dataType)).toEqual([
    'chartOfAccounts',
    'customers',
    'suppliers',
  ]);
  expect(events.filter(({ eventType }) => eventType === 'read.completed')).toHaveLength(4);
});

it('a pull that fails is told with its status and reason, and counts as read for the first sync', async () => {
  const connection = await watched();
  await awaitRead(connection, ['customers']);
  await house.control('faults', { match: 'GET /api/', kind: 'status', status: 403, times: null });
  const run = await house.pull(connection, 'customers');
  await house.control('faults', { faults: [] });
  const [read, initial] = await told(connection);
  expect(run.status).not.toBe('Complete');
  expect(read.payload.dataTypes[0]).toMatchObject({
    status: run.status,
    issues: [{ type: 'error.read', message: run.errorMessage }],
  });
  expect(initial.eventType).toBe('read.completed.initial');
});

it('revoked access is told as disconnected, with the pulls that it ended', async () => {
  const connection = await watched('1003');
  await house.sync.requestRun({ connection, dataType: 'suppliers', trigger: 'request' });
  await house.control('revoke', { user: '1003' });
  await house.pull(connection, 'customers');
  const events = await told(connection);
  expect(events.map(({ eventType }) => eventType)).toEqual([
    'read.completed',
    'read.completed',
    'connection.disconnected',
  ]);
  for (const { payload } of events.slice(0, 2)) expect(payload.dataTypes[0].status).toBe('AuthError');
  expect(events[2].payload.connection).toMatchObject({
    status: 'Deauthorized',
    dataConnectionErrors: [{ statusCode: '401' }],
  });
});

it('a pull that is cancelled, or stopped with its connection, is told as Cancelled', async () => {
  const connection = await watched();
  const run = await house.sync.requestRun({ connection, dataType: 'customers', trigger: 'request' });
  await house.sync.requestRun({ connection, dataType: 'suppliers', trigger: 'request' });
  await house.sync.cancelRun({ ...connection, runId: run.id });
  await house.sync.connectionStopped(connection);
  expect((await told(connection)).map(({ payload }) => payload.dataTypes[0].status)).toEqual([
    'Cancelled',
    'Cancelled',
  ]);
});

it('an end that is rolled back is not told', async () => {
  const connection = await watched();
  const ended = { ...connection, connectionId: connection.id, dataType: 'customers', status: 'Complete' };
  const run = await house.pull(connection, 'customers');
  const before = (await told(connection)).length;
  const work = inTransaction(house.store.pool, async (client) => {
    await house.events.readEnded(client, { ...ended, id: run.id });
    throw new Error('rolled back');
  });
  await expect(work).rejects.toThrow('rolled back');
  expect(await told(connection)).toHaveLength(before);
});

it('erasing a company leaves its deletion alone to be told, and erasing the client nothing', async () => {
  const connection = await watched();
  await house.pull(connection, 'customers');
  const erasure = createErasure(house);
  await erasure.company(connection.clientId, connection.companyId);
  expect(await told(connection)).toMatchObject([
    { eventType: 'company.deleted', payload: { id: connection.companyId, name: 'shop' } },
  ]);
  await erasure.client(connection.clientId);
  expect(await told(connection)).toEqual([]);
});
