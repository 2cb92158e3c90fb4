import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, requireTestRedis, startTestRedis } from '@tributary/testing';
import { startEmbeddedPostgres } from '@tributary/testing/embedded';
import { describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './testing/harness.ts';

type Linked = Awaited<ReturnType<Harness['link']>>;

/** Where a worker dies: just before its nth statement that matches. */
const deaths = [
  { point: 'after the claim, before the plan is stored', before: 'SET listing = ', nth: 1 },
  { point: 'with a page written and not committed', before: '^COMMIT', nth: 1 },
  { point: 'between two pages', before: '^BEGIN', nth: 2 },
  {
    point: 'with the last page committed, before the listing is noted as read',
    before: `SET status = 'Processing'`,
    nth: 1,
  },
  { point: 'in the middle of completing', before: 'SET latest_successful_run_id', nth: 1 },
  { point: 'before the completion is committed', before: '^DELETE FROM run_seen_records', nth: 1 },
] as const;

const active = ['Queued', 'Fetching', 'Processing'];

/** Waits until no run of the connections is active; fails when that takes longer, or when a status is none that may be shown. */
async function untilDone(harness: Harness, connections: readonly Linked[], limitMs: number): Promise<number> {
  const startedAtMs = Date.now();
  for (;;) {
    const runs = await harness.store.prisma.pullOperation
      .findMany({ where: { connectionId: { in: connections.map(({ id }) => id) } } })
      // While PostgreSQL restarts nobody can look.
      .catch(() => undefined);
    if (runs !== undefined) {
      for (const run of runs)
        expect(run.completedAt === null ? active : ['Complete'], run.dataType).toContain(run.status);
      if (runs.every((run) => run.completedAt !== null)) return Date.now() - startedAtMs;
    }
    if (Date.now() - startedAtMs > limitMs) throw new Error(`runs are still active after ${limitMs} ms`);
    await delay(100);
  }
}

/** Waits until some runs have read pages and are not done. */
async function untilUnderWay({ store }: Harness, { id }: Linked): Promise<void> {
  const inTheMiddle = { connectionId: id, completedAt: null, pages: { gt: 0 } };
  while ((await store.prisma.pullOperation.count({ where: inTheMiddle })) === 0) await delay(10);
}

/** No record lost or doubled: as many as the platform has, numbered without a gap, and counted right. */
async function expectWhole(harness: Harness, connection: Linked): Promise<void> {
  const { rows } = await harness.store.pool.query<{
    records: number;
    distinct_ids: number;
    last: number;
    counted: number;
  }>(
    `SELECT count(*)::int AS records, count(DISTINCT id)::int AS distinct_ids, max(seq)::int AS last,
            (SELECT record_count::int FROM datasets WHERE connection_id = $1 AND data_type = 'invoices') AS counted
     FROM invoices WHERE connection_id = $1`,
    [connection.id],
  );
  const expected = await invoicesAtThePlatform(harness, connection);
  expect(rows[0]).toEqual({ records: expected, distinct_ids: expected, last: expected, counted: expected });
}

async function invoicesAtThePlatform(harness: Harness, connection: Linked): Promise<number> {
  const row = await harness.store.prisma.connection.findUniqueOrThrow({ where: { id: connection.id } });
  const session = await harness.credentials.openSession(connection, {
    id: row.businessId ?? undefined,
    info: {},
  });
  let count = 0;
  const connector = harness.connectors.get('ksho');
  const request = {
    dataType: 'invoices',
    modifiedSinceMs: undefined,
    fromDate: undefined,
    checkpoint: undefined,
  } as const;
  for await (const page of connector?.pull(session, request) ?? []) count += page.records.length;
  return count;
}

describe('a worker that is killed', () => {
  it('loses and doubles nothing, wherever it dies: another completes its run within a minute', async () => {
    const harness = await startHarness({ sandbox: { size: 6000 } });
    try {
      const connections: Linked[] = [];
      for (const { point, ...death } of deaths) {
        const connection = await harness.link();
        connections.push(connection);
        const run = await harness.sync.requestRun({ connection, dataType: 'invoices', trigger: 'request' });
        const doom = { databaseUrl: harness.databaseUrl, base: harness.base, runId: run.id, ...death };
        const script = fileURLToPath(new URL('testing/doomed-worker.ts', import.meta.url));
        const child = spawn(process.execPath, [script, JSON.stringify(doom)], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
        expect(signal, point).toBe('SIGKILL');
      }
      const worker = await harness.startTickingWorker();
      const tookMs = await untilDone(harness, connections, 60_000);
      await worker.close();
      for (const connection of connections) await expectWhole(harness, connection);
      process.stdout.write(
        `takeover: ${deaths.length} deaths, all runs complete after ${Math.round(tookMs / 1000)} s\n`,
      );
    } finally {
      await harness.close();
    }
  }, 300_000);
});

describe('a datastore that restarts in the middle of runs', () => {
  /** Pages come slowly enough that the restart falls among them. */
  const slowPages = { match: '^GET /api/', kind: 'delay', delayMs: 150, times: null } as const;

  it('PostgreSQL: the runs complete by themselves within a minute', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tributary-restart-'));
    chmodSync(dataDir, 0o711);
    const port = await freePort('127.0.0.1');
    const start = () => startEmbeddedPostgres({ dataDir, port, persistent: true, log: () => undefined });
    let server = await start();
    const harness = await startHarness({ sandbox: { size: 3000 }, databaseUrl: server.url });
    try {
      const connection = await harness.link();
      await harness.control('faults', slowPages);
      const worker = await harness.startTickingWorker();
      await harness.sync.connectionLinked(connection);
      await untilUnderWay(harness, connection);
      await server.stop();
      server = await start();
      await untilDone(harness, [connection], 60_000);
      await worker.close();
      await expectWhole(harness, connection);
    } finally {
      await harness.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }, 300_000);

  it('Redis, which forgets every job: the runs complete by themselves within a minute', async (context) => {
    requireTestRedis(context);
    const port = await freePort('127.0.0.1');
    let redis = await startTestRedis({ port });
    const harness = await startHarness({ sandbox: { size: 3000 }, redisUrl: redis?.url });
    try {
      const connection = await harness.link();
      await harness.control('faults', slowPages);
      const worker = await harness.startTickingWorker();
      await harness.sync.connectionLinked(connection);
      await untilUnderWay(harness, connection);
      await redis?.stop();
      redis = await startTestRedis({ port });
      await untilDone(harness, [connection], 60_000);
      await worker.close();
      await expectWhole(harness, connection);
    } finally {
      await harness.close();
      await redis?.stop();
    }
  }, 300_000);
});
