import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asAccount } from './account.ts';
import type { Placement } from './placement.ts';

/** The database user that owns everything in an embedded PostgreSQL. */
export const databaseUser = 'tributary';

const unfinishedMark = '.unfinished';

/** The folder that holds the database cluster itself. */
export function clusterFolder(placement: Placement): string {
  return join(placement.homeFolder, 'cluster');
}

/** Collation and character type that need no locale of the operating system: the same order on every machine. */
function localeOptions(majorVersion: number): string[] {
  const builtin = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return ['--encoding=UTF8', '--no-locale', ...(majorVersion >= 17 ? builtin : [])];
}

/**
 * Makes the cluster unless there is one. It is initialised beside its place and renamed when complete, so that a
 * start that was interrupted is simply done again.
 * @throws {Error} when the cluster there is of another major version, or `initdb` fails.
 */
export function ensureCluster(
  placement: Placement,
  options: { majorVersion: number; password: string; durable: boolean },
): { created: boolean } {
  const cluster = clusterFolder(placement);
  removeUnfinished(placement.homeFolder);
  if (existsSync(cluster)) {
    checkVersion(cluster, options.majorVersion);
    return { created: false };
  }
  const unfinished = `${cluster}${unfinishedMark}`;
  const passwordFile = join(placement.homeFolder, `password${unfinishedMark}`);
  writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (placement.account) chownSync(passwordFile, placement.account.uid, placement.account.gid);
  const args = [
    `--pgdata=${unfinished}`,
    `--username=${databaseUser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    ...localeOptions(options.majorVersion),
    ...(options.durable ? [] : ['--no-sync']),
  ];
  const initdb = join(placement.binariesFolder, 'bin', 'initdb');
  const result = spawnSync(initdb, args, {
    ...asAccount(placement.account),
    cwd: placement.homeFolder,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  rmSync(passwordFile, { force: true });
  if (result.status !== 0) {
    const reason = result.error?.message ?? `${result.stdout}\n${result.stderr}`.trim();
    throw new Error(`PostgreSQL could not be initialised in ${placement.homeFolder}: ${reason}`);
  }
  renameSync(unfinished, cluster);
  return { created: true };
}

function removeUnfinished(homeFolder: string): void {
  for (const name of readdirSync(homeFolder)) {
    if (name.endsWith(unfinishedMark)) rmSync(join(homeFolder, name), { recursive: true, force: true });
  }
}

function checkVersion(cluster: string, majorVersion: number): void {
  let found: string;
  try {
    found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  } catch (cause) {
    const advice = 'Start as the user who made it, or afresh with --reset.';
    throw new Error(`The database in ${cluster} cannot be read. ${advice}`, { cause });
  }
  if (Number(found) !== majorVersion) {
    const advice = 'Move the data with pg_dump, or start afresh with --reset.';
    throw new Error(`The database in ${cluster} is of PostgreSQL ${found}, not ${majorVersion}. ${advice}`);
  }
}
