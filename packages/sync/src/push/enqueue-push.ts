import type { Logger } from '@tributary/logging';
import type { JobQueue } from '@tributary/queue';
import { connectionOfPush, type EnqueueablePush, type Store } from '@tributary/store';

/** Ids that jobs of a write may have. One that is at work when its worker hands over to the next write is not to be taken for that one's. */
export const pushJobIds = ({ id, fence }: { readonly id: string; readonly fence: number }): string[] =>
  Array.from({ length: fence + 1 }, (_, past) => [`${id}.${past}`, `${id}.${past}.next`]).flat();

/** Puts a write on the queue. Should that not answer, the write's row is there, and the sweeper puts it on the queue later. */
export async function enqueuePush(
  push: EnqueueablePush,
  { store, queue, logger }: { store: Store; queue: JobQueue; logger: Logger },
  { delayMs = 0, isHandedOver = false }: { delayMs?: number; isHandedOver?: boolean } = {},
): Promise<void> {
  const payload = { pushId: push.id, ...(push.traceId === null ? {} : { traceId: push.traceId }) };
  const jobId = `${push.id}.${push.fence}${isHandedOver ? '.next' : ''}`;
  try {
    await queue.enqueue('push-operation', payload, { jobId, delayMs });
    // A job that waits would outlive a write that was erased between its row and its job.
    if ((await connectionOfPush(store.pool, push.id)) === undefined)
      await queue.forget('push-operation', [jobId]);
  } catch (error) {
    logger.warn({ error, pushId: push.id }, 'could not enqueue a write; the sweeper will');
  }
}
