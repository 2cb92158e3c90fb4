import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Reads until the other end of its input closes, which happens however the supervisor ends, SIGKILL included;
 * then stops the server, if it still is the one that owns the cluster.
 */
const script = `
cat >/dev/null
[ "$(head -n 1 "$2" 2>/dev/null)" = "$1" ] || exit 0
kill -INT "$1" 2>/dev/null || exit 0
[ -n "$3" ] || exit 0
while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
rm -rf "$3"
`;

/**
 * Starts a process that stops a PostgreSQL server once this process is gone, since the server, in a process group
 * of its own, would outlive it.
 * @param removeFolder a folder to remove afterwards, for servers of tests.
 */
export function startWatchdog(pid: number, cluster: string, removeFolder = ''): ChildProcess {
  const args = ['-c', script, 'watchdog', String(pid), join(cluster, 'postmaster.pid'), removeFolder];
  const watchdog = spawn('sh', args, { detached: true, cwd: '/', stdio: ['pipe', 'ignore', 'ignore'] });
  watchdog.on('error', () => undefined);
  watchdog.unref();
  return watchdog;
}
