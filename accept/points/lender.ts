import { Browser, offerOf } from '../kit/browser.ts';
import { equal, expect, show, status } from '../kit/expect.ts';
import { unescapeHtml } from '../kit/html.ts';
import { send } from '../kit/http.ts';
import { at, json, listAt, textAt } from '../kit/json.ts';
import type { Point, Report } from '../kit/report.ts';
import { users } from '../kit/sandbox.ts';
import { until } from '../kit/wait.ts';
import type { World } from '../world.ts';
import {
  createCompany,
  decide,
  expectConnectionStatus,
  kashoo,
  openConsent,
  statuses,
  untilSynced,
} from './linking.ts';

/** Saves the walk's application keys for Kashoo and enables it. */
export async function enableKashoo(world: World): Promise<void> {
  const { clientId, clientSecret } = world.sandbox;
  const path = `/integrations/${kashoo}`;
  status(await world.api.request('PUT', `${path}/credentials`, { body: { clientId, clientSecret } }), 200);
  status(await world.api.request('PATCH', path, { body: { enabled: true } }), 200);
}

/** W2: from the list of integrations to a linked company that syncs by itself. */
export async function lenderPoint(world: World, report: Report): Promise<void> {
  await report.point(
    'W2',
    'a lender creates a company, the business links it by its link URL, the first sync starts',
    async (point) => {
      await checkIntegrations(world, point);
      await linkWithPlatform(world, point);
      await linkThroughHostedPage(world, point);
    },
  );
}

async function checkIntegrations(world: World, point: Point): Promise<void> {
  await point.check('GET /integrations lists Kashoo with everything that a picker needs', async () => {
    const integrations = await world.api.all('/integrations');
    const found = integrations.find((integration) => at(integration, 'key') === kashoo);
    expect(found, `no integration ${kashoo} in ${show(integrations)}`);
    for (const member of ['name', 'logoUrl', 'integrationId', 'sourceId']) textAt(found, member);
    equal(at(found, 'sourceType'), 'Accounting', 'sourceType');
    equal(at(found, 'integrationType'), 'Accounting', 'integrationType');
    equal(at(found, 'enabled'), false, 'enabled, of a new client');
    equal(at(found, 'isOfflineConnector'), false, 'isOfflineConnector');
    expect(typeof at(found, 'isBeta') === 'boolean', 'isBeta is no boolean');
    expect(listAt(found, 'datatypeFeatures').length > 0, 'datatypeFeatures is empty');
  });
  await point.check('a disabled platform is refused, in words', async () => {
    const exchange = status(
      await world.api.post('/companies', { name: 'Too early', platformType: kashoo }),
      400,
    );
    expect(/enabl/i.test(exchange.text), 'the error does not say that the integration is disabled', exchange);
  });
  await point.need('the application keys are saved and the integration enabled', async () =>
    enableKashoo(world),
  );
  await point.check('filters by sourceType and enabled, and the older integrationType', async () => {
    for (const filter of [
      'query=sourceType%3DAccounting%26%26enabled%3Dtrue',
      'integrationType=Accounting',
    ]) {
      const keys = (await world.api.all(`/integrations?${filter}`)).map((integration) =>
        at(integration, 'key'),
      );
      expect(keys.includes(kashoo), `${filter} finds ${show(keys)}`);
    }
    const banking = await world.api.all('/integrations?query=sourceType%3DBanking');
    expect(!banking.some((integration) => at(integration, 'key') === kashoo), 'Kashoo is listed as Banking');
  });
}

async function linkWithPlatform(world: World, point: Point): Promise<void> {
  const { api, sandbox } = world;
  const company = await point.need('POST /companies with platformType carries the link URL', async () => {
    const created = await createCompany(api, 'Harbour and Pine');
    const { body, companyId } = created;
    equal(textAt(body, 'dataConnections', 0, 'linkUrl'), created.linkUrl, 'dataConnections[0].linkUrl');
    equal(
      created.linkUrl,
      `${world.publicUrl}/link/companies/${companyId}/connections/${created.connectionId}/start`,
      'linkUrl',
    );
    equal(at(body, 'platform'), kashoo, 'platform');
    equal(at(body, 'status'), 'PendingAuth', 'company status');
    equal(at(body, 'dataConnections', 0, 'status'), 'PendingAuth', 'connection status');
    equal(textAt(body, 'redirect'), `${world.publicUrl}/link/company/${companyId}`, 'redirect');
    return created;
  });
  const browser = new Browser();
  const consent = await point.need(
    'the link URL leads to the platform with an exact authorisation request',
    async () => {
      const page = await openConsent(world, browser, company.linkUrl);
      const asked = new URL(page.url).searchParams;
      equal(asked.get('client_id'), sandbox.clientId, 'client_id');
      equal(asked.get('response_type'), 'code', 'response_type');
      equal(asked.get('scope'), 'full-access', 'scope');
      equal(asked.get('redirect_uri'), `${world.publicUrl}/link/callback/${kashoo}`, 'redirect_uri');
      expect((asked.get('state')?.length ?? 0) >= 20, 'the state is short', page.exchange);
      const [first] = page.hops;
      expect(first && [302, 303].includes(first.status), 'the link URL does not redirect', first);
      return page;
    },
  );
  const businessName = await point.need('the platform knows the name of the business', async () => {
    const { accessToken } = await sandbox.signIn(users.one);
    const [business] = await sandbox.whole(accessToken, '/api/users/me/businesses');
    return textAt(business, 'name');
  });
  await point.need(
    'consent on the platform’s page ends on a confirmation with the business’s name',
    async () => {
      // Slow enough for the next point to watch the first sync.
      await sandbox.fault({
        match: 'GET /api/businesses/\\d+/records/invoices',
        kind: 'delay',
        delayMs: 2_500,
        times: 1,
      });
      const page = await decide(browser, consent, { user: users.one });
      status(page.exchange, 200);
      expect(page.text.includes(businessName), `the page does not show ${businessName}`, page.exchange);
      const callback = page.hops.find(({ url }) => new URL(url).pathname === `/link/callback/${kashoo}`);
      expect(callback?.status === 303, 'the callback does not answer 303', callback);
      expect(
        unescapeHtml(page.html).includes(businessName),
        'the name is not escaped as HTML',
        page.exchange,
      );
    },
  );
  world.found.main = company;
  await point.check('company and connection are Linked', async () => {
    await expectConnectionStatus(api, company, 'Linked');
    const body = await api.read(`/companies/${company.companyId}`);
    equal(at(body, 'status'), 'Linked', 'company status');
    equal(at(body, 'platform'), kashoo, 'platform');
  });
  await point.check('the first sync starts by itself', async () => {
    await until(
      'a data type leaves Initial',
      async () => [...(await statuses(api, company.companyId)).values()].some((value) => value !== 'Initial'),
      { seconds: 10 },
    );
  });
}

async function linkThroughHostedPage(world: World, point: Point): Promise<void> {
  const { api } = world;
  const companyId = await point.need(
    'POST /companies without a platform is Blank, with a redirect',
    async () => {
      const body = json(status(await api.post('/companies', { name: 'Undecided Ltd' }), 200));
      equal(at(body, 'status'), 'Blank', 'status');
      equal(at(body, 'platform'), '', 'platform');
      expect(at(body, 'linkUrl') === undefined, 'there is a linkUrl already');
      const id = textAt(body, 'id');
      equal(textAt(body, 'redirect'), `${world.publicUrl}/link/company/${id}`, 'redirect');
      return id;
    },
  );
  const browser = new Browser();
  const page = await point.need(
    'the hosted page lists the platform by name, with a logo and what will be read',
    async () => {
      const opened = await browser.open(`${world.publicUrl}/link/company/${companyId}`);
      status(opened.exchange, 200);
      expect(/kashoo/i.test(opened.text), 'Kashoo is not named', opened.exchange);
      expect(/invoices/i.test(opened.text), 'it does not say what will be read', opened.exchange);
      expect(opened.images.length > 0, 'there is no logo', opened.exchange);
      return opened;
    },
  );
  await point.check('logos load as images, without a key, on the page and in GET /integrations', async () => {
    const integration = await api.read(`/integrations/${kashoo}`);
    for (const url of [...page.images, textAt(integration, 'logoUrl')]) {
      const logo = status(await send(url), 200);
      const type = logo.headers.get('content-type') ?? '';
      expect(/^image\/(png|jpeg|webp)/.test(type), `${url} is ${type}, no raster image`);
      expect(logo.text.length > 50, `${url} is empty`);
    }
  });
  await point.check('choosing the platform there leads through consent to the confirmation', async () => {
    const offer = offerOf(page, /kashoo|ksho/i);
    const link = page.links.find(
      ({ text, href }) => /kashoo/i.test(text) && href.startsWith(world.publicUrl),
    );
    expect(offer ?? link, 'nothing on the page chooses Kashoo', page.exchange);
    const consent = offer
      ? await browser.submit(offer.form, { choices: offer.choices })
      : await browser.open(link?.href ?? '');
    expect(
      consent.url.startsWith(`${world.sandbox.origin}/oauth2/authorize`),
      'the choice does not lead to the platform',
      consent.exchange,
    );
    equal(at(await api.read(`/companies/${companyId}`), 'status'), 'PendingAuth', 'status once chosen');
    const end = await decide(browser, consent, { user: users.trulySmall });
    status(end.exchange, 200);
    expect(end.text.includes('Pocket Studio'), 'the confirmation does not show Pocket Studio', end.exchange);
    equal(at(await api.read(`/companies/${companyId}`), 'status'), 'Linked', 'status');
    await untilSynced(api, companyId);
  });
}
