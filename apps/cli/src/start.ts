// `npm start [-- --reset]`: everything on embedded defaults, under one roof.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exitOnConfigurationError } from '@tributary/config';
import { makeApiKey } from '@tributary/store';
import {
  type FolderLock,
  FolderLockedError,
  lockFolder,
  removeEmbeddedPostgres,
} from '@tributary/testing/embedded';
import { reasonOf, tell } from './output.ts';
import { makePortalPassword } from './portal-user-commands.ts';
import { checkedConfiguration, sandboxUrl } from './start/environments.ts';
import { portProblems } from './start/ports.ts';
import { keptSecret, makeEncryptionKeys } from './start/secrets.ts';
import { createSupervisor, type Supervisor } from './start/supervisor.ts';

/** A start that cannot go on, for a reason that the operator can do something about. */
class StartError extends Error {}

const configuration = exitOnConfigurationError(() => checkedConfiguration(process.env));
const dataDir = resolve(configuration.dataDir);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** @throws {StartError} for words that are no option */
function wantsReset(words: readonly string[]): boolean {
  const unknown = words.filter((word) => word !== '--reset');
  if (unknown.length > 0)
    throw new StartError(`Unknown option ${unknown.join(' ')}. Usage: npm start [-- --reset]`);
  return words.length > 0;
}

async function lockDataDir(): Promise<FolderLock> {
  // PostgreSQL's own user has to pass through, when this is root; what is secret has modes of its own.
  mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  try {
    return await lockFolder(dataDir, 'start');
  } catch (error) {
    if (!(error instanceof FolderLockedError)) throw error;
    const holder = error.holder ? ` (process ${error.holder})` : '';
    throw new StartError(
      `Tributary runs in ${dataDir} already${holder}. Stop it first, or set DATA_DIR to another folder.`,
    );
  }
}

async function checkPorts(): Promise<void> {
  const { host, port, sandbox } = configuration;
  const problems = await portProblems([
    { host, port, variable: 'PORT' },
    { host: sandbox.host, port: sandbox.port, variable: 'SANDBOX_PORT' },
  ]);
  if (problems.length > 0) throw new StartError(problems.join('\n'));
}

async function reset(): Promise<void> {
  if (configuration.databaseUrl) {
    throw new StartError(
      '--reset removes embedded data only; unset DATABASE_URL, or empty that database yourself.',
    );
  }
  print(`Removing the data in ${dataDir}`);
  await removeEmbeddedPostgres(dataDir, print);
  for (const name of readdirSync(dataDir)) rmSync(join(dataDir, name), { recursive: true, force: true });
}

/** Of the first owner of the portal. */
const ownerEmail = 'owner@example.com';

interface Keys {
  readonly apiKey: string;
  readonly portalUser: { readonly email: string; readonly password: string };
}

function printAddresses({ apiKey, portalUser }: Keys): void {
  const { publicUrl } = configuration;
  print(`ready ${publicUrl}`);
  print(`portal:  ${publicUrl}/portal`);
  print(`         ${portalUser.email}, password ${portalUser.password} (until you change it there)`);
  print(`docs:    ${publicUrl}/docs`);
  print(`sandbox: ${sandboxUrl(configuration)}`);
  print(`API key: ${apiKey}`);
}

/** Resolves when the operator, or the disappearance of the parent process, asks to stop. */
function askedToStop(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done());
    process.once('disconnect', () => done());
  });
}

/** Runs until told to stop (0), or until something breaks (1, its reason told). */
async function supervise(supervisor: Supervisor, keys: Keys): Promise<number> {
  const started = supervisor.start().then(() => {
    printAddresses(keys);
    return new Promise<never>(() => undefined);
  });
  const broken = supervisor.crashed.then((reason) => {
    throw new StartError(reason);
  });
  try {
    await Promise.race([started, broken, askedToStop()]);
    return 0;
  } catch (error) {
    tell(reasonOf(error));
    return 1;
  } finally {
    print('Stopping');
    await supervisor.stop();
  }
}

async function main(): Promise<number> {
  const isReset = wantsReset(process.argv.slice(2));
  const lock = await lockDataDir();
  try {
    await checkPorts();
    if (isReset) await reset();
    const given = process.env;
    const encryptionKeys = keptSecret(dataDir, 'encryption-keys', makeEncryptionKeys);
    const apiKey = configuration.bootstrapApiKey ?? keptSecret(dataDir, 'api-key', makeApiKey);
    const portalUser = configuration.bootstrapPortalUser ?? {
      email: ownerEmail,
      password: keptSecret(dataDir, 'portal-password', makePortalPassword),
    };
    const parts = { configuration, given, dataDir, encryptionKeys, apiKey, portalUser };
    return await supervise(createSupervisor({ ...parts, print }), parts);
  } finally {
    await lock.release();
  }
}

const exitCode = await main().catch((error: unknown) => {
  tell(reasonOf(error));
  return 1;
});
// What was waited for when the stop came would keep the process; the pipe gets its last line first.
process.stdout.write('', () => process.exit(exitCode));
