import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser } from './testing/browser.ts';
import { startTestHouse, type TestHouse, users } from './testing/test-house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await startTestHouse();
});
afterAll(async () => {
  await house.close();
});

/** Names of the businesses that the stored tokens open. */
const businessesBehind = async (connectionId: string) => {
  const row = await house.connection(connectionId);
  const session = await house.credentials.openSession(row, { id: undefined, info: {} });
  const { text } = await session.request({ method: 'GET', path: '/users/me/businesses' });
  return (JSON.parse(text) as { name: string }[]).map(({ name }) => name);
};

describe('linking again through the same link', () => {
  test('the same business: new tokens, a new consent, earlier errors resolved', async () => {
    const link = await house.createLink();
    await house.linkWith(new Browser(), link.startUrl, users.one);
    await house.store.prisma.connection.update({
      where: { id: link.connectionId },
      data: { status: 'Deauthorized' },
    });
    await house.credentials.drop(link.connectionId);
    const page = await house.linkWith(new Browser(), link.startUrl, users.one);
    expect(page.body).toContain('is connected');
    const connection = await house.connection(link.connectionId);
    expect(connection.status).toBe('Linked');
    expect(connection.consents).toHaveLength(2);
    expect(connection.credential).not.toBeNull();
  });

  test('opening the link of a Linked connection changes nothing until the same business has consented', async () => {
    const link = await house.createLink();
    await house.linkWith(new Browser(), link.startUrl, users.one);
    const browser = new Browser();
    const denied = await browser.get(await house.consent(browser, link.startUrl, users.one, 'deny'));
    expect(denied.status).toBe(400);
    expect(await house.connection(link.connectionId)).toMatchObject({
      status: 'Linked',
      credential: { version: 1 },
      errors: [],
    });
    await house.linkWith(browser, link.startUrl, users.one);
    expect(await house.connection(link.connectionId)).toMatchObject({
      status: 'Linked',
      credential: { version: 2 },
    });
  });

  test.each(['Linked', 'Deauthorized', 'Unlinked'] as const)(
    'another business is refused while %s, shown to the operator, and changes nothing',
    async (status) => {
      const link = await house.createLink();
      await house.linkWith(new Browser(), link.startUrl, users.one);
      await house.store.prisma.connection.update({ where: { id: link.connectionId }, data: { status } });
      const before = await house.connection(link.connectionId);
      for (const user of [users.another, users.three]) {
        const page = await house.linkWith(new Browser(), link.startUrl, user);
        expect(page.status).toBe(400);
        expect(page.body).toContain(
          'This link belongs to <bdi dir="auto">Harbour &#38; Pine Outfitters Ltd.</bdi>',
        );
      }
      const { errors, ...after } = await house.connection(link.connectionId);
      const { errors: none, ...unchanged } = before;
      expect(none).toEqual([]);
      expect(after).toEqual(unchanged);
      expect(errors).toMatchObject([{ statusCode: '409', resolvedAt: null }]);
      expect(await businessesBehind(link.connectionId)).toEqual(['Harbour & Pine Outfitters Ltd.']);
    },
  );

  test('a user with several businesses is not asked again which one', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    await house.linkWith(browser, link.startUrl, users.three);
    await browser.post(link.chooseUrl, { businessId: '123456802' });
    const page = await house.linkWith(new Browser(), link.startUrl, users.three);
    expect(page.body).toContain('Sam&#39;s Bikes &#38; Repairs</bdi> is connected');
  });
});

describe('one at a time', () => {
  test('two journeys with different businesses that end at once: one links, and its tokens stay', async () => {
    const link = await house.createLink();
    const [first, second] = [new Browser(), new Browser()];
    const callback = await house.consent(first, link.startUrl, users.one);
    const other = await house.consent(second, link.startUrl, users.another);
    const answers = await house.whileLocked({ table: 'connections', ids: [link.connectionId] }, [
      () => first.get(callback),
      () => second.get(house.atTwin(other)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400]);
    const { businessName, consents } = await house.connection(link.connectionId);
    expect(await businessesBehind(link.connectionId)).toEqual([businessName]);
    expect(consents).toHaveLength(1);
  });

  test('two connections of one company that end at once: one links, the other is told that a business is connected', async () => {
    const link = await house.createLink();
    const added = await house.addConnection(link);
    const [first, second] = [new Browser(), new Browser()];
    const callback = await house.consent(first, link.startUrl, users.one);
    const other = await house.consent(second, added.startUrl, users.another);
    const ids = [link.connectionId, added.connectionId];
    const answers = await house.whileLocked({ table: 'connections', ids }, [
      () => first.get(callback),
      () => second.get(house.atTwin(other)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    const connections = await Promise.all(ids.map((id) => house.connection(id)));
    expect(connections.map(({ status }) => status).sort()).toEqual(['Linked', 'PendingAuth']);
    expect(connections.filter(({ credential }) => credential !== null)).toHaveLength(1);
  });

  test('a second connection is refused at its start until the first is unlinked', async () => {
    const first = await house.createLink();
    await house.linkWith(new Browser(), first.startUrl, users.one);
    const second = await house.addConnection(first);
    const refused = await new Browser().get(second.startUrl);
    expect(refused.status).toBe(409);
    expect(refused.body).toContain('Harbour &#38; Pine Outfitters Ltd.');
    await house.store.prisma.connection.update({
      where: { id: first.connectionId },
      data: { status: 'Unlinked' },
    });
    expect((await house.linkWith(new Browser(), second.startUrl, users.another)).body).toContain(
      'is connected',
    );
  });

  test('many callbacks at once end, with few database connections', async () => {
    const links = await Promise.all(Array.from({ length: 12 }, () => house.createLink()));
    const pages = await Promise.all(
      links.map(({ startUrl }) => house.linkWith(new Browser(), startUrl, users.one)),
    );
    expect(pages.map(({ status }) => status)).toEqual(links.map(() => 200));
  });
});

describe('the confirmation page', () => {
  test('is for the browser that linked, for a day; ids alone open nothing', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    await house.linkWith(browser, link.startUrl, users.one);
    const stranger = new Browser();
    await stranger.get(await house.consent(stranger, link.startUrl, users.one, 'deny'));
    expect((await stranger.get(link.doneUrl)).status).toBe(404);
    expect((await stranger.post(link.withdrawUrl, {})).status).toBe(404);

    const other = await house.createLink();
    const [receipt] = [...browser.cookies].filter(([name]) => name.startsWith('tributary_linked_'));
    if (receipt === undefined) throw new Error('the browser has a receipt');
    stranger.cookies.set(`tributary_linked_${other.connectionId}`, receipt[1]);
    expect((await stranger.get(other.doneUrl)).status).toBe(404);

    expect((await browser.get(link.doneUrl)).status).toBe(200);
    house.time.offsetMs = 24 * 60 * 60_000;
    expect((await browser.get(link.doneUrl)).status).toBe(404);
    house.time.offsetMs = 0;
    expect((await house.connection(link.connectionId)).status).toBe('Linked');
  });

  test('takes the consent back: unlinked, tokens and schedules gone, and the same link links again', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    await house.linkWith(browser, link.startUrl, users.one);
    const withdrawn = await browser.post(link.withdrawUrl, {});
    expect([withdrawn.status, withdrawn.location]).toEqual([303, link.doneUrl]);
    const page = await browser.follow(withdrawn);
    expect(page.body).toContain('You have withdrawn your consent');
    expect(page.body).toContain(new URL(link.startUrl).pathname);
    const connection = await house.connection(link.connectionId);
    expect([connection.status, connection.credential]).toEqual(['Unlinked', null]);
    expect(connection.consents[0]?.withdrawnAt).not.toBeNull();
    expect(connection.runs.filter(({ completedAt }) => completedAt === null)).toEqual([]);
    const where = { connectionId: link.connectionId, nextRunAt: { not: null } };
    expect(await house.store.prisma.dataset.count({ where })).toBe(0);
    expect((await browser.post(link.withdrawUrl, {})).status).toBe(303);

    await house.linkWith(browser, link.startUrl, users.one);
    const again = await house.connection(link.connectionId);
    expect(again.status).toBe('Linked');
    expect(again.consents.map(({ withdrawnAt }) => withdrawnAt === null)).toEqual([false, true]);
  });
});
