/** Writes to platforms as clients ask for them, and what becomes of those that nobody works on. */
import type { Logger } from '@tributary/logging';
import type { JobQueue } from '@tributary/queue';
import { createPush, inTransaction, type Store, sweepPushes, timeOutPushes } from '@tributary/store';
import { type EventWriter, noEvents } from '@tributary/webhooks';
import { noSyncMetrics, type SyncMetrics } from '../metrics.ts';
import { ConnectionNotLinkedError } from '../sync-service.ts';
import { enqueuePush } from './enqueue-push.ts';

export interface PushService {
  /** Stores a write and puts it on the queue. @throws ConnectionNotLinkedError */
  request(push: Parameters<typeof createPush>[1]): Promise<void>;
  /** Lets writes time out, and starts what was left lying. */
  tick(): Promise<{ timedOut: number; swept: number }>;
}

export interface PushServiceDependencies {
  readonly store: Store;
  readonly queue: JobQueue;
  readonly logger: Logger;
  readonly metrics?: SyncMetrics;
  readonly events?: EventWriter;
  /** A write whose job is not done so long after it was queued is looked at again. */
  readonly sweepGraceMs?: number;
}

const batchSize = 200;

export function createPushService(dependencies: PushServiceDependencies): PushService {
  const { store, events = noEvents, metrics = noSyncMetrics, sweepGraceMs = 30_000 } = dependencies;

  const timeOut = async (): Promise<number> => {
    const ended = await inTransaction(store.pool, async (client) => {
      const pushes = await timeOutPushes(client, batchSize);
      for (const { createdAt, completedAt, action, ...push } of pushes) {
        const type = action === 'create' ? 'Create' : 'Update';
        const times = { requestedAt: createdAt, completedAt };
        await events.writeEnded(client, push, { ...push, ...times, type, status: 'TimedOut' });
      }
      return pushes;
    });
    for (const { dataType, action, createdAt, completedAt } of ended) {
      const durationMs = completedAt.getTime() - createdAt.getTime();
      metrics.writeEnded({ dataType, action, status: 'TimedOut', durationMs });
    }
    return ended.length;
  };

  return {
    async request(push) {
      const created = await createPush(store.pool, push);
      if (created === undefined) throw new ConnectionNotLinkedError();
      await enqueuePush(created, dependencies);
    },

    async tick() {
      let timedOut = 0;
      for (;;) {
        const ended = await timeOut();
        timedOut += ended;
        if (ended < batchSize) break;
      }
      const swept = await sweepPushes(store.pool, { graceMs: sweepGraceMs, limit: batchSize });
      for (const push of swept) await enqueuePush(push, dependencies);
      return { timedOut, swept: swept.length };
    },
  };
}
