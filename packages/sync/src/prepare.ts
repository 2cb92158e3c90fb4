import { assertQueueMigrated, migrateQueue, type QueueBackend } from '@tributary/queue';
import { createPool, migrateDatabase, type Store } from '@tributary/store';
import type { Vault } from '@tributary/vault';

const keyCheckName = 'encryption-key-check';

/**
 * Brings the database, and BullMQ's tables in it, up to this release. Safe to run from several processes at once.
 * @returns the names of the migrations that were applied
 * @throws when the database cannot be reached or a migration fails
 */
export async function migrateEverything(
  databaseUrl: string,
  log: (line: string) => void = () => undefined,
): Promise<string[]> {
  const { applied } = await migrateDatabase({ databaseUrl, log });
  const pool = createPool({
    databaseUrl,
    max: 1,
    applicationName: 'tributary-migrate',
    onError: (error) => log(error.message),
  });
  try {
    await migrateQueue(pool);
  } finally {
    await pool.end();
  }
  return applied;
}

/**
 * What a process does before it serves: migrates when it may, refuses a schema older than itself, and notices a wrong
 * encryption key now instead of at the first decryption.
 * @throws Error whose message tells the operator what to do
 */
export async function prepareDatabase(options: {
  store: Store;
  backend: QueueBackend;
  vault: Vault;
  databaseUrl: string;
  autoMigrate: boolean;
}): Promise<void> {
  const { store, backend, vault } = options;
  if (options.autoMigrate) await migrateEverything(options.databaseUrl);
  const pending = await store.pendingMigrations();
  if (pending.length > 0) {
    throw new Error(
      `The database schema is older than this release (pending: ${pending.join(', ')}). Run \`npm run migrate\`, or set AUTO_MIGRATE=true.`,
    );
  }
  if (backend.kind === 'postgres') await assertQueueMigrated(store.pool);
  await store.prisma.setting.createMany({
    data: [{ name: keyCheckName, value: vault.makeKeyCheck() }],
    skipDuplicates: true,
  });
  const { value } = await store.prisma.setting.findUniqueOrThrow({ where: { name: keyCheckName } });
  vault.verifyKeyCheck(value);
}
