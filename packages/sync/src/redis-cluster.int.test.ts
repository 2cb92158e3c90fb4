/** What docs/scaling.md says of Redis: a cluster accepts the queue, and any number of workers share it. */
import { spawnSync } from 'node:child_process';
import { requireTestRedis, startTestRedis } from '@tributary/testing';
import { expect, it, vi } from 'vitest';
import { startHarness } from './testing/harness.ts';

it('several workers share the queue on a Redis Cluster: every key lies in one slot, and every record is stored once', async (context) => {
  requireTestRedis(context);
  const redis = await startTestRedis({ cluster: true });
  if (redis === undefined) throw new Error('redis-server went away');
  const command = (...words: string[]) =>
    spawnSync('redis-cli', ['-u', redis.url, '--raw', ...words], { encoding: 'utf8' }).stdout.trim();
  const harness = await startHarness({ redisUrl: redis.url });
  try {
    const connection = await harness.link();
    await harness.sync.connectionLinked(connection);
    const keys = command('KEYS', '*').split('\n');
    expect(keys.length).toBeGreaterThan(3);
    expect(new Set(keys.map((key) => command('CLUSTER', 'KEYSLOT', key))).size).toBe(1);
    const workers = [harness.startWorker(), harness.startWorker(), harness.startWorker()];
    const runs = () =>
      harness.store.prisma.pullOperation.findMany({ where: { connectionId: connection.id } });
    await vi.waitFor(async () => {
      expect((await runs()).filter(({ completedAt }) => completedAt === null)).toEqual([]);
    }, 40_000);
    await Promise.all(workers.map((worker) => worker.close()));
    const done = await runs();
    expect(done.length).toBe(harness.connectors.get('ksho')?.manifest.dataTypes.size);
    for (const { status, recordsRead, inserted } of done)
      expect([status, inserted]).toEqual(['Complete', recordsRead]);
    expect(harness.errors).toEqual([]);
  } finally {
    await harness.close();
    await redis.stop();
  }
}, 60_000);
