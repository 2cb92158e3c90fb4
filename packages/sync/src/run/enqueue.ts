import type { Logger } from '@tributary/logging';
import type { JobQueue } from '@tributary/queue';
import { type EnqueueableRun, isRunActive, type Store } from '@tributary/store';

/** A job's id on the queue: another job for the same attempt at a run is not doubled. */
export const jobIdOf = (run: { readonly id: string; readonly fence: number }): string =>
  `${run.id}.${run.fence}`;

/** Puts a run on the queue. Should that not answer, the run's row is there, and the sweeper puts it on the queue later. */
export async function enqueueRun(
  run: EnqueueableRun,
  { store, queue, logger }: { store: Store; queue: JobQueue; logger: Logger },
  delayMs = 0,
): Promise<void> {
  const payload = {
    runId: run.id,
    fence: run.fence,
    ...(run.traceId === null ? {} : { traceId: run.traceId }),
  };
  const jobId = jobIdOf(run);
  try {
    await queue.enqueue('sync-run', payload, { jobId, delayMs });
    // A job that waits for hours would outlive the run, if that was ended or erased between its row and its job.
    if (!(await isRunActive(store.pool, run.id))) await queue.forget('sync-run', [jobId]);
  } catch (error) {
    logger.warn({ error, runId: run.id }, 'could not enqueue a run; the sweeper will');
  }
}
