/** Backup and restore as docs/operations.md has it, on a PostgreSQL of the machine's own, with real processes afterwards. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiKeyRepository, makeApiKey } from '@tributary/store';
import { freePort, requireInstalledPostgres, startTestPostgres } from '@tributary/testing';
import { afterEach, expect, test } from 'vitest';
import { startHarness } from '../../../packages/sync/src/testing/harness.ts';
import { until } from '../../../packages/sync/src/testing/mid-run.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const programs = {
  api: fileURLToPath(new URL('main.ts', import.meta.url)),
  worker: fileURLToPath(new URL('../../worker/src/main.ts', import.meta.url)),
};

function start(name: keyof typeof programs, environment: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [programs[name]], {
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'silent', ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  cleanups.push(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += String(chunk);
  });
  const exited = once(child, 'close').then(([code]) => ({ code, errors: errors.trim() }));
  const ready = Promise.race([
    once(child, 'message'),
    exited.then((end) => Promise.reject(new Error(`${name}: ${end.errors}`))),
  ]);
  ready.catch(() => undefined);
  return { exited, ready };
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

test('a restored backup serves the same records and goes on syncing with its keys; with another key nothing starts', async (context) => {
  const binaries = requireInstalledPostgres(context);
  const server = await startTestPostgres({ binaries });
  cleanups.push(() => server.stop());
  const house = await startHarness({ databaseUrl: server.url });
  cleanups.push(() => house.close());
  const { rows: version } = await house.store.pool.query('SHOW server_version_num');
  expect(Math.floor(Number(version[0].server_version_num) / 10_000)).toBe(binaries.majorVersion);

  const connection = await house.link();
  await house.pull(connection, 'invoices');
  const apiKey = makeApiKey();
  const key = { id: randomUUID(), name: 'test', apiKey };
  await createApiKeyRepository(house.store).create(connection.clientId, key);

  // The backup, and a restore into an empty database.
  const folder = mkdtempSync(join(tmpdir(), 'tributary-backup-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const dump = join(folder, 'tributary.dump');
  run(join(binaries.folder, 'bin', 'pg_dump'), ['-Fc', '-f', dump, '-d', server.url]);
  await house.store.pool.query('CREATE DATABASE restored');
  const restored = new URL(server.url);
  restored.pathname = '/restored';
  run(join(binaries.folder, 'bin', 'pg_restore'), ['--exit-on-error', '-d', restored.href, dump]);

  const [before, after] = [await freePort(), await freePort()];
  const environment = {
    ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    KASHOO_API_URL: `${house.base}/api`,
    KASHOO_TSA_API_URL: `${house.base}/tsa/api`,
    KASHOO_OAUTH_URL: `${house.base}/oauth2`,
    KASHOO_CLIENT_ID: 'sandbox',
    KASHOO_CLIENT_SECRET: 'sandbox-secret',
  };
  const restoredEnvironment = { ...environment, DATABASE_URL: restored.href };
  for (const name of ['api', 'worker'] as const) {
    const otherKey = { ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 8).toString('base64')}` };
    const { code, errors } = await start(name, { ...restoredEnvironment, ...otherKey }).exited;
    expect([code, errors]).toEqual([1, expect.stringMatching(/^The encryption key .*$/)]);
  }

  await start('api', { ...environment, DATABASE_URL: server.url, PORT: String(before) }).ready;
  await start('api', { ...restoredEnvironment, PORT: String(after) }).ready;
  const ask = async (port: number, path: string, method = 'GET') => {
    const url = `http://127.0.0.1:${port}/companies/${connection.companyId}${path}`;
    const answer = await fetch(url, { method, headers: { authorization: `Bearer ${apiKey}` } });
    return { status: answer.status, text: await answer.text() };
  };
  const records = '/data/invoices?pageSize=5000';
  const original = await ask(before, records);
  expect([original.status, JSON.parse(original.text).results.length > 20]).toEqual([200, true]);
  expect(await ask(after, records)).toEqual(original);

  await start('worker', restoredEnvironment).ready;
  const requested = await ask(after, '/data/queue/invoices', 'POST');
  expect(requested.status).toBe(200);
  const pull = async () =>
    JSON.parse((await ask(after, `/data/history/${JSON.parse(requested.text).id}`)).text);
  await until('the sync ends', async () => {
    const { isCompleted, isErrored } = await pull();
    return isCompleted || isErrored;
  });
  expect((await pull()).status).toBe('Complete');
  // It went on from the cursor that was restored: nothing is new, nothing changed.
  expect(await ask(after, records)).toEqual(original);
}, 120_000);
