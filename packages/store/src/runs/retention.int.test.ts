import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store.ts';
import { deleteExpired } from './retention.ts';

let database: TestDatabase;
let store: Store;
const ids = { clientId: randomUUID(), companyId: randomUUID(), connectionId: randomUUID() };
beforeAll(async () => {
  database = await createTestDatabase();
  store = openStore({
    databaseUrl: database.databaseUrl,
    poolSize: 4,
    applicationName: 'test',
    onError: (error) => {
      throw error;
    },
  });
  const { clientId, companyId, connectionId } = ids;
  await store.prisma.client.create({ data: { id: clientId, name: 'lender' } });
  await store.prisma.company.create({ data: { id: companyId, clientId, name: 'shop' } });
  const connection = { id: connectionId, clientId, companyId, platformKey: 'ksho' };
  await store.prisma.connection.create({ data: connection });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

/** A run with a warning and a logged request; it ended, unless `days` is undefined. */
async function addRun(dataType: string, days: number | undefined): Promise<string> {
  const id = randomUUID();
  const completedAt = days === undefined ? null : daysAgo(days);
  await store.prisma.pullOperation.create({
    data: {
      id,
      ...ids,
      dataType,
      trigger: 'schedule',
      status: 'Complete',
      completedAt,
      requestedAt: daysAgo(2000),
    },
  });
  const { companyId } = ids;
  await store.prisma.dataWarning.create({
    data: { companyId, runId: id, severity: 'warning', ruleId: 'rule', message: 'text' },
  });
  return id;
}

const keep = { requestLogDays: 30, historyDays: 365, webhookLogDays: 30 };

describe('what is kept for a time', () => {
  it('runs go with their warnings, but never one that is active or that a dataset names', async () => {
    const { clientId, companyId, connectionId } = ids;
    const expired = [await addRun('invoices', 366), await addRun('invoices', 1000)];
    const kept = [await addRun('invoices', 364), await addRun('invoices', undefined)];
    const [latest, successful] = [await addRun('bills', 500), await addRun('bills', 600)];
    const dataset = { clientId, companyId, connectionId, dataType: 'bills' };
    await store.prisma.dataset.create({
      data: { ...dataset, latestRunId: latest, latestSuccessfulRunId: successful },
    });
    expect(await deleteExpired(store.pool, keep)).toMatchObject({ runs: expired.length });
    const left = [...kept, latest, successful].toSorted();
    const runs = await store.prisma.pullOperation.findMany({ select: { id: true } });
    expect(runs.map(({ id }) => id).toSorted()).toEqual(left);
    const warnings = await store.prisma.dataWarning.findMany({ select: { runId: true } });
    expect(warnings.map(({ runId }) => runId).toSorted()).toEqual(left);
    expect(await deleteExpired(store.pool, keep)).toMatchObject({ runs: 0 });
  });

  it('logged requests go by their own age, in as many batches as it takes, whatever becomes of their run', async () => {
    const runId = await addRun('customers', 1);
    await store.pool.query(
      `INSERT INTO upstream_requests (company_id, run_id, method, path, started_at, duration_ms, bytes, attempt)
       SELECT $1::uuid, $2::uuid, 'GET', '/old', now() - interval '31 days', 1, 1, 1 FROM generate_series(1, 11000)
       UNION ALL SELECT $1::uuid, $2::uuid, 'GET', '/new', now() - interval '29 days', 1, 1, 1 FROM generate_series(1, 3)`,
      [ids.companyId, runId],
    );
    // Two processes at once: each row goes once.
    const deleted = await Promise.all([deleteExpired(store.pool, keep), deleteExpired(store.pool, keep)]);
    expect(deleted.reduce((sum, { upstreamRequests = 0 }) => sum + upstreamRequests, 0)).toBe(11_000);
    expect(await store.prisma.upstreamRequest.count({ where: { path: '/new' } })).toBe(3);
    expect(await store.prisma.pullOperation.count({ where: { id: runId } })).toBe(1);
  });

  it('journeys of browsers and counts of requests go when nothing can come of them any more', async () => {
    const journey = (id: number, expiresAt: Date) => ({
      id: Buffer.alloc(32, id),
      connectionId: ids.connectionId,
      browserHash: Buffer.alloc(32, id),
      redirectUri: 'http://localhost/',
      expiresAt,
    });
    await store.prisma.linkState.createMany({ data: [journey(1, daysAgo(2)), journey(2, daysAgo(0.5))] });
    const choices = { journey: Buffer.alloc(32, 1).toString('hex'), tokens: 'sealed' };
    await store.prisma.connection.update({
      where: { id: ids.connectionId },
      data: { businessChoices: choices },
    });
    const { clientId } = ids;
    await store.prisma.clientUsage.createMany({
      data: [
        { clientId, day: daysAgo(402), requests: 1n },
        { clientId, day: daysAgo(398), requests: 1n },
      ],
    });
    expect(await deleteExpired(store.pool, keep)).toMatchObject({ choices: 1, linkStates: 1, usage: 1 });
    const connection = await store.prisma.connection.findUniqueOrThrow({ where: { id: ids.connectionId } });
    expect(connection.businessChoices).toBeNull();
    expect(await store.prisma.linkState.count()).toBe(1);
    expect(await store.prisma.clientUsage.count()).toBe(1);
  });

  it('webhook events go with their log after their days, later while they are not settled; deleted companies soon', async () => {
    const { clientId, companyId } = ids;
    const consumerId = randomUUID();
    await store.prisma.webhookConsumer.create({
      data: { id: consumerId, clientId, url: 'https://example.com/' },
    });
    const event = async (days: number, isPending: boolean, eventType = 'company.created') => {
      const id = randomUUID();
      const createdAt = daysAgo(days);
      const nextAttemptAt = isPending ? new Date() : null;
      await store.prisma.webhookEvent.create({
        data: { id, clientId, companyId, eventType, body: '{}', createdAt },
      });
      await store.prisma.webhookDelivery.create({
        data: { id, clientId, consumerId, eventId: id, createdAt, nextAttemptAt },
      });
      return id;
    };
    const kept = [await event(29, false), await event(31, true), await event(2, true, 'company.deleted')];
    await event(31, false);
    await event(38, true);
    await event(2, false, 'company.deleted');
    const secret = (id: string, expiresAt: Date | null) => ({
      id,
      clientId,
      consumerId,
      sealed: 'sealed',
      expiresAt,
    });
    const current = randomUUID();
    await store.prisma.webhookSecret.createMany({
      data: [secret(current, null), secret(randomUUID(), daysAgo(2))],
    });
    expect(await deleteExpired(store.pool, keep)).toMatchObject({
      webhookEvents: 2,
      erasedCompanies: 1,
      webhookSecrets: 1,
    });
    const left = await store.prisma.webhookDelivery.findMany({ select: { eventId: true } });
    expect(left.map(({ eventId }) => eventId).toSorted()).toEqual(kept.toSorted());
    expect(await store.prisma.webhookSecret.findMany({ select: { id: true } })).toEqual([{ id: current }]);
  });
});
