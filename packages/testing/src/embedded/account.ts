import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

/** The user that PostgreSQL runs as when the process is root, which PostgreSQL refuses to be. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

const ownAccount = 'tributary';
/** In order of preference; `nobody` only where no account can be made. */
const lastResort = 'nobody';

function accounts(): Account[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid }) => name !== '' && uid > 0);
}

function createOwnAccount(): void {
  const withShadow = ['useradd', '--system', '--user-group', '--no-create-home', ownAccount];
  const withBusybox = ['adduser', '-S', '-D', '-H', ownAccount];
  for (const [program = '', ...args] of [withShadow, withBusybox]) {
    if (spawnSync(program, args, { stdio: 'ignore' }).status === 0) return;
  }
}

/**
 * The account to run PostgreSQL as: undefined (our own) unless we are root.
 * @param dataFolder an existing cluster keeps its owner, because PostgreSQL demands to own its data.
 */
export function accountFor(dataFolder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dataFolder, { throwIfNoEntry: false })?.uid;
  const find = (matches: (account: Account) => boolean) => accounts().find(matches);
  const known =
    find(({ uid }) => uid === owner) ??
    find(({ name }) => name === 'postgres') ??
    find(({ name }) => name === ownAccount);
  if (known) return known;
  createOwnAccount();
  const created = find(({ name }) => name === ownAccount) ?? find(({ name }) => name === lastResort);
  if (!created)
    throw new Error('PostgreSQL does not run as root, and no other user could be created for it.');
  return created;
}

/** Options of `spawn` that run a program as `account`. */
export function asAccount(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}
