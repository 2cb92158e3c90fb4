import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@tributary/testing';
import { removeEmbeddedPostgres } from '@tributary/testing/embedded';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const program = fileURLToPath(new URL('./start.ts', import.meta.url));
const patiently = { timeout: 60_000, interval: 100 };
const longTestMs = 120_000;

let dataDir: string;
let ports: { PORT: string; SANDBOX_PORT: string };
const supervisors: Start[] = [];

interface Start {
  child: ChildProcess;
  output(): string;
  errors(): string;
  exitCode: Promise<number | null>;
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'tributary-start-'));
  chmodSync(dataDir, 0o711);
  ports = { PORT: String(await freePort()), SANDBOX_PORT: String(await freePort()) };
});

afterEach(async () => {
  for (const { child, exitCode } of supervisors.splice(0)) {
    child.kill('SIGTERM');
    await exitCode;
  }
  await removeEmbeddedPostgres(dataDir, () => undefined);
  rmSync(dataDir, { recursive: true, force: true });
});

/** `npm start` without npm, on a small sandbox. */
function start(options: { words?: string[]; environment?: Record<string, string> } = {}): Start {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...outside } = process.env;
  const environment = { ...outside, ...ports, DATA_DIR: dataDir, SANDBOX_SIZE: '50', ...options.environment };
  const child = spawn(process.execPath, [program, ...(options.words ?? [])], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const texts = { output: '', errors: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    texts.output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    texts.errors += chunk.toString();
  });
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  const started = { child, output: () => texts.output, errors: () => texts.errors, exitCode };
  supervisors.push(started);
  return started;
}

async function untilReady(started: Start): Promise<string> {
  await vi.waitFor(() => {
    if (started.child.exitCode !== null) throw new Error(`It ended: ${started.output()}${started.errors()}`);
    expect(started.output()).toMatch(/^API key: /m);
  }, patiently);
  return started.output();
}

interface Running {
  pid: number;
  command: string;
}

/** Everything that a supervisor has started: its direct children. */
function childrenOf({ child }: Start): Running[] {
  const { stdout } = spawnSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent]) => Number(parent) === child.pid)
    .map(([pid, , ...words]) => ({ pid: Number(pid), command: words.join(' ') }))
    .filter(({ command }) => /main\.ts|postgres -D|watchdog/.test(command));
}

async function untilGone(processes: readonly Running[]): Promise<void> {
  const left = () => processes.filter(({ pid }) => existsAsRunning(pid));
  await vi.waitFor(() => expect(left()).toEqual([]), patiently);
}

function existsAsRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

function apiKeyIn(output: string): string | undefined {
  return /^API key: (\S+)$/m.exec(output)?.[1];
}

function portalLoginIn(output: string): { email: string; password: string } {
  const [, email = '', password = ''] = /^ +(\S+@\S+), password (\S+) /m.exec(output) ?? [];
  return { email, password };
}

async function signInToPortal(output: string): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${ports.PORT}/portal/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(portalLoginIn(output)),
  });
  const { user } = (await response.json()) as { user: { role: string } };
  return [response.status, user.role];
}

describe('npm start', () => {
  test(
    'serves, links and syncs a demo company, keeps it, and leaves nothing behind when told to stop',
    async () => {
      const first = start();
      const output = await untilReady(first);
      expect(output).not.toContain('could not be');
      expect(output).toContain(`ready http://localhost:${ports.PORT}\n`);
      const processes = childrenOf(first);
      expect(
        processes.map(({ command }) => /(\w+)\/src\/main\.ts|postgres -D|watchdog/.exec(command)?.[0]),
      ).toHaveLength(5);

      const companies = await listCompanies(output);
      expect(companies).toEqual([expect.objectContaining({ name: 'Demo company', status: 'Linked' })]);
      expect(await signInToPortal(output)).toEqual([200, 'owner']);
      expect(statSync(join(dataDir, 'portal-password')).mode & 0o777).toBe(0o600);

      const second = start();
      expect(await second.exitCode).toBe(1);
      expect(second.errors()).toMatch(/^Tributary runs in .* already \(process \d+\)\. Stop it first/);
      expect(second.errors().trimEnd().split('\n')).toHaveLength(1);

      first.child.kill('SIGINT');
      first.child.kill('SIGINT');
      expect(await first.exitCode).toBe(0);
      await untilGone(processes);

      const again = start();
      const outputAgain = await untilReady(again);
      expect(apiKeyIn(outputAgain)).toBe(apiKeyIn(output));
      expect(outputAgain).not.toContain('Demo:');
      expect(await listCompanies(outputAgain)).toEqual(companies);
      expect(portalLoginIn(outputAgain)).toEqual(portalLoginIn(output));
    },
    longTestMs,
  );

  test(
    'stops everything and says why when one process crashes',
    async () => {
      const started = start();
      await untilReady(started);
      const processes = childrenOf(started);
      const worker = processes.find(({ command }) => command.includes('worker/src/main.ts'));
      process.kill(worker?.pid ?? 0, 'SIGKILL');
      expect(await started.exitCode).toBe(1);
      expect(started.errors()).toContain('worker ended by itself (signal SIGKILL)');
      await untilGone(processes);
    },
    longTestMs,
  );

  test(
    'leaves no process behind when it is killed itself, and starts again on the same data',
    async () => {
      const killed = start();
      const output = await untilReady(killed);
      const processes = childrenOf(killed);
      killed.child.kill('SIGKILL');
      await killed.exitCode;
      await untilGone(processes);
      expect(apiKeyIn(await untilReady(start()))).toBe(apiKeyIn(output));
    },
    longTestMs,
  );

  test(
    'starts afresh with --reset',
    async () => {
      const first = start();
      const output = await untilReady(first);
      first.child.kill('SIGTERM');
      expect(await first.exitCode).toBe(0);
      const afresh = await untilReady(start({ words: ['--reset'] }));
      expect(apiKeyIn(afresh)).not.toBe(apiKeyIn(output));
      expect(await listCompanies(afresh)).toHaveLength(1);
    },
    longTestMs,
  );
});

describe('npm start refuses, before anything is started,', () => {
  test('a taken port, in one line that names the variable', async () => {
    const taken = { PORT: ports.PORT, SANDBOX_PORT: ports.PORT };
    const started = start({ environment: taken });
    expect(await started.exitCode).toBe(1);
    expect(started.errors()).toBe(
      `PORT and SANDBOX_PORT are both ${ports.PORT}. Set one of them to another port.\n`,
    );
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
  });

  test('a wrong environment, with all that is wrong in it', async () => {
    const started = start({ environment: { WORKER_CONCURRENCY: 'many', LOG_LEVEL: 'loud' } });
    expect(await started.exitCode).toBe(1);
    expect(started.errors()).toContain('  WORKER_CONCURRENCY: "many" is not a number');
    expect(started.errors()).toContain('  LOG_LEVEL: "loud" is not a known value');
  });

  test('an unknown option', async () => {
    const started = start({ words: ['--rest'] });
    expect(await started.exitCode).toBe(1);
    expect(started.errors()).toContain('Unknown option --rest. Usage: npm start [-- --reset]');
  });

  test('--reset of a database that is not its own', async () => {
    const environment = { DATABASE_URL: 'postgresql://somebody@127.0.0.1:1/else' };
    const started = start({ words: ['--reset'], environment });
    expect(await started.exitCode).toBe(1);
    expect(started.errors()).toContain('--reset removes embedded data only');
  });
});

async function listCompanies(output: string): Promise<unknown[]> {
  const apiKey = readFileSync(join(dataDir, 'api-key'), 'utf8').trim();
  expect(apiKeyIn(output)).toBe(apiKey);
  const response = await fetch(`http://127.0.0.1:${ports.PORT}/companies`, {
    headers: { authorization: `Basic ${Buffer.from(apiKey).toString('base64')}` },
  });
  const { results } = (await response.json()) as { results: unknown[] };
  return results;
}
