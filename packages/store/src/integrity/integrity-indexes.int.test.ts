/** What a check of a few records reads among many, by PostgreSQL's own account. */
import { integrityRules } from '@tributary/model';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPool } from '../pool.ts';
import { createScope } from '../records/list.fixture.ts';
import { recordsByKey, recordsOf, recordsWrittenSince, type WrittenRecord } from './checked-records.ts';
import { allDuplicates, duplicatesAmong, duplicatesOfWritten } from './duplicates.ts';
import { missingRecords } from './known-facts.ts';

const count = 40_000;
const runStartedMs = Date.UTC(2024, 5, 1);
let database: TestDatabase;
let pool: Pool;
let scope: Awaited<ReturnType<typeof createScope>>;
let statements: { text: string; values: unknown[] }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({
    databaseUrl: database.databaseUrl,
    max: 2,
    applicationName: 'test',
    onError: () => {},
  });
  scope = await createScope(pool);
  const query = pool.query.bind(pool) as (...request: unknown[]) => Promise<unknown>;
  pool.query = ((text: string, values: unknown[] = []) => {
    statements.push({ text, values });
    return query(text, values);
  }) as typeof pool.query;
  for (const table of ['invoices', 'bills']) {
    const [number, party] =
      table === 'invoices' ? ['invoice_number', 'customer_id'] : ['reference', 'supplier_id'];
    // The last hundred were written by the run: one repeats the number of an old one, one that of a Void one, one that of a deleted one,
    // and two share one of their own.
    await pool.query(
      `INSERT INTO ${table} (company_id, connection_id, id, seq, document, content_hash, modified_at, is_deleted, status, ${party}, ${number})
       SELECT $1, $2, 'i' || n, n, json_build_object('id', 'i' || n, 'note', repeat('x', 300)), md5(n::text)::uuid,
         CASE WHEN n > $3::int - 100 THEN to_timestamp($4::float8 / 1000) + n * interval '1 ms' ELSE timestamptz '2024-01-01Z' + n * interval '1 ms' END,
         n = 30, CASE n WHEN 20 THEN 'Void' ELSE 'Paid' END, 'p' || n % 2,
         CASE $3::int - n WHEN 0 THEN 'N10' WHEN 10 THEN 'N20' WHEN 20 THEN 'N30' WHEN 40 THEN 'own' WHEN 42 THEN 'own' WHEN 50 THEN NULL ELSE 'N' || n END
       FROM generate_series(1, $3::int) AS n`,
      [scope.companyId, scope.connectionId, count, runStartedMs],
    );
  }
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(() => {
  statements = [];
});

/** Rows read by each way of reading the table, of the statements since the test began. */
async function readsOf(table: string): Promise<{ ways: string[]; rows: number }> {
  const made = [...statements];
  const ways = new Set<string>();
  let rows = 0;
  for (const { text, values } of made) {
    const { rows: plan } = await pool.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
    for (const node of nodesOf(plan[0]['QUERY PLAN'][0].Plan)) {
      if (node['Relation Name'] !== table) continue;
      ways.add(String(node['Node Type']));
      rows +=
        (Number(node['Actual Rows']) + Number(node['Rows Removed by Filter'] ?? 0)) *
        Number(node['Actual Loops']);
    }
  }
  return { ways: [...ways], rows };
}

function nodesOf(plan: Record<string, unknown>): Record<string, unknown>[] {
  const children = (plan['Plans'] ?? []) as Record<string, unknown>[];
  return [plan, ...children.flatMap(nodesOf)];
}

const since = { sinceMs: runStartedMs, limit: 201 };

describe.each(['without statistics', 'with statistics'])(
  'a check of a hundred among 40,000, %s',
  (statistics) => {
    beforeAll(async () => {
      if (statistics === 'with statistics') await pool.query('VACUUM ANALYZE invoices, bills');
    });

    test.each(['invoices', 'bills'] as const)('finds duplicates of %s by the index', async (dataType) => {
      const rule = integrityRules[dataType]?.duplicates;
      if (rule === undefined) throw new Error('there is a rule');
      const expected = ['i10', `i${count}`, `i${count - 40}`, `i${count - 42}`].sort();
      const shared = await duplicatesOfWritten(pool, scope, dataType, rule, since);
      expect(shared.sort()).toEqual(expected);
      const written = Array.from({ length: 100 }, (_, index) => `i${count - index}`);
      const found = await duplicatesAmong(pool, scope, dataType, rule, written);
      expect(found.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
        { id: `i${count - 42}`, value: 'own', records: 2 },
        { id: `i${count - 40}`, value: 'own', records: 2 },
        { id: `i${count}`, value: 'N10', records: 2 },
      ]);
      const gone = await missingRecords(pool, scope, dataType, [...written, 'i30', 'gone']);
      expect(gone).toEqual(['gone']);
      expect((await recordsOf(pool, scope, dataType, [...written, 'i30', 'gone'])).length).toBe(100);
      const { ways, rows } = await readsOf(dataType);
      expect(ways).not.toContain('Seq Scan');
      expect(rows).toBeLessThan(1_000);
      const all = await allDuplicates(pool, scope, dataType, rule, 3);
      expect([all.count, all.duplicates.map(({ id }) => id)]).toEqual([4, expected.slice(0, 3)]);
    });
  },
);

test('what a run wrote, and what is named, is read back by keys', async () => {
  const ids: string[] = [];
  for (let after: WrittenRecord | undefined; ; ) {
    const batch: WrittenRecord[] = await recordsWrittenSince(pool, scope, 'invoices', {
      sinceMs: runStartedMs,
      after,
      limit: 30,
    });
    after = batch.at(-1);
    if (after === undefined) break;
    ids.push(...batch.map(({ id }) => id));
  }
  expect(ids).toEqual(Array.from({ length: 100 }, (_, index) => `i${count - 99 + index}`));
  expect((await recordsOf(pool, scope, 'invoices', ['i1', 'i30', 'gone', 'i2'])).map(({ id }) => id)).toEqual(
    ['i1', 'i2'],
  );
  expect(await missingRecords(pool, scope, 'invoices', ['i1', 'i30', 'gone', 'i2'])).toEqual(['gone']);
  expect(await recordsByKey(pool, scope, 'invoices', { after: 'i9998', limit: 2 })).toHaveLength(1);
  const { ways, rows } = await readsOf('invoices');
  expect(ways).not.toContain('Seq Scan');
  expect(rows).toBeLessThan(1_000);
});

test('a batch ends before its documents take much memory', async () => {
  const large = await createScope(pool);
  const fill = `SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 50000)`;
  await pool.query(
    `INSERT INTO invoices (company_id, connection_id, id, seq, document, content_hash, modified_at)
     SELECT $1, $2, 'i' || n, n, json_build_object('note', (${fill})), md5(n::text)::uuid, to_timestamp($3::float8 / 1000) FROM generate_series(1, 8) AS n`,
    [large.companyId, large.connectionId, runStartedMs],
  );
  const seen: string[] = [];
  for (let after = ''; ; ) {
    const batch = await recordsByKey(pool, large, 'invoices', { after, limit: 500 });
    expect(batch.length).toBeLessThanOrEqual(5);
    const last = batch.at(-1);
    if (last === undefined) break;
    after = last.id;
    seen.push(...batch.map(({ id }) => id));
  }
  expect(seen).toEqual(['i1', 'i2', 'i3', 'i4', 'i5', 'i6', 'i7', 'i8']);
});
