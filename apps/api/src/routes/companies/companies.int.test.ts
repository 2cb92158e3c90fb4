import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicUrl, startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';

let api: TestApi;
let client: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
  await client.send('PATCH', '/integrations/ksho', { enabled: true });
});
afterAll(() => api.close());

const setStatus = (connectionId: string, status: 'PendingAuth' | 'Linked' | 'Unlinked' | 'Deauthorized') =>
  api.dependencies.store.prisma.connection.update({ where: { id: connectionId }, data: { status } });

describe('creating a company', () => {
  test('without a platform answers with the hosted Link page and leaves out what has no value', async () => {
    const { status, body } = await client.send('POST', '/companies', { name: 'Corner Shop' });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Corner Shop',
      platform: '',
      status: 'Blank',
      redirect: `${publicUrl}/link/company/${body.id}`,
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      dataConnections: [],
      products: [],
      referenceSubsidiaryCompanies: [],
    });
  });

  test.each(['ksho', 'kashoo', 'KSHO'])(
    'with platformType %s creates a connection and carries its link',
    async (platformType) => {
      const { body } = await client.send('POST', '/companies', { name: 'Corner Shop', platformType });
      const [connection] = body.dataConnections;
      const linkUrl = `${publicUrl}/link/companies/${body.id}/connections/${connection.id}/start`;
      expect(body).toMatchObject({ platform: 'ksho', status: 'PendingAuth', linkUrl });
      expect(connection).toEqual({
        id: expect.any(String),
        integrationId: expect.any(String),
        integrationKey: 'ksho',
        sourceId: expect.any(String),
        sourceType: 'Accounting',
        platformName: 'Kashoo',
        linkUrl,
        status: 'PendingAuth',
        created: expect.any(String),
      });
    },
  );

  test('with a disabled platform is refused and stores nothing', async () => {
    const other = await api.createClient();
    const answer = await other.send('POST', '/companies', { name: 'Corner Shop', platformType: 'ksho' });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toContain('disabled');
    expect((await other.get('/companies')).body.totalResults).toBe(0);
  });

  test('with an unknown platform is refused by its name and stores nothing', async () => {
    const other = await api.createClient();
    const answer = await other.send('POST', '/companies', { name: 'Corner Shop', platformType: 'zzzz' });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toContain('zzzz');
    expect((await other.get('/companies')).body.totalResults).toBe(0);
  });

  test.each([
    ['HTML', '<script>alert("1")</script> & Sons'],
    ['right-to-left text', 'מכולת השכונה \u202eabc'],
    ['emoji', '👩‍🍳 Bakery 🥐'],
    ['blanks around it', '  Corner Shop  '],
    ['200 characters beyond the basic plane', '𝕏'.repeat(200)],
    ['quotes and backslashes', `O'Brien \\ "Ltd" $1 \n %s`],
  ])('stores a name of %s exactly', async (_, name) => {
    const created = await client.send('POST', '/companies', { name, description: name });
    expect(created.status).toBe(200);
    const { body } = await client.get(`/companies/${created.body.id}`);
    expect(body.name).toBe(name);
    expect(body.description).toBe(name);
  });

  test.each([
    ['empty', '', 'must not be empty'],
    ['blank', ' \t\n', 'must not be empty'],
    ['500 characters', 'a'.repeat(500), 'at most 200 characters'],
    ['a null character', 'a\u0000b', 'cannot be stored'],
    ['half a surrogate pair', 'a\ud800b', 'cannot be stored'],
    ['a number', 7, 'must be text'],
    ['null', null, 'must be text'],
  ])('refuses a name that is %s, with the reason', async (_, name, reason) => {
    const before = (await client.get('/companies')).body.totalResults;
    const { status, body } = await client.send('POST', '/companies', { name });
    expect(status).toBe(400);
    expect(body.error).toContain('body.name');
    expect(body.error).toContain(reason);
    expect((await client.get('/companies')).body.totalResults).toBe(before);
  });
});

describe('status of a company', () => {
  test.each([
    [[], 'Blank', ''],
    [['PendingAuth'], 'PendingAuth', 'ksho'],
    [['PendingAuth', 'Linked'], 'Linked', 'ksho'],
    [['Deauthorized', 'Linked'], 'Linked', 'ksho'],
    [['PendingAuth', 'Deauthorized'], 'Deauthorised', 'ksho'],
    [['Unlinked', 'PendingAuth'], 'Deauthorised', 'ksho'],
  ] as const)('with connections %j is %s', async (statuses, status, platform) => {
    const company = await client.createCompany('Corner Shop');
    for (const connectionStatus of statuses) {
      const { body } = await client.send('POST', `/companies/${company.id}/connections`, {
        platformKey: 'ksho',
      });
      await setStatus(body.id, connectionStatus);
    }
    expect((await client.get(`/companies/${company.id}`)).body).toMatchObject({ status, platform });
    const listed = await client.get(`/companies?query=id=${company.id}%26%26status=${status}`);
    expect(listed.body.results).toMatchObject([{ id: company.id, status, platform }]);
  });
});

describe('changing a company', () => {
  test('by PUT replaces it whole, with the id in the path or in the body', async () => {
    const create = () =>
      client.send('POST', '/companies', { name: 'Dummy', description: 'temporary', tags: { region: 'uk' } });
    const one = (await create()).body;
    const replaced = await client.send('PUT', `/companies/${one.id}`, { name: 'Corner Shop' });
    expect(replaced.body).toEqual({ ...without(one, 'description', 'tags'), name: 'Corner Shop' });
    const two = (await create()).body;
    const byBody = await client.send('PUT', '/companies', { id: two.id, name: 'Bakery' });
    expect(byBody.status).toBe(200);
    expect(byBody.body).toEqual({ ...without(two, 'description', 'tags'), name: 'Bakery' });
  });

  test('by PATCH changes what is given, and null is not given', async () => {
    const { body: company } = await client.send('POST', '/companies', {
      name: 'A',
      description: 'b',
      tags: { c: 'd' },
    });
    const patched = await client.send('PATCH', `/companies/${company.id}`, { description: 'changed' });
    expect(patched.body).toEqual({ ...company, description: 'changed' });
    const nothing = { name: null, description: null, tags: null, referenceParentCompany: null };
    const same = await client.send('PATCH', `/companies/${company.id}`, nothing);
    expect(same.body).toEqual(patched.body);
    expect((await client.send('PATCH', `/companies/${company.id}`)).body).toEqual(patched.body);
  });

  test('sets the company above it, which then names it as a subsidiary', async () => {
    const top = await client.createCompany('Holding');
    const tags = { region: 'uk' };
    const reference = { id: top.id };
    const { body: shop } = await client.send('POST', '/companies', {
      name: 'Shop',
      tags,
      referenceParentCompany: reference,
    });
    expect(shop.referenceParentCompany).toEqual({ id: top.id, name: 'Holding' });
    expect((await client.get(`/companies/${top.id}`)).body.referenceSubsidiaryCompanies).toEqual([
      { id: shop.id, name: 'Shop', tags },
    ]);
    const circle = await client.send('PATCH', `/companies/${top.id}`, {
      referenceParentCompany: { id: shop.id },
    });
    expect([circle.status, circle.body.validation.errors[0].itemId]).toEqual([
      400,
      'body.referenceParentCompany.id',
    ]);
    const stranger = await (await api.createClient()).createCompany('Other lender’s');
    const foreign = await client.send('PATCH', `/companies/${shop.id}`, {
      referenceParentCompany: { id: stranger.id },
    });
    expect(foreign.status).toBe(400);
    // A client of the published API knows no parents in bodies: replacing a company does not lose it.
    const replaced = await client.send('PUT', `/companies/${shop.id}`, { name: 'Shop' });
    expect(replaced.body.referenceParentCompany).toEqual({ id: top.id, name: 'Holding' });
    const freed = await client.send('PUT', `/companies/${shop.id}`, {
      name: 'Shop',
      referenceParentCompany: null,
    });
    expect(freed.body).not.toHaveProperty('referenceParentCompany');
  });

  test('deletes it with everything that hangs on it', async () => {
    const company = await client.createCompany('Corner Shop', 'ksho');
    const deleted = await client.send('DELETE', `/companies/${company.id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await client.get(`/companies/${company.id}`)).status).toBe(404);
    expect((await client.send('DELETE', `/companies/${company.id}`)).status).toBe(404);
    expect(await api.dependencies.store.prisma.connection.count({ where: { companyId: company.id } })).toBe(
      0,
    );
  });
});

describe('the list of companies', () => {
  test('pages in the order of creation, with relative links', async () => {
    const lender = await api.createClient();
    for (const name of ['one', 'two', 'three']) await lender.createCompany(name);
    const first = (await lender.get('/companies?page=1&pageSize=2')).body;
    expect(first.results.map((company: { name: string }) => company.name)).toEqual(['one', 'two']);
    expect(first).toMatchObject({ pageNumber: 1, pageSize: 2, totalResults: 3 });
    expect(first._links).toEqual({
      self: { href: '/companies' },
      current: { href: '/companies?page=1&pageSize=2' },
      next: { href: expect.stringMatching(/^\/companies\?page=2&pageSize=2&cursor=[\w-]+$/) },
    });
    const second = (await lender.get(first._links.next.href)).body;
    expect(second.results.map((company: { name: string }) => company.name)).toEqual(['three']);
    expect(second._links.next).toBeUndefined();
    expect(second._links.previous).toEqual({ href: '/companies?page=1&pageSize=2' });
    expect((await lender.get('/companies?page=9')).body).toMatchObject({ results: [], totalResults: 3 });
  });

  test('repeats and skips nothing on the way along its links, while companies come and go', async () => {
    const lender = await api.createClient();
    const created = [];
    for (let number = 1; number <= 6; number += 1)
      created.push(await lender.createCompany(`company ${number}`));
    const seen: string[] = [];
    let href: string | undefined = '/companies?pageSize=2&query=name~company';
    for (let page = 0; href !== undefined && page < 10; page += 1) {
      const { body }: { body: { results: { name: string }[]; _links: { next?: { href: string } } } } =
        await lender.get(href);
      seen.push(...body.results.map((company) => company.name));
      href = body._links.next?.href;
      if (page === 0) await lender.send('DELETE', `/companies/${created[0].id}`);
      if (page === 1) await lender.createCompany('company 7');
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `company ${number}`));
  });

  test('refuses a cursor that leads elsewhere', async () => {
    const lender = await api.createClient();
    for (const name of ['one', 'two']) await lender.createCompany(name);
    const { href } = (await lender.get('/companies?pageSize=1')).body._links.next;
    const cursor = new URLSearchParams(href.split('?')[1]).get('cursor');
    for (const parameters of [
      'cursor=abc',
      `page=1&pageSize=1&cursor=${cursor}`,
      `page=2&pageSize=2&cursor=${cursor}`,
      `page=2&pageSize=1&query=name=one&cursor=${cursor}`,
      `page=2&pageSize=1&orderBy=name&cursor=${cursor}`,
    ]) {
      const answer = await lender.get(`/companies?${parameters}`);
      expect([answer.status, answer.body.error], parameters).toEqual([
        400,
        expect.stringContaining('cursor'),
      ]);
    }
    const other = await client.get(href);
    expect(other.status).toBe(400);
  });

  test('filters and orders in the database, whatever the values hold', async () => {
    const lender = await api.createClient();
    for (const name of ['Baker', "Robert'); DROP TABLE companies;--", 'apple'])
      await lender.createCompany(name);
    const names = async (parameters: Record<string, string>) =>
      (await lender.get(`/companies?${new URLSearchParams(parameters)}`)).body.results.map(
        (company: { name: string }) => company.name,
      );
    expect(await names({ orderBy: 'name' })).toEqual(['Baker', "Robert'); DROP TABLE companies;--", 'apple']);
    expect(await names({ orderBy: '-name' })).toEqual([
      'apple',
      "Robert'); DROP TABLE companies;--",
      'Baker',
    ]);
    expect(await names({ query: 'name~"DROP"' })).toEqual(["Robert'); DROP TABLE companies;--"]);
    expect(await names({ query: 'status=blank&&{name=Baker||name=apple}' })).toEqual(['Baker', 'apple']);
    expect(await names({ query: 'lastSync=null&&created>2020-01-01', orderBy: '-created' })).toHaveLength(3);
    expect(await names({ query: 'created<2020-01-01' })).toEqual([]);
  });

  test('filters by what their connections are, any of them', async () => {
    const lender = await api.createClient();
    const linked = await lender.createCompany('linked', 'ksho');
    await lender.createCompany('pending', 'ksho');
    await lender.createCompany('blank');
    const [{ id }] = linked.dataConnections;
    await lender.send('POST', `/companies/${linked.id}/connections`, { platformKey: 'ksho' });
    await api.dependencies.store.pool.query(`UPDATE connections SET status = 'Linked' WHERE id = $1`, [id]);
    const names = async (query: string) => {
      const { status, body } = await lender.get(`/companies?query=${encodeURIComponent(query)}`);
      return status === 200 ? body.results.map(({ name }: { name: string }) => name) : body.error;
    };
    expect(await names('dataConnections.status=PendingAuth')).toEqual(['linked', 'pending']);
    expect(await names('dataConnections.status!=linked')).toEqual(['pending', 'blank']);
    expect(await names('dataConnections.id=null')).toEqual(['blank']);
    expect(await names('dataConnections.platformName~kash&&dataConnections.status=Linked')).toEqual([
      'linked',
    ]);
    expect(await names(`dataConnections.id=${id}`)).toEqual(['linked']);
    expect(await names('dataConnections.sourceType=banking')).toEqual([]);
    expect(await names('dataConnections.lastSync!=null||platform=""')).toEqual(['blank']);
    expect(await names('dataConnections.linkUrl~http')).toContain('dataConnections.linkUrl');
    const ordered = await lender.get('/companies?orderBy=dataConnections.status');
    expect([ordered.status, ordered.body.error]).toEqual([
      400,
      expect.stringContaining('dataConnections.status'),
    ]);
  });

  test('filters by products, parents and subsidiaries', async () => {
    const lender = await api.createClient();
    const parent = await lender.createCompany('Group');
    const sent = { name: 'Shop', description: 'sells', referenceParentCompany: { id: parent.id } };
    const shop = (await lender.send('POST', '/companies', sent)).body;
    await lender.createCompany('Alone');
    await lender.send('PUT', `/companies/${shop.id}/products/lending`);
    const names = async (query: string, order = 'name') => {
      const { body } = await lender.get(`/companies?orderBy=${order}&query=${encodeURIComponent(query)}`);
      return body.results.map(({ name }: { name: string }) => name);
    };
    expect(await names('products=lending')).toEqual(['Shop']);
    expect(await names('products!=lending')).toEqual(['Alone', 'Group']);
    expect(await names('products=null')).toEqual(['Alone', 'Group']);
    expect(await names(`referenceParentCompany.id=${parent.id}`)).toEqual(['Shop']);
    expect(await names('referenceParentCompany.name~group||referenceSubsidiaryCompanies.name=Shop')).toEqual([
      'Group',
      'Shop',
    ]);
    expect(await names('referenceSubsidiaryCompanies.description=sells')).toEqual(['Group']);
    expect(await names('name!=null', '-referenceParentCompany.name')).toEqual(['Shop', 'Group', 'Alone']);
  });

  test('filters by tags', async () => {
    const lender = await api.createClient();
    await lender.send('POST', '/companies', { name: 'uk', tags: { Region: 'uk', team: 'finance' } });
    await lender.send('POST', '/companies', { name: 'us', tags: { Region: 'us' } });
    await lender.createCompany('none');
    const names = async (tags: string) =>
      (await lender.get(`/companies?tags=${encodeURIComponent(tags)}`)).body.results.map(
        (company: { name: string }) => company.name,
      );
    expect(await names('region=uk && team=finance')).toEqual(['uk']);
    expect(await names('Region!=uk')).toEqual(['us', 'none']);
    expect(await names('Region~u')).toEqual(['uk', 'us']);
    expect((await lender.get('/companies?tags=region')).status).toBe(400);
    const byQuery = await lender.get(`/companies?query=${encodeURIComponent('name~u&&tags.REGION!=us')}`);
    expect(byQuery.body.results.map(({ name }: { name: string }) => name)).toEqual(['uk']);
    const paged = await lender.get('/companies?tags=region~u&pageSize=1');
    const elsewhere = paged.body._links.next.href.replace('region%7Eu', 'region%21%3Du');
    expect((await lender.get(paged.body._links.next.href)).body.results[0].name).toBe('us');
    expect((await lender.get(elsewhere)).body.error).toContain('cursor');
  });
});

test('paths match in any case', async () => {
  const company = await client.createCompany('Corner Shop');
  expect((await client.get(`/COMPANIES/${company.id}/`)).body).toEqual(company);
  expect((await client.get(`/Companies/${randomUUID()}`)).status).toBe(404);
});

function without(object: Record<string, unknown>, ...names: string[]) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
