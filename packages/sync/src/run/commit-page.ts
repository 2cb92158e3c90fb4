/** One page, one transaction: records, raw records, quarantine, warnings, counters and the checkpoint, or nothing. */
import type { Connector, Lookup, PullPage } from '@tributary/connector-kit';
import {
  addWarnings,
  type ClaimedRun,
  forgetMissing,
  inKeyedTransaction,
  insertRaw,
  insertRecords,
  isAlreadyStored,
  lockForWriting,
  logRequests,
  moveCounters,
  noteSeen,
  pushedSinceStart,
  quarantineRecords,
  recordPage,
  releaseFromQuarantine,
  type Store,
  type UpsertResult,
  type UpstreamRequestRow,
  upsertRaw,
  upsertRecords,
  withoutUnchanged,
  withoutUnchangedRaw,
} from '@tributary/store';
import type { SyncMetrics } from '../metrics.ts';
import type { PageChecks } from './integrity-pages.ts';
import { type NormalisedPage, normalisePage, type Supplement } from './page.ts';
import { listingProgress, type RunPlan } from './plan.ts';
import type { RequestLog } from './request-log.ts';
import type { RunMemory } from './run-memory.ts';

/** What changes while a run's pages are committed. */
export interface Tally {
  platformStartedAtMs: number | undefined;
  greatestModifiedAtMs: number | undefined;
  pages: number;
  read: number;
  /** The listing repeated itself or broke off: it proves nothing about what it lacked. */
  suspicious: boolean;
}

export interface PageContext {
  readonly store: Store;
  readonly run: ClaimedRun;
  readonly plan: RunPlan;
  readonly connector: Connector;
  readonly lookup: Lookup;
  readonly tally: Tally;
  readonly leaseMs: number;
  readonly requests: RequestLog;
  readonly memory: RunMemory;
  readonly metrics: SyncMetrics;
  /** Absent: the client wants nothing beside the unified records. */
  readonly supplement?: Supplement;
  /** Absent: what the run wrote is read back and checked at its end. */
  readonly checks?: PageChecks;
}

/** A page that waits to be written. */
export interface PreparedPage {
  readonly page: PullPage;
  readonly mapped: NormalisedPage;
  readonly requests: readonly UpstreamRequestRow[];
}

/** Maps a page, and takes the calls that led to it: the next page's have to come later. */
export async function preparePage(context: PageContext, page: PullPage): Promise<PreparedPage> {
  const requests = context.requests.take(page.records.length);
  const mapped = await normalisePage(
    context.connector,
    context.run.dataType,
    page,
    context.lookup,
    context.supplement,
    context.checks?.see,
  );
  await context.checks?.settle();
  return { page, mapped, requests };
}

/**
 * @param markedDeleted ids of the page that are marked deleted because listings lacked them: mapping an old raw record again
 *   does not bring them back
 * @throws LeaseLostError
 */
export async function commitPage(
  context: PageContext,
  page: PullPage,
  markedDeleted?: ReadonlySet<string>,
): Promise<void> {
  await writePage(context, await preparePage(context, page), markedDeleted);
  context.memory.committed();
}

/** Writes a page and moves the tally. Pages of a run are written one after the other. @throws LeaseLostError */
export async function writePage(
  context: PageContext,
  prepared: PreparedPage,
  markedDeleted?: ReadonlySet<string>,
): Promise<void> {
  const { run, tally } = context;
  const { page, mapped } = prepared;
  const written = await writtenRows(context, prepared, markedDeleted);
  const { inserted, changed, unchanged, deletedDelta } = written;
  context.metrics.recordsWritten(run.dataType, {
    read: page.records.length,
    inserted,
    changed,
    unchanged,
    // What the platform itself calls removed; a record that came back is told as a change.
    deleted: Math.max(0, deletedDelta),
    quarantined: mapped.quarantined.length,
  });
  tally.pages += 1;
  tally.read += page.records.length;
  tally.platformStartedAtMs ??= page.platformTimeMs;
  if (mapped.greatestModifiedMs !== undefined) {
    tally.greatestModifiedAtMs = Math.max(
      tally.greatestModifiedAtMs ?? mapped.greatestModifiedMs,
      mapped.greatestModifiedMs,
    );
  }
  tally.suspicious ||= page.warnings.length > 0;
}

/** A first listing inserts what it lists, unless it has stored some of it: a record can move to a later page while pages are read. */
async function writtenRows(
  context: PageContext,
  prepared: PreparedPage,
  markedDeleted: ReadonlySet<string> | undefined,
): Promise<UpsertResult> {
  if (context.plan.listing === 'initial') {
    try {
      return await writeRows(context, prepared, { markedDeleted, isNew: true });
    } catch (error) {
      if (!isAlreadyStored(error)) throw error;
    }
  }
  return writeRows(context, prepared, { markedDeleted, isNew: false });
}

function writeRows(
  { store, run, plan, connector, tally, leaseMs }: PageContext,
  { page, mapped, requests }: PreparedPage,
  { markedDeleted, isNew }: { markedDeleted: ReadonlySet<string> | undefined; isNew: boolean },
): Promise<UpsertResult> {
  const { dataType } = run;
  const mappingVersion = connector.manifest.dataTypes.get(dataType)?.mappingVersion ?? 0;
  return inKeyedTransaction(store.pool, async (client) => {
    const dataset = await lockForWriting(client, run);
    // A record that a client has written meanwhile is stored as it was then; the page may have been read before.
    const pushed = await pushedSinceStart(client, run);
    const isOurs = ({ id }: { readonly id: string }): boolean => !pushed.has(id);
    const records = mapped.records
      .filter(isOurs)
      .map((record) => (markedDeleted?.has(record.id) ? { ...record, isDeleted: true } : record));
    const quarantined = mapped.quarantined.filter(isOurs);
    const pageRaw = mapped.raw.filter(isOurs);
    await logRequests(client, run, requests);
    const isListed = plan.listing === 'full' && markedDeleted === undefined;
    if (isListed) await forgetMissing(client, run, dataType, mapped.ids);
    // A complete listing of books that are stored shows little that is new.
    const raw = isListed
      ? await withoutUnchangedRaw(client, run, dataType, mappingVersion, pageRaw)
      : pageRaw;
    await (isNew ? insertRaw : upsertRaw)(client, run, dataType, mappingVersion, raw);
    await quarantineRecords(client, run, dataType, run.id, quarantined);
    if (plan.listing !== 'initial')
      await releaseFromQuarantine(
        client,
        run,
        dataType,
        records.map((record) => record.id),
      );
    await addWarnings(client, run.companyId, run.id, [
      ...quarantined.map(({ id, reason }) => ({
        severity: 'error' as const,
        ruleId: 'record-quarantined',
        itemId: id,
        message: reason,
      })),
      ...mapped.warnings.map((warning) => ({ severity: 'warning' as const, itemId: undefined, ...warning })),
    ]);
    // Last, so that `modifiedDate` is stamped just before the commit.
    const toWrite = isListed ? await withoutUnchanged(client, run, dataType, records) : records;
    const write = isNew ? insertRecords : upsertRecords;
    const split = await write(client, run, dataType, toWrite, dataset.lastSeq);
    const upserted = { ...split, unchanged: split.unchanged + records.length - toWrite.length };
    if (isListed) await noteSeen(client, run, dataType, { id: run.id, page: tally.pages }, mapped.ids);
    const { inserted, deletedDelta } = upserted;
    await moveCounters(client, run, dataType, { inserted, deleted: deletedDelta });
    await recordPage(
      client,
      run,
      {
        checkpoint: page.checkpoint,
        platformStartedAtMs: page.platformTimeMs,
        greatestModifiedAtMs: mapped.greatestModifiedMs,
        read: page.records.length,
        ...upserted,
        quarantined: quarantined.length,
        warnings: mapped.warnings.length,
        progress: listingProgress(
          tally.read + page.records.length,
          tally.pages + 1,
          dataset.recordCount,
          plan.listing,
        ),
      },
      leaseMs,
    );
    return upserted;
  });
}
