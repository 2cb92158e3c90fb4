/** Tokens of idle connections are refreshed now and then: a platform forgets a refresh token that nobody uses. */
import type { Logger } from '@tributary/logging';
import { claimIdleCredentials, type Store } from '@tributary/store';
import { type EventWriter, noEvents } from '@tributary/webhooks';
import type { ConnectionRef } from './connection-ref.ts';
import type { CredentialService } from './credentials.ts';
import { noSyncMetrics, type SyncMetrics } from './metrics.ts';
import { deauthorizeOnRevocation } from './run/failure.ts';

/** A token pair that was not renewed for so long is renewed; a failed attempt waits as long again. */
const idleMs = 12 * 3_600_000;
const perTick = 20;

/** Refreshes some idle connections' tokens. Any number of workers may do so at the same time. @returns how many were tried */
export async function keepTokensAlive(dependencies: {
  store: Store;
  credentials: CredentialService;
  logger: Logger;
  metrics?: SyncMetrics;
  events?: EventWriter;
}): Promise<number> {
  const { store, credentials, logger, metrics = noSyncMetrics, events = noEvents } = dependencies;
  const idle = await claimIdleCredentials(store.pool, { idleMs, limit: perTick });
  for (const { version, ...connection } of idle) {
    await credentials.renew(connection satisfies ConnectionRef, version).catch(async (error: unknown) => {
      logger.warn(
        { error, connectionId: connection.id },
        'could not refresh the tokens of an idle connection',
      );
      await deauthorizeOnRevocation(connection, error, { store, metrics, events });
    });
  }
  return idle.length;
}
