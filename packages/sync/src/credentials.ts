/**
 * Tokens and application keys. A connection has one credential row with a version; a new token pair is stored, as the next
 * version, before anybody uses it.
 *
 * States of a credential: `active` ─refresh sent─▶ `refreshing` ─answer stored─▶ `active` (version + 1). The answer lost on its
 * way leaves `lost`: the platform may have retired the old refresh token already. The next refresh tries the old one once more.
 */
import {
  type ApplicationKeys,
  type Clock,
  type Connector,
  createPacer,
  createPlatformSession,
  type Exchange,
  type Pacer,
  PlatformError,
  type PlatformSession,
  type TokenSet,
  type TokenSource,
} from '@tributary/connector-kit';
import type { Logger } from '@tributary/logging';
import { budgetKeys, ConnectionGoneError, reserveSlots, type Store } from '@tributary/store';
import type { Vault } from '@tributary/vault';
import {
  applicationSecretBinding,
  type ConnectionRef,
  credentialBinding,
  type StoredTokens,
} from './connection-ref.ts';
import { noSyncMetrics, type SyncMetrics } from './metrics.ts';
import { createTokenSource } from './token-source.ts';

export interface CredentialService {
  /** The client's own application keys, else the deployment's; undefined when there are none. */
  applicationKeys(clientId: string, platformKey: string): Promise<ApplicationKeys | undefined>;
  /** Stores a token pair of a new consent, sealed, as the next version. */
  save(connection: ConnectionRef, tokens: TokenSet): Promise<void>;
  /** Refreshes the tokens of a connection unless somebody has since `version`. @throws PlatformError */
  renew(connection: ConnectionRef, version: number): Promise<void>;
  /** Forgets the tokens of a connection. */
  drop(connectionId: string): Promise<void>;
  /**
   * Access to the platform with the connection's stored tokens, refreshed as needed.
   * @throws PlatformError `applicationKeysRejected` when there are no application keys and the platform needs them
   */
  openSession(
    connection: ConnectionRef,
    business: { id: string | undefined; info: Readonly<Record<string, string>> },
    options?: SessionOptions,
  ): Promise<PlatformSession>;
  /**
   * Access with tokens that are not stored yet (while linking). They are used as they are: a 401 is `accessRevoked`.
   * @param keys undefined for a platform without application keys
   */
  openUnsavedSession(
    connection: ConnectionRef,
    tokens: TokenSet,
    keys: ApplicationKeys | undefined,
  ): PlatformSession;
}

interface SessionOptions {
  readonly signal?: AbortSignal;
  readonly observe?: (exchange: Exchange) => void;
  /** Sent with each call as `X-Request-Id`, so that a platform's support can find them. */
  readonly requestId?: string;
}

export interface CredentialDependencies {
  readonly store: Store;
  readonly vault: Vault;
  readonly connectors: ReadonlyMap<string, Connector>;
  /** The operator's own application keys, by platform key: for clients that brought none. */
  readonly deploymentKeys: ReadonlyMap<string, ApplicationKeys>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: SyncMetrics;
}

export function createCredentialService(dependencies: CredentialDependencies): CredentialService {
  const { store, vault, connectors, deploymentKeys, clock, metrics = noSyncMetrics } = dependencies;
  const pacers = new Map<string, Pacer>();

  const connectorOf = (platformKey: string): Connector => {
    const connector = connectors.get(platformKey);
    if (connector === undefined) throw new Error(`no connector for platform ${platformKey}`);
    return connector;
  };

  const pacerOf = (connector: Connector): Pacer => {
    const { platformKey } = connector.manifest;
    let pacer = pacers.get(platformKey);
    if (pacer === undefined) {
      pacer = createPacer({
        clock,
        onWait: (waitMs) => metrics.rateLimitWait({ platformKey, kind: 'inPlace', waitMs }),
        // A block is a twentieth of a second: at a platform's usual pace one slot at a time, and never a queue of blocks
        // that other processes hold.
        blockSize: Math.max(1, Math.floor(connector.limits.requestsPerSecond / 20)),
        budgets: {
          async reserve(key, count) {
            const slots = await reserveSlots(store.pool, { key, count, ...connector.limits }).catch(
              (error: unknown) => {
                if (!(error instanceof ConnectionGoneError)) throw error;
                throw new PlatformError('accessRevoked', 'The connection was deleted', { cause: error });
              },
            );
            return {
              startsAtMs: clock.now() + slots.startsInMs,
              count: slots.count,
              spacingMs: slots.spacingMs,
            };
          },
        },
      });
      pacers.set(platformKey, pacer);
    }
    return pacer;
  };

  const sessionOf = (
    connection: ConnectionRef,
    keys: ApplicationKeys | undefined,
    tokens: TokenSource,
    business: { id: string | undefined; info: Readonly<Record<string, string>> },
    { observe, ...options }: SessionOptions = {},
  ): PlatformSession => {
    const { platformKey } = connection;
    const connector = connectorOf(platformKey);
    return createPlatformSession({
      baseUrl: connector.apiUrl(business.info),
      businessId: business.id,
      info: business.info,
      tokens,
      dialect: connector.dialect,
      pacer: pacerOf(connector),
      pacingKeys: [
        ...(keys === undefined ? [] : [budgetKeys.application(platformKey, keys.clientId)]),
        budgetKeys.connection(platformKey, connection.id),
      ],
      clock,
      random: Math.random,
      observe(exchange) {
        const { status, durationMs } = exchange;
        metrics.upstreamRequest({ platformKey, status, durationMs });
        observe?.(exchange);
      },
      onRateLimitWait: (waitMs) => metrics.rateLimitWait({ platformKey, kind: 'inPlace', waitMs }),
      ...options,
    });
  };

  const keysOf = async (connection: ConnectionRef): Promise<ApplicationKeys | undefined> => {
    if (connectorOf(connection.platformKey).oauth2 === undefined) return undefined;
    const keys = await service.applicationKeys(connection.clientId, connection.platformKey);
    if (keys !== undefined) return keys;
    const { name } = connectorOf(connection.platformKey).manifest;
    throw new PlatformError('applicationKeysRejected', `There are no application keys for ${name}`);
  };

  const service: CredentialService = {
    async applicationKeys(clientId, platformKey) {
      const row = await store.prisma.clientIntegration.findUnique({
        where: { clientId_platformKey: { clientId, platformKey } },
        select: { applicationClientId: true, applicationSecret: true },
      });
      if (row?.applicationClientId == null || row.applicationSecret === null)
        return deploymentKeys.get(platformKey);
      const binding = applicationSecretBinding(clientId, platformKey);
      return { clientId: row.applicationClientId, clientSecret: vault.open(row.applicationSecret, binding) };
    },

    async save(connection, tokens) {
      const stored: StoredTokens = { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken };
      const sealed = vault.seal(JSON.stringify(stored), credentialBinding(connection));
      const fresh = {
        sealed,
        expiresAt: new Date(tokens.expiresAtMs),
        state: 'active' as const,
        hasAnswered: false,
        deadVersions: 0,
        refreshUntil: null,
      };
      await store.prisma.connectionCredential.upsert({
        where: { connectionId: connection.id },
        create: { connectionId: connection.id, ...fresh },
        update: { ...fresh, version: { increment: 1 } },
      });
    },

    async renew(connection, version) {
      const connector = connectorOf(connection.platformKey);
      const keys = await keysOf(connection);
      await createTokenSource({ store, vault, connector, keys, connection, clock, metrics }).refresh(version);
    },

    async drop(connectionId) {
      await store.prisma.connectionCredential.deleteMany({ where: { connectionId } });
    },

    async openSession(connection, business, options) {
      const connector = connectorOf(connection.platformKey);
      const keys = await keysOf(connection);
      const tokens = createTokenSource({ store, vault, connector, keys, connection, clock, metrics });
      return sessionOf(connection, keys, tokens, business, options);
    },

    openUnsavedSession(connection, tokens, keys) {
      const source: TokenSource = {
        current: async () => ({ accessToken: tokens.accessToken, version: 0 }),
        refresh: async () => {
          throw new PlatformError(
            'accessRevoked',
            'The platform refused the tokens that it had just granted',
          );
        },
      };
      return sessionOf(connection, keys, source, { id: undefined, info: {} });
    },
  };
  return service;
}
