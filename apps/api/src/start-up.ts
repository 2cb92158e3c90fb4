/** What has to hold before the API listens: the schema is there, the encryption keys fit, the operator's key and the portal's first owner exist. */
import type { ApiConfiguration } from '@tributary/config';
import {
  createApiKeyRepository,
  createClientRepository,
  createFirstOwner,
  defaultClientId,
  hashPassword,
} from '@tributary/store';
import { prepareDatabase } from '@tributary/sync';
import type { Composition } from './composition.ts';

/**
 * Migrates when it may, and refuses a schema older than this release, or encryption keys that cannot open what is stored.
 * @throws Error whose message tells the operator what to do
 */
export async function prepare(configuration: ApiConfiguration, composition: Composition): Promise<void> {
  const { dependencies, backend } = composition;
  const { store, vault, newId } = dependencies;
  const { databaseUrl, autoMigrate, bootstrapApiKey, bootstrapPortalUser } = configuration;
  await prepareDatabase({ store, backend, vault, databaseUrl, autoMigrate });
  if (bootstrapApiKey === undefined && bootstrapPortalUser === undefined) return;
  await createClientRepository(store).ensureDefault('Default');
  if (bootstrapApiKey !== undefined) {
    await createApiKeyRepository(store).ensure(defaultClientId, {
      id: newId(),
      name: 'Bootstrap',
      apiKey: bootstrapApiKey,
    });
  }
  if (bootstrapPortalUser !== undefined) await ensureOwner(composition, bootstrapPortalUser);
}

/** The first owner of the portal; once there is one, the portal itself is where users come from. */
async function ensureOwner(
  { dependencies: { store, newId, logger } }: Composition,
  { email, password }: { email: string; password: string },
): Promise<void> {
  const owner = await createFirstOwner(store.pool, {
    id: newId(),
    clientId: defaultClientId,
    email,
    name: email,
    passwordHash: await hashPassword(password),
  });
  if (owner !== undefined) logger.info({ userId: owner.id }, 'the first owner of the portal was created');
}
