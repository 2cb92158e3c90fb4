import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestApi, type TestApi, type TestClient } from './testing/api.fixture.ts';

let api: TestApi;
let client: TestClient;
let companyId: string;

beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
  companyId = (await client.createCompany('Corner Shop', 'ksho')).id;
});
afterAll(() => api.close());

const authorization = () => `Basic ${Buffer.from(client.apiKey).toString('base64')}`;

/** The error envelope in full, and the correlation id that header, body and log share. */
function expectEnvelope(answer: Answer, status: number, ...named: string[]): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.body).toEqual({
    statusCode: status,
    service: 'PublicApi',
    error: expect.any(String),
    correlationId: expect.stringMatching(/^[0-9a-f]{32}$/),
    validation: { errors: expect.any(Array), warnings: [] },
    canBeRetried: expect.stringMatching(/^(True|False|Unknown)$/),
    detailedErrorCode: expect.any(Number),
  });
  expect(answer.headers['x-correlation-id']).toBe(answer.body.correlationId);
  expect(api.lines.some((line) => JSON.parse(line).correlationId === answer.body.correlationId)).toBe(true);
  for (const text of named) expect(answer.body.error).toContain(text);
}

/** Nothing of the database may change while the client sends nonsense. */
async function countRows(): Promise<number> {
  const { rows } = await api.dependencies.store.pool.query(
    'SELECT (SELECT count(*) FROM companies) + (SELECT count(*) FROM connections) + (SELECT count(*) FROM api_keys) AS rows',
  );
  return Number(rows[0].rows);
}

describe('what the URL gets wrong is named, in the error envelope', () => {
  test.each([
    ['an unknown platform key', '/integrations/zzzz', 404, 'zzzz'],
    ['an unknown sort field', '/companies?orderBy=colour', 400, 'colour'],
    ['an unknown query property', '/companies?query=colour=red', 400, 'colour'],
    [
      'an unknown query property of connections',
      '/companies/COMPANY/connections?query=colour=red',
      400,
      'colour',
    ],
    ['a broken query', '/companies?query=name', 400, 'query'],
    ['page 0', '/companies?page=0', 400, 'query.page'],
    ['page -1', '/companies?page=-1', 400, 'query.page'],
    ['page 0x1', '/companies?page=0x1', 400, 'query.page'],
    ['page 1e2', '/companies?page=1e2', 400, 'query.page'],
    ['a page that is blank', '/companies?page=%201', 400, 'query.page'],
    ['a page that is empty', '/companies?page=', 400, 'query.page'],
    ['page 1.5', '/companies?page=1.5', 400, 'query.page'],
    ['page x', '/companies?page=x', 400, 'query.page'],
    ['page twice', '/companies?page=1&page=2', 400, 'query.page'],
    ['pageSize 0', '/companies?pageSize=0', 400, 'query.pageSize'],
    ['pageSize 5001', '/integrations?pageSize=5001', 400, 'query.pageSize'],
    ['an unknown integration type', '/integrations?integrationType=Colour', 400, 'query.integrationType'],
    ['an id that is no UUID', '/companies/7', 400, 'path.companyId'],
    ['a connection id that is no UUID', '/companies/COMPANY/connections/7', 400, 'path.connectionId'],
    ['an unknown route', '/colours', 404, 'GET /colours'],
    ['a method that a route does not have', '/companies/COMPANY/syncSettings/x', 404, 'GET'],
    ['a malformed URL', '/companies/%zz', 400, 'URL'],
    ['a null character', '/companies?query=name=%00', 200, ''],
  ])('%s', async (_, url, status, named) => {
    const answer = await client.get(url.replace('COMPANY', companyId));
    if (status === 200) expect(answer.status).toBe(200);
    else if (url.includes('%zz'))
      expect(answer.body).toMatchObject({ statusCode: 400, service: 'PublicApi' });
    else expectEnvelope(answer, status, named);
  });

  test('a query of 2,048 characters', async () => {
    const answer = await client.get(`/companies?query=${encodeURIComponent(`name=${'a'.repeat(2043)}`)}`);
    expectEnvelope(answer, 400, '2048');
  });
});

describe('what is no request', () => {
  let port: number;

  beforeAll(async () => {
    port = Number(new URL(await api.app.listen({ port: 0, host: '127.0.0.1' })).port);
  });

  test.each([
    ['not HTTP', 'NONSENSE\r\n\r\n', 400],
    ['headers of 20 kB', `GET /companies HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('(%s) is answered in the error envelope too', async (_, sent, status) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(sent);
    const text = (await socket.toArray()).join('');
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const body = JSON.parse(text.slice(text.indexOf('{')));
    expect(body).toMatchObject({ statusCode: status, service: 'PublicApi', canBeRetried: 'False' });
    expect(api.lines.some((line) => JSON.parse(line).correlationId === body.correlationId)).toBe(true);
  });
});

describe('what the body gets wrong is named, and nothing is stored', () => {
  test.each([
    ['malformed JSON', '{"name":', 'application/json', 400, 'JSON'],
    ['a prototype', '{"name":"a","__proto__":{"x":1}}', 'application/json', 400, 'JSON'],
    ['a wrong content type', '<name>a</name>', 'application/xml', 415, 'application/xml'],
    ['a form', 'name=a', 'application/x-www-form-urlencoded', 415, 'application/x-www-form-urlencoded'],
    [
      'a body over 1 MB',
      JSON.stringify({ name: 'a', description: 'b'.repeat(1_100_000) }),
      'application/json',
      413,
      '1 MB',
    ],
    ['no object', '[]', 'application/json', 400, 'body: must be a JSON object'],
    ['nothing', '', 'application/json', 400, 'body: must be a JSON object'],
    ['null', 'null', 'application/json', 400, 'body: must be a JSON object'],
    ['a list of tags', '{"name":"a","tags":["x"]}', 'application/json', 400, 'tags: must be a JSON object'],
    ['an empty object', '{}', 'application/json', 400, 'body.name'],
    ['a name in Latin-1', Buffer.from('{"name":"Café"}', 'latin1'), 'application/json', 400, 'UTF-8'],
    [
      'UTF-8 that breaks off in a character',
      Buffer.from('{"name":"Café"}').subarray(0, -3),
      'application/json; charset=utf-8',
      400,
      'UTF-8',
    ],
    [
      'another charset',
      Buffer.from('{"name":"Café"}', 'latin1'),
      'application/json; charset=ISO-8859-1',
      415,
      'ISO-8859-1',
    ],
    [
      'another charset, quoted',
      Buffer.from('{"name":"a"}', 'utf16le'),
      'application/json;Charset="UTF-16"',
      415,
      'UTF-16',
    ],
    ['an unknown platform', '{"name":"a","platformType":"zzzz"}', 'application/json', 400, 'zzzz'],
    ['a tag that is no text', '{"name":"a","tags":{"x":1}}', 'application/json', 400, 'body.tags.x'],
    [
      'a null character in a tag',
      '{"name":"a","tags":{"x":"\\u0000"}}',
      'application/json',
      400,
      'body.tags.x',
    ],
  ])('%s', async (_, payload, contentType, status, named) => {
    const before = await countRows();
    const headers = { authorization: authorization(), 'content-type': contentType };
    const answer = await api.inject({ method: 'POST', url: '/companies', headers, payload });
    expectEnvelope(answer, status, named);
    expect(await countRows()).toBe(before);
  });

  test('what the schema cannot know is listed in the same way', async () => {
    const lender = await api.createClient();
    const company = await lender.createCompany('Corner Shop', 'ksho');
    const connection = `/companies/${company.id}/connections/${company.dataConnections[0].id}`;
    await lender.send('PATCH', '/integrations/ksho', { enabled: false });
    const profile = { name: 'Lender', redirectUrl: 'https://{companyId}.example.com' };
    for (const [method, url, body, itemId, validatorName] of [
      ['POST', '/companies', { name: 'a', platformType: 'zzzz' }, 'body.platformType', 'KnownIntegration'],
      [
        'POST',
        '/companies',
        { name: 'a', platformType: 'kashoo' },
        'body.platformType',
        'EnabledIntegration',
      ],
      ['PATCH', connection, { status: 'Linked' }, 'body.status', 'ConnectionStatus'],
      ['PATCH', connection, { status: 'PendingAuth' }, 'body.status', 'ConnectionStatus'],
      ['PUT', '/profile', profile, 'body.redirectUrl', 'RedirectUrl'],
    ] as const) {
      const answer = await lender.send(method, url, body);
      expectEnvelope(answer, 400, itemId);
      const { errors } = answer.body.validation;
      expect(errors).toEqual([{ itemId, message: expect.any(String), validatorName }]);
      expect(answer.body.error).toBe(`${itemId}: ${errors[0].message}`);
    }
    const sorted = await lender.get('/companies?orderBy=colour');
    expect(sorted.body.validation.errors).toMatchObject([
      { itemId: 'query.orderBy', validatorName: 'QueryLanguage' },
    ]);
  });

  test.each(['application/json; charset=UTF-8', 'application/json;charset="utf-8"', 'Application/JSON'])(
    'text beyond ASCII arrives as it was sent with %s',
    async (contentType) => {
      const headers = { authorization: authorization(), 'content-type': contentType };
      const payload = Buffer.from('{"name":"Café 商店 🧁"}');
      const answer = await api.inject({ method: 'POST', url: '/companies', headers, payload });
      expect([answer.status, answer.body.name]).toEqual([200, 'Café 商店 🧁']);
    },
  );

  test('every offender is listed', async () => {
    const { body } = await client.send('POST', '/companies', { name: '', description: 7 });
    expect(body.validation.errors).toMatchObject([
      { itemId: 'body.name', message: 'must not be empty' },
      { itemId: 'body.description', message: 'must be text' },
    ]);
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'application/octet-stream',
  ])('an empty body is no body, although its content type says %s', async (contentType) => {
    const headers = { authorization: authorization(), 'content-type': contentType };
    const created = await api.inject({ method: 'POST', url: '/apiKeys', headers });
    expect(created.status).toBe(201);
    const url = `/apiKeys/${created.body.id}`;
    expect((await api.inject({ method: 'DELETE', url, headers, payload: '' })).status).toBe(204);
    expectEnvelope(await api.inject({ method: 'POST', url: '/companies', headers }), 400, 'body');
  });
});

describe('keys', () => {
  test.each([
    ['none', undefined],
    ['an empty header', ''],
    ['a scheme alone', 'Basic'],
    ['a wrong key', `Basic ${Buffer.from('not-a-key').toString('base64')}`],
    ['a wrong scheme', 'Digest abc'],
    ['a null character', `Basic ${Buffer.from('a\u0000b').toString('base64')}`],
    ['a very long one', `Bearer ${'a'.repeat(5000)}`],
  ])('%s gets 401', async (_, header) => {
    const headers = header === undefined ? {} : { authorization: header };
    for (const url of ['/companies', `/companies/${companyId}`, '/integrations', '/apiKeys', '/profile']) {
      const answer = await api.inject({ method: 'GET', url, headers });
      expectEnvelope(answer, 401);
      expect(answer.headers['www-authenticate']).toContain('Basic');
    }
  });

  test('the raw key, the key with a colon, and a bearer are accepted', async () => {
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    for (const header of [
      `Basic ${base64(client.apiKey)}`,
      `Basic ${base64(`${client.apiKey}:`)}`,
      `basic ${base64(client.apiKey)}`,
      `Bearer ${client.apiKey}`,
    ]) {
      const answer = await api.inject({
        method: 'GET',
        url: '/companies',
        headers: { authorization: header },
      });
      expect(answer.status).toBe(200);
    }
  });

  test('a deleted key stops working with the next request', async () => {
    const created = (await client.send('POST', '/apiKeys', { name: 'short-lived' })).body;
    const headers = { authorization: `Bearer ${created.apiKey}` };
    expect((await api.inject({ method: 'GET', url: '/companies', headers })).status).toBe(200);
    await client.send('DELETE', `/apiKeys/${created.id}`);
    expectEnvelope(await api.inject({ method: 'GET', url: '/companies', headers }), 401);
  });
});

describe("another client's things do not exist", () => {
  test('and cannot be told from ids that nobody has', async () => {
    const other = await api.createClient('Other Lending');
    const mine = await client.createCompany('Mine', 'ksho');
    const connectionId = mine.dataConnections[0].id;
    const key = (await client.send('POST', '/apiKeys', {})).body;
    const paths = (company: string, connection: string, apiKey: string) =>
      [
        ['GET', `/companies/${company}`],
        ['PUT', `/companies/${company}`, { name: 'taken' }],
        ['PUT', '/companies', { id: company, name: 'taken' }],
        ['PATCH', `/companies/${company}`, { name: 'taken' }],
        ['DELETE', `/companies/${company}`],
        ['GET', `/companies/${company}/connections`],
        ['POST', `/companies/${company}/connections`, { platformKey: 'ksho' }],
        ['GET', `/companies/${company}/connections/${connection}`],
        ['PATCH', `/companies/${company}/connections/${connection}`, { status: 'Unlinked' }],
        ['DELETE', `/companies/${company}/connections/${connection}`],
        ['GET', `/companies/${company}/syncSettings`],
        [
          'POST',
          `/companies/${company}/syncSettings`,
          { settings: [{ dataType: 'invoices', syncSchedule: 1 }] },
        ],
        ['DELETE', `/apiKeys/${apiKey}`],
      ] as const;
    const foreign = paths(mine.id, connectionId, key.id);
    const unknown = paths(randomUUID(), randomUUID(), randomUUID());
    const ask = ([method, url, body]: (typeof foreign)[number]) =>
      method === 'GET' ? other.get(url) : other.send(method, url, body);
    for (const [index, request] of foreign.entries()) {
      const [theirs, none] = [await ask(request), await ask(unknown[index] ?? request)];
      expectEnvelope(theirs, 404);
      expect(withoutCorrelation(theirs)).toBe(withoutCorrelation(none));
    }
    expect((await other.get('/companies')).body.totalResults).toBe(0);
    expect((await client.get(`/companies/${mine.id}`)).body).toEqual(mine);
    expect((await client.get(`/companies/${mine.id}/syncSettings`)).body.overridesDefaults).toBe(false);
  });

  test('and neither do ids in upper case: ids are case-sensitive', async () => {
    const lender = await api.createClient();
    const mine = await lender.createCompany('Mine', 'ksho');
    const key = (await lender.send('POST', '/apiKeys', {})).body;
    const connectionId: string = mine.dataConnections[0].id;
    const paths = (company: string, connection: string) => [
      `/companies/${company}`,
      `/companies/${company}/syncSettings`,
      `/companies/${company}/connections/${connection}`,
      `/companies/${company}/data/invoices`,
      `/companies/${company}/data/history`,
      `/companies/${company}/connections/${connection}/data/invoices`,
    ];
    const none = paths(randomUUID(), randomUUID());
    for (const [index, path] of paths(mine.id.toUpperCase(), connectionId.toUpperCase()).entries()) {
      const answer = await lender.get(path);
      expectEnvelope(answer, 404);
      expect(withoutCorrelation(answer)).toBe(withoutCorrelation(await lender.get(none[index] ?? '')));
    }
    const upper = mine.id.toUpperCase();
    expectEnvelope(await lender.send('PUT', '/companies', { id: upper, name: 'taken' }), 404);
    expectEnvelope(await lender.send('DELETE', `/companies/${upper}`), 404);
    expectEnvelope(await lender.send('DELETE', `/apiKeys/${key.id.toUpperCase()}`), 404);
    const linkOf = async (id: string) =>
      (await api.inject({ method: 'GET', url: `/link/company/${id}?origin=public` })).status;
    expect([await linkOf(upper), await linkOf(mine.id)]).toEqual([404, 200]);
    expect((await lender.get(`/companies/${mine.id}`)).body).toEqual(mine);
  });

  test('a connection is found below its own company only', async () => {
    const one = await client.createCompany('One', 'ksho');
    const two = await client.createCompany('Two', 'ksho');
    const url = `/companies/${one.id}/connections/${two.dataConnections[0].id}`;
    expectEnvelope(await client.get(url), 404);
    expectEnvelope(await client.send('DELETE', url), 404);
  });
});

function withoutCorrelation(answer: Answer): string {
  return answer.text.replace(answer.body.correlationId, '');
}

test('an error that nobody foresaw tells the client nothing but its correlation id', async () => {
  const { sync } = api.dependencies;
  const settingsChanged = sync.settingsChanged;
  Object.assign(sync, { settingsChanged: () => Promise.reject(new Error('secret detail of /etc/passwd')) });
  const answer = await client.send('POST', '/profile/syncSettings', { settings: [] });
  Object.assign(sync, { settingsChanged });
  expectEnvelope(answer, 500);
  expect(answer.body.canBeRetried).toBe('Unknown');
  expect(answer.text).not.toContain('secret detail');
});
