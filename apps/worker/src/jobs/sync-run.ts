import type { Logger } from '@tributary/logging';
import { type JobConsumer, type QueueBackend, startJobConsumer } from '@tributary/queue';
import type { SyncEngine } from '@tributary/sync';

/** Works on runs as their jobs come; `stop` aborts those that run, so that they are released at once. */
export function consumeSyncRuns(
  backend: QueueBackend,
  engine: SyncEngine,
  options: { concurrency: number; logger: Logger },
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const consumer: JobConsumer = startJobConsumer(
    backend,
    'sync-run',
    ({ runId }) => engine.execute(runId, stopping.signal),
    {
      concurrency: options.concurrency,
      onError: (error) => options.logger.warn({ error }, 'trouble with the queue of runs'),
    },
  );
  return {
    async stop() {
      stopping.abort(new Error('the worker is shutting down'));
      await consumer.close();
    },
  };
}
