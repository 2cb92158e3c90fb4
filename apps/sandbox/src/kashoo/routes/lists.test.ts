import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSandbox } from '../../app.ts';
import { listen, type SandboxClient, type Wire } from '../../testing/client.ts';

const LISTS = '/businesses/123456789';

let app: FastifyInstance;
let client: SandboxClient;
let token: string;
let invoices: Wire[];

beforeAll(async () => {
  app = await buildSandbox({ size: 3000, clock: () => new Date('2026-05-20T10:00:00.000Z') });
  client = await listen(app);
  token = (await client.signIn()).access_token;
  invoices = await client.all(token, `${LISTS}/records/invoices?includeRemoved=true`);
});
afterAll(() => app.close());

const list = (query: string): Promise<Wire[]> => client.list(token, `${LISTS}/records/invoices?${query}`);
const ids = (rows: readonly Wire[]): unknown[] => rows.map((row) => row['id']);
const modified = (row: Wire | undefined): number => Date.parse(String(row?.['lastModified']));
const byText =
  (member: string) =>
  (one: Wire, other: Wire): number =>
    String(one[member]) < String(other[member]) ? -1 : String(one[member]) > String(other[member]) ? 1 : 0;

describe('pages', () => {
  it('are bare arrays of 50 unless asked otherwise, and at most 1000 whatever is asked', async () => {
    expect(await list('')).toHaveLength(50);
    expect(await list('limit=7')).toHaveLength(7);
    expect(await list('limit=5000&includeRemoved=true')).toHaveLength(1000);
    expect(await client.list(token, `${LISTS}/records/invoices?offset=1000000`)).toEqual([]);
  });

  it.each([
    '',
    '&sortColumn=date',
    '&sortColumn=date&sortOrder=desc',
    '&sortColumn=totalDue',
    '&sortColumn=lastModified&sortOrder=desc',
    '&modifiedSince=0',
  ])('bring each record once and in the same order, whatever the page size (%s)', async (sort) => {
    const whole = await client.all(token, `${LISTS}/records/invoices?includeRemoved=true${sort}`);
    const inSmallPages = await client.all(token, `${LISTS}/records/invoices?includeRemoved=true${sort}`, 97);
    expect(ids(inSmallPages)).toEqual(ids(whole));
    expect(new Set(ids(whole)).size).toBe(invoices.length);
  });

  it('give the same rows when read out of sequence', async () => {
    const third = await list('offset=200&limit=100&sortColumn=date');
    await list('offset=100&limit=100&sortColumn=date');
    expect(ids(await list('offset=200&limit=100&sortColumn=date'))).toEqual(ids(third));
  });

  it('sort by the column asked for', async () => {
    const dates = (await client.all(token, `${LISTS}/records/invoices?sortColumn=date&sortOrder=desc`)).map(
      (row) => String(row['date']),
    );
    expect(dates).toEqual(dates.toSorted().toReversed());
  });

  it('answer a malformed parameter with 400 and its name', async () => {
    for (const [query, name] of [
      ['offset=-1', 'offset'],
      ['limit=ten', 'limit'],
      ['startDate=2026-02-30', 'startDate'],
      ['sortColumn=colour', 'sortColumn'],
      ['includeRemoved=maybe', 'includeRemoved'],
      ['modifiedSince=yesterday', 'modifiedSince'],
    ] as const) {
      const response = await client.call(token, `${LISTS}/records/invoices?${query}`);
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(name)]);
    }
  });
});

describe('filters', () => {
  it('modifiedSince is inclusive, to the millisecond', async () => {
    const [newest] = invoices.toSorted(byText('lastModified')).toReversed();
    const since = modified(newest);
    expect(ids(await list(`includeRemoved=true&modifiedSince=${since}`))).toEqual([newest?.['id']]);
    expect(await list(`includeRemoved=true&modifiedSince=${since + 1}`)).toEqual([]);
  });

  it('modifiedSince finds exactly what changed since', async () => {
    const since = Date.parse('2026-03-01T00:00:00.000Z');
    const found = await client.all(
      token,
      `${LISTS}/records/invoices?includeRemoved=true&modifiedSince=${since}`,
    );
    const expected = invoices.filter((row) => modified(row) >= since);
    expect(ids(found).toSorted()).toEqual(ids(expected).toSorted());
    expect(expected.length).toBeGreaterThan(10);
  });

  it('removed records appear with includeRemoved only, and stay readable by id', async () => {
    const removed = invoices.filter((row) => row['removed'] === true);
    const present = await client.all(token, `${LISTS}/records/invoices`);
    expect(removed.length).toBeGreaterThan(0);
    expect(present.length).toBe(invoices.length - removed.length);
    expect(await client.read(token, `/records/${removed[0]?.['id']}`)).toEqual(removed[0]);
  });

  it('startDate and endDate are inclusive', async () => {
    const found = await client.all(
      token,
      `${LISTS}/records/invoices?includeRemoved=true&startDate=2026-01-05&endDate=2026-02-05`,
    );
    const expected = invoices.filter(
      (row) => String(row['date']) >= '2026-01-05' && String(row['date']) <= '2026-02-05',
    );
    expect(ids(found).toSorted()).toEqual(ids(expected).toSorted());
  });

  it('contactId finds the records of one contact', async () => {
    const contact = invoices.find((row) => row['contact'])?.['contact'];
    const found = await client.all(
      token,
      `${LISTS}/records/invoices?includeRemoved=true&contactId=${contact}`,
    );
    expect(ids(found)).toEqual(ids(invoices.filter((row) => row['contact'] === contact)));
  });

  it('records takes types, repeated and in any case, and holds what the collections hold', async () => {
    const records = await client.all(token, `${LISTS}/records?type=invoice&includeRemoved=true`);
    expect(records).toEqual(invoices);
    const two = await client.all(token, `${LISTS}/records?type=TRANSFER&type=Adjustment`);
    expect(new Set(two.map((row) => row['type']))).toEqual(new Set(['TRANSFER', 'ADJUSTMENT']));
    expect((await client.call(token, `${LISTS}/records?type=RECEIPT`)).status).toBe(400);
  });

  it('contacts are filtered by type and hide removed ones unless asked', async () => {
    const vendors = await client.all(token, `${LISTS}/contacts?type=VENDOR`);
    expect(new Set(vendors.map((row) => row['type']))).toEqual(new Set(['VENDOR']));
    const some = await client.all(token, `${LISTS}/contacts`);
    expect(some.some((row) => row['removed'] === true)).toBe(false);
    expect((await client.all(token, `${LISTS}/contacts?includeRemoved=true`)).length).toBeGreaterThan(
      some.length,
    );
  });
});

describe('single reads', () => {
  it('give what the lists give', async () => {
    for (const table of ['contacts', 'accounts'] as const) {
      const [first] = await client.list(token, `${LISTS}/${table}`);
      expect(await client.read(token, `/${table}/${first?.['id']}`)).toEqual(first);
    }
    const [item] = await client.list(token, `${LISTS}/items`);
    expect(await client.read(token, `${LISTS}/items/${item?.['id']}`)).toEqual(item);
    expect(await client.read(token, `/records/${invoices[0]?.['id']}`)).toEqual(invoices[0]);
  });

  it('answer 404 for ids that do not exist', async () => {
    for (const path of [
      '/records/1',
      '/records/11999999999',
      '/contacts/abc',
      '/accounts/11000000999',
      `${LISTS}/items/1`,
      '/accounts/11000000999/balances',
    ]) {
      expect((await client.call(token, path)).status).toBe(404);
    }
  });
});
