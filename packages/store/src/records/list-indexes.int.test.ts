/** What PostgreSQL reads for a list, by its own account, among more invoices than it would read whole. */
import { dataTypes, fieldsOf, parseOrderBy, parseQuery } from '@tributary/model';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPool, inTransaction } from '../pool.ts';
import { createScope } from './list.fixture.ts';
import { listRecords } from './list.ts';
import { planList, type RecordListRequest } from './list-plan.ts';

const count = 40_000;
const counters = { recordCount: count, lastSeq: count };
const fields = fieldsOf(dataTypes.invoices.response);

let database: TestDatabase;
let pool: Pool;
let scope: Awaited<ReturnType<typeof createScope>>;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({
    databaseUrl: database.databaseUrl,
    max: 2,
    applicationName: 'test',
    // As the API reads.
    servesLists: true,
    onError: () => {},
  });
  scope = await createScope(pool);
  const other = await createScope(pool);
  await fill(other, 5_000);
  await fill(scope, count);
  await pool.query('VACUUM ANALYZE invoices');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Invoices as the write path leaves them; what filters look for is one in two hundred, dates rise with the order of storing. */
async function fill({ clientId, companyId, connectionId }: typeof scope, invoices: number): Promise<void> {
  await pool.query(
    `INSERT INTO datasets (client_id, company_id, connection_id, data_type, last_seq, record_count, deleted_count)
     VALUES ($1, $2, $3, 'invoices', $4::int, $4::int, $4::int / 200)`,
    [clientId, companyId, connectionId, invoices],
  );
  await inTransaction(pool, async (client) => {
    // What is not flushed yet cannot be marked visible by VACUUM, and an index alone would not answer.
    await client.query('SET LOCAL synchronous_commit = on');
    await client.query(
      `INSERT INTO invoices (company_id, connection_id, id, seq, document, content_hash, modified_at, is_deleted, status, customer_id, issue_date, total_amount, invoice_number)
     SELECT $1, $2, 'i' || n, n, json_build_object('id', 'i' || n, 'note', repeat('x', 300)), md5(n::text)::uuid,
       timestamptz '2024-01-01Z' + CASE n % 200 WHEN 3 THEN interval '30 days' ELSE interval '0' END + n * interval '1 ms', n % 200 = 0,
       CASE n % 200 WHEN 1 THEN 'Draft' ELSE 'Paid' END, CASE n % 200 WHEN 2 THEN 'rare' ELSE 'c' || n % 50 END,
       timestamp '2020-01-01' + n / 20 * interval '1 day', n % 1000, CASE n % 200 WHEN 4 THEN 'twice' ELSE 'INV-' || n END
     FROM generate_series(1, $3::int) AS n`,
      [companyId, connectionId, invoices],
    );
  });
}

const listOf = (query: string | undefined, order: string | undefined): Omit<RecordListRequest, 'page'> => ({
  pageSize: 100,
  ...(query !== undefined && { query: parseQuery(query, fields) }),
  ...(order !== undefined && { orderBy: parseOrderBy(order, fields) }),
});

interface Scan {
  readonly index: string;
  readonly rows: number;
}

/** Every scan of the invoices, with the rows that it read. Bitmaps are read by their index. */
async function scansOf(request: RecordListRequest): Promise<Scan[]> {
  return (await planOf(request))
    .filter((node) => node['Relation Name'] === 'invoices' || node['Node Type'] === 'Bitmap Index Scan')
    .filter((node) => node['Node Type'] !== 'Bitmap Heap Scan')
    .map((node) => ({
      index: String(node['Index Name'] ?? node['Node Type']),
      rows:
        (Number(node['Actual Rows']) + Number(node['Rows Removed by Filter'] ?? 0)) *
        Number(node['Actual Loops']),
    }));
}

/** Every node of the plan, as it was carried out. */
async function planOf(request: RecordListRequest, queryable: Pick<Pool, 'query'> = pool) {
  const { statement } = planList(scope, 'invoices', counters, request);
  const { rows } = await queryable.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`, [
    ...statement.values,
  ]);
  return nodesOf(rows[0]['QUERY PLAN'][0].Plan);
}

function nodesOf(plan: Record<string, unknown>): Record<string, unknown>[] {
  const children = (plan['Plans'] ?? []) as Record<string, unknown>[];
  return [plan, ...children.flatMap(nodesOf)];
}

const readsOf = (scans: readonly Scan[]) => scans.reduce((sum, { rows }) => sum + rows, 0);
const sequence = 'invoices_company_id_connection_id_seq_key';
const modified = 'invoices_company_id_connection_id_modified_at_idx';

describe('a list among many invoices', () => {
  // 200 records match; counting reads them, the page reads at most as many, and 101 documents are read by their number.
  test.each([
    ['status=Draft', 'invoices_by_status_idx'],
    ['customerRef.id=rare', 'invoices_by_customer_idx'],
    ['invoiceNumber=twice', 'invoices_by_number_idx'],
    ['issueDate>=2025-06-14', 'invoices_by_issue_date_idx'],
    ['issueDate>=2022-01-01&&issueDate<2022-01-11', 'invoices_by_issue_date_idx'],
    ['modifiedDate>=2024-01-20T00:00:00Z', modified],
    ['customerRef.id=rare&&status=Paid', 'invoices_by_customer_idx'],
    ['customerRef.id=rare&&issueDate>=2020-01-01', 'invoices_by_customer_idx'],
    ['status=Draft&&metadata.isDeleted!=true', 'invoices_by_status_idx'],
  ])('filtered by %s reads what matches by %s, and the records of the page', async (query, index) => {
    const scans = await scansOf({ page: 1, ...listOf(query, undefined) });
    expect(new Set(scans.map((scan) => scan.index))).toEqual(new Set([index, sequence]));
    expect(readsOf(scans)).toBeLessThanOrEqual(750);
  });

  test.each([
    ['metadata.isDeleted=true', 'invoices_marked_deleted_idx', 200],
    ['metadata.isDeleted!=true', sequence, count - 200],
  ])(
    'filtered by %s reads a page by %s, and takes the total from the counters',
    async (query, index, total) => {
      const request = { page: 1, ...listOf(query, undefined) };
      const scans = await scansOf(request);
      expect(new Set(scans.map((scan) => scan.index))).toEqual(new Set([index, sequence]));
      expect(readsOf(scans)).toBeLessThanOrEqual(210);
      const page = await listRecords(pool, scope, 'invoices', counters, request);
      expect([page.total, page.records.length]).toEqual([total, 100]);
      const beyond = await listRecords(pool, scope, 'invoices', counters, { ...request, page: 1_000_000 });
      expect([beyond.total, beyond.records.length]).toEqual([total, 0]);
    },
  );

  test.each([
    ['issueDate', 'invoices_by_issue_date_idx'],
    ['-issueDate', 'invoices_by_issue_date_idx'],
    ['modifiedDate', modified],
    ['-modifiedDate', modified],
  ])('ordered by %s reads pages by %s, the first ones and those behind cursors', async (order, index) => {
    let cursor: string | undefined;
    for (const page of [1, 2, 3]) {
      const request = { page, cursor, ...listOf(undefined, order) };
      const scans = await scansOf(request);
      expect(scans.map((scan) => scan.index)).toContain(index);
      expect(scans.map((scan) => scan.index)).not.toContain('Seq Scan');
      // A page, one record more, those with the same value as the last, and the documents.
      expect(readsOf(scans)).toBeLessThanOrEqual(250);
      cursor = (await listRecords(pool, scope, 'invoices', counters, request)).nextCursor;
    }
  });

  test.each([
    ['status=Draft', '-issueDate'],
    ['customerRef.id=rare', '-modifiedDate'],
    ['issueDate>=2025-06-14', '-totalAmount'],
    ['issueDate>=2025-06-14', '-issueDate'],
    ['status=Draft||customerRef.id=rare', 'issueDate'],
  ])(
    'filtered by %s and ordered by %s reads little more than what matches, and walks it once',
    async (query, order) => {
      const ids: string[] = [];
      let cursor: string | undefined;
      for (let page = 1; page === 1 || cursor !== undefined; page += 1) {
        const request = { page, cursor, ...listOf(query, order) };
        const scans = await scansOf(request);
        expect(scans.map((scan) => scan.index)).not.toContain('Seq Scan');
        expect(readsOf(scans)).toBeLessThanOrEqual(2_000);
        const { records, nextCursor, total } = await listRecords(pool, scope, 'invoices', counters, request);
        expect(total).toBeLessThanOrEqual(410);
        ids.push(...records.map(({ document }) => String((JSON.parse(document) as { id: string }).id)));
        cursor = nextCursor;
        if (cursor === undefined) expect(ids.length).toBe(total);
      }
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  test('whose matches all lie at its end does not read everything before them', async () => {
    // One in five of the records, so that the planner would expect to meet a page of them soon.
    const scans = await scansOf({ page: 1, ...listOf('issueDate>=2024-05-20', undefined) });
    const found = scans.filter(({ index }) => index === 'invoices_by_issue_date_idx');
    expect(readsOf(scans)).toBe(readsOf(found) + 101);
  });
});

describe('a list among many invoices, of which other companies have more, and others', () => {
  // By what is known of the table, a third of the records match each of these.
  beforeAll(async () => {
    const other = await createScope(pool);
    await fill(other, count / 2);
    await pool.query(
      `UPDATE invoices SET modified_at = modified_at + interval '1 year', issue_date = issue_date + interval '20 years',
         status = 'Draft', customer_id = 'rare'
       WHERE company_id = $1`,
      [other.companyId],
    );
    await pool.query('VACUUM ANALYZE invoices');
  });

  test.each([
    'status=Draft',
    'customerRef.id=rare',
    'issueDate>=2025-06-14',
    'modifiedDate>=2024-01-20T00:00:00Z',
    'modifiedDate>=2024-01-20T00:00:00Z&&issueDate>=2020-01-01',
    'customerRef.id=rare&&issueDate>=2020-01-01',
  ])('filtered by %s reads what matches, and the records of the page', async (query) => {
    const scans = await scansOf({ page: 1, ...listOf(query, undefined) });
    expect(scans.map((scan) => scan.index)).not.toContain('Seq Scan');
    expect(readsOf(scans)).toBeLessThanOrEqual(750);
  });

  test('is read by one process, however cheap others are said to be', async () => {
    const nodes = await inTransaction(pool, async (client) => {
      for (const setting of ['setup_cost', 'tuple_cost'])
        await client.query(`SET LOCAL parallel_${setting} = 0`);
      for (const what of ['table', 'index'])
        await client.query(`SET LOCAL min_parallel_${what}_scan_size = 0`);
      return planOf({ page: 1, ...listOf('modifiedDate>=2024-01-20T00:00:00Z', undefined) }, client);
    });
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Gather');
  });
});
