import type { Logger } from '@tributary/logging';
import { inTransaction, type Store } from '@tributary/store';
import type { Dispatcher, EventWriter } from '@tributary/webhooks';

const resetIntervalMs = 15_000;

/** Delivers what the outbox holds, and tells clients of quotas that were used up on a day that is over. */
export function startWebhooks(options: {
  webhooks: Dispatcher;
  events: EventWriter;
  store: Store;
  logger: Logger;
}): { stop(): Promise<void> } {
  const { webhooks, events, store, logger } = options;
  const deliveries = webhooks.start();
  let running: Promise<void> | undefined;
  const tellResets = async (): Promise<void> => {
    try {
      const told = await inTransaction(store.pool, (client) => events.quotasReset(client));
      if (told > 0) logger.info({ told }, 'quotas reset');
    } catch (error) {
      logger.warn({ error }, 'could not tell of quotas that are reset; the next round tries again');
    }
  };
  const timer = setInterval(() => {
    running ??= tellResets().finally(() => {
      running = undefined;
    });
  }, resetIntervalMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
      await deliveries.stop();
    },
  };
}
