/** What holds for every list of the API beside those of records, whichever routes there are: they are taken from the OpenAPI document. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../testing/api.fixture.ts';

type Schema = {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
};
type Operation = {
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>
  >;
};

let api: TestApi;
let client: TestClient;
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
  const company = await client.createCompany('Corner Shop', 'ksho');
  const webhook = await api.app.inject({
    method: 'POST',
    url: '/webhooks',
    headers: { authorization: `Bearer ${client.apiKey}` },
    payload: { url: 'https://93.184.216.34/hook', eventTypes: ['company.created'] },
  });
  ids = {
    companyId: company.id,
    connectionId: company.dataConnections[0].id,
    webhookId: webhook.json().id,
  };
});
afterAll(() => api.close());

/** Dotted paths of everything in a result, in lists too. */
function namesIn(schema: Schema, document: { components: { schemas: Record<string, Schema> } }): string[] {
  const resolved =
    schema.$ref === undefined
      ? schema
      : (document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (resolved.items !== undefined) return namesIn(resolved.items, document);
  return Object.entries(resolved.properties ?? {}).flatMap(([name, member]) => [
    name,
    ...namesIn(member, document).map((inner) => `${name}.${inner}`),
  ]);
}

test('each takes or refuses every property of its results, in filters and orders, and tells which', async () => {
  const document = JSON.parse((await api.inject({ method: 'GET', url: '/openapi.json' })).text);
  const lists = Object.entries(document.paths as Record<string, { get?: Operation }>)
    .filter(([path]) => !/\/data\/(?!history)/.test(path))
    .filter(([, { get }]) => get?.parameters?.some(({ name }) => name === 'query'));
  expect(lists.map(([path]) => path)).toEqual(expect.arrayContaining(['/companies', '/integrations']));
  for (const [path, { get }] of lists) {
    const url = path.replace(/\{(\w+)\}/g, (_, name) => ids[name] ?? name);
    const page = get?.responses['200']?.content?.['application/json']?.schema ?? {};
    const names = namesIn(page, document).filter((name) => name.startsWith('results.'));
    const outcomes = new Map<string, number>();
    for (const name of names.map((whole) => whole.slice('results.'.length))) {
      for (const parameter of [`query=${name}!=null`, `query=${name}.x=null`, `orderBy=-${name}`]) {
        const { status, body } = await client.get(`${url}?${parameter}`);
        expect([path, parameter, [200, 400].includes(status)]).toEqual([path, parameter, true]);
        if (status === 400) expect(body.error.toLowerCase()).toContain(name.toLowerCase());
        outcomes.set(parameter, status);
      }
    }
    const isTaken = (parameter: string) =>
      [...outcomes].some(([sent, status]) => status === 200 && sent.startsWith(parameter));
    expect([path, isTaken('query='), isTaken('orderBy=')]).toEqual([path, true, true]);
  }
});
