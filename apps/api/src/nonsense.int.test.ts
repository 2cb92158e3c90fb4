/**
 * Nonsense for every operation of the OpenAPI document, whichever there are: whatever comes in, the answer is no 5xx, errors have the
 * one shape, and nothing internal is told. Seeds are fixed.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCompany, invoices, storeRecords, type TestCompany } from './routes/data/data.fixture.ts';
import { startTestApi, type TestApi, type TestClient } from './testing/api.fixture.ts';

type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
};
type Parameter = { readonly name: string; readonly in: string; readonly schema: Schema };
type Operation = {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
};
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

const requestsPerOperation = 24;

let api: TestApi;
let client: TestClient;
let company: TestCompany;
let document: Document;

beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
  company = await createCompany(api, client);
  await client.send('POST', `${company.path}/data/queue/invoices`);
  await storeRecords(api, company, 'invoices', invoices(1, 20));
  document = JSON.parse((await api.inject({ method: 'GET', url: '/openapi.json' })).text);
});
afterAll(() => api.close());

const hostileTexts = [
  '',
  ' ',
  '0',
  '-1',
  'null',
  'true',
  '[object Object]',
  '__proto__',
  'constructor',
  "' OR 1=1 --",
  '$1',
  '%',
  '\u0000',
  '\ud800',
  '\u202e',
  '😀',
  '../../etc/passwd',
  'http://169.254.169.254/',
  'javascript:alert(1)',
  '<script>',
  '9'.repeat(400),
  'x'.repeat(5000),
  '2024-02-30',
  '0001-01-01T00:00:00Z',
  '00000000-0000-0000-0000-000000000000',
  '11111111-1111-4111-8111-11111111111G',
];
const hostileValues = fc.constantFrom<unknown>(
  ...hostileTexts,
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    Number.MAX_SAFE_INTEGER + 2,
    [],
    {},
    [null],
    [[]],
    { $ref: '#' },
    [{}, 1],
  ],
);

/** Values that are nearly what a schema asks for. */
function nearly(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const resolved = schema.$ref
    ? (document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})
    : schema;
  const { enum: members, properties, items, anyOf } = resolved;
  if (depth > 4) return hostileValues;
  const fitting = ((): fc.Arbitrary<unknown> => {
    if (anyOf !== undefined) return fc.oneof(...anyOf.map((one) => nearly(one, depth + 1)));
    if (members !== undefined) return fc.constantFrom(...members);
    if (properties !== undefined) {
      const entries = Object.entries(properties).map(([name, member]) => [name, nearly(member, depth + 1)]);
      return fc.record(Object.fromEntries(entries), { requiredKeys: [] });
    }
    if (items !== undefined) return fc.array(nearly(items, depth + 1), { maxLength: 3 });
    if (resolved.type === 'boolean') return fc.boolean();
    if (resolved.type === 'integer' || resolved.type === 'number') return fc.integer({ min: -2, max: 9000 });
    return fc.constantFrom('Corner Shop', 'ksho', 'https://example.com/{companyId}', company.id, 'Unlinked');
  })();
  return fc.oneof({ arbitrary: fitting, weight: 4 }, { arbitrary: hostileValues, weight: 1 });
}

/** Ids that exist, mostly; deletions get others, so that there is something left to ask for. */
function parameterText({ name }: Parameter, method: string): fc.Arbitrary<string> {
  const known: Readonly<Record<string, string>> = {
    companyId: company.id,
    connectionId: company.connectionId,
    platformKey: 'ksho',
    dataType: 'invoices',
    id: 'inv-1',
  };
  const hostile = fc.constantFrom(...hostileTexts);
  const value = method === 'delete' ? undefined : known[name];
  return value === undefined
    ? hostile
    : fc.oneof({ arbitrary: fc.constant(value), weight: 5 }, { arbitrary: hostile, weight: 1 });
}

const encoded = (text: string) => encodeURIComponent(text.toWellFormed());

/** Requests of one operation: path and query parameters, and a body when it takes one. */
function requestsOf(path: string, method: string, { parameters = [], requestBody }: Operation) {
  const texts = Object.fromEntries(parameters.map((one) => [one.name, parameterText(one, method)]));
  const inPath = new Set(parameters.filter((one) => one.in === 'path').map(({ name }) => name));
  const query = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const body = requestBody ? nearly(requestBody.content['application/json'].schema) : hostileValues;
  return fc.tuple(fc.record(texts), fc.subarray(query), body).map(([values, sent, payload]) => {
    const filled = path.replace(/\{(\w+)\}/g, (whole, name) =>
      inPath.has(name) ? encoded(values[name] ?? '') : whole,
    );
    const search = sent.map((name) => `${name}=${encoded(values[name] ?? '')}`).join('&');
    return { url: search === '' ? filled : `${filled}?${search}`, payload };
  });
}

async function ask(method: string, url: string, payload: unknown) {
  const sendsBody = !['get', 'delete', 'head'].includes(method);
  const answer = await api.app.inject({
    method: method.toUpperCase() as 'GET',
    url,
    headers: {
      authorization: `Bearer ${client.apiKey}`,
      ...(sendsBody && { 'content-type': 'application/json' }),
    },
    ...(sendsBody && { payload: JSON.stringify(payload) }),
  });
  const sent = `${method} ${url.slice(0, 300)} ${JSON.stringify(payload)?.slice(0, 300)}`;
  expect(answer.statusCode, `${sent} → ${answer.body.slice(0, 300)}`).toBeLessThan(500);
  if (answer.statusCode < 400) return;
  expect(answer.json(), sent).toMatchObject({ statusCode: answer.statusCode, service: 'PublicApi' });
  expect(answer.headers['x-correlation-id'], sent).toBe(answer.json().correlationId);
  expect(answer.json().error, sent).not.toMatch(/SELECT|INSERT|prisma|node_modules|at \w+ \(|Invalid input/);
}

describe('nonsense', () => {
  test('gets no 5xx from any operation, and errors of one shape that tell nothing internal', async () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.length).toBeGreaterThan(60);
    for (const { path, method, operation } of operations) {
      // The readiness of the process is no client's doing.
      if (path === '/readyz') continue;
      const requests = fc.sample(requestsOf(path, method, operation), {
        numRuns: requestsPerOperation,
        seed: 23,
      });
      for (const { url, payload } of requests) await ask(method, url, payload);
    }
  }, 120_000);
});
