/** What has to hold before the API listens: the schema is there, the encryption keys fit, the operator's key exists. */
import type { ApiConfiguration } from '@tributary/config';
import { migrateQueue } from '@tributary/queue';
import {
  createApiKeyRepository,
  createClientRepository,
  defaultClientId,
  encryptionKeyCheckSetting,
  migrateDatabase,
  settingOrNew,
} from '@tributary/store';
import { VaultError } from '@tributary/vault';
import type { AppDependencies } from './dependencies.ts';

/** The process cannot start, for a reason that the operator can act on; `message` is one readable line. */
export class StartUpError extends Error {
  override readonly name = 'StartUpError';
}

/** @throws StartUpError */
export async function prepare(configuration: ApiConfiguration, dependencies: AppDependencies): Promise<void> {
  await prepareSchema(configuration, dependencies);
  await checkEncryptionKeys(dependencies);
  await ensureBootstrapKey(configuration, dependencies);
}

async function prepareSchema(
  configuration: ApiConfiguration,
  { store, logger }: AppDependencies,
): Promise<void> {
  if (configuration.autoMigrate) {
    await migrateDatabase({ databaseUrl: configuration.databaseUrl, log: (line) => logger.info(line) });
    await migrateQueue(store.pool);
    return;
  }
  const pending = await store.pendingMigrations();
  if (pending.length === 0) return;
  throw new StartUpError(
    `The database lacks ${pending.length} migration(s) of this release, from ${pending[0]} on. Run "npm run migrate", or set AUTO_MIGRATE=true.`,
  );
}

async function checkEncryptionKeys({ store, vault }: AppDependencies): Promise<void> {
  try {
    vault.verifyKeyCheck(await settingOrNew(store, encryptionKeyCheckSetting, () => vault.makeKeyCheck()));
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new StartUpError(`ENCRYPTION_KEYS cannot open what this database holds: ${error.message}`);
  }
}

async function ensureBootstrapKey(
  { bootstrapApiKey }: ApiConfiguration,
  { store, newId }: AppDependencies,
): Promise<void> {
  if (bootstrapApiKey === undefined) return;
  await createClientRepository(store).ensureDefault('Default');
  await createApiKeyRepository(store).ensure(defaultClientId, {
    id: newId(),
    name: 'Bootstrap',
    apiKey: bootstrapApiKey,
  });
}
