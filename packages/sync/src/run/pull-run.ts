/** The inside of a run: plan, map again what an older mapping left, list, mark what vanished, complete. */
import {
  type Connector,
  type JsonValue,
  PlatformError,
  type PlatformSession,
} from '@tributary/connector-kit';
import {
  type ClaimedRun,
  createSupplementalDataRepository,
  dropOtherQuarantine,
  extendLease,
  hasNewQuarantine,
  inTransaction,
  lockForWriting,
  mapAgainNextTime,
  noteSupplementalVersion,
  othersWait,
  readBooksFacts,
  readDataset,
  readListingHistory,
  recordListingRead,
  recordPlan,
  type Store,
  storedRaw,
  type UpstreamRequestRow,
} from '@tributary/store';
import type { EventWriter } from '@tributary/webhooks';
import type { SyncMetrics } from '../metrics.ts';
import { effectiveSettings, windowStart } from '../settings.ts';
import { commitPage, type PageContext, preparePage, type Tally, writePage } from './commit-page.ts';
import { markVanished } from './deletions.ts';
import { finishRun } from './finish.ts';
import { checkIntegrity } from './integrity.ts';
import { createPageChecks } from './integrity-pages.ts';
import { mappedWithOf } from './mapped-with.ts';
import { nextCursorMs, planRun, type RunPlan } from './plan.ts';
import { readAhead } from './read-ahead.ts';
import type { RequestLog } from './request-log.ts';
import type { RunMemory } from './run-memory.ts';
import { supplementOf } from './supplement.ts';

/** Thrown between two pages: the run goes to the back of the queue, with its checkpoint. */
export class SliceOverError extends Error {}

export interface PullDependencies {
  readonly store: Store;
  readonly connector: Connector;
  readonly session: PlatformSession;
  readonly memory: RunMemory;
  readonly now: () => number;
  readonly deletionBrakePercent: number;
  readonly leaseMs: number;
  readonly sliceMs: number;
  readonly requests: RequestLog;
  readonly metrics: SyncMetrics;
  readonly events: EventWriter;
}

const remapBatch = 500;
/** Pages that wait to be mapped, at most: enough for a worker that is held up for a moment, or has just started, to lose nothing of a platform's limit. */
const pagesAhead = 8;
/** What they hold together, at most; the last one may go beyond it. */
const bytesAhead = 12 * 1024 * 1024;

/** @throws LeaseLostError, PlatformError, SliceOverError */
export async function pullRun(run: ClaimedRun, dependencies: PullDependencies): Promise<void> {
  const { store, connector, session, now, leaseMs, sliceMs } = dependencies;
  const manifest = connector.manifest.dataTypes.get(run.dataType);
  if (manifest === undefined)
    throw new PlatformError('notFound', `${connector.manifest.name} has no ${run.dataType}`);
  const plan = await planOf(run, dependencies);
  const tally: Tally = {
    platformStartedAtMs: run.platformStartedAtMs ?? undefined,
    greatestModifiedAtMs: run.greatestModifiedAtMs ?? undefined,
    pages: run.pages,
    read: run.recordsRead,
    // Whether earlier pages of this listing were odd is not known any more: then they prove nothing.
    suspicious: run.pages > 0 && run.warnings > 0,
    strangePages: 0,
  };
  const lookup = await connector.loadLookup(session, run.dataType);
  const supplemental = await createSupplementalDataRepository(store).find(
    run.clientId,
    run.platformKey,
    run.dataType,
  );
  const supplement = supplementOf(supplemental.config);
  const facts = await readBooksFacts(store.pool, run);
  const checks = createPageChecks(run, store, facts);
  const { mappingVersion } = manifest;
  const mappedWith = mappedWithOf(run.dataType, {
    mappingVersion,
    supplementalVersion: supplemental.version,
    lookup,
    facts,
  });
  const before = plan.listing === 'full' ? await readDataset(store.pool, run, run.dataType) : undefined;
  const isComparing = before !== undefined && before.mappedWith !== null && before.mappedWith === mappedWith;
  dependencies.memory.keep();
  const context: PageContext = {
    store,
    run,
    plan,
    connector,
    lookup,
    tally,
    leaseMs,
    requests: dependencies.requests,
    memory: dependencies.memory,
    metrics: dependencies.metrics,
    mappedWith,
    isComparing,
    ...(supplement === undefined ? {} : { supplement }),
    ...(checks === undefined ? {} : { checks }),
  };

  const startedAtMs = now();
  const isTimeUp = async (): Promise<boolean> =>
    now() - startedAtMs > sliceMs && (await othersWait(store.pool, run.clientId));

  if (plan.listing !== 'initial' && run.checkpoint === null) {
    const stored = await readDataset(store.pool, run, run.dataType);
    const isSupplemented = stored.supplementalVersion === supplemental.version;
    // Every stored record gets the client's new wishes, whichever mapping read it.
    const olderThan = isSupplemented ? mappingVersion : mappingVersion + 1;
    const isOutdated = !isSupplemented || stored.mappingVersion < mappingVersion;
    if (plan.listing === 'incremental' || !isSupplemented)
      await mapAgain(context, isOutdated ? olderThan : undefined);
    await noteSupplementalVersion(store.pool, run, run.dataType, supplemental.version);
  }
  const pages = connector.pull(session, {
    dataType: run.dataType,
    modifiedSinceMs: plan.modifiedSinceMs,
    fromDate: plan.fromDate,
    checkpoint: (run.checkpoint ?? undefined) as JsonValue | undefined,
  });
  // While a page is mapped the next ones are read, and the one before is written; pages are written in their order. What is committed is
  // as if each had been awaited, and a run that breaks off has read a few pages for nothing at most.
  const unwritten: UpstreamRequestRow[][] = [];
  const reader = readAhead(pages, isEnough, (page) => {
    // Before the next page's calls begin, which belong to that page, and have to be remembered.
    const requests = dependencies.requests.take(page.records.length);
    unwritten.push(requests);
    context.memory.committed();
    return { page, requests };
  });
  let isSliceOver = false;
  let writing: Promise<void> = Promise.resolve();
  try {
    for (let read = await reader.next(); read !== undefined; read = await reader.next()) {
      const { page, requests } = read;
      const prepared = await preparePage(context, page, requests);
      await writing;
      writing = writePage(context, prepared).then(() => void unwritten.shift());
      // Failures are heard where they are awaited, which may be later than they happen.
      writing.catch(() => undefined);
      // The platform has this data type, but not for this business: no error, and nothing to look for again.
      const unsupported = page.warnings.find(({ ruleId }) => ruleId === 'data-type-not-supported');
      if (unsupported !== undefined) throw new PlatformError('notFound', unsupported.message);
      if (!isSliceOver && (await isTimeUp())) {
        // What has been read already is written first.
        isSliceOver = true;
        reader.stop();
      }
    }
  } finally {
    // Whatever ended the listing, the run is settled after its last call, which is remembered then, and its last write.
    await reader.close();
    await writing.finally(() => dependencies.requests.giveBack(unwritten.flat()));
  }
  if (isSliceOver && !reader.hasEnded) throw new SliceOverError();
  await recordListingRead(store.pool, run, leaseMs);
  const provesDeletions =
    plan.listing === 'full' &&
    manifest.deletionProof !== 'none' &&
    plan.fromDate === undefined &&
    !tally.suspicious;
  if (provesDeletions) {
    const keepAlive = () => extendLease(store.pool, run, leaseMs);
    await markVanished(run, {
      store,
      connector,
      session,
      brakePercent: dependencies.deletionBrakePercent,
      keepAlive,
      metrics: dependencies.metrics,
    });
  }
  // Whatever is stored has been shown, or is noted as missing.
  const hasMappedAll = plan.listing === 'initial' || provesDeletions;
  await checkIntegrity(run, store, plan.listing, checks, {
    isEverything: provesDeletions && mappedWith !== undefined && !isComparing && checks === undefined,
    sinceMs: isComparing ? (before.lastSuccessfulSyncAtMs ?? undefined) : undefined,
  });
  await inTransaction(store.pool, async (client) => {
    await lockForWriting(client, run);
    // A first listing that another worker began may hold records with older wishes: the next run sees to them.
    if (plan.listing === 'initial' && run.pages === 0)
      await noteSupplementalVersion(client, run, run.dataType, supplemental.version);
    if (plan.listing !== 'incremental') {
      const dropped = await dropOtherQuarantine(client, run, run.dataType, run.id);
      await mapAgainNextTime(client, run, run.dataType, dropped);
    }
    // A record that has just been quarantined is listed once more by the next run, in case the platform shows it better then.
    // One that stays as it was holds nothing up: it would make every run read from the same old cursor.
    const holdsCursor = await hasNewQuarantine(client, run, run.dataType, run);
    await finishRun(dependencies, client, run, {
      cursorMs: holdsCursor ? undefined : nextCursorMs(tally, manifest.listing),
      fromDate: plan.fromDate,
      mappingVersion,
      hasMappedAll,
    });
  });
}

function isEnough(waiting: readonly { readonly requests: readonly UpstreamRequestRow[] }[]): boolean {
  const bytes = waiting.flatMap(({ requests }) => requests).reduce((sum, request) => sum + request.bytes, 0);
  return waiting.length >= pagesAhead || bytes >= bytesAhead;
}

/** A run that is taken over goes on as it was planned. */
async function planOf(run: ClaimedRun, { store, connector, now }: PullDependencies): Promise<RunPlan> {
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
  const history =
    manifest.fullReadDays === undefined
      ? { lastFullAtMs: undefined, hasSuspects: false }
      : await readListingHistory(store.pool, run, run.dataType);
  const dataset = await readDataset(store.pool, run, run.dataType);
  const plan = planRun(manifest, dataset, fromDate, { history, nowMs: now() });
  await recordPlan(store.pool, run, plan);
  return plan;
}

/**
 * An incremental listing shows only what changed at the platform. What could not be mapped before, and what an older mapping read,
 * is mapped again from the raw records, without asking the platform.
 */
export async function mapAgain(context: PageContext, olderThan: number | undefined): Promise<void> {
  const { store, run } = context;
  for (let after = ''; ; ) {
    const batch = await storedRaw(store.pool, run, run.dataType, { olderThan, after, limit: remapBatch });
    const last = batch.at(-1);
    if (last === undefined) return;
    after = last.id;
    const page = { records: batch, checkpoint: null, platformTimeMs: undefined, warnings: [] };
    await commitPage(context, page, new Set(batch.filter((row) => row.isDeleted).map((row) => row.id)));
  }
}
