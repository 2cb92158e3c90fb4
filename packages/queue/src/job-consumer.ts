import type { Processor } from 'bullmq';
import type { QueueBackend } from './backend.ts';
import { type JobName, type JobPayload, jobCatalogue } from './catalogue.ts';

/** Takes jobs off one queue. */
export interface JobConsumer {
  /** Stops taking jobs and waits for those that run. */
  close(): Promise<void>;
}

/**
 * @param handle must be idempotent: a job can arrive twice. What it throws is reported to `onError`, and the job is gone.
 * @param options.concurrency jobs at a time in this process
 */
export function startJobConsumer<N extends JobName>(
  backend: QueueBackend,
  name: N,
  handle: (payload: JobPayload<N>) => Promise<void>,
  options: { concurrency: number; onError: (error: Error) => void },
): JobConsumer {
  const processor: Processor = async (job) => {
    await handle(jobCatalogue[name].payload.parse(job.data) as JobPayload<N>);
  };
  const workerOptions = {
    concurrency: options.concurrency,
    // A job that stalls is left to the sweeper, which asks the run's row whether anybody still works on it.
    maxStalledCount: 1,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  };
  const worker =
    backend.kind === 'redis'
      ? new backend.Worker(name, processor, {
          ...workerOptions,
          connection: backend.connection,
          prefix: backend.prefix,
        })
      : new backend.Worker(name, processor, { ...workerOptions, connection: backend.connection });
  const report = (error: Error): void => {
    if (!isJobGone(error)) options.onError(error);
  };
  worker.on('error', report);
  worker.on('failed', (_job, error) => report(error));
  return { close: () => worker.close() };
}

/** BullMQ's code for a job that was taken off the queue (see `JobQueue.forget`) while a worker was at it: there is nothing left to finish. */
const missingJobCode = -1;

function isJobGone(error: Error): boolean {
  return 'code' in error && error.code === missingJobCode && error.message.startsWith('Missing key for job');
}
