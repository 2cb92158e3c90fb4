import type { Logger } from '@tributary/logging';
import { deleteExpired, type Retention, type Store } from '@tributary/store';
import { type CredentialService, keepTokensAlive } from '@tributary/sync';

const intervalMs = 60_000;
const retentionIntervalMs = 3_600_000;

/** Keeps idle tokens alive every minute, and deletes what has been kept long enough every hour. */
export function startHousekeeping(options: {
  store: Store;
  credentials: CredentialService;
  retention: Retention;
  logger: Logger;
}): { stop(): Promise<void> } {
  const { store, logger } = options;
  let running: Promise<void> | undefined;
  let cleanedAtMs = Number.NEGATIVE_INFINITY;
  const round = async (): Promise<void> => {
    try {
      await keepTokensAlive(options);
      if (performance.now() - cleanedAtMs < retentionIntervalMs) return;
      cleanedAtMs = performance.now();
      logger.debug({ deleted: await deleteExpired(store.pool, options.retention) }, 'expired rows deleted');
    } catch (error) {
      logger.warn({ error }, 'housekeeping failed; the next round tries again');
    }
  };
  const timer = setInterval(() => {
    running ??= round().finally(() => {
      running = undefined;
    });
  }, intervalMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
