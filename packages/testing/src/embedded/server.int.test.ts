import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FolderLockedError } from './folder-lock.ts';
import { isAlive, postmasterPid, stopPostmaster } from './leftover.ts';
import { removePlacement } from './placement.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './server.ts';

let dataDir: string;
const running: EmbeddedPostgres[] = [];
const lines: string[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tributary-embedded-'));
  chmodSync(dataDir, 0o711);
  lines.length = 0;
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  removePlacement(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(folder = dataDir, port?: number): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    persistent: true,
    log: (line) => lines.push(line),
    ...(port !== undefined && { port }),
  });
  running.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  // A session that is cut off by a server going down is part of these tests.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function writeNote(server: EmbeddedPostgres): Promise<void> {
  await query(server.url, `CREATE TABLE note AS SELECT 'kept' AS text`);
}

async function expectNote(server: EmbeddedPostgres): Promise<void> {
  expect(await query(server.url, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
}

/** A supervisor in a process of its own, with a server that it started in `dataDir`. */
async function startSupervisor() {
  const program = fileURLToPath(new URL('./server.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [program, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [output] = (await once(child.stdout, 'data')) as [Buffer];
  const kill = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const postgresPid = Number(output.toString());
  const watchdogPid = () => childProcess(child.pid, `watchdog ${postgresPid} `);
  return { postgresPid, watchdogPid, kill };
}

/** The one child of `parent` whose command line contains `words`. */
function childProcess(parent: number | undefined, words: string): number {
  const { stdout } = spawnSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const matches = stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/s.exec(line))
    .filter((match) => Number(match?.[2]) === parent && match?.[3]?.includes(words));
  expect(matches).toHaveLength(1);
  return Number(matches[0]?.[1]);
}

const patiently = { timeout: 15_000, interval: 50 };

describe('an embedded PostgreSQL', () => {
  test('keeps its data from one start to the next', async () => {
    const first = await start();
    await writeNote(first);
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    await expectNote(await start());
  });

  test('listens on the loopback address alone, behind a password that only its owner can read', async () => {
    const server = await start();
    expect(await query(server.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(server.url, 'SHOW unix_socket_directories')).toEqual([
      { unix_socket_directories: '' },
    ]);
    expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
    const wrongPassword = new URL(server.url);
    wrongPassword.password = 'guess';
    await expect(query(wrongPassword.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  test('runs in a process group of its own, which Ctrl-C in a terminal does not reach', async () => {
    const server = await start();
    const { stdout } = spawnSync('ps', ['-o', 'pgid=', '-p', String(server.pid)], { encoding: 'utf8' });
    expect(Number(stdout)).toBe(server.pid);
  });

  test('is refused to a second start in the same folder, and the first runs on', async () => {
    const server = await start();
    const second = start();
    await expect(second).rejects.toThrow(FolderLockedError);
    await expect(second).rejects.toThrow(`in use by another process (${process.pid})`);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('says so when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await expect(start(dataDir, port)).rejects.toThrow('Address already in use');
    other.close();
  });

  test('reports that it ended by itself, and not that it was stopped', async () => {
    const server = await start();
    process.kill(server.pid, 'SIGKILL');
    await expect(server.crashed).resolves.toContain('ended by itself (SIGKILL)');
    await server.stop();

    const stopped = await start();
    const outcome = Promise.race([stopped.crashed, stopped.stop().then(() => 'stopped')]);
    await expect(outcome).resolves.toBe('stopped');
  });
});

describe('recovery', () => {
  test('after the server was killed: its lock file is stale, its data is there', async () => {
    const first = await start();
    await writeNote(first);
    process.kill(first.pid, 'SIGKILL');
    await first.crashed;
    await first.stop();
    await expectNote(await start());
  });

  test('after the number in the lock file went to another process', async () => {
    const first = await start();
    await writeNote(first);
    await first.stop();
    const cluster = join(dataDir, 'postgres', 'cluster');
    writeFileSync(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n`);
    await expectNote(await start());
    expect(isAlive(process.pid)).toBe(true);
  });

  test('after the supervisor was killed: the watchdog stops the server', async () => {
    const supervisor = await startSupervisor();
    expect(isAlive(supervisor.postgresPid)).toBe(true);
    await supervisor.kill();
    await vi.waitFor(() => expect(isAlive(supervisor.postgresPid)).toBe(false), patiently);
  });

  test('after supervisor and watchdog were killed: the server left behind is stopped by the next start', async () => {
    await writeNoteAndStop();
    const supervisor = await startSupervisor();
    process.kill(supervisor.watchdogPid(), 'SIGKILL');
    await supervisor.kill();
    expect(isAlive(supervisor.postgresPid)).toBe(true);

    const next = await start();
    expect(isAlive(supervisor.postgresPid)).toBe(false);
    expect(lines.join('\n')).toContain(`an earlier run left behind (process ${supervisor.postgresPid})`);
    await expectNote(next);
  });

  test('after an initialisation that was interrupted', async () => {
    const unfinished = join(dataDir, 'postgres', 'cluster.unfinished');
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(join(unfinished, 'PG_VERSION'), '18\n');
    await writeNote(await start());
    expect(existsSync(unfinished)).toBe(false);
  });

  async function writeNoteAndStop(): Promise<void> {
    const first = await start();
    await writeNote(first);
    await first.stop();
  }
});

describe('refusals that lose nothing', () => {
  test('a missing password file is named, and the data stays', async () => {
    await (await start()).stop();
    rmSync(join(dataDir, 'postgres-password'));
    await expect(start()).rejects.toThrow(/postgres-password is missing\. Put it back, or .*--reset/);
    expect(existsSync(join(dataDir, 'postgres', 'cluster', 'PG_VERSION'))).toBe(true);
  });

  test('data of another major version is named, and stays', async () => {
    await (await start()).stop();
    writeFileSync(join(dataDir, 'postgres', 'cluster', 'PG_VERSION'), '14\n');
    await expect(start()).rejects.toThrow('is of PostgreSQL 14, not 18');
    expect(existsSync(join(dataDir, 'postgres', 'cluster', 'base'))).toBe(true);
  });
});

test('data goes where the user that PostgreSQL runs as can reach it, and is found again', async () => {
  const closedFolder = join(dataDir, 'closed');
  mkdirSync(closedFolder, { mode: 0o700 });
  const folder = join(closedFolder, 'data');
  const first = await start(folder);
  await writeNote(first);
  await first.stop();

  const pointer = join(folder, 'postgres-location');
  const isRoot = process.getuid?.() === 0;
  expect(existsSync(pointer)).toBe(isRoot);
  const home = isRoot ? readFileSync(pointer, 'utf8').trim() : join(folder, 'postgres');
  expect(existsSync(join(home, 'cluster', 'PG_VERSION'))).toBe(true);
  if (isRoot) expect(lines.join('\n')).toContain(home);

  await expectNote(await start(folder));
  await running.at(-1)?.stop();
  removePlacement(folder);
  expect(existsSync(home)).toBe(false);
  if (isRoot) rmSync(dirname(home), { recursive: true, force: true });
});

test('a server for tests takes its folder with it', async () => {
  const server = await startEmbeddedPostgres({ dataDir, persistent: false, log: () => undefined });
  const pid = postmasterPid(join(dataDir, 'postgres', 'cluster'));
  expect(pid).toBe(server.pid);
  await server.stop();
  expect(existsSync(dataDir)).toBe(false);
  await stopPostmaster(server.pid);
});
