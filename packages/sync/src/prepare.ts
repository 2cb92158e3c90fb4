import { assertQueueMigrated, migrateQueue, type QueueBackend } from '@tributary/queue';
import { migrateDatabase, type Store } from '@tributary/store';
import type { Vault } from '@tributary/vault';

const keyCheckName = 'encryption-key-check';

/** Brings the database, and BullMQ's tables in it, up to this release. Safe to run from several processes at once. */
export async function migrateEverything(options: {
  store: Store;
  databaseUrl: string;
  log?: (line: string) => void;
}): Promise<void> {
  await migrateDatabase(options);
  await migrateQueue(options.store.pool);
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
  if (options.autoMigrate) await migrateEverything(options);
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
