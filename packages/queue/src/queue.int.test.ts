import { randomUUID } from 'node:crypto';
import { createPool } from '@tributary/store';
import {
  createTestDatabase,
  requireTestRedis,
  type TestDatabase,
  tracesInDatabase,
  tracesInRedis,
} from '@tributary/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobQueue, createQueueBackend, migrateQueue, startJobConsumer } from './index.ts';

let database: TestDatabase;
let pool: Pool;
const fail = (error: Error) => {
  throw error;
};

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({
    databaseUrl: database.databaseUrl,
    max: 8,
    applicationName: 'test',
    onError: () => undefined,
  });
  await migrateQueue(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe.each(['postgres', 'redis'] as const)('the queue on %s', (kind) => {
  it('delivers a job once to one of several consumers, ignores a second job with its id, and honours delays', async (context) => {
    const redisUrl = kind === 'redis' ? requireTestRedis(context) : undefined;
    const backend = createQueueBackend({ redisUrl, pool, onError: fail });
    expect(backend.kind).toBe(kind);
    await backend.ping();
    const queue = createJobQueue(backend, fail);
    const received: { runId: string; atMs: number }[] = [];
    const arrived = new Map<string, () => void>();
    const jobs = [randomUUID(), randomUUID(), randomUUID()];
    const all = jobs.map((runId) => new Promise<void>((resolve) => arrived.set(runId, resolve)));
    const [first, second, delayed] = jobs as [string, string, string];
    for (const runId of [first, second, first])
      await queue.enqueue('sync-run', { runId, fence: 0 }, { jobId: `${runId}.0` });
    const enqueuedAtMs = Date.now();
    await queue.enqueue('sync-run', { runId: delayed, fence: 0 }, { jobId: `${delayed}.0`, delayMs: 2000 });
    expect(await queue.depth('sync-run')).toEqual({ waiting: 2, delayed: 1, active: 0 });
    const consumers = [0, 1].map(() =>
      startJobConsumer(
        backend,
        'sync-run',
        async ({ runId }) => {
          received.push({ runId, atMs: Date.now() });
          arrived.get(runId)?.();
        },
        { concurrency: 4, onError: fail },
      ),
    );
    await Promise.all(all);
    expect(received.map(({ runId }) => runId).sort()).toEqual([...jobs].sort());
    expect(
      (received.find(({ runId }) => runId === delayed)?.atMs ?? 0) - enqueuedAtMs,
    ).toBeGreaterThanOrEqual(1950);
    await Promise.all(consumers.map((consumer) => consumer.close()));
    // A finished job is gone, so that its id can be used again.
    await queue.enqueue('sync-run', { runId: first, fence: 0 }, { jobId: `${first}.0` });
    expect((await queue.depth('sync-run')).waiting).toBe(1);
    await queue.close();
    await backend.close();
  });

  it('forgets jobs, waiting and delayed, without a trace; others stay', async (context) => {
    const redisUrl = kind === 'redis' ? requireTestRedis(context) : undefined;
    const backend = createQueueBackend({ redisUrl, pool, onError: fail });
    const queue = createJobQueue(backend, fail);
    const [waiting, delayed, other] = [randomUUID(), randomUUID(), randomUUID()];
    const before = await queue.depth('sync-run');
    for (const [runId, delayMs] of [
      [waiting, 0],
      [delayed, 3_600_000],
      [other, 0],
    ] as const)
      await queue.enqueue('sync-run', { runId, fence: 0 }, { jobId: `${runId}.0`, delayMs });
    const traces = async (ids: string[]) =>
      redisUrl === undefined ? tracesInDatabase(database.databaseUrl, ids) : tracesInRedis(redisUrl, ids);
    expect(await traces([waiting])).not.toEqual([]);
    expect(await traces([delayed])).not.toEqual([]);
    await queue.forget('sync-run', [`${waiting}.0`, `${delayed}.0`, `${randomUUID()}.0`]);
    expect(await traces([waiting, delayed])).toEqual([]);
    expect(await queue.depth('sync-run')).toEqual({ ...before, waiting: before.waiting + 1 });
    await queue.forget('sync-run', [`${other}.0`]);
    await queue.close();
    await backend.close();
  });

  it('refuses a payload that does not fit the catalogue', async (context) => {
    const backend = createQueueBackend({
      redisUrl: kind === 'redis' ? requireTestRedis(context) : undefined,
      pool,
      onError: fail,
    });
    const queue = createJobQueue(backend, fail);
    await expect(queue.enqueue('sync-run', { runId: 'no uuid', fence: 0 }, { jobId: 'x' })).rejects.toThrow(
      /runId/,
    );
    await queue.close();
    await backend.close();
  });
});
