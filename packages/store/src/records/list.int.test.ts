import { type DataTypeKey, dataTypes, fieldsOf, parseOrderBy, parseQuery } from '@tributary/model';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createPool } from '../pool.ts';
import { countersOf, createScope, storeRecords, type TestRecord } from './list.fixture.ts';
import { listRecords, type RecordPage, StreamExpiredError, streamRecords, withText } from './list.ts';
import { CursorError } from './list-cursor.ts';
import { planList, type RecordListRequest } from './list-plan.ts';
import { readOnlyRecord, readRecord } from './read-one.ts';

type Scope = Awaited<ReturnType<typeof createScope>>;

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({
    databaseUrl: database.databaseUrl,
    max: 3,
    applicationName: 'test',
    onError: () => {},
  });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const invoice = (number: number, members: object = {}): TestRecord => ({
  id: `i${number}`,
  document: JSON.stringify({ id: `i${number}`, status: 'Paid', totalAmount: number % 3, ...members }),
});
const invoices = (from: number, to: number, members?: (number: number) => object) =>
  Array.from({ length: to - from + 1 }, (_, index) => invoice(from + index, members?.(from + index)));
const idOf = (document: string) => String((JSON.parse(document) as { id: string }).id);
const idsOf = (page: Pick<RecordPage, 'records'>) => page.records.map(({ document }) => idOf(document));

const fields = fieldsOf(dataTypes.invoices.response);
const where = (text: string) => ({ query: parseQuery(text, fields) });
const by = (text: string) => ({ orderBy: parseOrderBy(text, fields) });

async function list(
  scope: Scope,
  request: Partial<RecordListRequest> = {},
  dataType: DataTypeKey = 'invoices',
) {
  const counters = await countersOf(pool, scope, dataType);
  return listRecords(pool, scope, dataType, counters, { page: 1, pageSize: 10, ...request });
}

/** Follows the cursors to the end. */
async function walk(
  scope: Scope,
  request: Partial<RecordListRequest>,
  between: () => Promise<void> = async () => {},
) {
  const ids: string[] = [];
  for (let page = 1, cursor: string | undefined; ; page += 1) {
    const result = await list(scope, { ...request, page, cursor });
    ids.push(...idsOf(result));
    if (!result.hasNext) return ids;
    expect(result.nextCursor).toBeDefined();
    cursor = result.nextCursor;
    await between();
  }
}

describe('a list without query and order', () => {
  test('is in the order in which records were first stored, with the total of the counters', async () => {
    const scope = await createScope(pool);
    await storeRecords(pool, scope, 'invoices', invoices(1, 25));
    await storeRecords(pool, scope, 'invoices', [invoice(3, { note: 'changed' }), invoice(0)]);
    const pages = await Promise.all([1, 2, 3, 4].map((page) => list(scope, { page })));
    expect(pages.flatMap(idsOf)).toEqual([...invoices(1, 25), invoice(0)].map(({ id }) => id));
    expect(pages.map(({ total, hasNext }) => [total, hasNext])).toEqual([
      [26, true],
      [26, true],
      [26, false],
      [26, false],
    ]);
  });

  test('neither repeats nor skips a record that was there, while records are added and changed', async () => {
    const scope = await createScope(pool);
    await storeRecords(pool, scope, 'invoices', invoices(1, 60));
    let added = 100;
    const change = async () => {
      const changed = [invoice(5, { note: `${added}` }), invoice(55, { note: `${added}` })];
      added += 1;
      await storeRecords(pool, scope, 'invoices', [invoice(added), ...changed]);
    };
    const ids = await walk(scope, {}, change);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(invoices(1, 60).map(({ id }) => id)));
  });

  test('reads the rows of a page by the index of seq, and none besides, wherever the page lies', async () => {
    const scope = await createScope(pool);
    await storeRecords(pool, scope, 'invoices', invoices(1, 6000));
    await pool.query('ANALYZE invoices');
    const counters = { recordCount: 6000, lastSeq: 6000 };
    for (const page of [1, 30, 60]) {
      const { statement } = planList(scope, 'invoices', counters, { page, pageSize: 100 });
      const { rows } = await pool.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`, [
        ...statement.values,
      ]);
      const scans = nodesOf(rows[0]['QUERY PLAN'][0].Plan).filter((node) => 'Index Name' in node);
      expect(scans).toMatchObject([
        { 'Index Name': 'invoices_company_id_connection_id_seq_key', 'Actual Rows': 100 },
      ]);
      expect(scans[0]?.['Index Cond']).toContain('seq > ');
    }
  });

  function nodesOf(plan: Record<string, unknown>): Record<string, unknown>[] {
    const children = (plan['Plans'] ?? []) as Record<string, unknown>[];
    return [plan, ...children.flatMap(nodesOf)];
  }

  test('shows nothing of another connection, and nothing past the counters it was asked with', async () => {
    const [mine, other] = [await createScope(pool), await createScope(pool)];
    await storeRecords(pool, mine, 'invoices', invoices(1, 3));
    await storeRecords(pool, other, 'invoices', invoices(7, 9));
    expect(idsOf(await list(mine))).toEqual(['i1', 'i2', 'i3']);
    const before = await countersOf(pool, mine, 'invoices');
    await storeRecords(pool, mine, 'invoices', [invoice(4)]);
    for (const request of [{}, by('id')]) {
      const page = await listRecords(pool, mine, 'invoices', before, { page: 1, pageSize: 10, ...request });
      expect([page.total, idsOf(page)]).toEqual([3, ['i1', 'i2', 'i3']]);
    }
    const half = { companyId: mine.companyId, connectionId: other.connectionId };
    expect((await listRecords(pool, half, 'invoices', before, { page: 1, pageSize: 10 })).records).toEqual(
      [],
    );
    expect(await readRecord(pool, half, 'invoices', 'i1')).toBeUndefined();
  });
});

describe('a filtered or ordered list', () => {
  test('counts what matches, on pages that hold records and on those that do not', async () => {
    const scope = await createScope(pool);
    await storeRecords(
      pool,
      scope,
      'invoices',
      invoices(1, 30, (n) => ({ status: n % 2 ? 'Paid' : 'Draft' })),
    );
    const first = await list(scope, where('status=draft'));
    expect([first.total, first.hasNext, first.records.length]).toEqual([15, true, 10]);
    const second = await list(scope, { page: 2, ...where('status=draft') });
    expect([second.total, second.hasNext, second.records.length]).toEqual([15, false, 5]);
    const beyond = await list(scope, { page: 3, ...where('status=draft') });
    expect([beyond.total, beyond.hasNext, beyond.records]).toEqual([15, false, []]);
    expect(await list(scope, where('status=Void'))).toEqual({
      total: 0,
      hasNext: false,
      records: [],
      nextCursor: undefined,
    });
  });

  test('goes on behind its cursor although records before it stopped matching', async () => {
    const scope = await createScope(pool);
    await storeRecords(
      pool,
      scope,
      'invoices',
      invoices(1, 30, () => ({ status: 'Draft' })),
    );
    const first = await list(scope, where('status=Draft'));
    await storeRecords(pool, scope, 'invoices', invoices(1, 10));
    const second = await list(scope, { page: 2, cursor: first.nextCursor, ...where('status=Draft') });
    expect(idsOf(second)).toEqual(invoices(11, 20).map(({ id }) => id));
    const third = await list(scope, { page: 3, cursor: second.nextCursor, ...where('status=Draft') });
    expect([idsOf(third), third.hasNext, third.total]).toEqual([
      invoices(21, 30).map(({ id }) => id),
      false,
      20,
    ]);
  });

  test.each([
    'totalAmount',
    '-totalAmount',
    'issueDate',
    '-issueDate',
    'note',
    '-note',
    'status',
    '-modifiedDate',
    'metadata.isDeleted',
    '-id',
    'additionalTaxAmount',
  ])(
    'ordered by %s, a walk by cursor and one by page number give every record once, ties in the order of storing, absent ones last',
    async (order) => {
      const scope = await createScope(pool);
      const members = (n: number) => ({
        ...(n % 4 !== 0 && {
          issueDate: `2024-02-0${(n % 5) + 1}T00:00:00`,
          note: ['b', 'B', 'é', '😀'][n % 4],
        }),
        ...(n % 3 !== 0 && {
          additionalTaxAmount: JSON.rawJSON(['0.10', '99999999999999.99', '-3'][n % 3] ?? ''),
        }),
      });
      await storeRecords(pool, scope, 'invoices', invoices(1, 43, members));
      const byCursor = await walk(scope, by(order));
      const byPage: string[] = [];
      for (let page = 1; page <= 5; page += 1)
        byPage.push(...idsOf(await list(scope, { page, ...by(order) })));
      expect(byCursor).toEqual(byPage);
      expect(new Set(byCursor).size).toBe(43);
      expect(byCursor).toEqual(await sortedByReference(scope, order));
    },
  );

  async function sortedByReference(scope: Scope, order: string) {
    const { records } = await list(scope, { pageSize: 100 });
    const { field, descending } = parseOrderBy(order, fields);
    const keyed = records.map(({ document, modifiedAt, isDeleted }) => {
      const body = { ...JSON.parse(document), modifiedDate: modifiedAt, metadata: { isDeleted } };
      const key = field.split('.').reduce((value, step) => value?.[step], body);
      return { id: idOf(document), key: typeof key === 'string' ? Buffer.from(key) : key };
    });
    const compare = (a: unknown, b: unknown) =>
      Buffer.isBuffer(a) && Buffer.isBuffer(b) ? Buffer.compare(a, b) : Number(a) - Number(b);
    const sorted = keyed.toSorted((a, b) => {
      if (a.key === undefined || b.key === undefined)
        return Number(a.key === undefined) - Number(b.key === undefined);
      return compare(a.key, b.key) * (descending ? -1 : 1);
    });
    return sorted.map(({ id }) => id);
  }

  test('refuses a cursor of another order, page or query, and one whose value is of another type', async () => {
    const scope = await createScope(pool);
    await storeRecords(pool, scope, 'invoices', invoices(1, 30));
    const { nextCursor: cursor } = await list(scope, by('totalAmount'));
    await expect(list(scope, { page: 2, cursor, ...by('totalAmount') })).resolves.toMatchObject({
      total: 30,
    });
    await expect(list(scope, { page: 2, cursor, ...by('-totalAmount') })).rejects.toThrow(CursorError);
    await expect(list(scope, { page: 3, cursor, ...by('totalAmount') })).rejects.toThrow(CursorError);
    await expect(list(scope, { page: 2, cursor })).rejects.toThrow(CursorError);
    const [binding, seq] = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString());
    for (const value of ['abc', '\u0000', '1e99999999']) {
      const forged = Buffer.from(JSON.stringify([binding, seq, value])).toString('base64url');
      await expect(list(scope, { page: 2, cursor: forged, ...by('totalAmount') })).rejects.toThrow(
        CursorError,
      );
    }
  });
});

describe('stored text', () => {
  test('comes back with the digits and blanks it was stored with', async () => {
    const scope = await createScope(pool);
    const document = '{"id":"x","totalAmount":99999999999999.99, "amountDue":0.10,"note":"\\u00e9 é 😀"}';
    await storeRecords(pool, scope, 'invoices', [{ id: 'x', document, isDeleted: true }]);
    const stored = await readRecord(pool, scope, 'invoices', 'x');
    expect(stored?.document).toBe(document);
    expect(stored?.isDeleted).toBe(true);
    expect(stored?.modifiedAt).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await list(scope)).records.map(withText)).toEqual([stored]);
  });

  test('has its instant with three digits, however many the database shows', async () => {
    const scope = await createScope(pool);
    await storeRecords(pool, scope, 'invoices', invoices(1, 3));
    const instants = ['2024-02-29T10:00:00.000Z', '2024-02-29T10:00:00.120Z', '1999-12-31T23:59:59.007Z'];
    for (const [index, at] of instants.entries()) {
      await pool.query('UPDATE invoices SET modified_at = $1 WHERE company_id = $2 AND seq = $3', [
        at,
        scope.companyId,
        index + 1,
      ]);
    }
    expect((await list(scope)).records.map(({ modifiedAt }) => modifiedAt)).toEqual(instants);
  });

  test('of an id that nothing can have is not found', async () => {
    const scope = await createScope(pool);
    await storeRecords(pool, scope, 'invoices', invoices(1, 1));
    expect(await readRecord(pool, scope, 'invoices', 'i\u0000')).toBeUndefined();
    expect(await readRecord(pool, scope, 'invoices', 'I1')).toBeUndefined();
    expect(await readOnlyRecord(pool, scope, 'company')).toBeUndefined();
  });
});

describe('a streamed page', () => {
  const limits = { batchSize: 10, maxOpenMs: 30_000 };
  async function stream(scope: Scope, request: Partial<RecordListRequest>, own: Partial<typeof limits> = {}) {
    const counters = await countersOf(pool, scope, 'invoices');
    return streamRecords(
      pool,
      scope,
      'invoices',
      counters,
      { page: 1, pageSize: 25, ...request },
      { ...limits, ...own },
    );
  }
  async function readAll({ batches, total }: Awaited<ReturnType<typeof stream>>) {
    const sizes: number[] = [];
    const ids: string[] = [];
    for (let result = await batches.next(); ; result = await batches.next()) {
      if (result.done) return { sizes, page: { ids, total, ...result.value } };
      sizes.push(result.value.length);
      ids.push(...idsOf({ records: result.value }));
    }
  }

  test.each([{}, where('totalAmount>=1'), by('-totalAmount'), { ...where('totalAmount>=1'), ...by('note') }])(
    'is the same as the page read at once, in batches, and gives its connection back: %j',
    async (request) => {
      const scope = await createScope(pool);
      await storeRecords(pool, scope, 'invoices', invoices(1, 70));
      for (const pageSize of [1, 10, 25, 30, 70, 100]) {
        const streamed = await readAll(await stream(scope, { ...request, pageSize }));
        const { records, ...rest } = await list(scope, { ...request, pageSize });
        expect(streamed.page).toEqual({ ids: idsOf({ records }), ...rest });
        expect(Math.max(...streamed.sizes)).toBeLessThanOrEqual(10);
      }
      expect(pool.idleCount).toBe(pool.totalCount);
    },
  );

  test('shows one moment: what is written while it is read is not in it', async () => {
    const scope = await createScope(pool);
    await storeRecords(pool, scope, 'invoices', invoices(1, 30));
    const open = await stream(scope, { ...where('totalAmount>=0'), pageSize: 50 });
    await storeRecords(pool, scope, 'invoices', [...invoices(31, 40), invoice(20, { totalAmount: -1 })]);
    const { page } = await readAll(open);
    expect([page.total, page.ids]).toEqual([30, invoices(1, 30).map(({ id }) => id)]);
  });

  test('ends with an error when its reader is too slow, and keeps no connection', async () => {
    const scope = await createScope(pool);
    await storeRecords(pool, scope, 'invoices', invoices(1, 30));
    const { batches } = await stream(scope, {}, { maxOpenMs: 5 });
    await batches.next();
    await vi.waitFor(() => expect(pool.idleCount).toBe(pool.totalCount), { timeout: 30_000 });
    await expect(batches.next()).rejects.toThrow(StreamExpiredError);
    const { rows } = await pool.query(
      `SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'`,
    );
    expect(rows).toEqual([{ open: 0 }]);
  });

  test.each(['before it is read', 'half read'])('that is left %s gives its connection back', async (when) => {
    const scope = await createScope(pool);
    await storeRecords(pool, scope, 'invoices', invoices(1, 30));
    const { batches, close } = await stream(scope, {});
    if (when === 'half read') await batches.next();
    await close();
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  test('with a bad cursor fails before it begins, and keeps no connection', async () => {
    const scope = await createScope(pool);
    await storeRecords(pool, scope, 'invoices', invoices(1, 30));
    const { nextCursor } = await list(scope, { pageSize: 25, ...by('totalAmount') });
    const [binding, seq] = JSON.parse(Buffer.from(nextCursor ?? '', 'base64url').toString());
    const forged = Buffer.from(JSON.stringify([binding, seq, 'abc'])).toString('base64url');
    await expect(stream(scope, { page: 2, cursor: forged, ...by('totalAmount') })).rejects.toThrow(
      CursorError,
    );
    expect(pool.idleCount).toBe(pool.totalCount);
  });
});
