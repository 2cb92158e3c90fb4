/**
 * The sync engine: claims a run, lists the platform page by page, maps, writes, commits a checkpoint with each page, and finishes.
 * Everything it writes names its fence (see `pull-operations.ts` of the store), so that a second worker is harmless.
 */
import { type Connector, PlatformError } from '@tributary/connector-kit';
import type { Logger } from '@tributary/logging';
import { customIdentifierOf } from '@tributary/model';
import type { JobQueue } from '@tributary/queue';
import {
  activeRunsOf,
  type ClaimedRun,
  claimRun,
  DatasetGoneError,
  extendLease,
  isPlatformPaused,
  LeaseLostError,
  logRequests,
  releaseRun,
  type Store,
} from '@tributary/store';
import { type EventWriter, noEvents } from '@tributary/webhooks';
import type { CredentialService } from '../credentials.ts';
import { startHeartbeat } from '../heartbeat.ts';
import { noSyncMetrics, type SyncMetrics } from '../metrics.ts';
import { customRun } from './custom-run.ts';
import { deriveRun } from './derive.ts';
import { enqueueRun } from './enqueue.ts';
import { PlatformPausedError, settleFailure } from './failure.ts';
import { pullRun, SliceOverError } from './pull-run.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { createRunMemories, type RunMemories } from './run-memory.ts';

export interface EngineDependencies {
  readonly store: Store;
  readonly queue: JobQueue;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly credentials: CredentialService;
  readonly logger: Logger;
  readonly now: () => number;
  /** Names this worker in the lease. */
  readonly owner: string;
  readonly deletionBrakePercent: number;
  /** Called when a run of a client no longer takes a place: the next may be admitted. */
  readonly admit: (clientId: string) => Promise<void>;
  readonly leaseMs?: number;
  /** A run that has had its worker for so long makes room when another client waits. */
  readonly sliceMs?: number;
  readonly metrics?: SyncMetrics;
  /** What runs have read and not committed; its own when absent. */
  readonly memories?: RunMemories;
  readonly events?: EventWriter;
}

export interface SyncEngine {
  /** Works on one run to its end, or until it must be put off. Never throws for what a platform does. */
  execute(runId: string, signal: AbortSignal): Promise<void>;
  /** Forgets what was read for runs that were ended meanwhile: cancelled, erased, or completed by another worker. */
  forgetEnded(): Promise<void>;
}

const defaultLeaseMs = 30_000;
const defaultSliceMs = 5_000;

export function createSyncEngine(dependencies: EngineDependencies): SyncEngine {
  const { store, connectors, credentials, logger, now, owner } = dependencies;
  const { leaseMs = defaultLeaseMs, sliceMs = defaultSliceMs, metrics = noSyncMetrics } = dependencies;
  const memories = dependencies.memories ?? createRunMemories();
  const { events = noEvents } = dependencies;

  const work = async (run: ClaimedRun, requests: RequestLog, signal: AbortSignal): Promise<void> => {
    const connector = connectors.get(run.platformKey);
    if (connector === undefined) throw new Error(`no connector for platform ${run.platformKey}`);
    if (run.connectionStatus !== 'Linked')
      throw new PlatformError('accessRevoked', 'The connection is not linked');
    if (await isPlatformPaused(store.pool, run.platformKey)) throw new PlatformPausedError();
    const connection = {
      id: run.connectionId,
      clientId: run.clientId,
      companyId: run.companyId,
      platformKey: run.platformKey,
    };
    const business = { id: run.businessId ?? undefined, info: run.connectionInfo ?? {} };
    const session = await credentials.openSession(connection, business, {
      signal,
      observe: requests.observe,
      ...(run.traceId === null ? {} : { requestId: run.traceId }),
    });
    const memory = memories.of(run.id);
    const inside = {
      store,
      connector,
      session: memory.remembering(session),
      memory,
      now,
      leaseMs,
      sliceMs,
      deletionBrakePercent: dependencies.deletionBrakePercent,
      requests,
      metrics,
      events,
    };
    const identifier = customIdentifierOf(run.dataType);
    if (identifier !== undefined) await customRun(run, identifier, inside);
    else if (connector.manifest.dataTypes.get(run.dataType)?.derivation === undefined)
      await pullRun(run, inside);
    else await deriveRun(run, { ...inside, execute: (runId) => engine.execute(runId, signal) });
  };

  const giveBack = async (run: ClaimedRun, log: Logger): Promise<void> => {
    await releaseRun(store.pool, run);
    await enqueueRun(run, { ...dependencies, logger: log });
  };

  const engine: SyncEngine = {
    async execute(runId, signal) {
      const run = await claimRun(store.pool, { runId, owner, leaseMs });
      if (run === undefined) return;
      const { companyId, connectionId, dataType, trigger, fence } = run;
      const traceId = run.traceId ?? undefined;
      const log = logger.child({ traceId, runId, companyId, connectionId, dataType, fence });
      if (run.isTakenOver) {
        metrics.leaseTakenOver();
        log.warn('the run was taken over: its worker had let the lease run out');
      }
      const requests = createRequestLog(log);
      const lost = new AbortController();
      const heartbeat = startHeartbeat(leaseMs / 3, () =>
        extendLease(store.pool, run, leaseMs).catch((error: unknown) => {
          if (error instanceof LeaseLostError) lost.abort(error);
        }),
      );
      let isPutOff = false;
      try {
        await work(run, requests, AbortSignal.any([signal, lost.signal]));
        metrics.runEnded({ dataType, trigger, status: 'Complete', durationMs: now() - run.startedAtMs });
        log.info('run complete');
      } catch (error) {
        await heartbeat.stop();
        if (error instanceof LeaseLostError || error instanceof DatasetGoneError || lost.signal.aborted) {
          log.warn('the run went to another worker, or was ended');
        } else if (error instanceof SliceOverError || signal.aborted) {
          isPutOff = true;
          await giveBack(run, log);
          log.info(signal.aborted ? 'run given back at shutdown' : 'run made room for another client');
        } else {
          isPutOff = await settleFailure(run, error, { ...dependencies, metrics, events, logger: log });
        }
      } finally {
        await heartbeat.stop();
        if (!isPutOff) memories.forget(run.id);
        await logRequests(store.pool, run, requests.take()).catch((error: unknown) =>
          log.warn({ error }, 'could not write the request log'),
        );
        await dependencies
          .admit(run.clientId)
          .catch((error: unknown) => log.warn({ error }, 'admission failed; the next tick repeats it'));
      }
    },

    async forgetEnded() {
      const remembered = memories.runIds();
      if (remembered.length === 0) return;
      const active = new Set(await activeRunsOf(store.pool, remembered));
      for (const runId of remembered) if (!active.has(runId)) memories.forget(runId);
    },
  };
  return engine;
}
