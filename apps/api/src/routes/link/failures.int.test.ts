import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Browser } from './testing/browser.ts';
import { startTestHouse, type TestHouse, users } from './testing/test-house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await startTestHouse();
});
afterEach(async () => {
  house.time.offsetMs = 0;
  await house.setFaults([]);
});
afterAll(async () => {
  await house.close();
});

const activeErrors = async (connectionId: string) =>
  (await house.connection(connectionId)).errors.filter(({ resolvedAt }) => resolvedAt === null);

describe('a way back that is refused: 400, and the connection stays as it was', () => {
  test('access denied: offers to try again, and the lender sees why', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const page = await browser.get(await house.consent(browser, link.startUrl, users.one, 'deny'));
    expect(page.status).toBe(400);
    expect(page.body).toContain('You did not give access');
    expect(page.body).toContain(new URL(link.startUrl).pathname);
    await browser.get(await house.consent(browser, link.startUrl, users.one, 'deny'));
    const connection = await house.connection(link.connectionId);
    expect(connection).toMatchObject({ status: 'PendingAuth', credential: null, consents: [] });
    expect(connection.errors).toMatchObject([
      { statusCode: '403', statusText: 'Forbidden', resolvedAt: null },
    ]);

    await house.linkWith(browser, link.startUrl, users.one);
    expect(await activeErrors(link.connectionId)).toEqual([]);
  });

  test('any other error of the platform, or neither code nor error', async () => {
    const link = await house.createLink();
    for (const query of ['error=invalid_scope', 'error=access_denied&error=x', '']) {
      const browser = new Browser();
      const state = new URL((await browser.get(link.startUrl)).location ?? '').searchParams.get('state');
      const page = await browser.get(`${house.publicUrl}/link/callback/ksho?state=${state}&${query}`);
      expect(page.status).toBe(400);
      expect(page.body).toContain('Access was not given');
    }
  });

  test.each([
    ['no state', ''],
    ['a state that nobody gave', `state=${'A'.repeat(43)}&code=c`],
    ['a state that came twice', 'state=a&state=b&code=c'],
    ['an empty state', 'state=&code=c'],
  ])('%s', async (_what, query) => {
    const page = await new Browser().get(`${house.publicUrl}/link/callback/ksho?${query}`);
    expect(page.status).toBe(400);
    expect(page.body).toContain('open the link that you were given once more');
  });

  test('an expired state', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const callback = await house.consent(browser, link.startUrl, users.one);
    house.time.offsetMs = 15 * 60_000;
    const page = await browser.get(callback);
    expect(page.status).toBe(400);
    expect(page.body).toContain('That took too long');
    expect(page.body).toContain(new URL(link.startUrl).pathname);
    expect((await house.connection(link.connectionId)).status).toBe('PendingAuth');
  });

  test('another browser: it can start again there, and the first browser is not disturbed', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const callback = await house.consent(browser, link.startUrl, users.one);
    const other = await new Browser().get(callback);
    expect(other.status).toBe(400);
    expect(other.body).toContain('Please stay in one browser');
    expect(other.body).toContain(new URL(link.startUrl).pathname);
    expect((await house.connection(link.connectionId)).credential).toBeNull();
    expect((await browser.get(callback)).status).toBe(303);
  });

  test('a foreign cookie does not stand in for the right one', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const callback = await house.consent(browser, link.startUrl, users.one);
    const attacker = new Browser();
    await attacker.get(link.startUrl);
    const [name = ''] = browser.cookies.keys();
    const [value] = attacker.cookies.values();
    if (value === undefined) throw new Error('the attacker has a cookie');
    attacker.cookies.set(name, value);
    expect((await attacker.get(callback)).status).toBe(400);
  });

  test('a replayed state: the link stands, its tokens too', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const start = await browser.get(link.startUrl);
    const cookies = new Map(browser.cookies);
    const back = await browser.post(start.location ?? '', { user: users.one, decision: 'allow' });
    await browser.get(back.location ?? '');
    for (const [name, cookie] of cookies) browser.cookies.set(name, cookie);
    const replay = await browser.get(back.location ?? '');
    expect(replay.status).toBe(400);
    expect(replay.body).toContain('This was used already');
    expect(replay.body).toContain(new URL(link.doneUrl).pathname);
    expect(await house.connection(link.connectionId)).toMatchObject({
      status: 'Linked',
      credential: { version: 1 },
    });
  });

  test('a code that the platform no longer takes', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const callback = new URL(await house.consent(browser, link.startUrl, users.one));
    callback.searchParams.set('code', 'used-long-ago');
    const page = await browser.get(callback.href);
    expect(page.status).toBe(400);
    expect(page.body).toContain('no longer accepts the answer');
    expect(await activeErrors(link.connectionId)).toMatchObject([{ statusCode: '401' }]);
  });

  test('a user without a business', async () => {
    const link = await house.createLink();
    const page = await house.linkWith(new Browser(), link.startUrl, users.none);
    expect(page.status).toBe(400);
    expect(page.body).toContain('There are no books yet');
    const connection = await house.connection(link.connectionId);
    expect([connection.status, connection.credential]).toEqual(['PendingAuth', null]);
  });

  test('the same callback twice at once: one wins', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const callback = await house.consent(browser, link.startUrl, users.one);
    const answers = await Promise.all([browser.get(callback), browser.get(callback)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400]);
    expect(await house.connection(link.connectionId)).toMatchObject({
      status: 'Linked',
      credential: { version: 1 },
    });
    expect((await house.connection(link.connectionId)).consents).toHaveLength(1);
  });
});

describe('the platform is in trouble: status unchanged, and trying again works', () => {
  const down = (match: string, status = 503, extra = {}) => ({
    kind: 'status',
    match,
    status,
    times: null,
    ...extra,
  });

  test.each([
    ['its token service is down', '^POST /oauth2/token', 503, 502],
    ['its token service is busy', '^POST /oauth2/token', 429, 503],
    ['its data service is busy', '^GET /api/users/me/businesses', 429, 503],
    ['its data service is down', '^GET /api/users/me/businesses', 500, 502],
  ])('%s', async (_what, match, fault, answer) => {
    const link = await house.createLink();
    const browser = new Browser();
    const callback = await house.consent(browser, link.startUrl, users.one);
    await house.setFaults([down(match, fault, fault === 429 ? { retryAfter: 30 } : {})]);
    const page = await browser.get(callback);
    expect(page.status).toBe(answer);
    expect(page.headers.get('retry-after')).toBe('30');
    expect(page.body).toContain(new URL(link.startUrl).pathname);
    const connection = await house.connection(link.connectionId);
    expect([connection.status, connection.credential]).toEqual(['PendingAuth', null]);
    expect(await activeErrors(link.connectionId)).toHaveLength(1);

    await house.setFaults([]);
    expect((await house.linkWith(browser, link.startUrl, users.one)).body).toContain('is connected');
    expect(await activeErrors(link.connectionId)).toEqual([]);
  });

  test('it says so itself, by an error in the address', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const state = new URL((await browser.get(link.startUrl)).location ?? '').searchParams.get('state');
    const page = await browser.get(
      `${house.publicUrl}/link/callback/ksho?state=${state}&error=temporarily_unavailable`,
    );
    expect(page.status).toBe(502);
  });
});

describe('the lender has something to do', () => {
  test('the integration is off, before and meanwhile', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const callback = await house.consent(browser, link.startUrl, users.one);
    await house.store.prisma.clientIntegration.updateMany({
      where: { clientId: link.clientId },
      data: { enabled: false },
    });
    for (const page of [await browser.get(callback), await browser.get(link.startUrl)]) {
      expect(page.status).toBe(409);
      expect(page.body).toContain('has not switched on');
      expect(page.setCookies).toEqual([]);
    }
    expect((await house.connection(link.connectionId)).credential).toBeNull();
  });

  test('there are no application keys', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const callback = await house.consent(browser, link.startUrl, users.one);
    const keys = house.deploymentKeys.get('ksho');
    house.deploymentKeys.clear();
    try {
      for (const page of [await browser.get(callback), await browser.get(link.startUrl)]) {
        expect(page.status).toBe(409);
        expect(page.body).toContain('application keys are missing');
      }
    } finally {
      if (keys !== undefined) house.deploymentKeys.set('ksho', keys);
    }
  });

  test('the platform rejects the application keys: an alert on the integration, and the client’s own keys are used', async () => {
    const link = await house.createLink();
    const where = { clientId_platformKey: { clientId: link.clientId, platformKey: 'ksho' } };
    const binding = { table: 'client_integrations', row: `${link.clientId}/ksho`, client: link.clientId };
    await house.store.prisma.clientIntegration.update({
      where,
      data: { applicationClientId: 'sandbox', applicationSecret: house.vault.seal('wrong', binding) },
    });
    const page = await house.linkWith(new Browser(), link.startUrl, users.one);
    expect(page.status).toBe(409);
    expect(page.body).toContain('did not accept the application keys');
    expect(page.body).toContain('Please tell');
    const { alert } = await house.store.prisma.clientIntegration.findUniqueOrThrow({ where });
    expect(alert).toContain('rejected the application keys');
    expect((await house.connection(link.connectionId)).status).toBe('PendingAuth');
  });
});

describe('what does not exist', () => {
  test.each([
    ['company', () => `/link/company/${randomUUID()}`],
    ['id that is no UUID', () => "/link/company/1'--"],
    [
      'connection',
      (link: { companyId: string }) => `/link/companies/${link.companyId}/connections/${randomUUID()}/start`,
    ],
    [
      'company of a connection',
      (link: { connectionId: string }) =>
        `/link/companies/${randomUUID()}/connections/${link.connectionId}/start`,
    ],
    [
      'confirmation',
      (link: { companyId: string; connectionId: string }) =>
        `/link/companies/${link.companyId}/connections/${link.connectionId}/done`,
    ],
    ['page', () => '/link/elsewhere'],
  ])('a %s: 404, all alike', async (_what, path) => {
    const link = await house.createLink();
    const page = await new Browser().get(house.publicUrl + path(link));
    expect(page.status).toBe(404);
    expect(page.body).toContain('There is nothing here');
    expect(page.body).not.toContain('Maple Lending');
  });

  test('a platform at the callback', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const callback = await house.consent(browser, link.startUrl, users.one);
    const page = await browser.get(callback.replace('/callback/ksho', '/callback/wvzu'));
    expect(page.status).toBe(400);
    expect((await browser.get(callback)).status).toBe(303);
  });
});

test('a form that is no form gets a page, not a stack', async () => {
  const { companyUrl } = await house.createCompany();
  const answer = await fetch(companyUrl, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: 'x',
  });
  expect(answer.status).toBe(415);
  expect(answer.headers.get('content-type')).toContain('text/html');
  expect(await answer.text()).toContain('could not be read');
});

describe('whatever is asked below /link, a browser gets a page', () => {
  test.each([
    ['nothing below it', 'GET', '/link', {}, 404],
    ['a form that goes nowhere', 'POST', '/link/elsewhere', {}, 404],
    ['a method that nothing has', 'DELETE', '/link/company/1', {}, 404],
    ['another case', 'POST', '/LINK/Elsewhere', {}, 404],
    ['an address that is malformed', 'GET', '/link/company/%E0%A4%A', {}, 400],
    ['an id without end', 'GET', `/link/company/${'x'.repeat(600)}`, {}, 404],
    ['more than fits', 'POST', `/link/company/${randomUUID()}`, { body: `x=${'y'.repeat(1_200_000)}` }, 413],
    ['JSON that is none', 'POST', '/link/elsewhere', { body: '{', type: 'application/json' }, 400],
  ] as const)('%s', async (_what, method, path, sent: { body?: string; type?: string }, status) => {
    const answer = await fetch(house.publicUrl + path, {
      method,
      ...(sent.body !== undefined && {
        body: sent.body,
        headers: { 'content-type': sent.type ?? 'application/x-www-form-urlencoded' },
      }),
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const body = await answer.text();
    expect(body).toMatch(/<h1>[^<]+<\/h1>/);
    expect(body).toMatch(/name this number: <code>[\da-f]{32}<\/code>/);
  });

  test('the address of a form, opened by itself, leads to where it has led', async () => {
    const link = await house.createLink();
    for (const url of [link.chooseUrl, link.withdrawUrl]) {
      const page = await new Browser().get(url);
      expect([page.status, page.location]).toEqual([303, link.doneUrl]);
    }
  });
});
