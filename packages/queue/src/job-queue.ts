import type { JobsOptions } from 'bullmq';
import type { QueueBackend } from './backend.ts';
import { type JobName, type JobPayload, jobCatalogue, jobNames } from './catalogue.ts';

/** Puts jobs on their queues. */
export interface JobQueue {
  /**
   * @param options.jobId a second job with the id of one that is still there is ignored
   * @param options.delayMs not before this many milliseconds from now
   */
  enqueue<N extends JobName>(
    name: N,
    payload: JobPayload<N>,
    options: { jobId: string; delayMs?: number },
  ): Promise<void>;
  /**
   * Takes jobs off the queue, and what its event stream tells of them. One that a worker is at stays until the worker is done.
   * Ids that name no job are fine.
   */
  forget(name: JobName, jobIds: readonly string[]): Promise<void>;
  /** Empties the event streams: nothing reads them, and they name jobs that are long gone. */
  clearEvents(): Promise<void>;
  /** Jobs that wait, are delayed or run, by job name. */
  depth(name: JobName): Promise<{ waiting: number; delayed: number; active: number }>;
  close(): Promise<void>;
}

/** @param onError told of connection errors; the queue reconnects by itself */
export function createJobQueue(backend: QueueBackend, onError: (error: Error) => void): JobQueue {
  const queues = new Map(
    jobNames.map((name) => {
      const queue = openQueue(name, backend);
      queue.on('error', onError);
      return [name, queue] as const;
    }),
  );
  const queueOf = (name: JobName) => {
    const queue = queues.get(name);
    if (queue === undefined) throw new Error(`no queue for job ${name}`);
    return queue;
  };
  return {
    async enqueue(name, payload, { jobId, delayMs }) {
      const options: JobsOptions = { jobId, attempts: 1, removeOnComplete: true, removeOnFail: true };
      if (delayMs !== undefined && delayMs > 0) options.delay = Math.ceil(delayMs);
      await queueOf(name).add(name, jobCatalogue[name].payload.parse(payload), options);
    },
    async forget(name, jobIds) {
      const queue = queueOf(name);
      for (const jobId of jobIds) await queue.remove(jobId);
      await backend.clearEvents(name);
    },
    async clearEvents() {
      for (const name of jobNames) await backend.clearEvents(name);
    },
    async depth(name) {
      const counts = await queueOf(name).getJobCounts('waiting', 'delayed', 'active', 'prioritized');
      return {
        waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
        delayed: counts.delayed ?? 0,
        active: counts.active ?? 0,
      };
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

function openQueue(name: JobName, backend: QueueBackend) {
  return backend.kind === 'redis'
    ? new backend.Queue(name, { connection: backend.producer, prefix: backend.prefix })
    : new backend.Queue(name, { connection: backend.connection });
}
