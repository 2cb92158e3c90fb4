import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import type { ClientBase } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inKeyedTransaction, inTransaction } from '../pool.ts';
import { openStore, type Store } from '../store.ts';
import { recordByKey } from './by-key.ts';

let database: TestDatabase;
let store: Store;
const scope = [randomUUID(), randomUUID()];

beforeAll(async () => {
  database = await createTestDatabase();
  store = openStore({
    databaseUrl: database.databaseUrl,
    poolSize: 2,
    applicationName: 'test',
    onError: () => undefined,
  });
  // Long ids make the key's index one level higher than the index of times, and nothing has been analysed.
  await store.pool.query('ALTER TABLE tax_rates SET (autovacuum_enabled = off)');
  await store.pool.query(
    `INSERT INTO tax_rates (company_id, connection_id, id, seq, document, content_hash, modified_at)
     SELECT $1, $2, repeat('id', 200) || n, n, '{}', gen_random_uuid(), now() FROM generate_series(1, 5000) AS n`,
    scope,
  );
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

async function planIn(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT stored.content_hash FROM unnest($3::text[]) AS wanted (id)
     CROSS JOIN LATERAL ${recordByKey('record.content_hash', 'tax_rates', 'wanted.id')} AS stored`,
    [...scope, ['some']],
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

it('in a keyed transaction records are looked up by the key, where another index looks cheaper', async () => {
  expect(await inTransaction(store.pool, planIn)).not.toContain('tax_rates_pkey');
  const plan = await inKeyedTransaction(store.pool, planIn);
  expect(plan).toContain('Index Scan using tax_rates_pkey');
  expect(plan).not.toContain('Sort');
});
