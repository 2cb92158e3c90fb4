import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Processes } from './processes.ts';
import { freePort, until } from './wait.ts';

/** Starts `redis-server` on a free port, without persistence. @returns its URL */
export async function startRedis(processes: Processes): Promise<string> {
  if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new Error('--redis needs redis-server, which is not installed.');
  }
  const port = await freePort();
  const folder = processes.newFolder('redis');
  const server = processes.start('redis', {
    program: 'redis-server',
    args: [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
    ],
    environment: { PATH: process.env['PATH'] },
    cwd: folder,
  });
  await until(
    'Redis is ready',
    async () => server.lines.some((line) => line.includes('Ready to accept connections')),
    {
      seconds: 15,
      everyMs: 50,
    },
  );
  return `redis://127.0.0.1:${port}`;
}

/** How many keys a Redis server holds. */
export async function keysIn(url: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write('DBSIZE\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return Number(/^:(\d+)/.exec(answer.toString())?.[1] ?? Number.NaN);
}
