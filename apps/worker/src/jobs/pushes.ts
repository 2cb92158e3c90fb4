import type { Logger } from '@tributary/logging';
import { type QueueBackend, startJobConsumer } from '@tributary/queue';
import type { PushEngine, PushService } from '@tributary/sync';

/**
 * Carries out writes as their jobs come, and every `intervalMs` lets writes time out and picks up those that were left lying. `stop`
 * waits for calls that are on their way to a platform; everything else is given back at once.
 */
export function startPushes(
  parts: { readonly backend: QueueBackend; readonly pushEngine: PushEngine; readonly pushes: PushService },
  options: { concurrency: number; intervalMs: number; logger: Logger },
): { stop(): Promise<void> } {
  const { backend, pushEngine, pushes } = parts;
  const { concurrency, intervalMs, logger } = options;
  const stopping = new AbortController();
  const consumer = startJobConsumer(
    backend,
    'push-operation',
    ({ pushId }) => pushEngine.execute(pushId, stopping.signal),
    { concurrency, onError: (error) => logger.warn({ error }, 'trouble with the queue of writes') },
  );
  let running: Promise<void> | undefined;
  const tick = async (): Promise<void> => {
    try {
      const { timedOut, swept } = await pushes.tick();
      if (timedOut + swept > 0) logger.info({ timedOut, swept }, 'writes timed out, or put on the queue');
    } catch (error) {
      logger.warn({ error }, 'the tick of writes failed; the next one tries again');
    }
  };
  const timer = setInterval(() => {
    running ??= tick().finally(() => {
      running = undefined;
    });
  }, intervalMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
      stopping.abort(new Error('the worker is shutting down'));
      await consumer.close();
    },
  };
}
