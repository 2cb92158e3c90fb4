import type { Logger } from '@tributary/logging';
import { forgetWorker, reportWorker, type Store } from '@tributary/store';

const intervalMs = 15_000;

/** Tells the database that this worker is alive and how much it takes on: admission follows the capacity there is. */
export async function startHeartbeat(
  store: Store,
  options: { id: string; concurrency: number; logger: Logger },
): Promise<{ stop(): Promise<void> }> {
  const beat = async (): Promise<void> => {
    try {
      await reportWorker(store.pool, options);
    } catch (error) {
      options.logger.warn({ error }, 'could not report this worker as alive; the next beat tries again');
    }
  };
  await beat();
  const timer = setInterval(() => void beat(), intervalMs);
  return {
    async stop() {
      clearInterval(timer);
      await forgetWorker(store.pool, options.id).catch(() => undefined);
    },
  };
}
