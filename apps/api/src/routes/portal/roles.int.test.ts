/** Every operation of the OpenAPI document, for portal users of each role: what is not listed here is for owners. */
import { randomUUID } from 'node:crypto';
import { type PortalRole, portalRoles } from '@tributary/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { openBrowser, signedIn, type TestBrowser } from '../../testing/portal.fixture.ts';

/** The first that fits decides. */
const leastRoles: readonly (readonly [operation: RegExp, role: PortalRole])[] = [
  // Reading.
  [/^GET .*\/accessToken$/, 'operator'],
  [/^GET \/portal\/api\/(?:users|invitations|auditLog)$/, 'admin'],
  [/^GET /, 'viewer'],
  // A user's own session.
  [/^(?:DELETE|PUT) \/portal\/api\/session(?:\/password)?$/, 'viewer'],
  // Daily work.
  [/^(?:POST|PUT) \/companies$/, 'operator'],
  [/^(?:PUT|PATCH) \/companies\/\{companyId\}$/, 'operator'],
  [/^POST \/companies\/\{companyId\}\/connections$/, 'operator'],
  [
    /^(?:PATCH|PUT) \/companies\/\{companyId\}\/connections\/\{connectionId\}(?:\/authorization)?$/,
    'operator',
  ],
  [/^POST .*\/data\/(?:all|queue\/.*|history\/\{datasetId\}\/cancel)$/, 'operator'],
  [/^(?:PUT|DELETE|POST) \/companies\/\{companyId\}\/products\//, 'operator'],
  [/^(?:POST|PUT|DELETE) .*\/push\//, 'operator'],
  // What cannot be undone, and how the client is set up.
  [/^DELETE \/companies\/\{companyId\}(?:\/connections\/\{connectionId\})?$/, 'admin'],
  [/^(?:PATCH|PUT) \/integrations\//, 'admin'],
  [/^POST \/portal\/api\/integrations\/\{platformKey\}\/test$/, 'admin'],
  [/^(?:POST|DELETE) \/apiKeys/, 'admin'],
  [/^PUT \/profile$/, 'admin'],
  [/^POST .*\/syncSettings$/, 'admin'],
  [/^POST .*\/?corsSettings$/, 'admin'],
  [/^(?:POST|PATCH|DELETE) \/webhooks/, 'admin'],
  [/^PUT \/portal\/api\/branding$/, 'admin'],
  [/^(?:POST|DELETE) \/portal\/api\/invitations/, 'admin'],
];

interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly security: readonly object[] | undefined;
  readonly hasBody: boolean;
}

let api: TestApi;
let client: TestClient;
let operations: Operation[];
const browsers = new Map<PortalRole, TestBrowser>();

beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
  for (const role of portalRoles) browsers.set(role, await signedIn(api, client.id, role));
  const { body } = await api.inject({ method: 'GET', url: '/openapi.json' });
  operations = Object.entries<Record<string, { security?: object[]; requestBody?: object }>>(
    body.paths,
  ).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, requestBody }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase() as Operation['method'],
      url: path
        .replace('{platformKey}', 'ksho')
        .replace('{dataType}', 'invoices')
        .replaceAll(/\{\w+\}/g, () => randomUUID()),
      security,
      hasBody: requestBody !== undefined,
    })),
  );
});
afterAll(() => api.close());

const isPublic = ({ security }: Operation) => security?.length === 0;
const roleOf = ({ name }: Operation) => leastRoles.find(([form]) => form.test(name))?.[1] ?? 'owner';
/** These end the session that they are sent with. */
const endsSession = /\/portal\/api\/session$/;
const mayNot = (role: PortalRole, needed: PortalRole) =>
  portalRoles.indexOf(role) < portalRoles.indexOf(needed);

test('what needs neither key nor session is listed here', () => {
  expect(
    operations
      .filter(isPublic)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual([
    'GET /branding/logos/{logoId}',
    'GET /healthz',
    'GET /integrations/{platformKey}/logo',
    'GET /readyz',
    'POST /portal/api/invitations/accept',
    'POST /portal/api/invitations/lookup',
    'POST /portal/api/session',
  ]);
});

test('each operation is refused to every role below its own, and to no other', async () => {
  const wrong: string[] = [];
  for (const operation of operations.filter((one) => !isPublic(one))) {
    const needed = roleOf(operation);
    for (const [role, browser] of browsers) {
      if (operation.method === 'DELETE' && endsSession.test(operation.url)) continue;
      const { method, url, hasBody } = operation;
      const answer =
        method === 'GET' ? await browser.get(url) : await browser.send(method, url, hasBody ? {} : undefined);
      const isRefused = answer.status === 403 && /^This needs the role/.test(answer.body.error);
      if (isRefused !== mayNot(role, needed) || answer.status === 401 || answer.status >= 500)
        wrong.push(`${operation.name} needs ${needed}, but answers ${role} with ${answer.status}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(operations.length).toBeGreaterThan(100);
});

test('each operation that changes something is refused without the CSRF token, to owners too', async () => {
  const owner = browsers.get('owner') as TestBrowser;
  for (const { name, method, url, hasBody } of operations.filter(
    (one) => !isPublic(one) && one.method !== 'GET',
  )) {
    const answer = await owner.send(method, url, hasBody ? {} : undefined, {});
    expect([answer.status, answer.body.error], name).toEqual([403, expect.stringContaining('X-CSRF-Token')]);
  }
});

test('without a session every operation answers 401; with a key it is open, but for what is for users', async () => {
  const nobody = openBrowser(api);
  for (const operation of operations.filter((one) => !isPublic(one))) {
    const { name, method, url, security, hasBody } = operation;
    const anonymous =
      method === 'GET' ? await nobody.get(url) : await nobody.send(method, url, hasBody ? {} : undefined);
    expect(anonymous.status, name).toBe(401);
    const withKey =
      method === 'GET' ? await client.get(url) : await client.send(method, url, hasBody ? {} : undefined);
    expect(withKey.status === 403, name).toBe(security !== undefined);
    expect(withKey.status, name).not.toBe(401);
  }
});

test('what another client has is not there for a portal user either', async () => {
  const stranger = await api.createClient('Other Lending');
  const company = await stranger.createCompany('Not yours', 'kashoo');
  const connectionId = company.dataConnections[0].id;
  const owner = browsers.get('owner') as TestBrowser;
  for (const url of [
    `/companies/${company.id}`,
    `/companies/${company.id}/connections/${connectionId}`,
    `/portal/api/companies/${company.id}/datasets`,
    `/portal/api/companies/${company.id}/connections/${connectionId}/records/invoices/1/raw`,
  ])
    expect((await owner.get(url)).status, url).toBe(404);
  expect((await owner.send('DELETE', `/companies/${company.id}`)).status).toBe(404);
  expect((await stranger.get(`/companies/${company.id}`)).status).toBe(200);
});
