/**
 * Refreshing tokens that work once. Any process may find a token stale; the one that moves the credential's row from `active` to
 * `refreshing`, by compare-and-set on version and state, asks the platform, and everybody else waits for the next version.
 */
import {
  type ApplicationKeys,
  type Clock,
  type Connector,
  PlatformError,
  type TokenSet,
  type TokenSource,
} from '@tributary/connector-kit';
import type { Store } from '@tributary/store';
import type { Vault } from '@tributary/vault';
import { type ConnectionRef, credentialBinding, type StoredTokens } from './connection-ref.ts';
import type { SyncMetrics } from './metrics.ts';

/** An access token this close to its end is refreshed before it is used; a short-lived one in the last quarter of its life. */
const refreshAheadMs = 60_000;
/** A refresher that has not stored an answer for so long is taken for dead. */
const refresherLifeMs = 45_000;
const pollMs = 150;
/** So many token versions in a row that never answered a call mean that access was revoked, whatever the token endpoint says. */
const deadVersionsLimit = 3;

export interface TokenSourceDependencies {
  readonly store: Store;
  readonly vault: Vault;
  readonly connector: Connector;
  /** Undefined where the platform has none. */
  readonly keys: ApplicationKeys | undefined;
  readonly connection: ConnectionRef;
  readonly clock: Clock;
  readonly metrics: SyncMetrics;
}

interface Credential {
  readonly version: number;
  readonly state: 'active' | 'refreshing' | 'lost';
  readonly tokens: StoredTokens;
  /** From here on the access token is refreshed before it is used. */
  readonly refreshFromMs: number;
  readonly hasAnswered: boolean;
  readonly deadVersions: number;
}

export function createTokenSource(dependencies: TokenSourceDependencies): TokenSource {
  const { store, vault, connector, keys, connection, clock, metrics } = dependencies;
  const { platformKey } = connection;
  let cached: Credential | undefined;
  /** Calls of this session that need a newer token share one refresh. */
  let refreshing: { staleVersion: number; done: Promise<Credential> } | undefined;

  const read = async (): Promise<Credential> => {
    const row = await store.prisma.connectionCredential.findUnique({
      where: { connectionId: connection.id },
    });
    if (row === null)
      throw new PlatformError(
        'accessRevoked',
        'This connection has no tokens: the business must authorise it again',
      );
    const tokens = JSON.parse(vault.open(row.sealed, credentialBinding(connection))) as StoredTokens;
    const { version, state, hasAnswered, deadVersions } = row;
    const expiresAtMs = row.expiresAt.getTime();
    const refreshFromMs =
      expiresAtMs - Math.min(refreshAheadMs, Math.max(0, expiresAtMs - row.updatedAt.getTime()) / 4);
    cached = { version, state, tokens, refreshFromMs, hasAnswered, deadVersions };
    return cached;
  };

  /** @returns true when this process is now the one that refreshes `version` */
  const becomeRefresher = async (version: number): Promise<boolean> => {
    const { rowCount } = await store.pool.query(
      `UPDATE connection_credentials SET state = 'refreshing', refresh_until = now() + $3 * interval '1 ms', updated_at = now()
       WHERE connection_id = $1 AND version = $2 AND (state <> 'refreshing' OR refresh_until < now())`,
      [connection.id, version, refresherLifeMs],
    );
    return rowCount === 1;
  };

  const leave = async (version: number, state: 'active' | 'lost'): Promise<void> => {
    await store.pool.query(
      `UPDATE connection_credentials SET state = $3::credential_state, refresh_until = NULL, updated_at = now()
       WHERE connection_id = $1 AND version = $2 AND state = 'refreshing'`,
      [connection.id, version, state],
    );
  };

  const storeNext = async (old: Credential, granted: TokenSet): Promise<void> => {
    const next: StoredTokens = {
      accessToken: granted.accessToken,
      refreshToken: granted.refreshToken ?? old.tokens.refreshToken,
    };
    await store.pool.query(
      `UPDATE connection_credentials
       SET version = version + 1, state = 'active', refresh_until = NULL, sealed = $3, expires_at = to_timestamp($4::float8 / 1000),
           dead_versions = CASE WHEN has_answered THEN 0 ELSE dead_versions + 1 END, has_answered = false, updated_at = now()
       WHERE connection_id = $1 AND version = $2`,
      [
        connection.id,
        old.version,
        vault.seal(JSON.stringify(next), credentialBinding(connection)),
        granted.expiresAtMs,
      ],
    );
  };

  const askPlatform = async (old: Credential, answerWasLost: boolean): Promise<void> => {
    const { oauth2, manifest } = connector;
    const { refreshToken } = old.tokens;
    if (oauth2 === undefined || keys === undefined || refreshToken === undefined) {
      await leave(old.version, 'active');
      throw new PlatformError(
        'accessRevoked',
        oauth2 === undefined
          ? `${manifest.name} no longer accepts the user name and password: the business must enter them again`
          : `${manifest.name} granted no refresh token: the business must authorise again`,
      );
    }
    try {
      await storeNext(old, await oauth2.refresh({ keys, refreshToken }));
      metrics.tokenRefreshed({ platformKey, outcome: 'refreshed' });
    } catch (error) {
      const code = error instanceof PlatformError ? error.code : undefined;
      if (code !== undefined) metrics.tokenRefreshed({ platformKey, outcome: code });
      // A new consent may have come in while the platform was asked about the old tokens.
      if ((await read()).version > old.version) return;
      if (code === 'accessRevoked' && answerWasLost) {
        await leave(old.version, 'lost');
        throw new PlatformError(
          'accessRevoked',
          `The answer to an earlier token refresh was lost and ${manifest.name} no longer accepts the old token: the business must authorise again`,
          { cause: error },
        );
      }
      await leave(old.version, code === 'refreshLost' || answerWasLost ? 'lost' : 'active');
      throw error;
    }
  };

  const obtainNewer = async (staleVersion: number): Promise<Credential> => {
    const giveUpAtMs = clock.now() + 2 * refresherLifeMs;
    for (;;) {
      const current = await read();
      if (current.version > staleVersion) return current;
      if (!current.hasAnswered && current.deadVersions >= deadVersionsLimit) {
        throw new PlatformError(
          'accessRevoked',
          `${connector.manifest.name} refused ${deadVersionsLimit} new tokens in a row`,
        );
      }
      if (await becomeRefresher(current.version)) {
        // A row found `refreshing` whose refresher died is as good as lost: the platform may have answered it.
        await askPlatform(current, current.state !== 'active');
      } else if (clock.now() > giveUpAtMs) {
        throw new PlatformError(
          'unavailable',
          'Another process is refreshing the tokens and does not come to an end',
        );
      } else {
        await clock.sleep(pollMs);
      }
    }
  };

  const refresh = async (staleVersion: number): Promise<Credential> => {
    if (refreshing?.staleVersion !== staleVersion) {
      const done = obtainNewer(staleVersion).finally(() => {
        refreshing = undefined;
      });
      refreshing = { staleVersion, done };
    }
    return refreshing.done;
  };

  const accessToken = ({ tokens, version }: Credential) => ({ accessToken: tokens.accessToken, version });

  return {
    async current() {
      const credential = cached ?? (await read());
      if (credential.refreshFromMs > clock.now() || credential.tokens.refreshToken === undefined)
        return accessToken(credential);
      return accessToken(await refresh(credential.version));
    },
    async refresh(staleVersion) {
      return accessToken(await refresh(staleVersion));
    },
    confirmed(version) {
      if (cached?.version === version && cached.hasAnswered) return;
      // Bookkeeping only: a failed write is repeated by the next session.
      store.pool
        .query(
          'UPDATE connection_credentials SET has_answered = true WHERE connection_id = $1 AND version = $2 AND NOT has_answered',
          [connection.id, version],
        )
        .catch(() => undefined);
    },
  };
}
