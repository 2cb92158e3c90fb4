import {
  clientRateLimitWebhookFromJSON,
  companyWebhookFromJSON,
  connectionWebhookFromJSON,
  dataTypeWriteWebhookFromJSON,
  readCompletedWebhookFromJSON,
} from '@codat/platform/sdk/models/shared/index.js';
import { createWebhookConsumerRepository, inTransaction } from '@tributary/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../../../../packages/sync/src/testing/harness.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness({ sandbox: { size: 60 } });
});
afterAll(() => house.close());

test("the SDK's own parsers take what is sent: events of companies, connections, reads, writes and quotas", async () => {
  const connection = await house.link();
  const { clientId, companyId, id: connectionId } = connection;
  await createWebhookConsumerRepository(house.store).create(clientId, {
    id: crypto.randomUUID(),
    url: 'https://lender.example.com/',
    eventTypes: [],
    companyTags: [],
    disabled: false,
    secret: { id: crypto.randomUUID(), sealed: 'not opened here' },
  });
  await inTransaction(house.store.pool, async (transaction) => {
    const at = new Date('2026-03-01T00:00:00Z');
    const write = { id: crypto.randomUUID(), dataType: 'bills', type: 'Create', connectionId } as const;
    const ended = { ...write, requestedAt: at, completedAt: at, status: 'Success', recordId: '7' } as const;
    await house.events.companyCreated(transaction, { clientId, companyId });
    await house.events.connectionChanged(transaction, 'connection.connected', {
      ...connection,
      connectionId,
    });
    await house.events.writeEnded(transaction, { clientId, companyId }, ended);
    await house.events.quotaExhausted(transaction, { clientId, day: '2026-03-01', limit: 10 });
  });
  await house.pull(connection, 'customers');
  const { rows } = await house.store.pool.query<{ body: string; event_type: string }>(
    'SELECT body, event_type FROM webhook_events WHERE client_id = $1 ORDER BY created_at',
    [clientId],
  );
  expect(rows.map((row) => row.event_type)).toEqual([
    'company.created',
    'connection.connected',
    'bills.write.successful',
    'client.rateLimit.reached',
    'read.completed',
  ]);
  const parsers = [
    companyWebhookFromJSON,
    connectionWebhookFromJSON,
    dataTypeWriteWebhookFromJSON,
    clientRateLimitWebhookFromJSON,
    readCompletedWebhookFromJSON,
  ];
  const parsed = parsers.map((parse, index) => parse(rows[index]?.body ?? ''));
  expect(parsed.every(({ ok }) => ok)).toBe(true);
  expect(parsed.map(({ value }) => value)).toMatchObject([
    { payload: { id: companyId, name: 'shop' } },
    { payload: { connection: { id: connectionId, status: 'Linked' } } },
    { payload: { type: 'Create', status: 'Success', record: { id: '7' } } },
    { payload: { dailyQuota: 10, quotaRemaining: 0 } },
    { payload: { dataTypes: [{ dataType: 'customers', recordsModified: true, status: 'Complete' }] } },
  ]);
});
