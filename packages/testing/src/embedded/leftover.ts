import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 50;
const fastStopMs = 10_000;
const immediateStopMs = 5_000;

/** Whether a process exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process id in a cluster's `postmaster.pid`, if there is such a file. */
export function postmasterPid(cluster: string): number | undefined {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8').split('\n', 1)[0] ?? '', 10);
  return pid > 0 ? pid : undefined;
}

/** A process id can be reused: only a `postgres` that works in this very folder counts. */
function isPostmasterOf(cluster: string, pid: number): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    try {
      const program = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0', 1)[0] ?? '';
      return basename(program) === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    } catch {
      return false;
    }
  }
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.includes('postgres') && stdout.includes(cluster);
}

/** Waits until a process is gone; false when it is still there after `limitMs`. */
async function isGoneWithin(pid: number, limitMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += pollMs) {
    if (!isAlive(pid)) return true;
    await delay(pollMs);
  }
  return !isAlive(pid);
}

/**
 * Stops a postmaster: fast shutdown (sessions end, data is flushed), and after a bound the immediate one, from
 * which PostgreSQL recovers at its next start.
 */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, limitMs] of [
    ['SIGINT', fastStopMs],
    ['SIGQUIT', immediateStopMs],
    ['SIGKILL', immediateStopMs],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await isGoneWithin(pid, limitMs)) return;
  }
}

/**
 * Clears what an earlier run left behind: a server that outlived its supervisor is stopped, the lock file of one
 * that died is removed. The caller holds the folder, so no live supervisor's server can be meant.
 */
export async function clearLeftovers(cluster: string, log: (line: string) => void): Promise<void> {
  const pid = postmasterPid(cluster);
  if (pid === undefined) return;
  if (isPostmasterOf(cluster, pid)) {
    log(`Stopping the PostgreSQL that an earlier run left behind (process ${pid})`);
    await stopPostmaster(pid);
  }
  // PostgreSQL removes a stale lock file itself, unless another process of its user has the number by now.
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
}
