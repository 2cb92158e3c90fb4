import { createWebhookConsumerRepository } from '@tributary/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCodatEvents } from '../../../../../packages/webhooks/src/testing/codat-events.ts';
import { Browser } from './testing/browser.ts';
import { startTestHouse, type TestHouse, users } from './testing/test-house.ts';

const problemsOf = loadCodatEvents();
let house: TestHouse;
beforeAll(async () => {
  house = await startTestHouse();
});
afterAll(() => house.close());

async function watched() {
  const link = await house.createLink();
  await createWebhookConsumerRepository(house.store).create(link.clientId, {
    id: crypto.randomUUID(),
    url: 'https://example.com/',
    eventTypes: [],
    companyTags: [],
    disabled: false,
    secret: { id: crypto.randomUUID(), sealed: 'not opened here' },
  });
  /** Events of the connection so far, oldest first. */
  const events = async () => {
    const { rows } = await house.store.pool.query<{ body: string }>(
      `SELECT body FROM webhook_events WHERE client_id = $1 AND event_type LIKE 'connection.%' ORDER BY created_at`,
      [link.clientId],
    );
    for (const { body } of rows) expect(problemsOf?.(body) ?? []).toEqual([]);
    return rows.map(({ body }) => JSON.parse(body));
  };
  return { link, events, types: async () => (await events()).map(({ eventType }) => eventType) };
}

test('linking tells connected the first time, reconnected after it was disconnected, and nothing while it is linked', async () => {
  const { link, events, types } = await watched();
  const browser = new Browser();
  await house.linkWith(browser, link.startUrl, users.one);
  expect(await events()).toMatchObject([
    {
      eventType: 'connection.connected',
      payload: {
        referenceCompany: { id: link.companyId, name: 'Corner Shop' },
        connection: { id: link.connectionId, status: 'Linked', platformName: 'Kashoo' },
      },
    },
  ]);
  await house.linkWith(new Browser(), link.startUrl, users.one);
  expect(await types()).toEqual(['connection.connected']);
  await browser.post(link.withdrawUrl, {});
  await house.linkWith(new Browser(), link.startUrl, users.one);
  const all = await events();
  expect(all.map(({ eventType }) => eventType)).toEqual([
    'connection.connected',
    'connection.disconnected',
    'connection.reconnected',
  ]);
  expect(all[1].payload.connection.status).toBe('Unlinked');
});

test('the first link notes what the first sync has to read; a later one does not', async () => {
  const { link } = await watched();
  await house.linkWith(new Browser(), link.startUrl, users.one);
  const row = () => house.store.prisma.connection.findUniqueOrThrow({ where: { id: link.connectionId } });
  expect((await row()).awaitedTypes).toContain('invoices');
  await house.store.prisma.connection.update({
    where: { id: link.connectionId },
    data: { status: 'Unlinked', awaitedTypes: [] },
  });
  await house.linkWith(new Browser(), link.startUrl, users.one);
  expect((await row()).awaitedTypes).toEqual([]);
});

test('a refused consent tells failed, with the reason, each time', async () => {
  const { link, events } = await watched();
  for (let n = 0; n < 2; n += 1) {
    const browser = new Browser();
    await browser.get(await house.consent(browser, link.startUrl, users.one, 'deny'));
  }
  const told = await events();
  expect(told.map(({ eventType }) => eventType)).toEqual(['connection.failed', 'connection.failed']);
  expect(told[0].payload.connection).toMatchObject({
    status: 'PendingAuth',
    dataConnectionErrors: [{ statusCode: '403', status: 'Active' }],
  });
});
