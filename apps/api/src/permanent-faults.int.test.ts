/**
 * Clients send a request again for up to an hour after 408, 429 and every 5xx. Nothing that is wrong for good may be told so: each
 * operation of the OpenAPI document is sent what can be wrong with it, for companies in every state.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from './testing/api.fixture.ts';

let api: TestApi;
let client: TestClient;
/** Values of path parameters, by state of the company. */
const states: Record<string, { companyId: string; connectionId: string }> = {};
let operations: { method: string; path: string; hasBody: boolean; query: string[] }[];

beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
  const stranger = await api.createClient();
  for (const status of ['PendingAuth', 'Linked', 'Unlinked', 'Deauthorized', 'foreign'] as const) {
    const company = await (status === 'foreign' ? stranger : client).createCompany(status, 'ksho');
    const connectionId = company.dataConnections[0].id;
    states[status] = { companyId: company.id, connectionId };
    if (status !== 'foreign')
      await api.dependencies.store.prisma.connection.update({
        where: { id: connectionId },
        data: { status },
      });
  }
  const blank = await client.createCompany('Blank');
  states['blank'] = { companyId: blank.id, connectionId: '4d0b9c55-0f6e-4d0b-9c55-5b1f0a6f3d01' };

  const { body } = await api.inject({ method: 'GET', url: '/openapi.json' });
  operations = Object.entries<Record<string, never>>(body.paths).flatMap(([path, methods]) =>
    Object.entries<{ requestBody?: object; parameters?: { in: string; name: string }[] }>(methods).map(
      ([method, { requestBody, parameters = [] }]) => ({
        method: method.toUpperCase(),
        path,
        hasBody: requestBody !== undefined,
        query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
      }),
    ),
  );
});
afterAll(() => api.close());

const unknownIds = {
  companyId: '4d0b9c55-0f6e-4d0b-9c55-5b1f0a6f3d02',
  connectionId: '4d0b9c55-0f6e-4d0b-9c55-5b1f0a6f3d03',
};

/** The path with its parameters filled in: what is not given is a UUID that nothing has, or a name that is plausible. */
function filled(path: string, values: Readonly<Record<string, string>>, rest?: string): string {
  const plausible: Record<string, string> = { platformKey: 'ksho', dataType: 'invoices' };
  return path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(values[name] ?? rest ?? plausible[name] ?? '4d0b9c55-0f6e-4d0b-9c55-5b1f0a6f3d04'),
  );
}

const oddIds = ['x', '\u0000', 'é😀', "' --", 'a'.repeat(300)];
const oddQueries = ['', '-1', '1e9', '99999999999999999999', '\u0000', 'a=b', '{{', 'null'];
const oddBodies: [string, string][] = [
  ['application/json', ''],
  ['application/json', '{'],
  ['application/json', 'null'],
  ['application/json', '[]'],
  ['application/json', '"text"'],
  ['application/json', '1e999'],
  ['application/json', '{}'],
  ['application/json', '{"__proto__":{"x":1}}'],
  ['application/json', '{"name":"\\u0000","platformKey":"\\ud800","status":"\\u0000"}'],
  ['application/json', `{"name":${'['.repeat(2000)}${']'.repeat(2000)}}`],
  ['application/json', `{"name":"${'a'.repeat(100_000)}"}`],
  [
    'application/json',
    '{"name":1,"platformKey":[],"settings":{},"allowedOrigins":{"a":1},"enabled":"x","dataSource":[]}',
  ],
  [
    'application/json',
    '{"supplementalDataConfig":{"a":{"pullData":{"b":"c..d"}}},"dataSource":"../x","requiredData":{},"keyBy":[]}',
  ],
  ['text/plain', 'name=x'],
  ['application/json; charset=latin1', '{"name":"é"}'],
];

/** Sends one request. @returns what it was, when a client would send it again */
async function retried(
  method: string,
  url: string,
  options: { key?: string; type?: string; payload?: string } = {},
): Promise<string[]> {
  const { key = client.apiKey, type, payload } = options;
  const answer = await api.app.inject({
    method: method as 'GET',
    url,
    headers: { authorization: `Bearer ${key}`, ...(type && { 'content-type': type }) },
    ...(payload !== undefined && { payload }),
  });
  const { statusCode, body } = answer;
  const isRetried = statusCode === 408 || statusCode === 429 || statusCode >= 500;
  return isRetried ? [`${method} ${url} ${(payload ?? '').slice(0, 80)}: ${body.slice(0, 200)}`] : [];
}

/** What deletes, and what makes keys without end, would take away from under the other requests. */
const isLasting = ({ method }: { method: string }) => method !== 'DELETE';

test('wrong ids, and ids of other clients, are not worth another try', async () => {
  const found: string[] = [];
  for (const { method, path } of operations.filter(isLasting)) {
    if (!path.includes('{')) continue;
    found.push(...(await retried(method, filled(path, unknownIds))));
    found.push(...(await retried(method, filled(path, states['foreign'] ?? {}))));
    for (const odd of oddIds) found.push(...(await retried(method, filled(path, {}, odd))));
    for (const odd of oddIds)
      found.push(...(await retried(method, filled(path, states['Linked'] ?? {}, odd))));
  }
  expect(found).toEqual([]);
});

test('nor are requests that the state of the company does not allow', async () => {
  const found: string[] = [];
  for (const values of Object.values(states)) {
    for (const { method, path } of operations.filter(isLasting))
      found.push(...(await retried(method, filled(path, values))));
  }
  expect(found).toEqual([]);
});

test('nor are parameters and bodies that cannot be read', async () => {
  const found: string[] = [];
  const values = states['Linked'] ?? {};
  for (const { method, path, hasBody, query } of operations.filter(isLasting)) {
    for (const name of query) {
      for (const odd of oddQueries)
        found.push(...(await retried(method, `${filled(path, values)}?${name}=${encodeURIComponent(odd)}`)));
    }
    for (const [type, payload] of hasBody ? oddBodies : [])
      found.push(...(await retried(method, filled(path, values), { type, payload })));
  }
  expect(found).toEqual([]);
});

test('nor are keys that are not known, methods that are not there, and deletions of what is gone', async () => {
  const found: string[] = [];
  for (const { method, path } of operations) {
    const url = filled(path, unknownIds);
    found.push(...(await retried(method, url, { key: 'unknown' })));
    found.push(...(await retried(method, url, { key: 'company.v1.a.b.c.d.e' })));
    if (method === 'DELETE') found.push(...(await retried(method, url)));
    for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'OPTIONS'])
      if (!operations.some((known) => known.path === path && known.method === other))
        found.push(...(await retried(other, url)));
  }
  expect(found).toEqual([]);
});
