/** A company in every state that an erasure has to cope with. For tests. */
import type { DataTypeKey } from '@tributary/model';
import type { Harness } from './harness.ts';

type Linked = Awaited<ReturnType<Harness['link']>>;

/** Ids of a company, its connection and all its runs. */
export async function idsOf({ store }: Harness, { id, companyId }: Linked): Promise<string[]> {
  const runs = await store.prisma.pullOperation.findMany({ where: { companyId }, select: { id: true } });
  return [companyId, id, ...runs.map((run) => run.id)];
}

/** Looks again and again, for a minute at most. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function hasNoJobs({ queue }: Harness): Promise<boolean> {
  const { waiting, delayed, active } = await queue.depth('sync-run');
  return waiting + delayed + active === 0;
}

/** Records, raw records, quarantine, warnings, a request log. */
export async function syncSome(house: Harness, connection: Linked): Promise<void> {
  await house.pull(connection, 'customers');
  const damage = { kind: 'malformedRecord', damage: 'wrongTypes', times: 1 };
  await house.control('faults', { match: 'GET .*/records/bills', ...damage });
  await house.pull(connection, 'bills');
}

/**
 * Beside that: a run that waits an hour for a rate limit, with a delayed job, and one whose worker has written a page and waits for
 * the next. Needs a sandbox with more than a thousand invoices, and a worker that runs.
 */
export async function bringIntoMidRun(house: Harness, connection: Linked): Promise<void> {
  const limit = { kind: 'status', status: 429, retryAfter: 3600, times: 1 };
  await house.control('faults', { match: 'GET .*/records/billPayments', ...limit });
  const postponed = await request(house, connection, 'billPayments');
  const delay = { kind: 'delay', delayMs: 2500, times: 1 };
  await house.control('faults', { match: 'GET .*/records/invoices.*offset=1000', ...delay });
  const running = await request(house, connection, 'invoices');
  const run = (id: string) => house.store.prisma.pullOperation.findUniqueOrThrow({ where: { id } });
  await until('a page is written', async () => (await run(running.id)).pages > 0);
  await until('a run waits for the limit', async () => (await run(postponed.id)).notBefore !== null);
  await until('its job waits too', async () => (await house.queue.depth('sync-run')).delayed === 1);
}

const request = (house: Harness, connection: Linked, dataType: DataTypeKey) =>
  house.sync.requestRun({ connection, dataType, trigger: 'request' });
