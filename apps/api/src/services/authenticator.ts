import { type ApiKeyRepository, hashApiKey } from '@tributary/store';
import type { AccessTokens } from './access-tokens.ts';

/** Who makes a request. */
interface Actor {
  readonly type: 'user' | 'apiKey' | 'companyToken' | 'integrationKey';
  /** Of the user, the key or the company. */
  readonly id?: string;
  readonly name?: string;
}

/** The client (tenant) on whose behalf a request is made. */
export interface AuthenticatedClient {
  readonly id: string;
  readonly name: string;
  /** Who acts for the client, for the log of changes. */
  readonly actor: Actor;
  /** Only with the access token of a company: that company, which is all that the request may touch. */
  readonly company?: { readonly id: string; readonly allowedOrigins: readonly string[] };
}

/** Tells whose API key, or whose company's access token, an Authorization header carries. */
export interface Authenticator {
  /** @returns undefined when the header names no known key, and no token that is good */
  authenticate(authorization: string | undefined): Promise<AuthenticatedClient | undefined>;
  /** After a key was deleted: this process forgets it at once. Other processes do within two seconds. */
  forget(): void;
}

/** How long a key that was just seen is believed without asking the database. */
const cacheMs = 2_000;
const mostCachedKeys = 10_000;

export function createAuthenticator(options: {
  apiKeys: ApiKeyRepository;
  tokens: AccessTokens;
  clock: () => number;
}): Authenticator {
  const { apiKeys, tokens, clock } = options;
  const cache = new Map<string, { client: AuthenticatedClient; until: number }>();
  // Rises with each deletion, so that a look-up that began before it does not bring the key back.
  let generation = 0;

  async function lookUp(apiKey: string): Promise<AuthenticatedClient | undefined> {
    const hash = hashApiKey(apiKey);
    const cacheKey = hash.toString('base64');
    const cached = cache.get(cacheKey);
    if (cached !== undefined && cached.until > clock()) return cached.client;
    const startedIn = generation;
    const owner = await apiKeys.findOwner(hash);
    if (owner === undefined) return undefined;
    const actor = {
      type: 'apiKey' as const,
      id: owner.apiKeyId,
      ...(owner.apiKeyName !== null && { name: owner.apiKeyName }),
    };
    const client = { id: owner.clientId, name: owner.clientName, actor };
    if (cache.size >= mostCachedKeys) cache.clear();
    if (startedIn === generation) cache.set(cacheKey, { client, until: clock() + cacheMs });
    return client;
  }

  async function bearerOf(token: string): Promise<AuthenticatedClient | undefined> {
    const bearer = await tokens.read(token);
    if (bearer === undefined) return undefined;
    const { clientId, clientName, companyId, allowedOrigins } = bearer;
    const actor = { type: 'companyToken' as const, id: companyId };
    return { id: clientId, name: clientName, actor, company: { id: companyId, allowedOrigins } };
  }

  return {
    async authenticate(authorization) {
      for (const apiKey of apiKeysIn(authorization)) {
        const client = (await bearerOf(apiKey)) ?? (await lookUp(apiKey));
        if (client !== undefined) return client;
      }
      return undefined;
    },
    forget() {
      generation += 1;
      cache.clear();
    },
  };
}

const longestHeader = 1024;

/**
 * The API keys that a header may mean, likeliest first: `Bearer key`, `Basic base64(key)`, `Basic base64(key:)`, and the key as it
 * stands after `Basic`, which is how some clients send one that is base64 already.
 */
export function apiKeysIn(authorization: string | undefined): string[] {
  if (authorization === undefined || authorization.length > longestHeader) return [];
  const [, scheme, credential] = /^(Basic|Bearer) +(\S+) *$/i.exec(authorization) ?? [];
  if (scheme === undefined || credential === undefined) return [];
  if (scheme.toLowerCase() === 'bearer') return [credential];
  const decoded = Buffer.from(credential, 'base64').toString('utf8');
  const candidates = [decoded.endsWith(':') ? decoded.slice(0, -1) : decoded, credential];
  return [...new Set(candidates)].filter((candidate) => candidate !== '');
}
