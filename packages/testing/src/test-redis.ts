import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';

/** A running Redis server for tests. */
export interface TestRedis {
  url: string;
  stop(): Promise<void>;
}

const host = '127.0.0.1';

/**
 * Starts `redis-server` without persistence; undefined when it is not installed.
 * @param options.port a free one unless given
 * @param options.cluster a cluster of one node: it has every slot, and refuses commands and scripts whose keys lie in several
 */
export async function startTestRedis(
  options: { port?: number; cluster?: boolean } = {},
): Promise<TestRedis | undefined> {
  if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'tributary-redis-'));
  const port = options.port ?? (await freePort(host));
  const args = ['--port', String(port), '--bind', host, '--save', '', '--appendonly', 'no', '--dir', folder];
  if (options.cluster) args.push('--cluster-enabled', 'yes');
  // Redis leaves no process behind: it ends with the pipe of the shell that watches over it.
  const child = spawn('sh', ['-c', watchedRedis, 'sh', ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  await untilReady(child);
  const url = `redis://${host}:${port}`;
  if (options.cluster) takeAllSlots(url);
  const stop = async () => {
    const ended = once(child, 'exit');
    child.stdin?.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

const waitForCluster = `until redis-cli -u "$1" CLUSTER INFO | grep -q cluster_state:ok; do sleep 0.05; done`;

function takeAllSlots(url: string): void {
  const given = spawnSync('redis-cli', ['-u', url, 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383'], {
    encoding: 'utf8',
  });
  if (given.stdout.trim() !== 'OK') throw new Error(`redis-cli: ${given.stdout}${given.stderr}`);
  spawnSync('sh', ['-c', waitForCluster, 'sh', url]);
}

/** Runs the server until standard input closes, which happens at the latest when the tests' process is gone. */
const watchedRedis = `
redis-server "$@" </dev/null &
server=$!
cat >/dev/null
kill -TERM $server
wait $server
`;

async function untilReady(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('redis-server has no output to read.');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('Ready to accept connections')) {
      child.stdout.resume();
      return;
    }
  }
  throw new Error('redis-server did not start.');
}
