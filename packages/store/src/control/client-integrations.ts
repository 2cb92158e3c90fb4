import type { ClientIntegration } from '../generated/client.ts';
import type { Store } from '../store.ts';

/** Binding of a client's application secret in the vault. */
export function applicationSecretBinding(clientId: string, platformKey: string) {
  return { table: 'client_integrations', row: `${clientId}/${platformKey}`, client: clientId };
}

/** A client's switch and application keys per platform; a platform without a row is disabled and has none. */
export interface ClientIntegrationRepository {
  list(clientId: string): Promise<ClientIntegration[]>;
  find(clientId: string, platformKey: string): Promise<ClientIntegration | undefined>;
  setEnabled(clientId: string, platformKey: string, enabled: boolean): Promise<void>;
  /** Stores new application keys; what the platform said about the old ones is forgotten. */
  saveApplicationKeys(
    clientId: string,
    platformKey: string,
    keys: { clientId: string; sealedSecret: string },
  ): Promise<void>;
}

export function createClientIntegrationRepository({
  prisma,
}: Pick<Store, 'prisma'>): ClientIntegrationRepository {
  const key = (clientId: string, platformKey: string) => ({
    clientId_platformKey: { clientId, platformKey },
  });
  return {
    list: (clientId) => prisma.clientIntegration.findMany({ where: { clientId } }),
    find: async (clientId, platformKey) =>
      (await prisma.clientIntegration.findUnique({ where: key(clientId, platformKey) })) ?? undefined,
    setEnabled: async (clientId, platformKey, enabled) => {
      const where = key(clientId, platformKey);
      await prisma.clientIntegration.upsert({
        where,
        create: { clientId, platformKey, enabled },
        update: { enabled },
      });
    },
    saveApplicationKeys: async (clientId, platformKey, keys) => {
      const change = {
        applicationClientId: keys.clientId,
        applicationSecret: keys.sealedSecret,
        alert: null,
      };
      const where = key(clientId, platformKey);
      await prisma.clientIntegration.upsert({
        where,
        create: { clientId, platformKey, ...change },
        update: change,
      });
    },
  };
}
