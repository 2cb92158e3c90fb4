import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';
import { createRunMemories } from './run-memory.ts';

const perHour = 5;
const never = new AbortController().signal;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 30 }, requestsPerHour: perHour });
});
afterAll(() => harness.close());

async function hourPasses(): Promise<void> {
  await harness.store.pool.query(
    `UPDATE rate_budgets SET free_at = free_at - interval '1 hour',
       hour_slots = ARRAY(SELECT slot - 3600000 FROM unnest(hour_slots) AS slot)`,
  );
  await harness.store.pool.query('UPDATE pull_operations SET not_before = NULL WHERE completed_at IS NULL');
}

const pathsOf = async (runId: string): Promise<string[]> =>
  (await harness.store.prisma.upstreamRequest.findMany({ where: { runId }, orderBy: { id: 'asc' } })).map(
    ({ path }) => path,
  );

/** A run to its end, an hour after the other, by the same worker. */
async function pullByTheHour(connection: Awaited<ReturnType<Harness['link']>>, dataType: 'chartOfAccounts') {
  const { id } = await harness.sync.requestRun({ connection, dataType, trigger: 'request' });
  const engine = harness.engineFor('worker');
  for (let hours = 1; ; hours += 1) {
    await engine.execute(id, never);
    const run = await harness.store.prisma.pullOperation.findUniqueOrThrow({ where: { id } });
    if (run.completedAt !== null) return { run, hours };
    expect([run.status, run.leaseUntil, run.attempts]).toEqual(['Queued', null, 0]);
    expect(run.statusDescription).toMatch(/^Paused until /);
    expect(hours).toBeLessThan(30);
    await hourPasses();
  }
}

beforeEach(hourPasses);

describe('an hourly budget that is smaller than what one page needs', () => {
  it('is waited for without a worker, and the run comes to its end without making any call twice', async () => {
    const connection = await harness.link();
    const { run, hours } = await pullByTheHour(connection, 'chartOfAccounts');
    expect(run.status).toBe('Complete');
    const paths = await pathsOf(run.id);
    // The accounts are listed for the names and for the records, in pages of different length: no path occurs twice.
    expect(paths).toHaveLength(new Set(paths).size);
    expect(paths.length).toBeGreaterThan(4 * perHour);
    expect(hours).toBe(Math.ceil(paths.length / perHour));
    expect(Number(run.rateLimitedMs)).toBeGreaterThan((hours - 1) * 3_500_000);
  });

  it('what a run has read is forgotten when the run completes, and when it was ended while it waited', async () => {
    const connection = await harness.link();
    const memories = createRunMemories();
    const engine = harness.engineFor('worker', { memories });
    const items = await harness.sync.requestRun({ connection, dataType: 'taxRates', trigger: 'request' });
    await engine.execute(items.id, never);
    expect(memories.runIds()).toEqual([]);
    const { clientId, companyId } = connection;
    const { id } = await harness.sync.requestRun({
      connection,
      dataType: 'chartOfAccounts',
      trigger: 'request',
    });
    await engine.execute(id, never);
    await engine.forgetEnded();
    expect(memories.runIds()).toEqual([id]);
    await harness.sync.cancelRun({ clientId, companyId, runId: id });
    await engine.forgetEnded();
    expect(memories.runIds()).toEqual([]);
  });

  it('more than a day of waiting in all ends the run, with a message', async () => {
    const connection = await harness.link();
    const { id } = await harness.sync.requestRun({
      connection,
      dataType: 'chartOfAccounts',
      trigger: 'request',
    });
    await harness.store.prisma.pullOperation.update({
      where: { id },
      data: { rateLimitedMs: BigInt(23.5 * 3_600_000) },
    });
    await harness.engineFor('worker').execute(id, never);
    const run = await harness.store.prisma.pullOperation.findUniqueOrThrow({ where: { id } });
    expect(run.status).toBe('RateLimitError');
    expect(run.errorMessage).toMatch(/more than 24 hours/);
  });
});
