import { Browser, offerOf, type Page } from '../kit/browser.ts';
import { equal, expect, NotDone, show, status } from '../kit/expect.ts';
import { send } from '../kit/http.ts';
import { textAt } from '../kit/json.ts';
import { query } from '../kit/postgres-client.ts';
import type { Point, Report } from '../kit/report.ts';
import { users } from '../kit/sandbox.ts';
import type { World } from '../world.ts';
import {
  connectionStatus,
  createCompany,
  decide,
  expectConnectionStatus,
  followLink,
  kashoo,
  openConsent,
  untilSynced,
} from './linking.ts';

/** P5: what happens on the way to a link, and everything that can go wrong on it. */
export async function linkPoint(world: World, report: Report): Promise<void> {
  await report.point(
    'P5',
    'Link: chooser, one-time browser-bound state, consent, and a clear page for every failure',
    async (point) => {
      await checkJourney(world, point);
      await checkFailures(world, point);
      await checkChooser(world, point);
      await checkUnready(world, point);
      await checkPlatformDown(world, point);
    },
  );
}

const isCallback = (url: URL): boolean => url.pathname === `/link/callback/${kashoo}`;

/** A page that a person can act on: HTML, the right status, and a next step. */
function failurePage(page: Page, codes: readonly number[], words: RegExp): void {
  status(page.exchange, ...codes);
  expect(
    page.exchange.headers.get('content-type')?.includes('text/html'),
    'it is no HTML page',
    page.exchange,
  );
  expect(words.test(page.text), `the page does not say ${words}`, page.exchange);
}

function nextStep(page: Page): void {
  expect(page.links.length + page.forms.length > 0, 'the page offers no next step', page.exchange);
}

/** Opens a link and consents, but keeps the browser from following the platform back. @returns the callback's URL */
async function callbackOf(
  world: World,
  browser: Browser,
  linkUrl: string,
  user: string,
  button = /allow/i,
): Promise<string> {
  const consent = await openConsent(world, browser, linkUrl);
  const back = await decide(browser, consent, { user, button, stopBefore: isCallback });
  const location = back.exchange.headers.get('location') ?? '';
  expect(
    location.startsWith(`${world.publicUrl}/link/callback/${kashoo}?`),
    'the platform does not lead to the callback',
    back.exchange,
  );
  return location;
}

async function checkJourney(world: World, point: Point): Promise<void> {
  const { api } = world;
  const company = await createCompany(api, 'Journey');
  await point.check('a link opened on another origin is first redirected to PUBLIC_URL', async () => {
    const other = company.linkUrl.replace('//127.0.0.1:', '//localhost:');
    const first = await send(other);
    status(first, 301, 302, 303, 307, 308);
    expect(
      first.headers.get('location')?.startsWith(`${world.publicUrl}/link/`),
      'it leads elsewhere',
      first,
    );
  });
  const browser = new Browser();
  const callback = await callbackOf(world, browser, company.linkUrl, users.one);
  await point.check('the state’s cookie is HttpOnly and SameSite=Lax', () => {
    const headers = browser.cookieHeaders().filter((header) => !header.startsWith('sandbox'));
    expect(headers.length > 0, 'no cookie was set');
    for (const header of headers) {
      expect(
        /;\s*httponly/i.test(header) && /;\s*samesite=lax/i.test(header),
        `cookie ${show(header.replace(/=[^;]*/, '=…'))}`,
      );
    }
  });
  await point.check('the callback in another browser is refused, with a link to start again', async () => {
    const page = await new Browser().open(callback);
    failurePage(page, [400], /browser|device|again/i);
    nextStep(page);
    await expectConnectionStatus(api, company, 'PendingAuth');
  });
  const confirmation = await point.need(
    'the callback answers 303 to the confirmation page, which can be reloaded',
    async () => {
      const page = await browser.open(callback);
      status(page.exchange, 200);
      equal(page.hops[0]?.status, 303, 'status of the callback');
      const reloaded = await browser.open(page.url);
      status(reloaded.exchange, 200);
      return reloaded;
    },
  );
  await point.check('a replayed callback is refused and changes nothing', async () => {
    const page = await browser.open(callback);
    failurePage(page, [400], /./);
    await expectConnectionStatus(api, company, 'Linked');
  });
  await point.check(
    'opening the link of a Linked connection again, without consent, changes nothing',
    async () => {
      await openConsent(world, new Browser(), company.linkUrl);
      await expectConnectionStatus(api, company, 'Linked');
    },
  );
  await point.check('re-authorising with another business is refused and changes nothing', async () => {
    const { page } = await followLink(world, company.linkUrl, users.trulySmall);
    failurePage(page, [400, 409], /business|books/i);
    await expectConnectionStatus(api, company, 'Linked');
  });
  await point.check('the consent can be withdrawn from the confirmation page, which unlinks', async () => {
    const withdraw = /withdraw|disconnect|unlink|revoke|stop/i;
    const form = confirmation.forms.find(
      ({ text, fields }) => withdraw.test(text) || fields.some(({ label }) => withdraw.test(label)),
    );
    const link = confirmation.links.find(({ text }) => withdraw.test(text));
    expect(form ?? link, 'the page offers no withdrawal', confirmation.exchange);
    let page = form ? await browser.submit(form) : await browser.open(link?.href ?? '');
    const confirm = page.forms.find(
      ({ text, fields }) => withdraw.test(text) || fields.some(({ label }) => withdraw.test(label)),
    );
    if ((await connectionStatus(api, company)) !== 'Unlinked' && confirm)
      page = await browser.submit(confirm);
    status(page.exchange, 200);
    await expectConnectionStatus(api, company, 'Unlinked');
  });
}

async function checkFailures(world: World, point: Point): Promise<void> {
  const { api } = world;
  const company = await createCompany(api, 'Failures');
  await point.check(
    'access denied: 400, a page that says so and offers to start again; still PendingAuth',
    async () => {
      const browser = new Browser();
      const page = await browser.open(await callbackOf(world, browser, company.linkUrl, users.one, /deny/i));
      failurePage(page, [400], /denied|declined|did not allow|not given|refused|no access|access/i);
      nextStep(page);
      await expectConnectionStatus(api, company, 'PendingAuth');
    },
  );
  await point.check('a foreign state and a missing one: 400', async () => {
    const callback = `${world.publicUrl}/link/callback/${kashoo}`;
    const foreign = await new Browser().open(`${callback}?code=abc&state=${'x'.repeat(43)}`);
    failurePage(foreign, [400], /./);
    const missing = await new Browser().open(`${callback}?code=abc`);
    failurePage(missing, [400], /./);
  });
  await point.check('an expired state: 400, with a link to start again', async () => {
    const browser = new Browser();
    const callback = await callbackOf(world, browser, company.linkUrl, users.one);
    // Nobody waits for a state to expire: what is stored of it is made older instead.
    const found = await query(
      world.databaseUrl,
      "SELECT table_name FROM information_schema.columns WHERE table_name ~ 'state' AND column_name = 'expires_at'",
    );
    const [table] = found[0] ?? [];
    if (!table) throw new NotDone('no stored state was found that could be made older');
    await query(world.databaseUrl, `UPDATE "${table}" SET expires_at = now() - interval '1 minute'`);
    const page = await browser.open(callback);
    failurePage(page, [400], /long|expired|late|again/i);
    nextStep(page);
    await expectConnectionStatus(api, company, 'PendingAuth');
  });
  await point.check('an altered code: a clear page, still PendingAuth', async () => {
    const browser = new Browser();
    const callback = new URL(await callbackOf(world, browser, company.linkUrl, users.one));
    callback.searchParams.set('code', 'never-issued');
    const page = await browser.open(callback.href);
    failurePage(page, [400, 502], /./);
    nextStep(page);
    await expectConnectionStatus(api, company, 'PendingAuth');
  });
  await point.check('a user without a business: a clear page, still PendingAuth', async () => {
    const { page } = await followLink(world, company.linkUrl, users.none);
    failurePage(page, [400, 409, 422], /business|books/i);
    await expectConnectionStatus(api, company, 'PendingAuth');
  });
  await point.check('after all of that the same link works', async () => {
    const { page } = await followLink(world, company.linkUrl, users.one);
    status(page.exchange, 200);
    await expectConnectionStatus(api, company, 'Linked');
  });
  await point.check('links of companies and connections that do not exist: 404, a page', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    for (const path of [
      `/link/company/${nobody}`,
      `/link/companies/${nobody}/connections/${nobody}/start`,
      '/link/company/not-an-id',
    ]) {
      failurePage(await new Browser().open(`${world.publicUrl}${path}`), [404], /./);
    }
  });
}

async function checkChooser(world: World, point: Point): Promise<void> {
  const { api } = world;
  const company = await createCompany(api, 'Several');
  const { accessToken } = await world.sandbox.signIn(users.several);
  const businesses = await world.sandbox.whole(accessToken, '/api/users/me/businesses');
  const names = businesses.map((business) => textAt(business, 'name'));
  await point.check(
    `a user with ${names.length} businesses is asked which; the chosen one is linked`,
    async () => {
      const { browser, page } = await followLink(world, company.linkUrl, users.several);
      status(page.exchange, 200);
      for (const name of names) expect(page.text.includes(name), `${name} is not offered`, page.exchange);
      await expectConnectionStatus(api, company, 'PendingAuth');
      const [, chosen = ''] = names;
      const offer = offerOf(page, new RegExp(`^${chosen.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
      expect(offer, `nothing chooses ${chosen}`, page.exchange);
      const end = await browser.submit(offer.form, { choices: offer.choices });
      status(end.exchange, 200);
      expect(end.text.includes(chosen), `the confirmation does not show ${chosen}`, end.exchange);
      await expectConnectionStatus(api, company, 'Linked');
      await untilSynced(api, company.companyId);
      equal(
        textAt(await api.read(`/companies/${company.companyId}/data/info`), 'companyName'),
        chosen,
        'companyName',
      );
    },
  );
}

async function checkUnready(world: World, point: Point): Promise<void> {
  const { api } = world;
  const path = `/integrations/${kashoo}`;
  await point.check(
    'integration disabled: the link and the hosted page say so, nothing is started',
    async () => {
      const company = await createCompany(api, 'Disabled');
      status(await api.request('PATCH', path, { body: { enabled: false } }), 200);
      try {
        const page = await new Browser().open(company.linkUrl);
        failurePage(page, [400, 403, 404, 409], /kashoo/i);
        const hosted = await new Browser().open(`${world.publicUrl}/link/company/${company.companyId}`);
        expect(!offerOf(hosted, /kashoo|ksho/i), 'the hosted page still offers Kashoo', hosted.exchange);
      } finally {
        status(await api.request('PATCH', path, { body: { enabled: true } }), 200);
      }
      await expectConnectionStatus(api, company, 'PendingAuth');
    },
  );
  const other = world.found.otherClient;
  await point.check('no application keys: a clear page, PendingAuth', async () => {
    if (!other) throw new NotDone('needs another client (P4)');
    status(await other.api.request('PATCH', path, { body: { enabled: true } }), 200);
    const company = await createCompany(other.api, 'Without keys');
    failurePage(await new Browser().open(company.linkUrl), [400, 403, 404, 409], /./);
    await expectConnectionStatus(other.api, company, 'PendingAuth');
  });
  await point.check('wrong application keys: a clear page, PendingAuth', async () => {
    if (!other) throw new NotDone('needs another client (P4)');
    const body = { clientId: world.sandbox.clientId, clientSecret: 'mistyped' };
    status(await other.api.request('PUT', `${path}/credentials`, { body }), 200);
    const company = await createCompany(other.api, 'Wrong keys');
    const { page } = await followLink(world, company.linkUrl, users.one);
    failurePage(page, [400, 403, 409, 502], /./);
    await expectConnectionStatus(other.api, company, 'PendingAuth');
  });
}

async function checkPlatformDown(world: World, point: Point): Promise<void> {
  const { api } = world;
  const company = await createCompany(api, 'Platform down');
  await point.check(
    'platform down at the callback: 502 or 503, a page to try again; PendingAuth; later the link works',
    async () => {
      const browser = new Browser();
      const callback = await callbackOf(world, browser, company.linkUrl, users.one);
      await world.sandboxProcess?.stop();
      let page: Page;
      try {
        page = await browser.open(callback);
      } finally {
        await world.startSandbox();
      }
      failurePage(page, [502, 503], /./);
      nextStep(page);
      await expectConnectionStatus(api, company, 'PendingAuth');
      const { page: end } = await followLink(world, company.linkUrl, users.one);
      status(end.exchange, 200);
      await expectConnectionStatus(api, company, 'Linked');
    },
  );
}
