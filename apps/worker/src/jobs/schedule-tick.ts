import type { Logger } from '@tributary/logging';
import type { SyncService } from '@tributary/sync';

/**
 * Claims due schedules and left-over runs every `intervalMs`. Any number of workers may tick at the same time: a claim is one
 * statement in PostgreSQL. Ticks of one worker never overlap.
 */
export function startScheduleTick(
  sync: SyncService,
  options: { intervalMs: number; logger: Logger },
): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const tick = async (): Promise<void> => {
    try {
      const { due, swept } = await sync.tick();
      if (due + swept > 0) options.logger.info({ due, swept }, 'runs put on the queue');
    } catch (error) {
      options.logger.warn({ error }, 'the schedule tick failed; the next one tries again');
    }
    if (!stopped) timer = setTimeout(start, options.intervalMs);
  };
  const start = (): void => {
    running = tick();
  };
  start();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
