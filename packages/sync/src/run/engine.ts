/**
 * The sync engine: claims a run, lists the platform page by page, maps, writes, commits a checkpoint with each page, and finishes.
 * Everything it writes names its fence (see `pull-operations.ts` of the store), so that a second worker is harmless.
 */
import {
  type Connector,
  type Lookup,
  PlatformError,
  type PlatformSession,
  type PullPage,
} from '@tributary/connector-kit';
import type { Logger } from '@tributary/logging';
import type { JobQueue } from '@tributary/queue';
import {
  addWarnings,
  type ClaimedRun,
  claimRun,
  completeRun,
  extendLease,
  forgetMissing,
  inTransaction,
  LeaseLostError,
  lockDataset,
  lockRun,
  moveCounters,
  noteSeen,
  quarantineRecords,
  readDataset,
  recordListingRead,
  recordPage,
  recordPlan,
  releaseFromQuarantine,
  releaseRun,
  type Store,
  upsertRaw,
  upsertRecords,
} from '@tributary/store';
import type { CredentialService } from '../credentials.ts';
import { effectiveSettings, windowStart } from '../settings.ts';
import { markVanished } from './deletions.ts';
import { settleFailure } from './failure.ts';
import { normalisePage } from './page.ts';
import { listingProgress, nextCursorMs, planRun, type RunPlan } from './plan.ts';

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
  readonly leaseMs?: number;
}

export interface SyncEngine {
  /** Works on one run to its end, or until it must be put off. Never throws for what a platform does. */
  execute(runId: string, signal: AbortSignal): Promise<void>;
}

const defaultLeaseMs = 30_000;

/** What changes while a run's pages are committed. */
interface Tally {
  platformStartedAtMs: number | undefined;
  greatestModifiedAtMs: number | undefined;
  pages: number;
  read: number;
  /** The listing repeated itself or broke off: it proves nothing about what it lacked. */
  suspicious: boolean;
}

export function createSyncEngine(dependencies: EngineDependencies): SyncEngine {
  const { store, connectors, credentials, logger, now, owner, leaseMs = defaultLeaseMs } = dependencies;

  const commitPage = async (
    run: ClaimedRun,
    plan: RunPlan,
    connector: Connector,
    page: PullPage,
    lookup: Lookup,
    tally: Tally,
  ): Promise<void> => {
    const normalised = normalisePage(connector, run.dataType, page, lookup);
    const mappingVersion = connector.manifest.dataTypes.get(run.dataType)?.mappingVersion ?? 0;
    const mappedIds = normalised.records.map((record) => record.id);
    await inTransaction(store.pool, async (client) => {
      await lockRun(client, run);
      const dataset = await lockDataset(client, run, run.dataType);
      if (plan.listing === 'full') {
        await noteSeen(client, run.id, normalised.ids);
        await forgetMissing(client, run, run.dataType, normalised.ids);
      }
      await upsertRaw(client, run, run.dataType, mappingVersion, normalised.raw);
      await quarantineRecords(client, run, run.dataType, run.id, normalised.quarantined);
      if (plan.listing !== 'initial') await releaseFromQuarantine(client, run, run.dataType, mappedIds);
      await addWarnings(client, run.companyId, run.id, [
        ...normalised.quarantined.map(({ id, reason }) => ({
          severity: 'error' as const,
          ruleId: 'record-quarantined',
          itemId: id,
          message: reason,
        })),
        ...normalised.warnings.map((warning) => ({
          severity: 'warning' as const,
          itemId: undefined,
          ...warning,
        })),
      ]);
      // Last, so that `modifiedDate` is stamped just before the commit.
      const written = await upsertRecords(client, run, run.dataType, normalised.records, dataset.lastSeq);
      await moveCounters(client, run, run.dataType, {
        inserted: written.inserted,
        deleted: written.deletedDelta,
      });
      await recordPage(
        client,
        run,
        {
          checkpoint: page.checkpoint,
          platformStartedAtMs: page.platformTimeMs,
          greatestModifiedAtMs: normalised.greatestModifiedMs,
          read: page.records.length,
          ...written,
          quarantined: normalised.quarantined.length,
          warnings: normalised.warnings.length,
          progress: listingProgress(
            tally.read + page.records.length,
            tally.pages + 1,
            dataset.recordCount,
            plan.listing,
          ),
        },
        leaseMs,
      );
    });
    tally.pages += 1;
    tally.read += page.records.length;
    tally.platformStartedAtMs ??= page.platformTimeMs;
    if (normalised.greatestModifiedMs !== undefined) {
      tally.greatestModifiedAtMs = Math.max(
        tally.greatestModifiedAtMs ?? normalised.greatestModifiedMs,
        normalised.greatestModifiedMs,
      );
    }
    tally.suspicious ||= page.warnings.length > 0;
  };

  const plan = async (run: ClaimedRun, connector: Connector): Promise<RunPlan> => {
    if (run.listing !== null) {
      return {
        listing: run.listing,
        modifiedSinceMs: run.modifiedSinceMs ?? undefined,
        fromDate: run.fromDate ?? undefined,
      };
    }
    const manifest = connector.manifest.dataTypes.get(run.dataType);
    if (manifest === undefined)
      throw new PlatformError('notFound', `${connector.manifest.name} has no ${run.dataType}`);
    const [setting] = await effectiveSettings(store, run, [run.dataType]);
    const fromDate = setting === undefined ? undefined : windowStart(setting, now());
    const planned = planRun(manifest, await readDataset(store.pool, run, run.dataType), fromDate);
    await recordPlan(store.pool, run, planned);
    return planned;
  };

  const openSession = (run: ClaimedRun, signal: AbortSignal): Promise<PlatformSession> =>
    credentials.openSession(
      {
        id: run.connectionId,
        clientId: run.clientId,
        companyId: run.companyId,
        platformKey: run.platformKey,
      },
      { id: run.businessId ?? undefined, info: run.connectionInfo ?? {} },
      { signal },
    );

  const pull = async (run: ClaimedRun, connector: Connector, signal: AbortSignal): Promise<void> => {
    const planned = await plan(run, connector);
    const session = await openSession(run, signal);
    const lookup = await connector.loadLookup(session, run.dataType);
    const tally: Tally = {
      platformStartedAtMs: run.platformStartedAtMs ?? undefined,
      greatestModifiedAtMs: run.greatestModifiedAtMs ?? undefined,
      pages: run.pages,
      read: run.recordsRead,
      suspicious: run.warnings > 0 && planned.listing === 'full' && run.pages > 0,
    };
    const pages = connector.pull(session, {
      dataType: run.dataType,
      modifiedSinceMs: planned.modifiedSinceMs,
      fromDate: planned.fromDate,
      checkpoint: (run.checkpoint ?? undefined) as PullPage['checkpoint'] | undefined,
    });
    for await (const page of pages) await commitPage(run, planned, connector, page, lookup, tally);

    await recordListingRead(store.pool, run, leaseMs);
    if (planned.listing === 'full' && planned.fromDate === undefined && !tally.suspicious) {
      const keepAlive = () => extendLease(store.pool, run, leaseMs);
      await markVanished(run, {
        store,
        connector,
        session,
        brakePercent: dependencies.deletionBrakePercent,
        keepAlive,
      });
    }
    const manifest = connector.manifest.dataTypes.get(run.dataType);
    await inTransaction(store.pool, (client) =>
      completeRun(client, run, {
        cursorMs: manifest?.listing === 'incremental' ? nextCursorMs(tally) : undefined,
        fromDate: planned.fromDate,
        mappingVersion: manifest?.mappingVersion ?? 0,
      }),
    );
  };

  return {
    async execute(runId, signal) {
      const run = await claimRun(store.pool, { runId, owner, leaseMs });
      if (run === undefined) return;
      const log = logger.child({
        runId,
        companyId: run.companyId,
        connectionId: run.connectionId,
        dataType: run.dataType,
        fence: run.fence,
      });
      const lost = new AbortController();
      const beat = setInterval(() => {
        extendLease(store.pool, run, leaseMs).catch((error: unknown) => {
          if (error instanceof LeaseLostError) lost.abort(error);
        });
      }, leaseMs / 3);
      try {
        const connector = connectors.get(run.platformKey);
        if (connector === undefined) throw new Error(`no connector for platform ${run.platformKey}`);
        if (run.connectionStatus !== 'Linked')
          throw new PlatformError('accessRevoked', 'The connection is not linked');
        await pull(run, connector, AbortSignal.any([signal, lost.signal]));
        log.info({ pages: run.pages }, 'run complete');
      } catch (error) {
        if (error instanceof LeaseLostError || lost.signal.aborted) {
          log.warn('the run went to another worker, or was ended');
        } else if (signal.aborted) {
          await releaseRun(store.pool, run);
          log.info('run released at shutdown');
        } else {
          await settleFailure(run, error, { ...dependencies, logger: log });
        }
      } finally {
        clearInterval(beat);
      }
    },
  };
}
