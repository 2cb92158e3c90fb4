/** Erasing while workers write: afterwards no id of what was erased is found anywhere, whatever keeps it. */
import type { DataTypeKey } from '@tributary/model';
import { requireTestRedis, tracesInDatabase, tracesInRedis } from '@tributary/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createErasure } from './index.ts';
import { type Harness, startHarness } from './testing/harness.ts';
import { createRandom } from './testing/random.ts';

type Linked = Awaited<ReturnType<Harness['link']>>;

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

/** Ids of a company, its connection and all its runs. */
async function idsOf({ store }: Harness, { id, companyId }: Linked): Promise<string[]> {
  const runs = await store.prisma.pullOperation.findMany({ where: { companyId }, select: { id: true } });
  return [companyId, id, ...runs.map((run) => run.id)];
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const noJobs = async ({ queue }: Harness): Promise<boolean> => {
  const { waiting, delayed, active } = await queue.depth('sync-run');
  return waiting + delayed + active === 0;
};

const request = (house: Harness, connection: Linked, dataType: DataTypeKey) =>
  house.sync.requestRun({ connection, dataType, trigger: 'request' });

describe.each(['postgres', 'redis'] as const)('erasing a company, with the queue on %s', (kind) => {
  it('leaves nothing of it anywhere, also while a worker is in the middle of it, and nothing comes back', async (context) => {
    const redisUrl = kind === 'redis' ? requireTestRedis(context) : undefined;
    const house = await startHarness({ sandbox: { size: 6000 }, redisUrl });
    harness = house;
    const erasure = createErasure(house);
    const [connection, neighbour] = [await house.link('1001'), await house.link('1004')];
    for (const linked of [connection, neighbour]) {
      await house.pull(linked, 'customers');
      await house.control('faults', {
        match: 'GET .*/records/bills',
        kind: 'malformedRecord',
        damage: 'wrongTypes',
        times: 1,
      });
      await house.pull(linked, 'bills');
    }
    // One run that waits for a rate limit, with a delayed job, and one whose worker is in the middle of its pages.
    await house.control('faults', {
      match: 'GET .*/records/billPayments',
      kind: 'status',
      status: 429,
      retryAfter: 3600,
      times: 1,
    });
    const worker = house.startWorker();
    const postponed = await request(house, connection, 'billPayments');
    await house.control('faults', {
      match: 'GET .*/records/invoices.*offset=1000',
      kind: 'delay',
      delayMs: 2500,
      times: 1,
    });
    const running = await request(house, connection, 'invoices');
    const run = (id: string) => house.store.prisma.pullOperation.findUniqueOrThrow({ where: { id } });
    await until('a page is written', async () => (await run(running.id)).pages > 0);
    await until('a run waits for the limit', async () => (await run(postponed.id)).notBefore !== null);
    await until('its job waits too', async () => (await house.queue.depth('sync-run')).delayed === 1);

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
    await until('the worker is done', () => noJobs(house));
    await worker.close();
    await house.queue.clearEvents();
    expect(await tracesInDatabase(house.databaseUrl, ids)).toEqual([]);
    if (redisUrl !== undefined) expect(tracesInRedis(redisUrl, ids)).toEqual([]);
    expect(ours(await tracesInDatabase(house.databaseUrl, neighbourIds))).toEqual(ours(kept));
    expect(await erasure.company(connection.clientId, connection.companyId)).toBe(false);
  }, 60_000);
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
    await until('the worker is done', () => noJobs(house));
    await worker.close();
    await house.queue.clearEvents();
    expect(await tracesInDatabase(house.databaseUrl, erased)).toEqual([]);
    expect(house.errors).toEqual([]);
  }, 120_000);
});
