/** Runs the examples of docs/querying.md on the records that it shows. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { createCompany, storeRecords, type TestCompany } from './data.fixture.ts';

const guide = await readFile(new URL('../../../../../docs/querying.md', import.meta.url), 'utf8');

let api: TestApi;
let client: TestClient;
let company: TestCompany;

beforeAll(async () => {
  api = await startTestApi({}, undefined, { hasFragments: true });
  client = await api.createClient();
  company = await createCompany(api, client);
  await client.send('POST', `${company.path}/data/queue/invoices`);
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(guide) ?? [];
  const records = JSON.parse(json, (_key, value, { source }) =>
    typeof value === 'number' ? JSON.rawJSON(source ?? '') : value,
  ) as { id: string; metadata?: { isDeleted: boolean } }[];
  const stored = records.map(({ metadata, ...body }) => ({
    id: body.id,
    document: JSON.stringify(body),
    isDeleted: metadata?.isDeleted ?? false,
  }));
  await storeRecords(api, company, 'invoices', stored);
});
afterAll(() => api.close());

/** Rows of the tables with this heading: what stands in backticks, and what stands beside it. */
function rowsOf(heading: string): [example: string, outcome: string][] {
  const tables = guide.split(`| ${heading} |\n|-|-|\n`).slice(1);
  return tables.flatMap((table) =>
    (table.split('\n\n', 1)[0] ?? '')
      .trimEnd()
      .split('\n')
      .map((row): [string, string] => {
        const [, example = '', outcome = ''] = /^\| `(.+)` \| (.+) \|$/.exec(row) ?? [];
        return [example.replaceAll('\\|', '|'), outcome];
      }),
  );
}

const list = (name: 'query' | 'orderBy', example: string) =>
  client.get(`${company.path}/data/invoices?${name}=${encodeURIComponent(example)}`);

async function idsOf(name: 'query' | 'orderBy', example: string): Promise<string> {
  const { body } = await list(name, example);
  return body.results.map(({ id }: { id: string }) => id).join(', ') || 'nothing';
}

test('the guide has examples', () => {
  expect(rowsOf('query | finds').length).toBeGreaterThan(35);
  expect(rowsOf('orderBy | gives').length).toBeGreaterThan(4);
  expect(rowsOf('query | the error says').length).toBeGreaterThan(7);
});

test.each(rowsOf('query | finds'))('%s finds %s', async (query, found) => {
  expect(await idsOf('query', query)).toBe(found);
});

test.each(rowsOf('orderBy | gives'))('ordered by %s: %s', async (orderBy, given) => {
  expect(await idsOf('orderBy', orderBy)).toBe(given);
});

test.each(rowsOf('query | the error says'))('%s is refused: %s', async (query, message) => {
  const { status, body } = await list('query', query);
  expect([status, body.error]).toEqual([400, expect.stringContaining(message)]);
});

test('the other lists have the properties that the guide names', async () => {
  const [, table = ''] = guide.split('| list | properties of its own |\n|-|-|\n');
  const rows = (table.split('\n\n', 1)[0] ?? '').split('\n');
  expect(rows).toHaveLength(5);
  for (const row of rows) {
    const [path = '', ...names] = [...row.matchAll(/`([^`=]+)`/g)].map(([, text = '']) => text);
    const url = path.replace('/companies/{id}', company.path);
    for (const name of names) {
      if (name === 'tags') continue;
      const query = `${name.replace('{name}', 'region')}!=null`;
      const { status } = await client.get(`${url}?query=${encodeURIComponent(query)}`);
      expect([url, query, status]).toEqual([url, query, 200]);
    }
  }
});
