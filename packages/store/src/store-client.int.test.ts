import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryBytesOn } from './byte-rows.ts';
import { createPool, inTransaction } from './pool.ts';
import { StoreClient } from './store-client.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

type Ask = (client: pg.Client) => Promise<unknown>;

/**
 * Megabytes that the heap grows by while 250 answers of 100 KB come in, and only young objects are collected. Where the whole heap is,
 * which is the collector's to decide, nothing has been measured, and it is done once more.
 */
async function keptMb(open: () => pg.Client, ask: Ask): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;
  for (let turn = 0; turn < 10; turn += 1) {
    collect({ type: 'major' });
    const collections = countWholeCollections();
    const client = open();
    await client.connect();
    try {
      const kept = await grownMb(client, ask, () => collect({ type: 'minor' }));
      if ((await collections.end()) === 0) return kept;
    } finally {
      await client.end();
    }
  }
  throw new Error('the whole heap was collected each time');
}

async function grownMb(client: pg.Client, ask: Ask, collectYoung: () => void): Promise<number> {
  const used = (): number => {
    for (let turn = 0; turn < 3; turn += 1) collectYoung();
    return process.memoryUsage().heapUsed / 1e6;
  };
  await ask(client);
  const before = used();
  for (let turn = 0; turn < 250; turn += 1) {
    await ask(client);
    if (turn % 5 === 0) used();
  }
  return used() - before;
}

function countWholeCollections(): { end(): Promise<number> } {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries() as { detail?: { kind?: number } }[])
      if (detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR) count += 1;
  });
  observer.observe({ entryTypes: ['gc'] });
  return {
    end: async () => {
      // What has happened is told a little later.
      await setTimeout(20);
      observer.disconnect();
      return count;
    },
  };
}

const text = `SELECT repeat('x', 1000) || n AS text FROM generate_series(1, 100) AS n`;

describe('answered queries are garbage at once', () => {
  const ways: [string, Ask][] = [
    ['asked for a promise', (client) => client.query(text)],
    ['named', (client) => client.query({ name: 'rows', text, values: [] })],
    [
      'asked with a callback',
      (client) => new Promise((done) => client.query(text, (_error, result) => done(result.rows.length))),
    ],
    ['read as bytes', (client) => queryBytesOn(client, { text })],
  ];

  test.each(ways)('%s, with and without a time limit', async (_way, ask) => {
    const connectionString = database.databaseUrl;
    for (const longestQueryMs of [undefined, 10_000])
      expect(await keptMb(() => new StoreClient({ connectionString, longestQueryMs }), ask)).toBeLessThan(8);
  });

  test('which they are not on the driver’s own client: where this fails, ours has nothing left to do', async () => {
    const open = () => new pg.Client({ connectionString: database.databaseUrl });
    expect(await keptMb(open, (client) => client.query(text))).toBeGreaterThan(15);
  });
});

describe('a query with a time limit', () => {
  const slow = 'SELECT pg_sleep(5)';
  let pool: pg.Pool;
  beforeAll(() => {
    pool = createPool({
      databaseUrl: database.databaseUrl,
      max: 1,
      applicationName: 'test',
      // The server's own limit, which comes first, is a client's to lift.
      queryTimeoutMs: 400,
      onError: () => undefined,
    });
  });
  afterAll(() => pool.end());

  test.each<[string, () => Promise<unknown>]>([
    [
      'asked of a connection',
      () =>
        inTransaction(pool, async (client) => {
          await client.query('SET LOCAL statement_timeout = 0');
          await client.query(slow);
        }),
    ],
    [
      'read as bytes',
      () =>
        inTransaction(pool, async (client) => {
          await client.query('SET LOCAL statement_timeout = 0');
          await queryBytesOn(client, { text: slow });
        }),
    ],
    ['asked of the pool', () => pool.query(`SET statement_timeout = 0; ${slow}`)],
  ])('%s fails when it is over, and its connection is not used again', async (_way, ask) => {
    const pid = async () => (await pool.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
    const before = await pid();
    const startedMs = performance.now();
    await expect(ask()).rejects.toThrow('Query read timeout');
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await pid()).not.toBe(before);
  });

  test('answers as ever when it is in time, errors included', async () => {
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect((await pool.query({ text: 'SELECT $1::int AS one', values: [1], rowMode: 'array' })).rows).toEqual(
      [[1]],
    );
    const client = await pool.connect();
    try {
      const failure = await client.query('SELECT nothing').catch((error: Error) => error);
      expect(failure).toBeInstanceOf(pg.DatabaseError);
      // Its stack leads to whoever asked.
      expect((failure as Error).stack).toContain('store-client.int.test.ts');
    } finally {
      client.release();
    }
  });
});
