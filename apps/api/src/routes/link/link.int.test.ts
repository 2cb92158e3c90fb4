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

describe('a connection link', () => {
  test('leads to the platform with the exact redirect URI, back, and to a confirmation with the name of the business', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const start = await browser.get(link.startUrl);
    expect(start.status).toBe(302);
    const authorize = new URL(start.location ?? '');
    expect(authorize.origin + authorize.pathname).toBe(`${house.platform}/oauth2/authorize`);
    expect(authorize.searchParams.get('redirect_uri')).toBe(`${house.publicUrl}/link/callback/ksho`);
    expect(authorize.searchParams.get('state')).toMatch(/^[\w-]{43}$/);
    expect((await house.connection(link.connectionId)).status).toBe('PendingAuth');

    const back = await browser.post(authorize.href, { user: users.one, decision: 'allow' });
    const callback = await browser.get(back.location ?? '');
    expect([callback.status, callback.location]).toEqual([303, link.doneUrl]);
    const page = await browser.get(link.doneUrl);
    expect(page.status).toBe(200);
    expect(page.body).toContain('Harbour &#38; Pine Outfitters Ltd.');

    const connection = await house.connection(link.connectionId);
    expect(connection).toMatchObject({
      status: 'Linked',
      businessId: '123456789',
      businessName: 'Harbour & Pine Outfitters Ltd.',
    });
    expect(connection.linkedAt).not.toBeNull();
    expect(connection.credential?.version).toBe(1);
    expect(connection.credential?.sealed).toMatch(/^v1\./);
    expect(connection.consents).toMatchObject([{ pageVersion: 'link-3', withdrawnAt: null }]);
    expect(connection.consents[0]?.dataTypes).toContain('invoices');
  });

  test('starts the first sync of every data type by itself, and the confirmation shows how far it is', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const page = await house.linkWith(browser, link.startUrl, users.one);
    const { runs, consents } = await house.connection(link.connectionId);
    expect(new Set(runs.map(({ dataType }) => dataType))).toEqual(new Set(consents[0]?.dataTypes));
    expect(page.body).toContain('<strong>Invoices</strong> <span>waiting</span>');
    // Somebody who listens to the page can have it stand still.
    expect((await browser.get(`${link.doneUrl}?still=1`)).body).not.toContain('http-equiv="refresh"');
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'");
    expect(page.body).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>');

    const end = { completedAt: new Date(), recordsRead: 7 };
    const { pullOperation, dataset } = house.store.prisma;
    await pullOperation.updateMany({
      where: { connectionId: link.connectionId },
      data: { ...end, status: 'Complete' },
    });
    await pullOperation.updateMany({
      where: { connectionId: link.connectionId, dataType: 'bills' },
      data: { status: 'FetchError' },
    });
    await dataset.updateMany({
      where: { connectionId: link.connectionId, dataType: 'invoices' },
      data: { recordCount: 7, deletedCount: 2 },
    });
    const later = await browser.get(link.doneUrl);
    expect(later.body).toContain('<strong>Invoices</strong> <span>read, 5 records</span>');
    expect(later.body).toContain(
      '<strong>Bills</strong> <span>could not be read yet; it is tried again later</span>',
    );
    expect(later.body).not.toContain('http-equiv="refresh"');
    expect(later.body).not.toContain('data-live');
    expect(later.headers.get('content-security-policy')).not.toContain('connect-src');
  });

  test('makes up for a first sync that was never requested when the confirmation is looked at', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    await house.linkWith(browser, link.startUrl, users.one);
    await house.store.prisma.pullOperation.deleteMany({ where: { connectionId: link.connectionId } });
    await house.store.prisma.dataset.deleteMany({ where: { connectionId: link.connectionId } });
    await browser.get(link.doneUrl);
    expect((await house.connection(link.connectionId)).runs.length).toBeGreaterThan(5);
  });

  test('opened on another origin than the public one goes there first, once, and never in circles', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const elsewhere = link.startUrl.replace('127.0.0.1', 'localhost');
    const moved = await browser.get(elsewhere);
    expect([moved.status, moved.location]).toEqual([302, `${link.startUrl}?origin=public`]);
    expect(moved.setCookies).toEqual([]);
    // A proxy that puts its own name into Host would send the browser here for ever.
    const behindProxy = await browser.get(`${elsewhere}?origin=public`);
    expect(behindProxy.location).toContain(`${house.platform}/oauth2/authorize`);
  });

  test('does not begin a journey for somebody who only looks at its head', async () => {
    const link = await house.createLink();
    const answer = await fetch(link.startUrl, { method: 'HEAD', redirect: 'manual' });
    expect(answer.status).toBe(404);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await house.store.prisma.linkState.count({ where: { connectionId: link.connectionId } })).toBe(0);
  });
});

describe('cookies and headers', () => {
  test('one cookie per journey: HttpOnly, Lax, below /link, gone with the journey; only hashes of secrets are stored', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const first = await browser.get(link.startUrl);
    const second = await browser.get(link.startUrl);
    const pattern =
      /^(tributary_link_[\w-]{12})=[\w-]{43}; Max-Age=900; Path=\/link; HttpOnly; SameSite=Lax$/;
    const names = [first, second].map(({ setCookies: [cookie = ''] }) => pattern.exec(cookie)?.[1]);
    expect(names).toEqual([expect.any(String), expect.any(String)]);
    expect(names[0]).not.toBe(names[1]);

    const state = new URL(first.location ?? '').searchParams.get('state') ?? 'none';
    const rows = await house.store.pool.query('SELECT * FROM link_states WHERE connection_id = $1', [
      link.connectionId,
    ]);
    const stored = JSON.stringify(
      rows.rows.map((row) => [row.id.toString('base64url'), row.browser_hash.toString('base64url')]),
    );
    expect(stored).not.toContain(state);
    for (const { value } of browser.cookies.values()) expect(stored).not.toContain(value);

    const back = await browser.post(first.location ?? '', { user: users.one, decision: 'allow' });
    const callback = await browser.get(back.location ?? '');
    expect(callback.setCookies).toEqual([
      expect.stringMatching(new RegExp(`^${names[0]}=; .*Max-Age=0|^${names[0]}=; .*1970`)),
      expect.stringMatching(
        /^tributary_linked_[\w-]+=v1\.[\w.-]+; Max-Age=86400; Path=\/link; HttpOnly; SameSite=Lax$/,
      ),
    ]);
  });

  test('every page forbids foreign and inline scripts, frames and caching, and keeps the state out of referrers', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const pages = [
      await browser.get(link.companyUrl),
      await browser.get(`${house.publicUrl}/link/callback/ksho?state=x&code=y`),
      await house.linkWith(browser, link.startUrl, users.one),
    ];
    for (const { headers, body } of pages) {
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(
        /^default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; (?:connect-src 'self'; )?form-action 'self'/,
      );
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      const scripts = body.match(/<script.*?<\/script>/gi);
      expect(scripts).toEqual([
        expect.stringMatching(
          /^<script type="module" src="\/link\/assets\/link\.js\?v&#61;[\da-f]{16}"><\/script>$/,
        ),
      ]);
      expect(body).not.toMatch(/<style| style=| on\w+=/i);
    }
    expect(pages.map(({ headers }) => headers.get('referrer-policy'))).toEqual([
      'same-origin',
      'no-referrer',
      'same-origin',
    ]);
    // Browsers hold the redirects after a form against this.
    expect(pages[0]?.headers.get('content-security-policy')).toContain(
      `form-action 'self' ${house.publicUrl} ${house.platform};`,
    );
  });

  test('stylesheet, script and logos are our own, typed, and kept for ever under an address that changes with the content', async () => {
    const { companyUrl } = await house.createCompany();
    const { body } = await new Browser().get(companyUrl);
    const paths = [...body.matchAll(/(?:href|src)="(\/link\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(paths).toHaveLength(4);
    for (const path of paths) {
      expect(path).toMatch(/\?v&#61;[\da-f]{16}$/);
      const answer = await fetch(house.publicUrl + path.replace('&#61;', '='));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(
        /^(text\/(css|javascript); charset=utf-8|image\/(png|svg\+xml))$/,
      );
      expect(answer.headers.get('cache-control')).toContain('immutable');
    }
  });
});

describe('the hosted page of a company', () => {
  test('tells what is read, makes the connection when a platform is chosen, and ends at the confirmation', async () => {
    const { companyId, companyUrl } = await house.createCompany({
      lender: 'Maple Lending',
      company: 'Corner Shop',
    });
    const browser = new Browser();
    const page = await browser.get(companyUrl);
    expect(page.status).toBe(200);
    for (const text of [
      'Maple Lending',
      'Corner Shop',
      'Kashoo',
      'Invoices',
      'What is read, and why',
      'Help',
    ]) {
      expect(page.body).toContain(text);
    }
    expect(await house.store.prisma.connection.count({ where: { companyId } })).toBe(0);

    const chosen = await browser.post(companyUrl, { platformKey: 'ksho' });
    expect(chosen.status).toBe(303);
    const [connection] = await house.store.prisma.connection.findMany({ where: { companyId } });
    expect(connection).toMatchObject({ status: 'PendingAuth', platformKey: 'ksho' });
    const last = await house.linkWith(browser, chosen.location ?? '', users.one);
    expect(last.body).toContain('Harbour &#38; Pine Outfitters Ltd.');
    const again = await browser.get(companyUrl);
    expect(again.body).toContain('already connected');
    expect(again.body).toContain('Harbour &#38; Pine Outfitters Ltd.');
    expect(again.body).not.toContain('<form');
    expect((await browser.post(companyUrl, { platformKey: 'ksho' })).status).toBe(409);
  });

  test('sent twice at once makes one connection, and takes up the one that is there', async () => {
    const { companyId, companyUrl } = await house.createCompany();
    const post = () => new Browser().post(companyUrl, { platformKey: 'ksho' });
    const answers = await house.whileLocked({ table: 'companies', ids: [companyId] }, [post, post]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    expect(new Set(answers.map(({ location }) => location)).size).toBe(1);
    const where = { companyId };
    await house.store.prisma.connection.updateMany({ where, data: { status: 'Deauthorized' } });
    expect((await new Browser().post(companyUrl, { platformKey: 'ksho' })).location).toBe(
      answers[0]?.location,
    );
    expect(await house.store.prisma.connection.count({ where })).toBe(1);
  });

  test('says so when the lender has switched no platform on, and refuses one that is off or unknown', async () => {
    const { companyId, companyUrl } = await house.createCompany({ enabled: false });
    const page = await new Browser().get(companyUrl);
    expect(page.status).toBe(200);
    expect(page.body).toContain('Nothing to connect yet');
    expect((await new Browser().post(companyUrl, { platformKey: 'ksho' })).status).toBe(409);
    expect((await new Browser().post(companyUrl, { platformKey: 'nope' })).status).toBe(400);
    expect((await new Browser().post(companyUrl, {})).status).toBe(400);
    expect(await house.store.prisma.connection.count({ where: { companyId } })).toBe(0);
  });

  test.each([
    ['HTML', '<script>alert(1)</script>&"\'', '&#60;script&#62;alert(1)&#60;/script&#62;&#38;&#34;&#39;'],
    ['right-to-left', 'שלום \u202Eabc مرحبا', '<bdi dir="auto">שלום \u202Eabc مرحبا</bdi>'],
    ['emoji', '🧁 Bäckerei', '🧁 Bäckerei'],
    ['500 characters', 'x'.repeat(500), 'x'.repeat(500)],
  ])('shows a name of %s as text', async (_kind, name, shown) => {
    const { companyUrl } = await house.createCompany({ company: name, lender: name });
    const { body } = await new Browser().get(companyUrl);
    expect(body).toContain(shown);
    expect(body).not.toMatch(/<script(?! type="module" src="\/link\/assets\/)/);
  });

  test('shows the platform’s name of a business as text', async () => {
    const link = await house.createLink();
    const { body } = await house.linkWith(new Browser(), link.startUrl, users.awkwardName);
    expect(body).toContain('Café « L’Été » &#38; &#34;Fils&#34; &#60;Montréal&#62;');
    expect((await house.connection(link.connectionId)).businessId).toBe('9007199254740993');
  });
});

describe('a user with several businesses', () => {
  test('is asked which one, and nothing is linked before', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    const chooser = await house.linkWith(browser, link.startUrl, users.three);
    expect(chooser.status).toBe(200);
    expect(chooser.url).toBe(link.doneUrl);
    for (const name of ['Northern Lights Bakery', 'Sam&#39;s Bikes &#38; Repairs', 'Okafor Consulting']) {
      expect(chooser.body).toContain(name);
    }
    const before = await house.connection(link.connectionId);
    expect([before.status, before.credential]).toEqual(['PendingAuth', null]);
    expect(JSON.stringify(before.businessChoices)).not.toContain('accessToken');

    const chosen = await browser.post(link.chooseUrl, { businessId: '123456803' });
    expect([chosen.status, chosen.location]).toEqual([303, link.doneUrl]);
    expect((await browser.follow(chosen)).body).toContain('Okafor Consulting');
    const after = await house.connection(link.connectionId);
    expect(after).toMatchObject({ status: 'Linked', businessId: '123456803', businessChoices: null });
    expect(after.connectionInfo).toMatchObject({ site: 'app.trulysmall.com' });
    expect(after.credential).not.toBeNull();

    const twice = await browser.post(link.chooseUrl, { businessId: '123456803' });
    expect([twice.status, twice.location]).toEqual([303, link.doneUrl]);
    expect((await house.connection(link.connectionId)).consents).toHaveLength(1);
  });

  test('cannot choose what was not offered, nor in another browser, nor too late', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    await house.linkWith(browser, link.startUrl, users.three);
    expect((await browser.post(link.chooseUrl, { businessId: '123456789' })).status).toBe(400);
    expect((await browser.post(link.chooseUrl, {})).status).toBe(400);
    expect((await new Browser().post(link.chooseUrl, { businessId: '123456801' })).status).toBe(400);
    expect((await new Browser().get(link.doneUrl)).status).toBe(404);
    house.time.offsetMs = 16 * 60_000;
    expect((await browser.post(link.chooseUrl, { businessId: '123456801' })).status).toBe(400);
    expect((await house.connection(link.connectionId)).status).toBe('PendingAuth');
    // The next journey of anybody throws the waiting tokens away.
    await new Browser().get((await house.createLink()).startUrl);
    house.time.offsetMs = 0;
    expect((await house.connection(link.connectionId)).businessChoices).toBeNull();
  });

  test('keeps an open choice while an older journey of the same connection is forgotten', async () => {
    const link = await house.createLink();
    const browser = new Browser();
    await new Browser().get(link.startUrl);
    house.time.offsetMs = 10 * 60_000;
    await house.linkWith(browser, link.startUrl, users.three);
    house.time.offsetMs = 16 * 60_000;
    await new Browser().get((await house.createLink()).startUrl);
    expect((await browser.post(link.chooseUrl, { businessId: '123456801' })).status).toBe(303);
    house.time.offsetMs = 0;
    expect((await house.connection(link.connectionId)).status).toBe('Linked');
  });
});

describe('a client with a redirect URL of its own', () => {
  test('gets the browser back with the result, and a failure’s page offers the way there', async () => {
    const redirectUrl = 'https://lender.example/back?c={companyId}&s={statusCode}&m={errorMessage}';
    const link = await house.createLink({ redirectUrl });
    const browser = new Browser();
    const denied = await browser.get(await house.consent(browser, link.startUrl, users.one, 'deny'));
    expect(denied.status).toBe(400);
    expect(denied.body).toContain('https://lender.example/back?c&#61;');
    expect(denied.body).toContain('Access%20was%20denied%20at%20the%20platform.');

    const callback = await browser.get(await house.consent(browser, link.startUrl, users.one));
    expect([callback.status, callback.location]).toEqual([
      303,
      `https://lender.example/back?c=${link.companyId}&s=200&m=&connectionId=${link.connectionId}`,
    ]);
    expect((await browser.get(link.doneUrl)).body).toContain('Back to <bdi dir="auto">Maple Lending</bdi>');
  });

  test('is allowed as the end of the business chooser’s form', async () => {
    const link = await house.createLink({ redirectUrl: 'http://lender.example:8080/{connectionId}' });
    const browser = new Browser();
    const chooser = await house.linkWith(browser, link.startUrl, users.three);
    expect(chooser.headers.get('content-security-policy')).toContain(
      "form-action 'self' http://lender.example:8080;",
    );
    const chosen = await browser.post(link.chooseUrl, { businessId: '123456801' });
    expect(chosen.location).toBe(
      `http://lender.example:8080/${link.connectionId}?companyId=${link.companyId}&statusCode=200`,
    );
  });
});
