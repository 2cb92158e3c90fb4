/** What is exported after syncs with everything real around them; and that the dashboard shows nothing else. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createJobQueue, createQueueBackend } from '@tributary/queue';
import { openStore } from '@tributary/store';
import { freePort } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from '../../sync/src/testing/harness.ts';
import { createMetrics, MetricsListenerError, startMetricsListener } from './index.ts';

const metrics = createMetrics();
const logLines: Record<string, unknown>[] = [];
let house: Harness;
beforeAll(async () => {
  house = await startHarness({
    metrics,
    sandbox: { size: 300, tokenSeconds: 1 },
    log: (line) => void logLines.push(JSON.parse(line)),
  });
  metrics.watch(house);
});
afterAll(() => house.close());

type Samples = Map<string, number>;

/** Samples of an exposition, by name and labels. */
function samplesOf(text: string): Samples {
  const samples: Samples = new Map();
  for (const line of text.split('\n')) {
    const match = /^([a-z_:][\w:]*(?:\{[^}]*\})?) (\S+)$/i.exec(line);
    if (match?.[1] !== undefined) samples.set(match[1], Number(match[2]));
  }
  return samples;
}

const samples = async (): Promise<Samples> => samplesOf((await metrics.render()).text);
const sum = (all: Samples, pattern: RegExp): number =>
  [...all].reduce((total, [name, value]) => (pattern.test(name) ? total + value : total), 0);

describe('what is exported', () => {
  test('counts runs, records, calls and refreshes as the database has them, and names no company', async () => {
    const connection = await house.link();
    const whileLinking = sum(await samples(), /^tributary_upstream_requests_total\{/);
    const first = await house.pull(connection, 'invoices');
    await house.control('faults', {
      match: 'GET .*/records/bills',
      kind: 'status',
      status: 429,
      retryAfter: 1,
      times: 1,
    });
    await house.pull(connection, 'bills');
    const all = await samples();
    const invoices = (outcome: string) =>
      all.get(`tributary_records_total{data_type="invoices",outcome="${outcome}"}`) ?? 0;
    expect(all.get('tributary_runs_total{data_type="invoices",trigger="request",status="Complete"}')).toBe(1);
    expect([invoices('read'), invoices('inserted')]).toEqual([first.recordsRead, first.inserted]);
    expect(first.inserted).toBeGreaterThan(50);
    const logged = await house.store.prisma.upstreamRequest.count({
      where: { companyId: connection.companyId },
    });
    expect(sum(all, /^tributary_upstream_requests_total\{/)).toBe(logged + whileLinking);
    expect(all.get('tributary_upstream_requests_total{platform="ksho",status="429"}')).toBe(1);
    expect(sum(all, /^tributary_upstream_request_duration_seconds_count\{/)).toBe(logged + whileLinking);
    expect(sum(all, /^tributary_rate_limit_wait_seconds_count\{.*in_place/)).toBeGreaterThanOrEqual(1);
    expect(sum(all, /^tributary_run_admission_wait_seconds_count/)).toBe(2);
    const { version } = await house.store.prisma.connectionCredential.findUniqueOrThrow({
      where: { connectionId: connection.id },
    });
    expect(all.get('tributary_token_refreshes_total{platform="ksho",outcome="refreshed"}') ?? 0).toBe(
      version - 1,
    );
    const { text } = await metrics.render();
    for (const id of [connection.id, connection.companyId, connection.clientId, first.id])
      expect(text).not.toContain(id);
  });

  test('counts a run that is taken over, one that is put off, and those that are ended from outside', async () => {
    const connection = await house.link('1003');
    const run = await house.sync.requestRun({ connection, dataType: 'items', trigger: 'request' });
    await house.store.prisma.pullOperation.update({
      where: { id: run.id },
      data: { leaseOwner: 'a dead worker', leaseUntil: new Date(0), fence: 1, status: 'Fetching' },
    });
    expect((await samples()).get('tributary_active_runs{state="orphaned"}')).toBe(1);
    await house.engineFor('another').execute(run.id, new AbortController().signal);
    await house.control('faults', {
      match: 'GET .*/records/billPayments',
      kind: 'status',
      status: 429,
      retryAfter: 600,
      times: 1,
    });
    await house.pull(connection, 'billPayments');
    const all = await samples();
    expect(all.get('tributary_lease_takeovers_total')).toBe(1);
    expect(sum(all, /^tributary_rate_limit_wait_seconds_sum\{.*postponed/)).toBeGreaterThan(500);
    expect(all.get('tributary_active_runs{state="postponed"}')).toBe(1);
    expect(all.get('tributary_queue_jobs{state="delayed"}')).toBe(1);
    await house.sync.connectionStopped(connection);
    expect(
      (await samples()).get(
        'tributary_runs_total{data_type="billPayments",trigger="request",status="Cancelled"}',
      ),
    ).toBe(1);
  });

  test('tells since when the oldest run waits, and how the database pool is used', async () => {
    const connection = await house.link();
    const run = await house.sync.requestRun({ connection, dataType: 'taxRates', trigger: 'request' });
    await house.store.prisma.pullOperation.update({
      where: { id: run.id },
      data: { requestedAt: new Date(Date.now() - 90_000) },
    });
    const all = await samples();
    expect(all.get('tributary_oldest_waiting_run_seconds')).toBeGreaterThanOrEqual(89);
    expect(all.get('tributary_database_pool_size')).toBe(12);
    expect(all.get('tributary_database_pool_connections{state="idle"}')).toBeGreaterThan(0);
    expect(all.get('tributary_state_readable{source="database"}')).toBe(1);
    expect(all.get('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  test('the same trace id goes from the request to the run, the lines of its log and the calls to the platform', async () => {
    const connection = await house.link('1004');
    const traceId = '0123456789abcdef0123456789abcdef';
    const run = await house.sync.requestRun({
      connection,
      dataType: 'customers',
      trigger: 'request',
      traceId,
    });
    await house.engineFor('tracing').execute(run.id, new AbortController().signal);
    const lines = logLines.filter((line) => line['runId'] === run.id);
    expect(new Set(lines.map((line) => line['traceId']))).toEqual(new Set([traceId]));
    expect(lines.filter((line) => line['msg'] === 'upstream request').length).toBeGreaterThan(0);
  });
});

describe('the dashboard', () => {
  test('uses only metrics that are exported', async () => {
    metrics.requestAnswered({ method: 'GET', route: '/companies', status: 200, durationMs: 1 });
    const { text } = await metrics.render();
    const exported = new Set<string>();
    for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      exported.add(name ?? '');
      if (type === 'histogram') for (const end of ['bucket', 'sum', 'count']) exported.add(`${name}_${end}`);
    }
    const file = new URL('../../../docs/grafana-dashboard.json', import.meta.url);
    const dashboard: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const expressions: string[] = [];
    JSON.stringify(dashboard, (key, value) => {
      if (key === 'expr') expressions.push(value);
      return value;
    });
    const used = new Set(
      expressions.flatMap((expression) => expression.match(/\b(?:tributary|process|nodejs)_\w+/g) ?? []),
    );
    expect([...used].filter((name) => !exported.has(name))).toEqual([]);
    const families = (name: string) => name.replace(/_(?:bucket|sum|count)$/, '');
    const own = [...exported].filter((name) => name.startsWith('tributary_')).map(families);
    const shown = new Set([...used].map(families));
    expect([...new Set(own)].filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe('the listener', () => {
  test('serves the metrics at /metrics, and nothing elsewhere', async () => {
    const port = await freePort();
    const listener = await startMetricsListener(metrics, { host: '127.0.0.1', port });
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(await answer.text()).toContain('# TYPE tributary_runs_total counter');
    expect((await fetch(`http://127.0.0.1:${port}/companies`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' })).status).toBe(405);
    await listener.close();
  });

  test('says in one line that its port is taken', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    const started = startMetricsListener(metrics, { host: '127.0.0.1', port });
    await expect(started).rejects.toThrow(MetricsListenerError);
    await expect(started).rejects.toThrow(
      `127.0.0.1:${port} is taken by another process; set METRICS_PORT to a free one.`,
    );
    other.close();
  });

  test('goes on without what cannot be read while the database is away', async () => {
    const onError = () => undefined;
    const databaseUrl = `postgresql://nobody@127.0.0.1:${await freePort()}/none`;
    const store = openStore({ databaseUrl, poolSize: 2, applicationName: 'test', onError });
    const backend = createQueueBackend({ redisUrl: undefined, pool: store.pool, onError });
    const queue = createJobQueue(backend, onError);
    const alone = createMetrics();
    alone.watch({ store, queue });
    const { text } = await alone.render();
    expect(text).toContain('tributary_state_readable{source="database"} 0');
    expect(text).toContain('tributary_state_readable{source="queue"} 0');
    expect(text).not.toMatch(/^tributary_oldest_waiting_run_seconds/m);
    expect(text).not.toMatch(/^tributary_queue_jobs\{/m);
    await queue.close();
    await store.close();
  });
});
