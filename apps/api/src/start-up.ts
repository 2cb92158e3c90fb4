/** What has to hold before the API listens: the schema is there, the encryption keys fit, the operator's key exists. */
import type { ApiConfiguration } from '@tributary/config';
import { createApiKeyRepository, createClientRepository, defaultClientId } from '@tributary/store';
import { prepareDatabase } from '@tributary/sync';
import type { Composition } from './composition.ts';

/**
 * Migrates when it may, and refuses a schema older than this release, or encryption keys that cannot open what is stored.
 * @throws Error whose message tells the operator what to do
 */
export async function prepare(configuration: ApiConfiguration, composition: Composition): Promise<void> {
  const { dependencies, backend } = composition;
  const { store, vault, newId } = dependencies;
  const { databaseUrl, autoMigrate, bootstrapApiKey } = configuration;
  await prepareDatabase({ store, backend, vault, databaseUrl, autoMigrate });
  if (bootstrapApiKey === undefined) return;
  await createClientRepository(store).ensureDefault('Default');
  await createApiKeyRepository(store).ensure(defaultClientId, {
    id: newId(),
    name: 'Bootstrap',
    apiKey: bootstrapApiKey,
  });
}
