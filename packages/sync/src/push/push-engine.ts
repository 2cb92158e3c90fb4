/**
 * Carries writes out: claims the next write of a connection, sends it once, and stores what it came to. See `push-work.ts` of the store
 * for the states that it moves a write through, and `writing.ts` of the connector kit for the steps of a write.
 */
import type { Connector, PlatformSession } from '@tributary/connector-kit';
import type { Logger } from '@tributary/logging';
import type { DataTypeKey } from '@tributary/model';
import type { JobQueue } from '@tributary/queue';
import {
  type ClaimedPush,
  claimNextPush,
  connectionOfPush,
  extendPushLease,
  LeaseLostError,
  logPushRequests,
  nextPush,
  postponePush,
  type Store,
} from '@tributary/store';
import { type EventWriter, noEvents } from '@tributary/webhooks';
import type { ConnectionRef } from '../connection-ref.ts';
import type { CredentialService } from '../credentials.ts';
import { startHeartbeat } from '../heartbeat.ts';
import { noSyncMetrics, type SyncMetrics } from '../metrics.ts';
import { createRequestLog } from '../run/request-log.ts';
import { createRunMemories } from '../run/run-memory.ts';
import { carryOut } from './carry-out.ts';
import { enqueuePush } from './enqueue-push.ts';
import { AnswerLostError, type PushContext, readingOnly, writeRequestOf } from './push-context.ts';
import { settlePushFailure } from './push-failure.ts';
import { storeWritten } from './store-written.ts';

export interface PushEngineDependencies {
  readonly store: Store;
  readonly queue: JobQueue;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly credentials: CredentialService;
  readonly logger: Logger;
  readonly now: () => number;
  /** Names this worker in the lease. */
  readonly owner: string;
  /** Asks for a sync of what was written, where its client wants one. */
  readonly requestSync: (connection: ConnectionRef, dataType: DataTypeKey) => Promise<unknown>;
  readonly leaseMs?: number;
  /** How long after an answer was lost a platform may still carry the write out; it is looked for no sooner. */
  readonly settleMs?: number;
  /** A connection that has had its worker for so long goes to the back of the queue. */
  readonly sliceMs?: number;
  readonly metrics?: SyncMetrics;
  readonly events?: EventWriter;
}

export interface PushEngine {
  /** Works on the writes of the connection that this one belongs to, until none is left or the first has to wait. Never throws for what a platform does. */
  execute(pushId: string, signal: AbortSignal): Promise<void>;
}

const memoryCharacters = 16 * 1024 * 1024;

export function createPushEngine(dependencies: PushEngineDependencies): PushEngine {
  const { store, connectors, credentials, logger, now, owner } = dependencies;
  const { leaseMs = 30_000, settleMs = 30_000, sliceMs = 5_000 } = dependencies;
  const { metrics = noSyncMetrics, events = noEvents } = dependencies;
  const memories = createRunMemories(memoryCharacters);

  const forget = (push: ClaimedPush): void => {
    for (const phase of ['prepare', 'find', 'lookup']) memories.forget(`${push.id}/${phase}`);
  };

  /** @returns in how many milliseconds it has to be worked on again; undefined when it is done, or somebody else's */
  const workOn = async (push: ClaimedPush, signal: AbortSignal): Promise<number | undefined> => {
    const { companyId, connectionId, dataType, fence } = push;
    const traceId = push.traceId ?? undefined;
    const log = logger.child({ traceId, pushId: push.id, companyId, connectionId, dataType, fence });
    if (push.abandonedSinceMs !== null) {
      metrics.leaseTakenOver();
      log.warn('the write was taken over: its worker had let the lease run out');
    }
    const requests = createRequestLog(log);
    const lost = new AbortController();
    const ending = AbortSignal.any([signal, lost.signal]);
    const context = contextOf(push, { requests, signal: ending, logger: log });
    const heartbeat = startHeartbeat(leaseMs / 3, () =>
      extendPushLease(store.pool, push, leaseMs).catch((error: unknown) => {
        if (error instanceof LeaseLostError) lost.abort(error);
      }),
    );
    try {
      const sessions = await openSessions(push, context);
      Object.assign(context, sessions);
      await storeWritten(context, await carryOut(context));
      forget(push);
      log.info('write done');
      if (push.syncAfterwards) await syncAfterwards(context);
      return undefined;
    } catch (error) {
      await heartbeat.stop();
      if (signal.aborted && !(error instanceof AnswerLostError)) return await giveBack(push);
      const delayMs = await settlePushFailure(context, error);
      if (delayMs === undefined) forget(push);
      return delayMs;
    } finally {
      await heartbeat.stop();
      await logPushRequests(store.pool, push, requests.take()).catch((error: unknown) =>
        log.warn({ error }, 'could not write the request log'),
      );
    }
  };

  const giveBack = async (push: ClaimedPush): Promise<number | undefined> => {
    try {
      await postponePush(store.pool, push, { delayMs: 0, failure: undefined, isFailure: false });
      return 0;
    } catch (error) {
      if (error instanceof LeaseLostError) return undefined;
      throw error;
    }
  };

  function contextOf(
    push: ClaimedPush,
    parts: Pick<PushContext, 'requests' | 'signal' | 'logger'>,
  ): PushContext {
    const connector = connectors.get(push.platformKey);
    if (connector?.writer === undefined) throw new Error(`nothing can be written to ${push.platformKey}`);
    const unopened: PlatformSession = {
      businessId: undefined,
      info: {},
      request: () => Promise.reject(new Error('the session is not open')),
    };
    return {
      push,
      request: writeRequestOf(push),
      store,
      connector,
      writer: connector.writer,
      reads: unopened,
      writes: unopened,
      memories,
      metrics,
      events,
      now,
      settleMs,
      ...parts,
    };
  }

  async function openSessions(
    push: ClaimedPush,
    { requests, signal }: PushContext,
  ): Promise<Pick<PushContext, 'reads' | 'writes'>> {
    const connection = connectionOf(push);
    const business = { id: push.businessId ?? undefined, info: push.connectionInfo ?? {} };
    const options = {
      observe: requests.observe,
      ...(push.traceId === null ? {} : { requestId: push.traceId }),
    };
    return {
      reads: readingOnly(await credentials.openSession(connection, business, { ...options, signal })),
      writes: await credentials.openSession(connection, business, options),
    };
  }

  async function syncAfterwards({ push, connector, logger: log }: PushContext): Promise<void> {
    const { dataTypes } = connector.manifest;
    const ledger = [...dataTypes].find(([, { derivation }]) => derivation === 'ledger')?.[0];
    const own = push.dataType as DataTypeKey;
    // What is built from the ledger comes to be with its next reading.
    const dataType = dataTypes.get(own)?.derivation === undefined ? own : ledger;
    if (dataType === undefined || !dataTypes.has(dataType)) return;
    await dependencies
      .requestSync(connectionOf(push), dataType)
      .catch((error: unknown) => log.info({ error }, 'no sync after the write; the schedule brings one'));
  }

  return {
    async execute(pushId, signal) {
      const connectionId = await connectionOfPush(store.pool, pushId);
      if (connectionId === undefined) return;
      const startedAtMs = now();
      while (!signal.aborted) {
        const push = await claimNextPush(store.pool, { connectionId, owner, leaseMs });
        if (push === undefined) return;
        const delayMs = await workOn(push, signal);
        if (delayMs !== undefined) return enqueuePush(push, dependencies, { delayMs });
        if (now() - startedAtMs > sliceMs) {
          const next = await nextPush(store.pool, connectionId);
          return next && enqueuePush(next, dependencies, { isHandedOver: true });
        }
      }
    },
  };
}

const connectionOf = (push: ClaimedPush): ConnectionRef => ({
  id: push.connectionId,
  clientId: push.clientId,
  companyId: push.companyId,
  platformKey: push.platformKey,
});
