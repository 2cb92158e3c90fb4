import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, freePort, type TestDatabase } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('main.ts', import.meta.url));

let database: TestDatabase;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});
afterAll(() => database.drop());

function start(changes: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: database.databaseUrl,
      AUTO_MIGRATE: 'true',
      ENCRYPTION_KEYS: `main:${Buffer.alloc(32, 1).toString('base64')}`,
      ...changes,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  running.add(child);
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += String(chunk);
  });
  const exited = once(child, 'close').then(([code]) => ({ code, lines: errors.trim().split('\n') }));
  const ready = Promise.race([
    once(child, 'message'),
    exited.then((end) => Promise.reject(new Error(end.lines.join('\n')))),
  ]);
  ready.catch(() => undefined);
  return { child, exited, ready };
}

describe('the worker process', { timeout: 120_000 }, () => {
  test('shows its metrics on a listener of their own, and ends on SIGTERM', async () => {
    const port = await freePort();
    const { child, ready, exited } = start({ METRICS_PORT: String(port) });
    await ready;
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(text).toContain('# TYPE tributary_runs_total counter');
    expect(text).toContain('tributary_active_runs{state="queued"} 0');
    expect(text).toContain('process_cpu_seconds_total');
    child.kill('SIGTERM');
    expect((await exited).code).toBe(0);
  });

  test('says in one line that the port of its metrics is taken', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    const { code, lines } = await start({ METRICS_PORT: String(port) }).exited;
    server.close();
    expect([code, lines]).toEqual([
      1,
      [`127.0.0.1:${port} is taken by another process; set METRICS_PORT to a free one.`],
    ]);
  });

  test('says in one line what to do when its database is away', async () => {
    const away = `postgresql://postgres@127.0.0.1:${await freePort()}/nothing`;
    const { code, lines } = await start({ DATABASE_URL: away }).exited;
    expect([code, lines]).toEqual([
      1,
      [expect.stringMatching(/^The database at DATABASE_URL cannot be reached .*ECONNREFUSED.*Start it/)],
    ]);
  });

  test('says in one line what to do when its database wants another user, or is not there', async () => {
    const nobody = new URL(database.databaseUrl);
    nobody.password = 'wrong';
    const refused = await start({ DATABASE_URL: nobody.href }).exited;
    expect(refused.lines).toEqual([expect.stringMatching(/^The database refuses the user or password/)]);
    const missing = new URL(database.databaseUrl);
    missing.pathname = '/no_such_database';
    const absent = await start({ DATABASE_URL: missing.href }).exited;
    expect(absent.lines).toEqual([expect.stringMatching(/^There is no such database as DATABASE_URL names/)]);
    expect([refused.code, absent.code]).toEqual([1, 1]);
  });
});
