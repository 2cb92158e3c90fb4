import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';

const page = 'https://app.lender.example';
let api: TestApi;
let client: TestClient;
let nowMs = Date.now();
beforeAll(async () => {
  api = await startTestApi({ clock: () => nowMs });
  client = await api.createClient();
  await client.send('POST', '/corsSettings', { allowedOrigins: [page] });
});
afterAll(() => api.close());

/** A request of a page with a company's token. */
const asPage = (
  token: string,
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  url: string,
  body?: object,
  origin = page,
) =>
  api.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${token}`,
      origin,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { payload: JSON.stringify(body) }),
  });

const tokenOf = async (company: { id: string }, of = client) =>
  (await of.get(`/companies/${company.id}/accessToken`)).body.accessToken;

const preflight = (origin: string, url = '/companies/x/connections') =>
  api.inject({
    method: 'OPTIONS',
    url,
    headers: { origin, 'access-control-request-method': 'POST' },
  });

describe('the access token of a company', () => {
  test('reads the company, works with its connections and lists integrations', async () => {
    const company = await client.createCompany('Corner Shop', 'ksho');
    const token = await tokenOf(company);
    const path = `/companies/${company.id}`;
    expect((await asPage(token, 'GET', path)).body.id).toBe(company.id);
    expect((await asPage(token, 'GET', '/integrations')).status).toBe(200);
    expect((await asPage(token, 'GET', '/integrations/ksho')).status).toBe(200);
    expect((await asPage(token, 'GET', '/integrations/ksho/branding')).status).toBe(200);
    const created = await asPage(token, 'POST', `${path}/connections`, { platformKey: 'ksho' });
    expect(created.status).toBe(200);
    expect((await asPage(token, 'GET', `${path}/connections`)).body.totalResults).toBe(2);
    const connection = `${path}/connections/${created.body.id}`;
    expect((await asPage(token, 'GET', connection)).status).toBe(200);
    // Never linked: a conflict, and not a refusal of the token.
    expect((await asPage(token, 'PATCH', connection, { status: 'Unlinked' })).status).toBe(409);
    expect((await asPage(token, 'DELETE', connection)).status).toBe(200);
  });

  test('opens no other company, of the same client or of another', async () => {
    const own = await client.createCompany('Own', 'ksho');
    const sibling = await client.createCompany('Sibling', 'ksho');
    const stranger = await (await api.createClient()).createCompany('Stranger', 'ksho');
    const token = await tokenOf(own);
    const missing = await asPage(token, 'GET', '/companies/00000000-0000-4000-8000-000000000000');
    for (const { id, dataConnections } of [sibling, stranger]) {
      for (const [method, path] of [
        ['GET', `/companies/${id}`],
        ['GET', `/companies/${id}/connections`],
        ['POST', `/companies/${id}/connections`],
        ['DELETE', `/companies/${id}/connections/${dataConnections[0].id}`],
        // The company of the token in the path does not reach another's connection.
        ['DELETE', `/companies/${own.id}/connections/${dataConnections[0].id}`],
      ] as const) {
        const body = method === 'POST' ? { platformKey: 'ksho' } : undefined;
        expect((await asPage(token, method, path, body)).status, `${method} ${path}`).toBe(404);
      }
      expect((await asPage(token, 'GET', `/companies/${id}`)).body.error).toBe(missing.body.error);
    }
  });

  test('opens nothing else', async () => {
    const company = await client.createCompany('Nothing else', 'ksho');
    const token = await tokenOf(company);
    const path = `/companies/${company.id}`;
    const connection = `${path}/connections/${company.dataConnections[0].id}`;
    for (const [method, url] of [
      ['GET', '/companies'],
      ['POST', '/companies'],
      ['PUT', path],
      ['PATCH', path],
      ['DELETE', path],
      ['GET', `${path}/accessToken`],
      ['GET', `${path}/connectionManagement/accessToken`],
      ['PUT', `${connection}/authorization`],
      ['GET', `${path}/data/invoices`],
      ['GET', `${connection}/data/invoices`],
      ['POST', `${path}/data/all`],
      ['POST', `${path}/data/queue/invoices`],
      ['GET', `${path}/data/history`],
      ['GET', `${path}/export`],
      ['PUT', `${path}/products/lending`],
      ['GET', `${path}/syncSettings`],
      ['GET', `${path}/push`],
      ['GET', `${connection}/options/invoices`],
      ['GET', `${connection}/data/custom/x`],
      ['GET', '/apiKeys'],
      ['POST', '/apiKeys'],
      ['GET', '/profile'],
      ['GET', '/corsSettings'],
      ['POST', '/corsSettings'],
      ['PATCH', '/integrations/ksho'],
      ['GET', '/integrations/ksho/credentials'],
      ['PUT', '/integrations/ksho/credentials'],
    ] as const) {
      expect((await asPage(token, method, url)).status, `${method} ${url}`).toBe(403);
    }
  });

  test('is good for a day, and no longer than its company', async () => {
    const company = await client.createCompany('A day');
    const token = await tokenOf(company);
    const path = `/companies/${company.id}`;
    nowMs += 86_399_000;
    expect((await asPage(token, 'GET', path)).status).toBe(200);
    nowMs += 2_000;
    expect((await asPage(token, 'GET', path)).status).toBe(401);
    const fresh = await tokenOf(company);
    await client.send('DELETE', path);
    expect((await asPage(fresh, 'GET', path)).status).toBe(401);
  });

  test('cannot be made up or changed', async () => {
    const company = await client.createCompany('Forged');
    const token: string = await tokenOf(company);
    const parts = token.split('.');
    const last = parts.at(-2) ?? '';
    const changed = [
      ...parts.slice(0, -2),
      `${last.startsWith('A') ? 'B' : 'A'}${last.slice(1)}`,
      parts.at(-1),
    ];
    for (const forged of [changed.join('.'), token.slice(0, -1), 'company.', `company.${'x'.repeat(100)}`]) {
      expect((await asPage(forged, 'GET', `/companies/${company.id}`)).status).toBe(401);
    }
  });
});

describe('pages in browsers', () => {
  test('of an allowed origin may ask, and read the answers with a token, errors included', async () => {
    const asked = await preflight(page);
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-headers': expect.stringContaining('authorization'),
      'access-control-allow-methods': expect.stringContaining('DELETE'),
      vary: 'origin',
    });
    const token = await tokenOf(await client.createCompany('Page'));
    for (const url of ['/integrations', '/companies', '/nowhere']) {
      const answer = await asPage(token, 'GET', url);
      expect(answer.headers['access-control-allow-origin'], url).toBe(page);
      expect(answer.headers['access-control-expose-headers']).toContain('x-correlation-id');
    }
  });

  test('of another origin may not, whatever they carry', async () => {
    const company = await client.createCompany('Elsewhere');
    const token = await tokenOf(company);
    for (const origin of [
      'https://evil.example',
      `${page}.evil.example`,
      'http://app.lender.example',
      'null',
    ]) {
      const asked = await preflight(origin);
      expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([403, undefined]);
      const answer = await asPage(token, 'GET', `/companies/${company.id}`, undefined, origin);
      expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    }
  });

  test('of an origin that only another client allows may not use the token', async () => {
    const other = await api.createClient();
    await other.send('POST', '/connectionManagement/corsSettings', {
      allowedOrigins: ['https://other.example'],
    });
    const company = await client.createCompany('Other origin');
    const answer = await asPage(
      await tokenOf(company),
      'GET',
      `/companies/${company.id}`,
      undefined,
      'https://other.example',
    );
    expect(answer.status).toBe(403);
  });

  test('get no such header with an API key, nor without anything', async () => {
    const answer = await asPage(client.apiKey, 'GET', '/companies');
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, undefined]);
    const open = await api.inject({
      method: 'GET',
      url: '/integrations/ksho/logo',
      headers: { origin: page },
    });
    expect([open.status, open.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });
});

describe('CORS settings', () => {
  test('are replaced whole, as browsers write origins, each once', async () => {
    const other = await api.createClient();
    expect((await other.get('/corsSettings')).body).toEqual({ allowedOrigins: [] });
    const allowedOrigins = [
      'HTTPS://App.Example.com:443/',
      'http://localhost:3000',
      'https://app.example.com',
    ];
    const expected = { allowedOrigins: ['https://app.example.com', 'http://localhost:3000'] };
    expect((await other.send('POST', '/corsSettings', { allowedOrigins })).body).toEqual(expected);
    expect((await other.get('/connectionManagement/corsSettings')).body).toEqual(expected);
  });

  test.each([
    '*',
    'https://*.example.com',
    'app.example.com',
    'ftp://app.example.com',
    'https://app.example.com/path',
    'https://app.example.com?x',
    'https://user@app.example.com',
    'null',
    7,
  ])('%j is no origin', async (origin) => {
    const answer = await client.send('POST', '/corsSettings', { allowedOrigins: [origin] });
    expect([answer.status, answer.body.validation.errors[0].itemId]).toEqual([400, 'body.allowedOrigins[0]']);
  });
});
