import { hash, randomBytes } from 'node:crypto';
import type { ApiKey } from '../generated/client.ts';
import { inTransaction } from '../pool.ts';
import type { Store } from '../store.ts';

/** A client has at most this many API keys. */
export const maximumApiKeys = 10;

/**
 * What is stored of an API key. Keys are long and random, so one round of SHA-256 is enough, and finding the row by the hash leaks
 * nothing about other keys by its timing.
 */
export function hashApiKey(apiKey: string): Buffer {
  return hash('sha256', apiKey, 'buffer');
}

/** A new API key: 256 random bits, without characters that an Authorization header would trip over. */
export function makeApiKey(random: (bytes: number) => Buffer = randomBytes): string {
  return random(32).toString('base64url');
}

/** What an API key opens. */
export interface ApiKeyOwner {
  readonly apiKeyId: string;
  readonly apiKeyName: string | null;
  readonly clientId: string;
  readonly clientName: string;
}

/** A stored key, without its hash. */
export type StoredApiKey = Pick<ApiKey, 'id' | 'name' | 'hint' | 'createdAt'>;

export interface ApiKeyRepository {
  list(clientId: string): Promise<StoredApiKey[]>;
  /** @returns undefined when the client has {@link maximumApiKeys} already, or there is no such client */
  create(
    clientId: string,
    key: { id: string; name: string | undefined; apiKey: string },
  ): Promise<StoredApiKey | undefined>;
  /** Stores a key that the operator chose, unless it is stored already (for whichever client). */
  ensure(clientId: string, key: { id: string; name: string; apiKey: string }): Promise<void>;
  /** @returns the hash of the deleted key; undefined when the client has no such key */
  delete(clientId: string, apiKeyId: string): Promise<Buffer | undefined>;
  findOwner(keyHash: Buffer): Promise<ApiKeyOwner | undefined>;
}

const hintOf = (apiKey: string) => apiKey.slice(-4);
const columns = 'id, name, hint, created_at AS "createdAt"';

export function createApiKeyRepository({ prisma, pool }: Pick<Store, 'prisma' | 'pool'>): ApiKeyRepository {
  return {
    list: (clientId) =>
      prisma.apiKey.findMany({
        where: { clientId },
        select: { id: true, name: true, hint: true, createdAt: true },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      }),

    create: (clientId, { id, name, apiKey }) =>
      inTransaction(pool, async (client) => {
        // The lock makes concurrent requests of one client count one after the other.
        await client.query('SELECT FROM clients WHERE id = $1 FOR UPDATE', [clientId]);
        const { rows } = await client.query<StoredApiKey>({
          text: `INSERT INTO api_keys (id, client_id, name, key_hash, hint)
                 SELECT $1, clients.id, $3, $4, $5 FROM clients
                 WHERE clients.id = $2 AND (SELECT count(*) FROM api_keys WHERE client_id = $2) < $6
                 RETURNING ${columns}`,
          values: [id, clientId, name ?? null, hashApiKey(apiKey), hintOf(apiKey), maximumApiKeys],
        });
        return rows[0];
      }),

    ensure: async (clientId, { id, name, apiKey }) => {
      await pool.query(
        'INSERT INTO api_keys (id, client_id, name, key_hash, hint) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
        [id, clientId, name, hashApiKey(apiKey), hintOf(apiKey)],
      );
    },

    delete: async (clientId, apiKeyId) => {
      const { rows } = await pool.query<{ key_hash: Buffer }>(
        'DELETE FROM api_keys WHERE client_id = $1 AND id = $2 RETURNING key_hash',
        [clientId, apiKeyId],
      );
      return rows[0]?.key_hash;
    },

    findOwner: async (keyHash) => {
      const { rows } = await pool.query<ApiKeyOwner>({
        name: 'find-api-key-owner',
        text: `SELECT api_keys.id AS "apiKeyId", api_keys.name AS "apiKeyName", clients.id AS "clientId", clients.name AS "clientName"
               FROM api_keys JOIN clients ON clients.id = api_keys.client_id WHERE api_keys.key_hash = $1`,
        values: [keyHash],
      });
      return rows[0];
    },
  };
}
