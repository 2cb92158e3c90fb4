/** Erasing while workers write: afterwards no id of what was erased is found anywhere, whatever keeps it. */
import { requireTestRedis, tracesInDatabase, tracesInRedis } from '@tributary/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createErasure } from './index.ts';
import { type Harness, startHarness } from './testing/harness.ts';
import { bringIntoMidRun, hasNoJobs, idsOf, syncSome, until } from './testing/mid-run.ts';
import { createRandom } from './testing/random.ts';

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

describe.each(['postgres', 'redis'] as const)('erasing a company, with the queue on %s', (kind) => {
  it('leaves nothing of it anywhere, also while a worker is in the middle of it, and nothing comes back', async (context) => {
    const redisUrl = kind === 'redis' ? requireTestRedis(context) : undefined;
    const house = await startHarness({ sandbox: { size: 6000 }, redisUrl });
    harness = house;
    const erasure = createErasure(house);
    const [connection, neighbour] = [await house.link('1001'), await house.link('1004')];
    for (const linked of [connection, neighbour]) await syncSome(house, linked);
    const worker = house.startWorker();
    await bringIntoMidRun(house, connection);

    const ids = await idsOf(house, connection);
    const neighbourIds = await idsOf(house, neighbour);
    const before = await tracesInDatabase(house.databaseUrl, ids);
    const kept = await tracesInDatabase(house.databaseUrl, neighbourIds);
    for (const table of ['connection_credentials', 'customers', 'invoices', 'raw_records', 'rate_budgets'])
      expect(before).toContain(`public.${table}`);
    for (const table of ['upstream_requests', 'data_warnings', 'quarantined_records', 'datasets'])
      expect(before).toContain(`public.${table}`);
    if (redisUrl === undefined) expect(before).toContain('bullmq.job');
    else expect(tracesInRedis(redisUrl, ids)).not.toEqual([]);

    expect(await erasure.company(connection.clientId, connection.companyId)).toBe(true);
    const ours = (tables: string[]) => tables.filter((table) => table.startsWith('public.'));
    expect(ours(await tracesInDatabase(house.databaseUrl, ids))).toEqual([]);
    // The worker finds out at its next write; its job goes with it.
    await until('the worker is done', () => hasNoJobs(house));
    await worker.close();
    await house.queue.clearEvents();
    expect(await tracesInDatabase(house.databaseUrl, ids)).toEqual([]);
    if (redisUrl !== undefined) expect(tracesInRedis(redisUrl, ids)).toEqual([]);
    expect(ours(await tracesInDatabase(house.databaseUrl, neighbourIds))).toEqual(ours(kept));
    expect(await erasure.company(connection.clientId, connection.companyId)).toBe(false);
  }, 180_000);
});

describe('an erasure that meets a worker at any moment', () => {
  const rounds = 12;
  it(`leaves nothing behind (${rounds} moments)`, async () => {
    const house = await startHarness({ sandbox: { size: 400 } });
    harness = house;
    const erasure = createErasure(house);
    const random = createRandom(11);
    const worker = house.startWorker();
    const erased: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const connection = await house.link();
      await house.sync.connectionLinked(connection);
      const requestsBefore = random.below(60);
      const made = async () => {
        const { rows } = await house.store.pool.query<{ made: number }>(
          `SELECT (SELECT count(*) FROM upstream_requests WHERE company_id = $1)::int
             + (SELECT count(*) FROM pull_operations WHERE company_id = $1 AND completed_at IS NOT NULL)::int AS made`,
          [connection.companyId],
        );
        return rows[0]?.made ?? 0;
      };
      const runs = async () =>
        house.store.prisma.pullOperation.count({
          where: { companyId: connection.companyId, completedAt: null },
        });
      await until('the moment', async () => (await made()) >= requestsBefore || (await runs()) === 0);
      erased.push(...(await idsOf(house, connection)));
      expect(await erasure.client(connection.clientId)).toBe(true);
    }
    await until('the worker is done', () => hasNoJobs(house));
    await worker.close();
    await house.queue.clearEvents();
    expect(await tracesInDatabase(house.databaseUrl, erased)).toEqual([]);
    expect(house.errors).toEqual([]);
  }, 300_000);
});
