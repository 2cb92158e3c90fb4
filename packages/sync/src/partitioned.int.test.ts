/** docs/scaling.md by its word: its statements are taken out of the document, so that they cannot be wrong there and right here. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dataTypeKeys, dataTypes, fieldsOf, parseQuery } from '@tributary/model';
import { listRecords, readDataset, readKeyRange } from '@tributary/store';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Harness, startHarness } from './testing/harness.ts';

const guide = readFileSync(fileURLToPath(new URL('../../../docs/scaling.md', import.meta.url)), 'utf8');

/** The block of SQL that begins with a comment. */
function statementsOf(title: string): string {
  const blocks = [...guide.matchAll(/^```sql\n-- (.*)\n([\s\S]*?)^```$/gm)];
  const found = blocks.find(([, name]) => name === title);
  if (found === undefined) throw new Error(`the guide has no statements named ${title}`);
  return found[2] ?? '';
}

describe('tables that the guide has cut into partitions by company', () => {
  let harness: Harness;
  let connection: Awaited<ReturnType<Harness['link']>>;
  const query = async <Row extends object>(sql: string, values: unknown[] = []) =>
    (await harness.store.pool.query<Row>(sql, values)).rows;
  const indexes = () =>
    query<{ name: string }>(
      `SELECT indexrelid::regclass::text AS name FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
       WHERE relnamespace = 'public'::regnamespace AND NOT relispartition ORDER BY 1`,
    );
  const countInvoices = async () =>
    (
      await query<{ count: number }>('SELECT count(*)::int FROM invoices WHERE company_id = $1', [
        connection.companyId,
      ])
    )[0]?.count;

  beforeAll(async () => {
    harness = await startHarness();
    connection = await harness.link();
    await harness.pull(connection, 'invoices');
  });
  afterAll(() => harness.close());

  it('keep what is stored, and every index with its name', async () => {
    const [before, stored] = [await indexes(), await countInvoices()];
    await query(statementsOf('partition by company'));
    expect(await indexes()).toEqual(before);
    expect(await countInvoices()).toBe(stored);
    const partitioned = await query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'p' ORDER BY 1`,
    );
    const names = partitioned.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(dataTypeKeys.map((key) => dataTypes[key].table)));
    expect(names).toEqual(expect.arrayContaining(['raw_records', 'journal_lines']));
    await query(statementsOf('after partitioning'));
    // From here on PostgreSQL counts who touches what.
    await query('SELECT pg_stat_reset()');
  });

  it('are synced and read as before', async () => {
    const scope = { companyId: connection.companyId, connectionId: connection.id };
    const before = await readDataset(harness.store.pool, scope, 'invoices');
    await harness.control('live', { edits: 60 });
    for (const dataType of harness.connectors.get('ksho')?.manifest.dataTypes.keys() ?? []) {
      const run = await harness.pull(connection, dataType);
      expect([dataType, run.status, run.quarantined]).toEqual([dataType, 'Complete', 0]);
    }
    const { recordCount, lastSeq } = await readDataset(harness.store.pool, scope, 'invoices');
    expect(recordCount).toBeGreaterThan(before.recordCount);
    const counters = { recordCount, lastSeq: Number(lastSeq) };
    const filter = { query: parseQuery('totalAmount>=0', fieldsOf(dataTypes.invoices.response)) };
    for (const request of [{}, filter]) {
      const page = await listRecords(harness.store.pool, scope, 'invoices', counters, {
        page: 1,
        pageSize: 5000,
        ...request,
      });
      expect(page.records.length).toBe(page.total);
    }
    expect(await countInvoices()).toBe(recordCount);
    const found = await readKeyRange(
      harness.store.pool,
      connection.clientId,
      { companyId: connection.companyId },
      'invoices',
      { page: 1, pageSize: 5000 },
    );
    expect(found?.page().records.length).toBe(recordCount);
  });

  it('are touched in the company’s own partition alone, so that they can lie on several servers', async () => {
    // Where the company's records are is known of one table; all are cut alike.
    const [own] = await query<{ part: string }>(
      `SELECT DISTINCT substring(tableoid::regclass::text FROM '_part_[0-9]+$') AS part FROM invoices WHERE company_id = $1`,
      [connection.companyId],
    );
    // Sessions tell what they did with a delay.
    const touched = await vi.waitFor(async () => {
      const tables = await query<{ name: string }>(
        `SELECT relname AS name FROM pg_stat_user_tables
         WHERE relname ~ '_part_[0-9]+$' AND seq_scan + coalesce(idx_scan, 0) + n_tup_ins + n_tup_upd + n_tup_del > 0`,
      );
      expect(tables.length).toBeGreaterThanOrEqual(15);
      return tables;
    }, 15_000);
    expect(touched.filter(({ name }) => !name.endsWith(own?.part ?? ''))).toEqual([]);
  });
});
