/** What it costs to admit, request, sweep and look, in pages of the database touched: the same however many runs wait. */
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store.ts';
import { readActiveRuns } from './active.ts';
import { admitRuns, clientsWithWaitingRuns, findOrCreateRun, othersWait, sweepRuns } from './request.ts';

const short = 1_000;
const long = 100_000;

let database: TestDatabase;
let store: Store;
const clientId = randomUUID();
const quietClientId = randomUUID();
const companyId = randomUUID();
const quietConnectionId = randomUUID();
beforeAll(async () => {
  database = await createTestDatabase();
  store = openStore({
    databaseUrl: database.databaseUrl,
    poolSize: 4,
    applicationName: 'test',
    onError: () => undefined,
  });
  const { prisma } = store;
  await prisma.client.createMany({
    data: [
      { id: clientId, name: 'flood' },
      { id: quietClientId, name: 'quiet' },
    ],
  });
  const quietCompanyId = randomUUID();
  await prisma.company.createMany({
    data: [
      { id: companyId, clientId, name: 'shop' },
      { id: quietCompanyId, clientId: quietClientId, name: 'shop' },
    ],
  });
  await prisma.connection.create({
    data: {
      id: quietConnectionId,
      clientId: quietClientId,
      companyId: quietCompanyId,
      platformKey: 'ksho',
      status: 'Linked',
    },
  });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

/** Makes the flooding client's queue `runs` long: ten waiting runs of each of its connections. */
async function fillQueue(runs: number): Promise<void> {
  await store.pool.query(
    `WITH connection AS (
       INSERT INTO connections (id, client_id, company_id, platform_key, status)
       SELECT gen_random_uuid(), $1, $2, 'ksho', 'Linked' FROM generate_series(1, $3::int / 10) RETURNING id
     )
     INSERT INTO pull_operations (id, client_id, company_id, connection_id, data_type, "trigger", priority, requested_at)
     SELECT gen_random_uuid(), $1, $2, connection.id, 'type' || n, 'schedule', 1, now() - random() * interval '1 hour'
     FROM connection, generate_series(1, 10) AS n`,
    [clientId, companyId, runs],
  );
  await store.pool.query('VACUUM ANALYZE pull_operations');
}

/** Pages that the statements of `work` touch; what they change is undone. */
async function pagesOf(work: (pool: Pool) => Promise<unknown>): Promise<number> {
  const client = await store.pool.connect();
  let pages = 0;
  const query = async (text: string, values?: unknown[]) => {
    if (/^(BEGIN|COMMIT|ROLLBACK)/.test(text)) return { rows: [], rowCount: 0 };
    await client.query('SAVEPOINT explained');
    const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
    await client.query('ROLLBACK TO explained');
    const [{ Plan: plan }] = rows[0]['QUERY PLAN'];
    pages += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    return client.query(text, values);
  };
  const release = () => undefined;
  const listen = { on: () => undefined, off: () => undefined };
  const watched = { query, connect: async () => ({ query, release, ...listen }) as unknown as PoolClient };
  try {
    await client.query('BEGIN');
    await work(watched as unknown as Pool);
    await client.query('ROLLBACK');
  } finally {
    client.release();
  }
  return pages;
}

const request = {
  connectionId: quietConnectionId,
  dataType: 'invoices',
  trigger: 'request',
  traceId: undefined,
} as const;
const costs = async () => ({
  'admitting runs of the client with the long queue': await pagesOf((pool) => admitRuns(pool, clientId)),
  'admitting a run of another': await pagesOf((pool) => admitRuns(pool, quietClientId)),
  'asking for a run': await pagesOf((pool) => findOrCreateRun(pool, request)),
  'finding who waits': await pagesOf((pool) => clientsWithWaitingRuns(pool)),
  'finding whether others wait': await pagesOf((pool) => othersWait(pool, quietClientId)),
  'finding what was left lying': await pagesOf((pool) => sweepRuns(pool, { graceMs: 30_000, limit: 500 })),
});

describe(`with ${long} runs on the queue in place of ${short}`, () => {
  it('nothing that happens per run or per tick touches more pages', async () => {
    await fillQueue(short);
    const before = await costs();
    await fillQueue(long - short);
    const after = await costs();
    const waiting = await readActiveRuns(store.pool);
    expect(waiting.unadmitted).toBe(long);
    for (const [what, pages] of Object.entries(after)) {
      // Indexes have become a level or two deeper.
      expect(pages, what).toBeLessThan(2 * before[what as keyof typeof before] + 30);
    }
    process.stdout.write(`pages touched: ${JSON.stringify({ before, after })}\n`);
  }, 180_000);
});
