import type { Client } from '../generated/client.ts';
import type { Store } from '../store.ts';

/** The client that `BOOTSTRAP_API_KEY` belongs to. */
export const defaultClientId = '7c2b1a58-0f6e-4d0b-9c55-5b1f0a6f3d01';

/** A client's own page settings, as the profile routes show them. */
export interface ProfileChange {
  readonly name: string;
  readonly logoUrl: string | null;
  readonly iconUrl: string | null;
  readonly redirectUrl: string | null;
  readonly whiteListUrls: readonly string[];
}

/** Clients (tenants). */
export interface ClientRepository {
  create(client: { id: string; name: string }): Promise<Client>;
  /** Creates the client of {@link defaultClientId} unless it is there. */
  ensureDefault(name: string): Promise<void>;
  find(clientId: string): Promise<Client | undefined>;
  list(): Promise<Client[]>;
  /** @returns the changed client; undefined when there is none */
  replaceProfile(clientId: string, profile: ProfileChange): Promise<Client | undefined>;
  /** Origins of pages that may call the API from a browser; undefined when there is no such client. */
  allowedOrigins(clientId: string): Promise<readonly string[] | undefined>;
  /** @returns false when there is no such client */
  replaceAllowedOrigins(clientId: string, origins: readonly string[]): Promise<boolean>;
  /** Whether any client at all lets pages of this origin call the API. */
  isOriginAllowed(origin: string): Promise<boolean>;
  /** Deletes a client that has no company left. */
  delete(clientId: string): Promise<boolean>;
}

export function createClientRepository({ prisma, pool }: Pick<Store, 'prisma' | 'pool'>): ClientRepository {
  return {
    create: (client) => prisma.client.create({ data: client }),
    ensureDefault: async (name) => {
      await pool.query('INSERT INTO clients (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        defaultClientId,
        name,
      ]);
    },
    find: async (clientId) => (await prisma.client.findUnique({ where: { id: clientId } })) ?? undefined,
    list: () => prisma.client.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
    replaceProfile: async (clientId, profile) => {
      const data = { ...profile, whiteListUrls: [...profile.whiteListUrls] };
      const [client] = await prisma.client.updateManyAndReturn({ where: { id: clientId }, data });
      return client;
    },
    allowedOrigins: async (clientId) => {
      const select = { allowedOrigins: true };
      return (await prisma.client.findUnique({ where: { id: clientId }, select }))?.allowedOrigins;
    },
    replaceAllowedOrigins: async (clientId, origins) => {
      const data = { allowedOrigins: [...origins] };
      return (await prisma.client.updateMany({ where: { id: clientId }, data })).count > 0;
    },
    isOriginAllowed: async (origin) => {
      const { rowCount } = await pool.query('SELECT FROM clients WHERE $1 = ANY (allowed_origins) LIMIT 1', [
        origin,
      ]);
      return rowCount === 1;
    },
    delete: async (clientId) => {
      const { count } = await prisma.client.deleteMany({ where: { id: clientId, companies: { none: {} } } });
      return count > 0;
    },
  };
}
