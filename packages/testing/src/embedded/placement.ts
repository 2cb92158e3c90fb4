import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Account, accountFor, asAccount } from './account.ts';
import type { PostgresBinaries } from './binaries.ts';

/** Where an embedded PostgreSQL lives, and as whom it runs. */
export interface Placement {
  /** The folder above `bin`. */
  binariesFolder: string;
  /** Holds the cluster (`cluster/`) and its log. */
  homeFolder: string;
  account: Account | undefined;
}

/** Names the folder that data went to when PostgreSQL's user cannot reach the one asked for. */
const pointerFile = 'postgres-location';
const sharedBase = '/var/lib/tributary';

/**
 * Decides where data and programs live.
 *
 * As an ordinary user: in `dataDir`, and where the package manager put them. As root: there too, if PostgreSQL's
 * own user can reach them, else in a folder below /var/lib/tributary (or the temporary folder), which is named
 * through `log` and in a pointer file in `dataDir`.
 */
export function placeServer(
  dataDir: string,
  binaries: PostgresBinaries,
  log: (line: string) => void,
): Placement {
  const ownHome = join(dataDir, 'postgres');
  const account = accountFor(join(homeNamedBy(dataDir) ?? ownHome, 'cluster'));
  if (!account) {
    mkdirSync(ownHome, { recursive: true, mode: 0o700 });
    return { binariesFolder: binaries.folder, homeFolder: ownHome, account };
  }
  const binariesReachable = canRun(binaries, account);
  const homeFolder =
    homeNamedBy(dataDir) ?? (canReach(ownHome, account) ? ownHome : elsewhere(dataDir, account));
  if (homeFolder !== ownHome) {
    writeFileSync(join(dataDir, pointerFile), `${homeFolder}\n`);
    log(`The user ${account.name} cannot reach ${dataDir}: PostgreSQL keeps its data in ${homeFolder}`);
  }
  const binariesFolder = binariesReachable ? binaries.folder : copyBinaries(binaries, dataDir, account, log);
  return { binariesFolder, homeFolder, account };
}

/** The folder that the pointer file in `dataDir` names, if it is there. */
export function homeNamedBy(dataDir: string): string | undefined {
  const pointer = join(dataDir, pointerFile);
  if (!existsSync(pointer)) return undefined;
  const home = readFileSync(pointer, 'utf8').trim();
  return existsSync(home) ? home : undefined;
}

/** Tried, not computed: modes, ACLs and mount options all have a say. */
function canRun(binaries: PostgresBinaries, account: Account): boolean {
  const program = join(binaries.folder, 'bin', 'postgres');
  return spawnSync(program, ['--version'], { ...asAccount(account), cwd: '/', stdio: 'ignore' }).status === 0;
}

function canReach(folder: string, account: Account): boolean {
  const existed = existsSync(folder);
  makeFolderOf(account, folder);
  const script = 'cd "$1" && : > .probe && rm .probe';
  const options = { ...asAccount(account), cwd: '/', stdio: 'ignore' } as const;
  const reached = spawnSync('sh', ['-c', script, 'sh', folder], options).status === 0;
  if (!reached && !existed) rmSync(folder, { recursive: true, force: true });
  return reached;
}

function makeFolderOf(account: Account, folder: string): void {
  mkdirSync(folder, { recursive: true });
  chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o700);
}

function baseFor(dataDir: string, account: Account): string {
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
  const ofThisUser = join(tmpdir(), `tributary-${process.getuid?.() ?? 'user'}`);
  for (const base of [sharedBase, ofThisUser]) {
    try {
      mkdirSync(join(base, name), { recursive: true, mode: 0o755 });
      const probe = join(base, name, 'probe');
      const reached = canReach(probe, account);
      rmSync(probe, { recursive: true, force: true });
      if (reached) return join(base, name);
    } catch {
      // A read-only file system: the next base may do.
    }
  }
  throw new Error(
    `The user ${account.name}, as whom PostgreSQL must run, can reach neither ${dataDir} nor ${sharedBase}.`,
  );
}

function elsewhere(dataDir: string, account: Account): string {
  const home = join(baseFor(dataDir, account), 'postgres');
  makeFolderOf(account, home);
  return home;
}

function copyBinaries(
  binaries: PostgresBinaries,
  dataDir: string,
  account: Account,
  log: (line: string) => void,
): string {
  const version = createHash('sha256').update(binaries.folder).digest('hex').slice(0, 8);
  const copy = join(baseFor(dataDir, account), `programs-${binaries.majorVersion}-${version}`);
  if (!existsSync(copy)) {
    log(`The user ${account.name} cannot reach ${binaries.folder}: copying PostgreSQL's programs to ${copy}`);
    const unfinished = `${copy}.${process.pid}`;
    cpSync(binaries.folder, unfinished, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', unfinished]);
    renameSync(unfinished, copy);
  }
  return copy;
}

/** Removes what {@link placeServer} may have put outside `dataDir` for it. */
export function removePlacement(dataDir: string): void {
  const home = homeNamedBy(dataDir);
  if (home) rmSync(home, { recursive: true, force: true });
  rmSync(join(dataDir, 'postgres'), { recursive: true, force: true });
  rmSync(join(dataDir, pointerFile), { force: true });
}
