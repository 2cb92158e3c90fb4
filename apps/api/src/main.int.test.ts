import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createEmptyDatabase, createTestDatabase, freePort, type TestDatabase } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const encryptionKeys = (byte: number) => `main:${Buffer.alloc(32, byte).toString('base64')}`;

let database: TestDatabase;
let empty: TestDatabase;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  [database, empty] = await Promise.all([createTestDatabase(), createEmptyDatabase()]);
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});
afterAll(async () => {
  await Promise.all([database.drop(), empty.drop()]);
});

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the process has no output');
  let errors = '';
  stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  stdout.resume();
  // Not `close`: it does not come after the channel was closed from this side.
  const exited = Promise.all([once(child, 'exit'), once(stderr, 'end')]).then(([[code]]) => ({
    code,
    errors,
  }));
  const ready = Promise.race([
    once(child, 'message'),
    exited.then((end) => Promise.reject(new Error(end.errors))),
  ]);
  ready.catch(() => undefined);
  return { child, exited, ready };
}

const environment = (port: number, changes: Record<string, string> = {}) => ({
  DATABASE_URL: database.databaseUrl,
  AUTO_MIGRATE: 'true',
  ENCRYPTION_KEYS: encryptionKeys(1),
  PORT: String(port),
  LOG_LEVEL: 'info',
  ...changes,
});

/** A few processes start one after the other. */
const patience = { timeout: 120_000 };

describe('the process', patience, () => {
  test('lists everything that is wrong with its environment at once, and ends', async () => {
    const { code, errors } = await start({ PORT: 'x', REDIS_URL: 'http://nowhere', DATABASE_URL: '' }).exited;
    expect(code).toBe(1);
    for (const name of ['PORT', 'REDIS_URL', 'DATABASE_URL', 'ENCRYPTION_KEYS'])
      expect(errors).toContain(`  ${name}: `);
  });

  test('refuses a schema older than itself, unless it may migrate', async () => {
    const port = await freePort();
    const refused = environment(port, { DATABASE_URL: empty.databaseUrl, AUTO_MIGRATE: 'false' });
    const { code, errors } = await start(refused).exited;
    expect([code, errors.trim().split('\n')]).toEqual([1, [expect.stringContaining('npm run migrate')]]);
    const { child, ready, exited } = start({ ...refused, AUTO_MIGRATE: 'true' });
    await ready;
    child.kill('SIGTERM');
    expect((await exited).code).toBe(0);
  });

  test('serves with the bootstrap key, notices other encryption keys, and ends on SIGTERM', async () => {
    const port = await freePort();
    const bootstrap = environment(port, {
      BOOTSTRAP_API_KEY: 'operator-chose-this',
      BOOTSTRAP_PORTAL_USER: 'First@Example.com:pass:word',
    });
    const signIn = async (password: string) => {
      const body = JSON.stringify({ email: 'first@example.com', password });
      const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
      return (await fetch(`http://127.0.0.1:${port}/portal/api/session`, request)).status;
    };
    const first = start(bootstrap);
    await first.ready;
    const headers = { authorization: 'Bearer operator-chose-this' };
    const companies = await fetch(`http://127.0.0.1:${port}/companies`, { headers });
    expect([companies.status, await companies.json()]).toEqual([
      200,
      expect.objectContaining({ totalResults: 0 }),
    ]);
    expect([await signIn('pass:word'), await signIn('other')]).toEqual([200, 401]);
    first.child.kill('SIGTERM');
    expect((await first.exited).code).toBe(0);

    const wrong = await start({ ...bootstrap, ENCRYPTION_KEYS: encryptionKeys(2) }).exited;
    expect([wrong.code, wrong.errors.trim().split('\n')]).toEqual([
      1,
      [expect.stringContaining('encryption key')],
    ]);

    // There is an owner by now: whatever the variable says, their password stays.
    const second = start({ ...bootstrap, BOOTSTRAP_PORTAL_USER: 'first@example.com:other' });
    await second.ready;
    expect([await signIn('pass:word'), await signIn('other')]).toEqual([200, 401]);
    expect((await fetch(`http://127.0.0.1:${port}/apiKeys`, { headers })).status).toBe(200);
    second.child.disconnect();
    expect((await second.exited).code).toBe(0);
  });

  test('says in one line that its port is taken', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, errors } = await start(environment(port)).exited;
    server.close();
    expect([code, errors.trim().split('\n')]).toEqual([
      1,
      [expect.stringContaining(`127.0.0.1:${port} is taken`)],
    ]);
  });

  test('shows its metrics on a listener of their own, by route and never by path, and nowhere else', async () => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const { child, ready, exited } = start(environment(port, { METRICS_PORT: String(metricsPort) }));
    await ready;
    const id = '5f3c8d2e-1111-4222-8333-444455556666';
    expect((await fetch(`http://127.0.0.1:${port}/companies/${id}`)).status).toBe(401);
    expect((await fetch(`http://127.0.0.1:${port}/nothing/${id}`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404);
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const count = (labels: string) =>
      new RegExp(`^tributary_http_request_duration_seconds_count\\{${labels}\\} 1$`, 'm');
    expect(text).toMatch(count('method="GET",route="/companies/:companyId",status="401"'));
    expect(text).toMatch(/route="unmatched",status="404"/);
    expect(text).toContain('tributary_state_readable{source="queue"} 1');
    expect(text).not.toContain(id);
    child.kill('SIGTERM');
    expect((await exited).code).toBe(0);
  });

  test('says in one line that the port of its metrics is taken', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const taken = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, errors } = await start(environment(await freePort(), { METRICS_PORT: String(taken) }))
      .exited;
    server.close();
    expect([code, errors.trim().split('\n')]).toEqual([
      1,
      [`127.0.0.1:${taken} is taken by another process; set METRICS_PORT to a free one.`],
    ]);
  });

  test('says in one line that its database cannot be reached', async () => {
    const nowhere = `postgresql://postgres@127.0.0.1:${await freePort()}/nothing`;
    const { code, errors } = await start(environment(await freePort(), { DATABASE_URL: nowhere })).exited;
    expect([code, errors.trim().split('\n')]).toEqual([
      1,
      [expect.stringMatching(/^The database at DATABASE_URL cannot be reached .*ECONNREFUSED.*Start it/)],
    ]);
  });
});
