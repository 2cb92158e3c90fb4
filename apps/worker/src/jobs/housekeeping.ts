import type { Logger } from '@tributary/logging';
import type { JobQueue } from '@tributary/queue';
import { deleteExpired, type Retention, type Store } from '@tributary/store';
import { type CredentialService, keepTokensAlive, type SyncEngine, type SyncMetrics } from '@tributary/sync';
import type { EventWriter } from '@tributary/webhooks';

const intervalMs = 60_000;
const retentionIntervalMs = 3_600_000;

/**
 * Every minute: keeps idle tokens alive, empties the queue's event streams, so that they name no run for longer than that, and forgets
 * what was read for runs that are no more.
 * Every hour: deletes what has been kept long enough.
 */
export function startHousekeeping(options: {
  store: Store;
  queue: Pick<JobQueue, 'clearEvents'>;
  credentials: CredentialService;
  engine: Pick<SyncEngine, 'forgetEnded'>;
  retention: Retention;
  logger: Logger;
  metrics?: SyncMetrics;
  events: EventWriter;
}): { stop(): Promise<void> } {
  const { store, logger } = options;
  let running: Promise<void> | undefined;
  let cleanedAtMs = Number.NEGATIVE_INFINITY;
  const round = async (): Promise<void> => {
    try {
      await options.engine.forgetEnded();
      await options.queue.clearEvents();
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
