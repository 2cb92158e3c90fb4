/** Linking a platform with user name and password: the form, what becomes of what is entered, and what is kept of it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { attemptIntervalMs, attemptsAtOnce } from '../../link/attempts.ts';
import { Browser, type Page } from './testing/browser.ts';
import { startTestHouse, type TestHouse } from './testing/test-house.ts';

const right = { username: 'sandbox', password: 'sandbox-secret' };

let house: TestHouse;
beforeAll(async () => {
  house = await startTestHouse();
});
afterAll(() => house.close());
afterEach(() => house.refuseAtKashFlow(null));

const newLink = (names: Parameters<TestHouse['createLink']>[0] = {}) =>
  house.createLink({ platformKey: 'wvzu', ...names });

/** The form's own fields, and where it is sent. */
function formOf(page: Page): { action: string; hidden: Record<string, string> } {
  const forms = [...page.body.matchAll(/<form method="post" action="([^"]+)">([\s\S]*?)<\/form>/g)];
  expect(forms).toHaveLength(1);
  const [, action = '', content = ''] = forms[0] ?? [];
  const hidden = [...content.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
  expect([...content.matchAll(/<input[^>]* name="(username|password)"/g)].map(([, name]) => name)).toEqual([
    'username',
    'password',
  ]);
  return {
    action: new URL(action, page.url).href,
    hidden: Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
  };
}

const submit = (browser: Browser, page: Page, fields: Record<string, string>): Promise<Page> => {
  const { action, hidden } = formOf(page);
  return browser.post(action, { ...hidden, ...fields });
};

describe('the link of a platform with user name and password', () => {
  test('shows a form, takes what opens the books, and ends at the confirmation with the name of the business', async () => {
    const link = await newLink();
    const browser = new Browser();
    const form = await browser.get(link.startUrl);
    expect(form.status).toBe(200);
    expect(form.body).toContain('Enable SOAP API');
    expect(form.headers.get('cache-control')).toBe('no-store');
    const answer = await submit(browser, form, right);
    expect([answer.status, answer.location]).toEqual([303, link.doneUrl]);
    const done = await browser.get(link.doneUrl);
    expect(done.body).toContain('Harbour &#38; Pine Outfitters Ltd.');

    const connection = await house.connection(link.connectionId);
    expect(connection).toMatchObject({
      status: 'Linked',
      businessName: 'Harbour & Pine Outfitters Ltd.',
      businessId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(connection.credential?.sealed).toMatch(/^v1\./);
    expect(connection.consents).toHaveLength(1);
    expect(new Set(connection.runs.map(({ dataType }) => dataType))).toEqual(
      new Set(connection.consents[0]?.dataTypes),
    );
    const { rows } = await house.store.pool.query(
      'SELECT row_to_json(c)::text AS text FROM connections c WHERE id = $1 UNION ALL SELECT row_to_json(c)::text FROM connection_credentials c WHERE connection_id = $1',
      [link.connectionId],
    );
    expect(JSON.stringify(rows)).not.toContain(right.password);
  });

  test('is offered on the hosted page, which says where the password goes', async () => {
    const company = await house.createCompany({ platformKey: 'wvzu' });
    const browser = new Browser();
    const page = await browser.get(company.companyUrl);
    expect(page.body).toContain('For KashFlow you enter user name and password on the next page');
    const form = await browser.follow(await browser.post(company.companyUrl, { platformKey: 'wvzu' }));
    const answer = await browser.follow(await submit(browser, form, right));
    expect(answer.body).toContain('is connected');
  });

  test.each([
    [
      'a wrong password',
      { ...right, password: 'wrong' },
      'did not accept this user name and password',
      '401',
    ],
    ['an unknown user name', { ...right, username: '<nobody>' }, 'did not accept this user name', '401'],
    [
      'an API that is switched off',
      { ...right, username: 'api-off' },
      'The KashFlow API is switched off',
      '403',
    ],
    [
      'an address that is not allowed',
      { ...right, username: 'other-address' },
      'lets only certain addresses in',
      '403',
    ],
  ])(
    '%s: the form again with its own words, status 422, and nothing is kept',
    async (_what, entered, words, code) => {
      const link = await newLink();
      const browser = new Browser();
      const refused = await submit(browser, await browser.get(link.startUrl), entered);
      expect(refused.status).toBe(422);
      expect(refused.body).toContain(words);
      expect(refused.body).not.toContain(entered.password);
      expect(refused.body).not.toContain('<nobody>');
      const connection = await house.connection(link.connectionId);
      expect([connection.status, connection.credential]).toEqual(['PendingAuth', null]);
      expect(connection.errors).toMatchObject([
        { statusCode: code, errorMessage: expect.stringContaining(words), resolvedAt: null },
      ]);
      // The same form goes on.
      const linked = await submit(browser, refused, right);
      expect(linked.status).toBe(303);
      expect((await house.connection(link.connectionId)).errors[0]?.resolvedAt).not.toBeNull();
    },
  );

  test.each([
    ['nothing', {}],
    ['no password', { username: 'sandbox' }],
    ['a password of blanks and control characters', { username: 'sandbox', password: '\u0000\u0007' }],
    ['a user name without end', { username: 'x'.repeat(5000), password: 'x' }],
  ])('%s entered is answered with the form, and not asked of the platform', async (_what, fields) => {
    const link = await newLink();
    const browser = new Browser();
    await house.setFaults([{ match: 'kashflow', kind: 'status', status: 500, times: null }]);
    const answer = await submit(browser, await browser.get(link.startUrl), fields as Record<string, string>);
    await house.setFaults([]);
    expect(answer.status).toBe(422);
    formOf(answer);
  });

  test('a platform that is down is told with its own page, and the link works afterwards', async () => {
    const link = await newLink();
    const browser = new Browser();
    const form = await browser.get(link.startUrl);
    await house.setFaults([{ match: 'kashflow', kind: 'status', status: 503, times: null }]);
    const down = await submit(browser, form, right);
    expect(down.status).toBe(502);
    await house.setFaults([]);
    const answer = await submit(browser, await browser.get(link.startUrl), right);
    expect(answer.status).toBe(303);
  });

  test('the form counts in the browser that got it, for a while, and once', async () => {
    const link = await newLink();
    const browser = new Browser();
    const form = await browser.get(link.startUrl);
    expect((await submit(new Browser(), form, right)).status).toBe(400);
    const { action } = formOf(form);
    expect((await browser.post(action, right)).status).toBe(400);
    expect((await browser.post(action, { ...right, state: 'guessed' })).status).toBe(400);
    const other = await newLink();
    expect(
      (
        await browser.post(action.replace(link.connectionId, other.connectionId), {
          ...formOf(form).hidden,
          ...right,
        })
      ).status,
    ).toBe(404);
    const twice = await Promise.all([submit(browser, form, right), submit(browser, form, right)]);
    expect(twice.filter(({ status }) => status === 303).length).toBeGreaterThanOrEqual(1);
    // Sent once more after it has linked, it leads to the confirmation.
    const again = await submit(browser, form, right);
    expect([again.status, again.location]).toEqual([303, link.doneUrl]);
    const { consents } = await house.connection(link.connectionId);
    expect(consents).toHaveLength(1);
  });

  test('entered anew after access was lost, it has to be the same business', async () => {
    const link = await newLink();
    const browser = new Browser();
    await submit(browser, await browser.get(link.startUrl), right);
    await house.store.prisma.connection.update({
      where: { id: link.connectionId },
      data: { status: 'Deauthorized' },
    });
    const other = await submit(browser, await browser.get(link.startUrl), { ...right, username: '1003' });
    expect(other.status).toBe(400);
    expect((await house.connection(link.connectionId)).status).toBe('Deauthorized');
    const same = await submit(browser, await browser.get(link.startUrl), { ...right, username: 'SANDBOX ' });
    expect(same.status).toBe(303);
    const { status, credential } = await house.connection(link.connectionId);
    expect([status, credential?.version]).toEqual(['Linked', 2]);
  });

  test('passwords are tried a few times through one link, then now and then; the page says when', async () => {
    const link = await newLink();
    const wrong = { ...right, password: 'wrong' };
    const browser = new Browser();
    const form = await browser.get(link.startUrl);
    // What is not sent on to the platform is no attempt.
    await submit(browser, form, { username: 'sandbox' });
    for (let attempt = 0; attempt < attemptsAtOnce; attempt += 1)
      expect((await submit(browser, form, wrong)).status).toBe(422);
    // A journey that is begun anew, in another browser too, is the same link.
    const other = new Browser();
    for (const refused of [
      await submit(browser, form, right),
      await submit(other, await other.get(link.startUrl), right),
    ]) {
      expect(refused.status).toBe(429);
      expect(refused.body).toContain('Too many attempts');
      expect(refused.body).toContain('Please try again in about 3 minutes');
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(attemptIntervalMs / 1000 - 60);
      expect(seconds).toBeLessThanOrEqual(attemptIntervalMs / 1000);
    }
    const { errors } = await house.connection(link.connectionId);
    expect(errors.map(({ statusCode }) => statusCode)).toContain('429');
    const another = await newLink();
    expect((await submit(other, await other.get(another.startUrl), wrong)).status).toBe(422);

    house.time.offsetMs = attemptIntervalMs;
    try {
      expect((await submit(browser, form, wrong)).status).toBe(422);
      expect((await submit(browser, form, right)).status).toBe(429);
      house.time.offsetMs = 2 * attemptIntervalMs;
      expect((await submit(browser, form, right)).status).toBe(303);
    } finally {
      house.time.offsetMs = 0;
    }
  });

  test('of attempts that are made at once, no more than allowed reach the platform', async () => {
    const link = await newLink();
    const browser = new Browser();
    const form = await browser.get(link.startUrl);
    const wrong = { ...right, password: 'wrong' };
    const answers = await Promise.all(
      Array.from({ length: attemptsAtOnce + 4 }, () => submit(browser, form, wrong)),
    );
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(attemptsAtOnce);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
  });

  test('a disabled integration shows no form', async () => {
    const link = await newLink({ enabled: false });
    expect((await new Browser().get(link.startUrl)).status).toBe(409);
  });
});
