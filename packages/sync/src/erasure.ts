/**
 * Erasing for good: what was synced, tokens, runs with their logs, schedules, and the jobs of its runs on the queue.
 *
 * The order makes it final while workers are at it. First the connection stops being Linked, loses its tokens and its runs end:
 * from here on no run starts, a worker is refused at its next write, because each names its run's fence, and whoever puts such a run
 * on the queue takes it off again. Then the jobs go, and then the rows (see `eraseConnection` of the store). Every step can be
 * repeated: an erasure that broke off is finished by the next.
 */
import type { JobQueue } from '@tributary/queue';
import {
  deleteClient,
  deleteCompany,
  endActiveRuns,
  eraseConnection,
  recentPushes,
  recentRuns,
  type Store,
  stopConnection,
} from '@tributary/store';
import { type EventWriter, noEvents } from '@tributary/webhooks';
import { noSyncMetrics, type SyncMetrics } from './metrics.ts';
import { pushJobIds } from './push/enqueue-push.ts';
import { jobIdOf } from './run/enqueue.ts';

export interface Erasure {
  /** @returns false when the client's company has no such connection */
  connection(clientId: string, companyId: string, connectionId: string): Promise<boolean>;
  /** With all its connections. @returns false when the client has no such company */
  company(clientId: string, companyId: string): Promise<boolean>;
  /** With all its companies, keys and settings. @returns false when there is no such client */
  client(clientId: string): Promise<boolean>;
}

/** Somebody who adds connections faster than they are erased is given up on. */
const mostRounds = 20;

export function createErasure(dependencies: {
  store: Store;
  queue: JobQueue;
  metrics?: SyncMetrics;
  events?: EventWriter;
}): Erasure {
  const { store, queue, metrics = noSyncMetrics, events = noEvents } = dependencies;
  const { pool } = store;

  const erasure: Erasure = {
    async connection(clientId, companyId, connectionId) {
      if (!(await stopConnection(pool, { clientId, companyId, connectionId }))) return false;
      const ended = await endActiveRuns(pool, connectionId, {
        status: 'Cancelled',
        errorMessage: 'The connection was deleted',
      });
      for (const { dataType, trigger, durationMs } of ended) {
        metrics.runEnded({ dataType, trigger, status: 'Cancelled', durationMs: durationMs ?? undefined });
      }
      // A job is named by its run and the fence that the run had; each fence up to the last may have left one.
      const jobIds = (await recentRuns(pool, connectionId)).flatMap(({ id, fence: last }) =>
        Array.from({ length: last + 1 }, (_, fence) => jobIdOf({ id, fence })),
      );
      // Before the rows: when the queue is away, the erasure can be repeated.
      await queue.forget('sync-run', jobIds);
      await queue.forget('push-operation', (await recentPushes(pool, connectionId)).flatMap(pushJobIds));
      await eraseConnection(store, clientId, companyId, connectionId, (client) =>
        events.connectionDeleted(client, { clientId, companyId, connectionId }),
      );
      return true;
    },

    async company(clientId, companyId) {
      for (let round = 0; round < mostRounds; round += 1) {
        const left = await deleteCompany(pool, clientId, companyId, (client) =>
          events.companyDeleted(client, { clientId, companyId }),
        );
        if (left === undefined) return round > 0;
        if (left.length === 0) return true;
        for (const connectionId of left) await erasure.connection(clientId, companyId, connectionId);
      }
      throw new Error('connections are being added to the company while it is erased');
    },

    async client(clientId) {
      for (let round = 0; round < mostRounds; round += 1) {
        const left = await deleteClient(pool, clientId);
        if (left === undefined) return round > 0;
        if (left.length === 0) return true;
        for (const companyId of left) await erasure.company(clientId, companyId);
      }
      throw new Error('companies are being added to the client while it is erased');
    },
  };
  return erasure;
}
