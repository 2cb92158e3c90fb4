import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../generated/client.ts';
import { inTransaction } from '../pool.ts';
import { reserveSlots } from '../rate-budget.ts';
import { openStore, type Store } from '../store.ts';
import {
  claimRun,
  endActiveRuns,
  LeaseLostError,
  lockRun,
  postponeRun,
  releaseRun,
} from './pull-operations.ts';
import {
  admitRuns,
  applySchedules,
  claimDueSchedules,
  clientsWithWaitingRuns,
  ensureDatasets,
  findOrCreateRun,
  othersWait,
  reportWorker,
  sweepRuns,
} from './request.ts';

let database: TestDatabase;
let store: Store;
let connection: Connection;

beforeAll(async () => {
  database = await createTestDatabase();
  store = openStore({
    databaseUrl: database.databaseUrl,
    poolSize: 12,
    applicationName: 'test',
    onError: () => undefined,
  });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});
beforeEach(async () => {
  await store.prisma.client.deleteMany();
  const client = await store.prisma.client.create({ data: { id: randomUUID(), name: 'lender' } });
  const company = await store.prisma.company.create({
    data: { id: randomUUID(), clientId: client.id, name: 'shop' },
  });
  connection = await store.prisma.connection.create({
    data: {
      id: randomUUID(),
      clientId: client.id,
      companyId: company.id,
      platformKey: 'ksho',
      status: 'Linked',
    },
  });
});

const request = () =>
  findOrCreateRun(store.pool, {
    connectionId: connection.id,
    dataType: 'invoices',
    trigger: 'request',
    traceId: undefined,
  });
const claim = (runId: string, leaseMs = 30_000) => claimRun(store.pool, { runId, owner: 'worker', leaseMs });

describe('finding or creating a run', () => {
  it('fifty identical requests at once make one run', async () => {
    const runs = await Promise.all(Array.from({ length: 50 }, request));
    expect(new Set(runs.map((run) => run?.id)).size).toBe(1);
    expect(runs.filter((run) => run?.created)).toHaveLength(1);
    expect(await store.prisma.pullOperation.count()).toBe(1);
  });

  it('a connection that is not linked gets no run', async () => {
    await store.prisma.connection.update({ where: { id: connection.id }, data: { status: 'Deauthorized' } });
    expect(await request()).toBeUndefined();
  });

  it('a finished run does not stand in the way of the next', async () => {
    const first = await request();
    await endActiveRuns(store.pool, connection.id, { status: 'Cancelled', errorMessage: 'test' });
    const second = await request();
    expect(second?.created).toBe(true);
    expect(second?.id).not.toBe(first?.id);
  });
});

describe('claims and fences', () => {
  it('one of several workers gets a run, and each claim raises the fence', async () => {
    const { id } = (await request()) ?? { id: '' };
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(id)));
    const [winner] = claims.filter((run) => run !== undefined);
    expect(claims.filter((run) => run !== undefined)).toHaveLength(1);
    expect(winner?.fence).toBe(1);
    if (winner !== undefined) await releaseRun(store.pool, winner);
    expect((await claim(id))?.fence).toBe(2);
  });

  it('a worker whose lease was taken over can write nothing more', async () => {
    const { id } = (await request()) ?? { id: '' };
    const old = await claim(id, -1);
    const next = await claim(id);
    if (old === undefined || next === undefined) throw new Error('both claims should succeed');
    await expect(inTransaction(store.pool, (client) => lockRun(client, old))).rejects.toBeInstanceOf(
      LeaseLostError,
    );
    await expect(
      postponeRun(store.pool, old, { delayMs: 0, description: '', reason: 'failure' }),
    ).rejects.toBeInstanceOf(LeaseLostError);
    await inTransaction(store.pool, (client) => lockRun(client, next));
  });

  it('a run that was put off is not claimed before its time', async () => {
    const { id } = (await request()) ?? { id: '' };
    const run = await claim(id);
    if (run === undefined) throw new Error('the claim should succeed');
    await postponeRun(store.pool, run, { delayMs: 60_000, description: 'Paused', reason: 'rateLimit' });
    expect(await claim(id)).toBeUndefined();
    const row = await store.prisma.pullOperation.findUniqueOrThrow({ where: { id } });
    expect([row.status, row.attempts, row.rateLimitedMs]).toEqual(['Queued', 0, 60_000n]);
  });
});

describe('schedules', () => {
  const due = () => store.prisma.dataset.updateMany({ data: { nextRunAt: new Date(Date.now() - 1000) } });

  it('a due schedule runs once however many workers tick, and is due again about a period later', async () => {
    await ensureDatasets(store.pool, connection, ['invoices', 'bills', 'customers']);
    await applySchedules(store.pool, { connectionId: connection.id }, 3_600_000);
    await due();
    const claimed = (
      await Promise.all(
        Array.from({ length: 6 }, () => claimDueSchedules(store.pool, { limit: 100, hourMs: 3_600_000 })),
      )
    ).map(({ created }) => created);
    expect(claimed.reduce((sum, count) => sum + count)).toBe(3);
    for (const dataset of await store.prisma.dataset.findMany()) {
      const hoursAhead = ((dataset.nextRunAt?.getTime() ?? 0) - Date.now()) / 3_600_000;
      expect(hoursAhead).toBeGreaterThan(11.9);
      expect(hoursAhead).toBeLessThan(36.1);
      expect(dataset.latestRunId).not.toBeNull();
    }
  });

  it('a data type that is still running is only rescheduled', async () => {
    await request();
    await applySchedules(store.pool, { connectionId: connection.id }, 3_600_000);
    await due();
    expect(await claimDueSchedules(store.pool, { limit: 100, hourMs: 3_600_000 })).toEqual({
      claimed: 1,
      created: 0,
    });
    expect((await store.prisma.dataset.findFirstOrThrow()).nextRunAt?.getTime()).toBeGreaterThan(Date.now());
  });

  it("a company's setting wins over its client's, off means no due time, and an unlinked connection has none", async () => {
    await ensureDatasets(store.pool, connection, ['invoices', 'bills', 'customers']);
    const setting = { fetchOnFirstLink: true, syncOrder: 0 };
    await store.prisma.clientSyncSetting.createMany({
      data: [
        { clientId: connection.clientId, dataType: 'invoices', syncSchedule: 168, ...setting },
        { clientId: connection.clientId, dataType: 'bills', syncSchedule: 0, ...setting },
      ],
    });
    await store.prisma.companySyncSetting.create({
      data: { companyId: connection.companyId, dataType: 'invoices', syncSchedule: 1, ...setting },
    });
    await applySchedules(store.pool, { clientId: connection.clientId }, 3_600_000);
    const hours = async () =>
      Object.fromEntries(
        (await store.prisma.dataset.findMany()).map((row) => [
          row.dataType,
          [row.scheduleHours, row.nextRunAt !== null],
        ]),
      );
    expect(await hours()).toEqual({ invoices: [1, true], bills: [0, false], customers: [24, true] });
    await store.prisma.connection.update({ where: { id: connection.id }, data: { status: 'Unlinked' } });
    await applySchedules(store.pool, { companyId: connection.companyId }, 3_600_000);
    expect(await hours()).toEqual({ invoices: [0, false], bills: [0, false], customers: [0, false] });
  });
});

describe('the sweeper', () => {
  it('finds admitted runs whose job vanished or whose worker died, not those that are worked on or wait', async () => {
    const { id } = (await request()) ?? { id: '' };
    expect(await sweepRuns(store.pool, { graceMs: 0, limit: 10 })).toEqual([]);
    await admitRuns(store.pool, connection.clientId);
    expect(await sweepRuns(store.pool, { graceMs: 60_000, limit: 10 })).toEqual([]);
    expect((await sweepRuns(store.pool, { graceMs: 0, limit: 10 })).map((run) => run.id)).toEqual([id]);
    await claim(id);
    expect(await sweepRuns(store.pool, { graceMs: 0, limit: 10 })).toEqual([]);
    await store.prisma.pullOperation.update({
      where: { id },
      data: { leaseUntil: new Date(Date.now() - 1) },
    });
    expect(await sweepRuns(store.pool, { graceMs: 0, limit: 10 })).toEqual([
      { id, fence: 1, traceId: expect.stringMatching(/^[\da-f]{32}$/) },
    ]);
  });
});

describe('admission', () => {
  const types = ['invoices', 'bills', 'customers', 'suppliers', 'items', 'taxRates'] as const;
  const requestTypes = async (connectionId: string, trigger: 'request' | 'schedule' = 'request') => {
    for (const dataType of types)
      await findOrCreateRun(store.pool, { connectionId, dataType, trigger, traceId: undefined });
  };
  const secondConnection = () =>
    store.prisma.connection.create({
      data: {
        id: randomUUID(),
        clientId: connection.clientId,
        companyId: connection.companyId,
        platformKey: 'ksho',
        status: 'Linked',
      },
    });

  it('admits no more than a few runs of one connection, and no more than the workers can take of one client', async () => {
    await reportWorker(store.pool, { id: 'worker', concurrency: 4 });
    await requestTypes(connection.id);
    expect(await admitRuns(store.pool, connection.clientId)).toHaveLength(4);
    const other = await secondConnection();
    await requestTypes(other.id);
    // Four places and a quarter more: five, of which four are taken.
    expect(await admitRuns(store.pool, connection.clientId)).toHaveLength(1);
    expect(await admitRuns(store.pool, connection.clientId)).toHaveLength(0);
    expect(await clientsWithWaitingRuns(store.pool)).toEqual([connection.clientId]);
  });

  it('several admissions at once do not admit more than one would', async () => {
    await reportWorker(store.pool, { id: 'worker', concurrency: 4 });
    await requestTypes(connection.id);
    await requestTypes((await secondConnection()).id);
    const admitted = await Promise.all(
      Array.from({ length: 6 }, () => admitRuns(store.pool, connection.clientId)),
    );
    expect(admitted.flat()).toHaveLength(5);
  });

  it('goes by urgency, then by age', async () => {
    await store.prisma.worker.deleteMany();
    const other = await secondConnection();
    await ensureDatasets(store.pool, connection, [...types]);
    await store.prisma.dataset.updateMany({ data: { scheduleHours: 1, nextRunAt: new Date(0) } });
    await claimDueSchedules(store.pool, { limit: 100, hourMs: 3_600_000 });
    await requestTypes(other.id);
    const admitted = await admitRuns(store.pool, connection.clientId);
    const rows = await store.prisma.pullOperation.findMany({
      where: { id: { in: admitted.map((run) => run.id) } },
    });
    expect(rows.map((row) => row.trigger)).toEqual(['request', 'request', 'request', 'request']);
  });

  it('a client is told that others wait only while an admitted run of theirs has no worker', async () => {
    expect(await othersWait(store.pool, randomUUID())).toBe(false);
    const { id } = (await request()) ?? { id: '' };
    expect(await othersWait(store.pool, randomUUID())).toBe(false);
    await admitRuns(store.pool, connection.clientId);
    expect(await othersWait(store.pool, randomUUID())).toBe(true);
    expect(await othersWait(store.pool, connection.clientId)).toBe(false);
    await claim(id);
    expect(await othersWait(store.pool, randomUUID())).toBe(false);
  });
});

describe('request budgets', () => {
  it('hands out evenly spaced slots to everybody who shares a key, none twice', async () => {
    const budget = { key: randomUUID(), count: 5, requestsPerSecond: 10, requestsPerHour: undefined };
    const first = await reserveSlots(store.pool, budget);
    const freeAtMs = async () =>
      (await store.prisma.rateBudget.findUniqueOrThrow({ where: { key: budget.key } })).freeAt.getTime();
    const before = await freeAtMs();
    const blocks = await Promise.all(Array.from({ length: 8 }, () => reserveSlots(store.pool, budget)));
    for (const block of [first, ...blocks]) expect([block.count, block.spacingMs]).toEqual([5, 100]);
    // Each block is half a second of its own, or more of them when the machine was slower than the budget.
    expect((await freeAtMs()) - before).toBeGreaterThanOrEqual(8 * 500);
  });

  it('never gives more slots than the hour has', async () => {
    const budget = { key: randomUUID(), count: 4, requestsPerSecond: 1000, requestsPerHour: 10 };
    const blocks = [];
    for (let index = 0; index < 4; index += 1) blocks.push(await reserveSlots(store.pool, budget));
    expect(blocks.map((block) => block.count)).toEqual([4, 4, 2, 0]);
    expect(blocks[3]?.startsInMs).toBeGreaterThan(3_590_000);
  });

  it('asking while nothing is left uses nothing up: the next hour has all its slots', async () => {
    const budget = { key: randomUUID(), count: 1, requestsPerSecond: 1000, requestsPerHour: 2 };
    for (let index = 0; index < 2; index += 1) await reserveSlots(store.pool, budget);
    const refused = await Promise.all(Array.from({ length: 10 }, () => reserveSlots(store.pool, budget)));
    expect(refused.map(({ count }) => count)).toEqual(Array(10).fill(0));
    // An hour passes.
    await store.pool.query(
      `UPDATE rate_budgets SET free_at = free_at - interval '1 hour', hour_slots = ARRAY(SELECT slot - 3600000 FROM unnest(hour_slots) AS slot)
       WHERE key = $1`,
      [budget.key],
    );
    const next = await Promise.all(Array.from({ length: 3 }, () => reserveSlots(store.pool, budget)));
    expect(next.map(({ count }) => count).sort()).toEqual([0, 1, 1]);
  });
});
