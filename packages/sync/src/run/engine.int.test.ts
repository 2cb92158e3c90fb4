import type { Connector } from '@tributary/connector-kit';
import { pausePlatform, resumePlatform, retryFailed } from '@tributary/store';
import { requireTestRedis } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';

const untilIdle = async ({ store }: Harness, connectionId: string): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while ((await store.prisma.pullOperation.count({ where: { connectionId, completedAt: null } })) > 0) {
    if (Date.now() > deadline) throw new Error('the runs did not end');
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe.each(['postgres', 'redis'] as const)('a first sync through the queue on %s', (kind) => {
  it('starts by itself when a connection is linked and completes every data type', async (context) => {
    const harness = await startHarness({
      redisUrl: kind === 'redis' ? requireTestRedis(context) : undefined,
    });
    const worker = harness.startWorker();
    try {
      const connection = await harness.link();
      await harness.sync.connectionLinked(connection);
      await untilIdle(harness, connection.id);
      const runs = await harness.store.prisma.pullOperation.findMany({
        where: { connectionId: connection.id },
      });
      const dataTypes = [...(harness.connectors.get('ksho')?.manifest.dataTypes.keys() ?? [])];
      expect(Object.fromEntries(runs.map((run) => [run.dataType, run.status]))).toEqual(
        Object.fromEntries(dataTypes.map((dataType) => [dataType, 'Complete'])),
      );
      for (const run of runs) {
        expect(run.quarantined, run.dataType).toBe(0);
        expect(run.inserted, run.dataType).toBe(run.recordsRead);
        expect(run.progress).toBe(100);
      }
      expect(await harness.store.prisma.runSeenRecord.count()).toBe(0);
    } finally {
      await worker.close();
      await harness.close();
    }
  });
});

describe('the sync engine', () => {
  let harness: Harness;
  let connection: Awaited<ReturnType<Harness['link']>>;
  beforeAll(async () => {
    harness = await startHarness();
    connection = await harness.link();
    await harness.pull(connection, 'invoices');
  });
  afterAll(() => harness.close());

  const invoices = async () => {
    const { rows } = await harness.store.pool.query<{
      id: string;
      seq: string;
      xmin: string;
      is_deleted: boolean;
      status: string;
    }>(
      'SELECT id, seq::text, xmin::text, is_deleted, status FROM invoices WHERE connection_id = $1 ORDER BY invoices.seq',
      [connection.id],
    );
    return rows;
  };

  it('reads only changes the second time, and rewrites nothing that did not change', async () => {
    const before = await invoices();
    const run = await harness.pull(connection, 'invoices');
    expect(run.listing).toBe('incremental');
    expect(run.recordsRead).toBeLessThan(before.length);
    expect([run.inserted, run.changed]).toEqual([0, 0]);
    expect(await invoices()).toEqual(before);
  });

  it("stores changes made at the platform, removals included, and keeps every record's sequence number", async () => {
    const before = await invoices();
    await harness.control('live', { edits: 60 });
    const run = await harness.pull(connection, 'invoices');
    const after = await invoices();
    expect(run.status).toBe('Complete');
    expect(run.inserted + run.changed).toBeGreaterThan(0);
    expect(after.length).toBe(before.length + run.inserted);
    expect(after.slice(0, before.length).map(({ id, seq }) => [id, seq])).toEqual(
      before.map(({ id, seq }) => [id, seq]),
    );
    expect(after.filter((row) => row.is_deleted).every((row) => row.status === 'Void')).toBe(true);
    const dataset = await harness.store.prisma.dataset.findFirstOrThrow({
      where: { connectionId: connection.id, dataType: 'invoices' },
    });
    expect(Number(dataset.recordCount)).toBe(after.length);
    expect(Number(dataset.deletedCount)).toBe(after.filter((row) => row.is_deleted).length);
  });

  it('a platform that is down puts the run off with a message; it completes afterwards', async () => {
    await harness.control('faults', {
      match: 'GET .*/records/bills',
      kind: 'status',
      status: 503,
      times: 20,
    });
    const failed = await harness.pull(connection, 'bills');
    expect(failed.completedAt).toBeNull();
    expect(failed.status).toBe('Queued');
    expect(failed.statusDescription).toMatch(/trying again at/);
    await harness.control('faults', { faults: [] });
    await harness.store.prisma.pullOperation.update({ where: { id: failed.id }, data: { notBefore: null } });
    await harness.engineFor('other').execute(failed.id, new AbortController().signal);
    expect(
      (await harness.store.prisma.pullOperation.findUniqueOrThrow({ where: { id: failed.id } })).status,
    ).toBe('Complete');
  }, 120_000);

  it('a paused platform is waited for, and goes on when it is resumed', async () => {
    const { pool, prisma } = harness.store;
    await pausePlatform(pool, 'ksho', 'maintenance');
    const paused = await harness.pull(connection, 'suppliers');
    expect([paused.completedAt, paused.statusDescription]).toEqual([null, 'Paused by the operator']);
    expect([await resumePlatform(pool, 'ksho'), await resumePlatform(pool, 'ksho')]).toEqual([true, false]);
    await prisma.pullOperation.update({ where: { id: paused.id }, data: { notBefore: null } });
    expect((await harness.pull(connection, 'suppliers')).status).toBe('Complete');
  });

  it('what failed is due again when an operator says so, and nothing else', async () => {
    const { pool, prisma } = harness.store;
    await harness.pull(connection, 'taxRates');
    const failed = await harness.sync.requestRun({ connection, dataType: 'items', trigger: 'request' });
    await prisma.pullOperation.update({
      where: { id: failed.id },
      data: { status: 'FetchError', completedAt: new Date() },
    });
    const before = new Date();
    expect(await retryFailed(pool, { clientId: connection.clientId, platformKey: 'ksho' })).toBe(1);
    const due = await prisma.dataset.findMany({
      where: { connectionId: connection.id, nextRunAt: { gte: before } },
    });
    expect(due.map(({ dataType }) => dataType)).toEqual(['items']);
    expect(await retryFailed(pool, { platformKey: 'none' })).toBe(0);
  });

  it('a long rate limit frees the worker and is not an error', async () => {
    await harness.control('faults', {
      match: 'GET .*/records/billPayments',
      kind: 'status',
      status: 429,
      retryAfter: 30,
      times: 1,
    });
    const paused = await harness.pull(connection, 'billPayments');
    expect(paused.status).toBe('Queued');
    expect(paused.completedAt).toBeNull();
    expect(paused.statusDescription).toMatch(/^Paused until /);
    expect((paused.notBefore?.getTime() ?? 0) - Date.now()).toBeGreaterThan(25_000);
    expect(paused.attempts).toBe(0);
  });

  it('revoked access deauthorises the connection, ends its runs and clears its schedules; consent brings it back', async () => {
    const other = await harness.link('1003');
    await harness.sync.connectionLinked(other);
    await harness.control('revoke', { user: '1003' });
    const run = await harness.pull(other, 'customers');
    expect([run.status, run.completedAt === null]).toEqual(['AuthError', false]);
    const row = await harness.store.prisma.connection.findUniqueOrThrow({
      where: { id: other.id },
      include: { errors: true },
    });
    expect(row.status).toBe('Deauthorized');
    expect(row.errors).toHaveLength(1);
    expect(
      await harness.store.prisma.pullOperation.count({
        where: { connectionId: other.id, completedAt: null },
      }),
    ).toBe(0);
    expect(
      await harness.store.prisma.dataset.count({
        where: { connectionId: other.id, nextRunAt: { not: null } },
      }),
    ).toBe(0);
    await harness.consent(other, '1003');
    expect((await harness.pull(other, 'customers')).status).toBe('Complete');
  });
});

describe('a run that is interrupted', () => {
  it('continues from its checkpoint in another worker, and the one that lost it writes nothing more', async () => {
    const harness = await startHarness({ sandbox: { size: 6000 } });
    try {
      const connection = await harness.link();
      // Every page after the first waits, so that the first worker is caught in the middle.
      await harness.control('faults', {
        match: 'GET .*/records/invoices.*offset=1000',
        kind: 'delay',
        delayMs: 4000,
        times: 1,
      });
      const run = await harness.sync.requestRun({ connection, dataType: 'invoices', trigger: 'request' });
      const never = new AbortController().signal;
      const first = harness.engineFor('first', { leaseMs: 60_000 }).execute(run.id, never);
      const row = () => harness.store.prisma.pullOperation.findUniqueOrThrow({ where: { id: run.id } });
      while ((await row()).pages === 0) await new Promise((resolve) => setImmediate(resolve));
      // The first worker's lease is taken away as if its heart had stopped.
      await harness.store.prisma.pullOperation.update({
        where: { id: run.id },
        data: { leaseUntil: new Date(0) },
      });
      await harness.engineFor('second').execute(run.id, never);
      await first;
      const done = await row();
      expect(done.status).toBe('Complete');
      expect(done.fence).toBe(2);
      const { rows } = await harness.store.pool.query<{ count: number; ids: number; last: number }>(
        'SELECT count(*)::int AS count, count(DISTINCT id)::int AS ids, max(seq)::int AS last FROM invoices WHERE connection_id = $1',
        [connection.id],
      );
      expect(rows[0]).toEqual({ count: done.inserted, ids: done.inserted, last: done.inserted });
      expect(done.recordsRead).toBe(done.inserted);
    } finally {
      await harness.close();
    }
  }, 120_000);

  it('makes room between two pages when another client waits, and goes on from there', async () => {
    const harness = await startHarness({ sandbox: { size: 6000, pageLimit: 100 } });
    try {
      const connection = await harness.link();
      const never = new AbortController().signal;
      const run = await harness.sync.requestRun({ connection, dataType: 'invoices', trigger: 'request' });
      const row = () => harness.store.prisma.pullOperation.findUniqueOrThrow({ where: { id: run.id } });
      const impatient = harness.engineFor('impatient', { sliceMs: -1 });
      const other = await harness.sync.requestRun({
        connection: await harness.link(),
        dataType: 'invoices',
        trigger: 'request',
      });
      await impatient.execute(run.id, never);
      const paused = await row();
      expect([paused.leaseUntil, paused.completedAt, paused.attempts]).toEqual([null, null, 0]);
      // The first, what waited by then, and what was on its way.
      expect(paused.pages).toBeGreaterThan(0);
      expect(paused.pages).toBeLessThan(11);
      await harness.engineFor('worker').execute(other.id, never);
      await impatient.execute(run.id, never);
      const finished = await row();
      expect([finished.status, finished.recordsRead]).toEqual(['Complete', finished.inserted]);
      expect(finished.pages).toBeGreaterThan(paused.pages);
      // Nothing was read for nothing: no page was asked for twice.
      const asked = await harness.store.prisma.upstreamRequest.findMany({
        where: { runId: run.id, path: { contains: '/records/invoices' } },
      });
      expect(new Set(asked.map(({ path }) => path)).size).toBe(asked.length);
      expect(asked.length).toBe(finished.pages + 1);
    } finally {
      await harness.close();
    }
  });

  it('keeps the log of all its requests, those of pages that were read and not written included', async () => {
    const harness = await startHarness({ sandbox: { size: 600, pageLimit: 10 } });
    try {
      const connection = await harness.link();
      const connectors = harness.connectors as Map<string, Connector>;
      const connector = connectors.get('ksho');
      if (connector === undefined) throw new Error('there is a connector');
      const read: unknown[] = [];
      connectors.set('ksho', {
        ...connector,
        async *pull(session, request) {
          for await (const page of connector.pull(session, request)) {
            read.push(page.checkpoint);
            yield page;
          }
        },
        map(dataType, record, lookup) {
          // Several pages are there when the third cannot be worked on.
          if (read.length > 4) throw new Error('out of order');
          return connector.map(dataType, record, lookup);
        },
      });
      const run = await harness.sync.requestRun({ connection, dataType: 'invoices', trigger: 'request' });
      await harness.engineFor('worker').execute(run.id, new AbortController().signal);
      const { pages, status } = await harness.store.prisma.pullOperation.findUniqueOrThrow({
        where: { id: run.id },
      });
      expect(status).not.toBe('Complete');
      const asked = await harness.store.prisma.upstreamRequest.findMany({
        where: { runId: run.id, path: { contains: '/records/invoices' } },
      });
      expect(read.length).toBeGreaterThan(pages + 1);
      expect(asked.length).toBe(read.length);
    } finally {
      await harness.close();
    }
  });

  it('is given back at once at shutdown', async () => {
    const harness = await startHarness();
    try {
      const connection = await harness.link();
      await harness.control('faults', {
        match: 'GET .*/records/invoices',
        kind: 'delay',
        delayMs: 3000,
        times: 1,
      });
      const run = await harness.sync.requestRun({ connection, dataType: 'invoices', trigger: 'request' });
      const stopping = new AbortController();
      const executing = harness.engineFor('first').execute(run.id, stopping.signal);
      const row = () => harness.store.prisma.pullOperation.findUniqueOrThrow({ where: { id: run.id } });
      while ((await row()).listing === null) await new Promise((resolve) => setImmediate(resolve));
      stopping.abort(new Error('shutdown'));
      await executing;
      expect((await row()).leaseUntil).toBeNull();
      expect((await row()).completedAt).toBeNull();
    } finally {
      await harness.close();
    }
  });
});

describe('deletions by absence', () => {
  it('marks a record only after two complete listings of different runs lacked it and the platform denies it', async () => {
    const harness = await startHarness();
    try {
      const connection = await harness.link();
      await harness.pull(connection, 'items');
      // A record that we hold and the platform does not know: as if it had been erased there without a trace.
      await harness.store.pool.query(
        `INSERT INTO items (company_id, connection_id, id, seq, document, content_hash, modified_at)
         SELECT company_id, connection_id, '999', 1000000, '{"id":"999"}', gen_random_uuid(), now() FROM items WHERE connection_id = $1 LIMIT 1`,
        [connection.id],
      );
      const isDeleted = async () =>
        (await harness.store.pool.query(`SELECT is_deleted FROM items WHERE id = '999'`)).rows[0]
          ?.is_deleted as boolean;
      expect((await harness.pull(connection, 'items')).deleted).toBe(0);
      expect(await isDeleted()).toBe(false);
      expect((await harness.pull(connection, 'items')).deleted).toBe(1);
      expect(await isDeleted()).toBe(true);
    } finally {
      await harness.close();
    }
  });

  it('of a type that cannot be asked for one by one, a record goes with the third complete listing that lacks it, and one that shows up again starts anew', async () => {
    const harness = await startHarness();
    try {
      const connection = await harness.link();
      await harness.pull(connection, 'taxRates');
      await harness.store.pool.query(
        `INSERT INTO tax_rates (company_id, connection_id, id, seq, document, content_hash, modified_at)
         SELECT company_id, connection_id, '999', 1000000, '{"id":"999"}', gen_random_uuid(), now() FROM tax_rates WHERE connection_id = $1 LIMIT 1`,
        [connection.id],
      );
      const deleted: number[] = [];
      const pull = async () => deleted.push((await harness.pull(connection, 'taxRates')).deleted);
      await pull();
      await pull();
      // As if the second listing had been followed by one that showed it.
      await harness.store.prisma.missingRecord.deleteMany({ where: { id: '999' } });
      for (let listing = 0; listing < 4; listing += 1) await pull();
      expect(deleted).toEqual([0, 0, 0, 0, 1, 0]);
    } finally {
      await harness.close();
    }
  });

  it('the brake stops a run that would mark too many, and says so', async () => {
    const harness = await startHarness({ brakePercent: 10 });
    try {
      const connection = await harness.link();
      await harness.pull(connection, 'customers');
      await harness.store.pool.query(
        `INSERT INTO customers (company_id, connection_id, id, seq, document, content_hash, modified_at)
         SELECT $2, $1, 'gone-' || n, 1000000 + n, '{}', gen_random_uuid(), now() FROM generate_series(1, 40) AS n`,
        [connection.id, connection.companyId],
      );
      await harness.pull(connection, 'customers');
      const run = await harness.pull(connection, 'customers');
      expect([run.status, run.deleted, run.warnings]).toEqual(['Complete', 0, 1]);
      expect(
        await harness.store.prisma.dataWarning.count({ where: { runId: run.id, ruleId: 'deletion-brake' } }),
      ).toBe(1);
    } finally {
      await harness.close();
    }
  });
});
