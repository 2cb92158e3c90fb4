import { Api, basic, expectError } from '../kit/api.ts';
import { Browser } from '../kit/browser.ts';
import { equal, expect, needed, show, status } from '../kit/expect.ts';
import { send } from '../kit/http.ts';
import { at, json, listAt, textAt } from '../kit/json.ts';
import type { Point, Report } from '../kit/report.ts';
import type { LinkedCompany, World } from '../world.ts';
import { dataPath, kashoo } from './linking.ts';

/** B1 to B3: what bad requests, names and keys get. */
export async function badInputPoints(world: World, report: Report): Promise<void> {
  await report.point(
    'B1',
    'bad requests: 400, 404, 413, 415 in the error envelope, naming the offender; nothing stored',
    async (point) => {
      const company = await point.need('a linked company', () => needed(world.found.main, 'W2'));
      const before = (await world.api.all('/companies?pageSize=500')).length;
      await checkParameters(world, point, company);
      await checkBodies(world, point, company);
      await point.check('nothing was stored', async () => {
        equal((await world.api.all('/companies?pageSize=500')).length, before, 'companies');
      });
    },
  );
  await report.point(
    'B2',
    'company names: stored exactly or refused with a reason; escaped wherever they are shown',
    async (point) => {
      await checkNames(world, point);
    },
  );
  await report.point(
    'B3',
    'keys: 401 without, with a wrong or a deleted one; another client’s ids do not exist',
    async (point) => {
      await checkBadKeys(world, point);
    },
  );
}

async function checkParameters(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const { api } = world;
  const invoices = dataPath(company, 'invoices');
  const base = `/companies/${company.companyId}`;
  const query = (text: string): string => `${invoices}?query=${encodeURIComponent(text)}`;
  const cases: readonly (readonly [
    what: string,
    path: string,
    codes: readonly number[],
    naming?: string | RegExp,
  ])[] = [
    ['unknown platform key', '/integrations/nope', [400, 404]],
    ['unknown data type to read', `${base}/data/nonsense`, [404], 'nonsense'],
    ['unknown sort field', `${invoices}?orderBy=nonsense`, [400], 'nonsense'],
    ['unknown sort field of companies', '/companies?orderBy=-nonsense', [400], 'nonsense'],
    ['unknown query property', query('nonsense=1'), [400], 'nonsense'],
    ['unknown query property of companies', '/companies?query=nonsense%3D1', [400], 'nonsense'],
    ['unknown query property of the history', `${base}/data/history?query=nonsense%3D1`, [400], 'nonsense'],
    ['a group that is not closed', query('{status=Paid'), [400]],
    ['an operator that does not exist', query('status<>Paid'), [400]],
    ['a value of another kind', query('totalAmount>much'), [400], 'totalAmount'],
    ['SQL in a query', query("invoiceNumber'; DROP TABLE invoices; --=1"), [400]],
    ['a query of 2,048 characters', query(`invoiceNumber=${'1'.repeat(2_048)}`), [400], /2,?048/],
    ['page 0', `${invoices}?page=0`, [400], /page\b/],
    ['page -1', '/companies?page=-1', [400], /page\b/],
    ['a page that is no number', `${invoices}?page=two`, [400], /page\b/],
    ['pageSize 5001', `${invoices}?pageSize=5001`, [400], 'pageSize'],
    ['pageSize 0', '/companies?pageSize=0', [400], 'pageSize'],
    ['an id that is no UUID', '/companies/not-a-uuid', [400, 404]],
    ['a connection id that is no UUID', `${base}/connections/1`, [400, 404]],
    ['a dataset id that is no UUID', `${base}/data/history/1`, [400, 404]],
    ['a path that does not exist', '/nothing/here', [404]],
    ['a malformed escape', '/companies/%zz', [400, 404]],
  ];
  for (const [what, path, codes, naming] of cases) {
    await point.check(what, async () => void expectError(await api.get(path), codes, naming));
  }
  await point.check('unknown data type to queue', async () => {
    expectError(await api.post(`${base}/data/queue/nonsense`), [400, 404], 'nonsense');
  });
  await point.check('a method that the path does not have', async () => {
    expectError(await api.request('DELETE', '/companies'), [404, 405]);
  });
  await point.check(
    'pageSize 5000 is allowed',
    async () => void status(await api.get(`${invoices}?pageSize=5000`), 200),
  );
}

async function checkBodies(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const { api } = world;
  const post = (options: Parameters<Api['request']>[2]) => api.request('POST', '/companies', options);
  await point.check('unknown platform key of a company or connection', async () => {
    expectError(await api.post('/companies', { name: 'Nowhere', platformType: 'nope' }), [400], 'nope');
    const path = `/companies/${company.companyId}/connections`;
    expectError(await api.post(path, { platformKey: 'nope' }), [400, 404], 'nope');
  });
  await point.check(
    'malformed JSON',
    async () => void expectError(await post({ text: '{"name": "Half' }), [400]),
  );
  await point.check(
    'a body that is no object',
    async () => void expectError(await post({ text: '[1]' }), [400]),
  );
  await point.check('a missing name, a name that is null or a number', async () => {
    for (const body of [{}, { name: null }, { name: 5 }]) expectError(await post({ body }), [400], 'name');
  });
  await point.check('wrong content type', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded']) {
      expectError(await post({ text: 'name=Form', headers: { 'content-type': type } }), [415]);
    }
  });
  await point.check('a body over 1 MB', async () => {
    expectError(await post({ body: { name: 'Large', description: 'x'.repeat(1_100_000) } }), [413]);
  });
  await point.check('a status that a connection cannot be set to', async () => {
    const path = `/companies/${company.companyId}/connections/${company.connectionId}`;
    expectError(await api.request('PATCH', path, { body: { status: 'Whatever' } }), [400], /status|Whatever/);
    expectError(await api.request('PATCH', path, { body: { status: 'Linked' } }), [400, 409]);
  });
  await point.check('an unknown data type in sync settings', async () => {
    const setting = { dataType: 'nonsense', fetchOnFirstLink: true, syncSchedule: 24, syncOrder: 0 };
    const body = { companyId: company.companyId, overridesDefaults: true, settings: [setting] };
    expectError(await api.post(`/companies/${company.companyId}/syncSettings`, body), [400], 'nonsense');
  });
  await point.check('application keys without a secret; an enabled that is no boolean', async () => {
    const path = `/integrations/${kashoo}`;
    expectError(
      await api.request('PUT', `${path}/credentials`, { body: { clientId: 'half' } }),
      [400],
      'clientSecret',
    );
    expectError(await api.request('PATCH', path, { body: { enabled: 'maybe' } }), [400], 'enabled');
  });
}

async function checkNames(world: World, point: Point): Promise<void> {
  const { api } = world;
  const names: readonly (readonly [what: string, name: string])[] = [
    ['empty', ''],
    ['blanks only', '   '],
    ['500 characters', 'N'.repeat(500)],
    ['100,000 characters', 'N'.repeat(100_000)],
    ['HTML', '<script>alert(1)</script><b>"Bold" & Co</b>'],
    ['an attribute’s end', `"><img src=x onerror=alert(1)>'`],
    ['right-to-left', 'شركة الاختبار ‏العربية'],
    ['emoji and accents', '🏦🧾 Çá Ñandú 👩‍👩‍👧‍👦'],
    ['a null character', 'Null\u0000inside'],
    ['a template', `{{7*7}} \${7*7} %s`],
  ];
  for (const [what, name] of names) {
    await point.check(what, async () => {
      const exchange = await api.post('/companies', { name });
      if (exchange.status === 400) {
        expectError(exchange, [400], 'name');
        return;
      }
      const id = textAt(json(status(exchange, 200)), 'id');
      equal(textAt(await api.read(`/companies/${id}`), 'name'), name, 'name that is stored');
      expect(name.trim() !== '', 'a blank name was stored', exchange);
      const page = await new Browser().open(`${world.publicUrl}/link/company/${id}`);
      status(page.exchange, 200);
      if (/[<>"]/.test(name))
        expect(!page.html.includes(name), 'the page shows the name unescaped', page.exchange);
      expect(!/<script>alert|<img src=x/i.test(page.html), 'the name became markup', page.exchange);
      status(await api.request('DELETE', `/companies/${id}`), 204);
    });
  }
  await point.check('a lone surrogate is refused or replaced, never a 5xx', async () => {
    const exchange = await api.request('POST', '/companies', { text: '{"name":"half \\ud83d a pair"}' });
    expect(exchange.status < 500, `status ${exchange.status}`, exchange);
    if (exchange.status === 200)
      status(await api.request('DELETE', `/companies/${textAt(json(exchange), 'id')}`), 204);
  });
}

async function checkBadKeys(world: World, point: Point): Promise<void> {
  const { api, publicUrl } = world;
  const company = await point.need('a linked company', () => needed(world.found.main, 'W2'));
  const headers: readonly (readonly [what: string, authorization: string | undefined])[] = [
    ['no key', undefined],
    ['a wrong key', basic(`${world.apiKey}x`)],
    ['an empty key', 'Basic '],
    ['no base64', 'Basic %%%'],
    ['another scheme', `Digest ${world.apiKey}`],
    ['a key in another case', basic(world.apiKey.toUpperCase())],
  ];
  for (const [what, authorization] of headers) {
    await point.check(`${what}: 401`, async () => {
      for (const path of [
        '/companies',
        `/companies/${company.companyId}`,
        dataPath(company, 'invoices'),
        '/integrations',
        '/profile/syncSettings',
      ]) {
        expectError(
          await send(`${publicUrl}${path}`, {
            headers: authorization === undefined ? {} : { authorization },
          }),
          [401],
        );
      }
    });
  }
  await point.check('a deleted key: 401', async () => {
    const made = json(status(await api.post('/apiKeys', { name: 'short-lived' }), 201));
    const own = new Api(publicUrl, textAt(made, 'apiKey'));
    status(await own.get('/companies'), 200);
    status(await api.request('DELETE', `/apiKeys/${textAt(made, 'id')}`), 204);
    expectError(await own.get('/companies'), [401]);
  });
  await point.check(
    'another client’s key: 404 for foreign ids, with the body of ids that do not exist',
    async () => {
      const other = needed(world.found.otherClient, 'another client (P4)');
      const nobody = '0e0c2f43-6d0b-4a5e-8f1c-9a1b2c3d4e5f';
      const foreign = expectError(await other.api.get(`/companies/${company.companyId}`), [404]);
      const absent = expectError(await other.api.get(`/companies/${nobody}`), [404]);
      const plain = (body: typeof foreign, id: string): string =>
        JSON.stringify({ ...(body as object), correlationId: '' }).replaceAll(id, 'ID');
      equal(plain(foreign, company.companyId), plain(absent, nobody), 'bodies');
      const key = listAt(await api.read('/apiKeys'), 'results')[0];
      expectError(await other.api.request('DELETE', `/apiKeys/${String(at(key, 'id'))}`), [404]);
      expect(listAt(await api.read('/apiKeys'), 'results').length > 0, `keys: ${show(key)}`);
    },
  );
}
