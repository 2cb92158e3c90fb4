/**
 * The query language against a reference: generated records of several types with extreme and hostile values, generated queries with
 * what they mean, and the ids that PostgreSQL finds. Seeds are fixed, so that a failure comes back; it prints its query.
 */
import {
  compareDecimal,
  type DataTypeKey,
  type Decimal,
  dataTypes,
  type ExactNumber,
  type FieldDefinition,
  fieldsOf,
  matchesQuery,
  parseDecimal,
  parseExactJson,
  parseQuery,
  QueryError,
  wireDecimalText,
} from '@tributary/model';
import { type ByteText, listRecords } from '@tributary/store';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { createCompany, storeRecords, type TestCompany } from './data.fixture.ts';
import { hostileQuery, validQuery } from './query-generator.fixture.ts';
import { generateRecords, parseDocument } from './record-generator.fixture.ts';

const tested = ['invoices', 'customers', 'payments', 'journalEntries', 'transfers', 'taxRates'] as const;
const recordsOfType = 40;
/** Of each type; 10,000 together, rounded up. */
const [storeValid, storeHostile, httpValid, httpHostile] = [1000, 334, 167, 167];
const longestAnswerMs = 5_000;

let api: TestApi;
let client: TestClient;
let company: TestCompany;

/** A record as the reference evaluators see it, in the order in which it was stored. */
interface Stored {
  readonly id: string;
  /** Numbers by their source text. */
  readonly document: unknown;
  /** The same with exact numbers, as the model's matcher reads it. */
  readonly exact: unknown;
}

interface Books {
  readonly dataType: DataTypeKey;
  readonly fields: readonly FieldDefinition[];
  readonly stored: readonly Stored[];
}
const books = new Map<DataTypeKey, Books>();
const booksOf = (dataType: DataTypeKey): Books => books.get(dataType) as Books;

async function store(dataType: DataTypeKey, seed: number): Promise<Books> {
  const { pool } = api.dependencies.store;
  await client.send('POST', `${company.path}/data/queue/${dataType}`);
  const fields = [...fieldsOf(dataTypes[dataType].response).values()];
  const records = generateRecords(fields, recordsOfType, seed);
  await storeRecords(api, company, dataType, records);
  await pool.query(
    `UPDATE ${dataTypes[dataType].table} AS stored SET modified_at = input.at
     FROM unnest($1::text[], $2::timestamptz[]) AS input (id, at) WHERE stored.company_id = $3 AND stored.id = input.id`,
    [records.map(({ id }) => id), records.map(({ modifiedDate }) => modifiedDate), company.id],
  );
  const stored = records.map(({ id, document, modifiedDate, isDeleted }) => {
    const added = { modifiedDate, metadata: { isDeleted } };
    return {
      id,
      document: { ...(parseDocument(document) as object), ...added },
      exact: { ...(parseExactJson(document) as object), ...added },
    };
  });
  return { dataType, fields, stored };
}

beforeAll(async () => {
  api = await startTestApi({}, undefined, { hasFragments: true });
  client = await api.createClient();
  company = await createCompany(api, client);
  for (const [index, dataType] of tested.entries()) books.set(dataType, await store(dataType, index + 1));
});
afterAll(() => api.close());

/** Documents of lists are bytes, each a character. */
const idIn = (document: ByteText): string => JSON.parse(Buffer.from(document, 'latin1').toString()).id;

const idsOf = (stored: readonly Stored[]) => stored.map(({ id }) => id);

/** Several at a time, as many as the pool has connections. */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const workers = Array.from({ length: 4 }, async () => {
    for (const item of left) await work(item);
  });
  await Promise.all(workers);
}

async function list({ dataType, fields, stored }: Books, text: string): Promise<string[]> {
  const scope = { companyId: company.id, connectionId: company.connectionId };
  const counters = { recordCount: stored.length, lastSeq: stored.length };
  const query = parseQuery(text, new Map(fields.map((field) => [field.path.toLowerCase(), field])));
  const request = { page: 1, pageSize: 5000, query };
  const { records, total } = await listRecords(
    api.dependencies.store.pool,
    scope,
    dataType,
    counters,
    request,
  );
  expect(total, text).toBe(records.length);
  return records.map(({ document }) => idIn(document));
}

async function ask({ dataType }: Books, parameters: Record<string, string>) {
  const startedMs = performance.now();
  // Past the fixture's check of answers: the records have nothing to do with any specification.
  const answer = await api.app.inject({
    method: 'GET',
    url: `${company.connectionPath}/data/${dataTypes[dataType].listPath}?${new URLSearchParams(parameters)}`,
    headers: { authorization: `Bearer ${client.apiKey}` },
  });
  expect(performance.now() - startedMs, parameters['query']).toBeLessThan(longestAnswerMs);
  return { status: answer.statusCode, body: answer.json() };
}

/** Values as PostgreSQL and JSON agree on them; absent ones are undefined. */
function sortKeyOf({ exact }: Stored, { path, kind }: FieldDefinition): unknown {
  const value = path.split('.').reduce<unknown>((at, step) => Reflect.get(Object(at), step), exact);
  if (value === undefined || value === null) return undefined;
  if (kind === 'number') return parseDecimal(wireDecimalText(value as ExactNumber));
  return kind === 'boolean' ? Number(value) : Buffer.from(String(value));
}

function compareKeys(a: unknown, b: unknown): number {
  if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return Buffer.compare(a, b);
  return typeof a === 'number' ? a - Number(b) : compareDecimal(a as Decimal, b as Decimal);
}

describe.each(tested)('%s', (dataType) => {
  test('can be ordered by every property outside lists: in total, absent values last, page by page', async () => {
    const { stored, fields } = booksOf(dataType);
    const scope = { companyId: company.id, connectionId: company.connectionId };
    const counters = { recordCount: stored.length, lastSeq: stored.length };
    const sortable = fields.filter(({ path, lists }) => lists === undefined && !path.endsWith('.*'));
    const orders = sortable.flatMap((field) => [false, true].map((descending) => ({ field, descending })));
    await forEach(orders, async ({ field, descending }) => {
      const found: string[] = [];
      let cursor: string | undefined;
      for (let page = 1, hasNext = true; hasNext; page += 1) {
        const orderBy = { field: field.path, descending };
        const request = { page, pageSize: 20, orderBy, cursor };
        const answer = await listRecords(api.dependencies.store.pool, scope, dataType, counters, request);
        found.push(...answer.records.map(({ document }) => idIn(document)));
        ({ hasNext, nextCursor: cursor } = answer);
      }
      const keyed = stored.map((record) => ({ id: record.id, key: sortKeyOf(record, field) }));
      const present = keyed.filter(({ key }) => key !== undefined);
      const sorted = present.toSorted((a, b) => compareKeys(a.key, b.key) * (descending ? -1 : 1));
      const absent = keyed.filter(({ key }) => key === undefined);
      expect(found, `${field.path} ${descending}`).toEqual([...sorted, ...absent].map(({ id }) => id));
    });
  }, 60_000);
});

describe.each(tested)('generated queries on %s', (dataType) => {
  test('find in PostgreSQL, and in memory, exactly what they mean', async () => {
    const of = booksOf(dataType);
    const catalogue = fieldsOf(dataTypes[dataType].response);
    const queries = fc.sample(validQuery(of.fields), { numRuns: storeValid, seed: 11 });
    let found = 0;
    await forEach(queries, async ({ text, holds }) => {
      const expected = idsOf(of.stored.filter(({ document }) => holds(document)));
      const node = parseQuery(text, catalogue);
      expect(idsOf(of.stored.filter(({ exact }) => matchesQuery(node, exact))), text).toEqual(expected);
      expect(await list(of, text), text).toEqual(expected);
      if (expected.length > 0 && expected.length < of.stored.length) found += 1;
    });
    expect(found).toBeGreaterThan(storeValid / 3);
  }, 60_000);

  test('that are hostile are refused as such, or find what the reference evaluator finds', async () => {
    const of = booksOf(dataType);
    const catalogue = fieldsOf(dataTypes[dataType].response);
    const queries = fc.sample(hostileQuery(of.fields), { numRuns: storeHostile, seed: 13 });
    await forEach(queries, async (text) => {
      let node: ReturnType<typeof parseQuery>;
      try {
        node = parseQuery(text, catalogue);
      } catch (error) {
        expect(error, text).toBeInstanceOf(QueryError);
        return;
      }
      const expected = idsOf(of.stored.filter(({ exact }) => matchesQuery(node, exact)));
      expect(await list(of, text), text).toEqual(expected);
    });
  }, 60_000);

  test('get over HTTP what they mean, or a 400 in the error envelope, soon', async () => {
    const of = booksOf(dataType);
    await forEach(
      fc.sample(validQuery(of.fields), { numRuns: httpValid, seed: 17 }),
      async ({ text, holds }) => {
        const { status, body } = await ask(of, { query: text, pageSize: '5000' });
        expect(status, text).toBe(200);
        const expected = idsOf(of.stored.filter(({ document }) => holds(document)));
        expect(
          body.results.map(({ id }: { id: string }) => id),
          text,
        ).toEqual(expected);
      },
    );
    await forEach(fc.sample(hostileQuery(of.fields), { numRuns: httpHostile, seed: 19 }), async (text) => {
      const { status, body } = await ask(of, { query: text });
      expect([200, 400], text).toContain(status);
      if (status === 400) {
        expect(body, text).toMatchObject({ statusCode: 400, service: 'PublicApi', canBeRetried: 'False' });
        expect(body.validation.errors[0], text).toMatchObject({ itemId: 'query.query' });
      }
    });
  }, 60_000);
});

test('a query that takes too long is refused for good, a page as such is put off', async () => {
  const slow = await startTestApi({}, async (url) => url, { queryTimeoutMs: 2_000, hasFragments: true });
  const lender = await slow.createClient();
  const { path } = await createCompany(slow, lender);
  await lender.send('POST', `${path}/data/queue/invoices`);
  const locker = await slow.dependencies.store.pool.connect();
  try {
    await locker.query('BEGIN; LOCK TABLE invoices');
    const answers = await Promise.all(
      ['query=status%3DPaid', 'orderBy=dueDate', ''].map((own) => lender.get(`${path}/data/invoices?${own}`)),
    );
    expect(answers.map(({ status, body }) => [status, body.canBeRetried])).toEqual([
      [400, 'False'],
      [400, 'False'],
      [503, 'True'],
    ]);
    expect(answers.map(({ body }) => body.validation.errors[0]?.itemId)).toEqual([
      'query.query',
      'query.orderBy',
      undefined,
    ]);
  } finally {
    await locker.query('ROLLBACK');
    locker.release();
    await slow.close();
  }
}, 60_000);
