/** One page, one transaction: records, raw records, quarantine, warnings, counters and the checkpoint, or nothing. */
import type { Connector, Lookup, PullPage } from '@tributary/connector-kit';
import {
  type AlreadyMapped,
  addWarnings,
  type ClaimedRun,
  createBatch,
  createPageBufferPool,
  type DatasetState,
  forgetMappedWith,
  forgetMissing,
  inKeyedTransaction,
  insertRaw,
  insertRecords,
  isAlreadyStored,
  lockForWriting,
  logRequests,
  mapAgainNextTime,
  moveCounters,
  noteSeen,
  type PageBuffers,
  pushedSinceStart,
  quarantineRecords,
  recordPage,
  releaseFromQuarantine,
  resultOfInserting,
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
import { nothingKnown, splitPage } from './mapped-with.ts';
import {
  type HashedRecord,
  hashRecords,
  type NormalisedPage,
  normalisePage,
  type Supplement,
  type WirePage,
} from './page.ts';
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
  /** Pages in a row that were compared with what is stored, and of which nothing was. */
  strangePages: number;
}

/** After so many in a row, comparing is given up: pages are mapped while the page before is written. */
const mostStrangePages = 3;

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
  /** What records are mapped with, as a hash; absent: nobody knows. */
  readonly mappedWith?: string | undefined;
  /** What is stored was mapped with the same: pages are compared with it before they are mapped. */
  readonly isComparing?: boolean;
  /** Absent: the client wants nothing beside the unified records. */
  readonly supplement?: Supplement;
  /** Absent: what the run wrote is read back and checked at its end. */
  readonly checks?: PageChecks;
}

/** A page that waits to be written: mapped, or hashed to be compared with what is stored. */
export interface PreparedPage {
  readonly page: PullPage;
  readonly content: { readonly mapped: NormalisedPage } | { readonly hashed: readonly HashedRecord[] };
  readonly requests: readonly UpstreamRequestRow[];
  /** The memory of its texts. */
  readonly buffers: PageBuffers;
}

/** Of this process: pages of all runs follow each other. */
const openPageBuffers = createPageBufferPool();

/** Does what can be done before the page's turn. @param requests the calls that led to it */
export async function preparePage(
  context: PageContext,
  page: PullPage,
  requests: readonly UpstreamRequestRow[],
): Promise<PreparedPage> {
  const buffers = openPageBuffers();
  if (context.isComparing && context.tally.strangePages < mostStrangePages)
    return { page, content: { hashed: await hashRecords(page.records) }, requests, buffers };
  const mapped = await mapPage(context, page, buffers);
  await context.checks?.settle();
  return { page, content: { mapped }, requests, buffers };
}

function mapPage(context: PageContext, page: WirePage, buffers: PageBuffers): Promise<NormalisedPage> {
  const { connector, run, lookup, supplement, checks } = context;
  return normalisePage(connector, run.dataType, page, lookup, { supplement, see: checks?.see, buffers });
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
  const requests = context.requests.take(page.records.length);
  const prepared = await preparePage({ ...context, isComparing: false }, page, requests);
  await writePage(context, prepared, markedDeleted);
  context.memory.committed();
}

type Client = Parameters<typeof lockForWriting>[0];

/**
 * Under the dataset's lock: what of the page is stored as mapping it would leave it, and the rest, mapped. The decision is made here, in
 * the order of the pages: a record that an earlier page showed with another text has changed by now.
 */
async function mapWhatChanged(
  context: PageContext,
  client: Client,
  dataset: DatasetState,
  { page, content, buffers }: PreparedPage,
): Promise<{ mapped: NormalisedPage; known: AlreadyMapped }> {
  if ('mapped' in content) return { mapped: content.mapped, known: nothingKnown };
  const isComparable = dataset.mappedWith !== null && dataset.mappedWith === context.mappedWith;
  const { known, rest } = isComparable
    ? await splitPage(client, context.run, mappingVersionOf(context), content.hashed)
    : { known: nothingKnown, rest: content.hashed };
  if (known.positions.size > 0) context.checks?.leftOut();
  return { mapped: await mapPage(context, { records: rest, warnings: page.warnings }, buffers), known };
}

function mappingVersionOf({ connector, run }: PageContext): number {
  return connector.manifest.dataTypes.get(run.dataType)?.mappingVersion ?? 0;
}

/** Writes a page and moves the tally. Pages of a run are written one after the other. @throws LeaseLostError */
export async function writePage(
  context: PageContext,
  prepared: PreparedPage,
  markedDeleted?: ReadonlySet<string>,
): Promise<void> {
  const { run, tally } = context;
  const { page } = prepared;
  const { inserted, changed, unchanged, deletedDelta, ...written } = await writtenRows(
    context,
    prepared,
    markedDeleted,
  );
  // The server has answered all of it. What failed may still be on its way, and is left to the garbage collector.
  prepared.buffers.free();
  context.metrics.recordsWritten(run.dataType, {
    read: page.records.length,
    inserted,
    changed,
    unchanged,
    // What the platform itself calls removed; a record that came back is told as a change.
    deleted: Math.max(0, deletedDelta),
    quarantined: written.quarantined,
  });
  tally.pages += 1;
  tally.read += page.records.length;
  tally.platformStartedAtMs ??= page.platformTimeMs;
  tally.greatestModifiedAtMs = greatest(tally.greatestModifiedAtMs, written.greatestModifiedMs);
  tally.suspicious ||= page.warnings.length > 0;
  if ('hashed' in prepared.content) {
    tally.strangePages = written.isStrange ? tally.strangePages + 1 : 0;
    // What the transaction mapped: its references are looked up now that its connection is free.
    await context.checks?.settle();
  }
}

function greatest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}

/** What became of a page. */
interface WrittenPage extends UpsertResult {
  readonly greatestModifiedMs: number | undefined;
  readonly quarantined: number;
  /** Nothing of it was stored as mapping would leave it. */
  readonly isStrange: boolean;
}

/** A first listing inserts what it lists, unless it has stored some of it: a record can move to a later page while pages are read. */
async function writtenRows(
  context: PageContext,
  prepared: PreparedPage,
  markedDeleted: ReadonlySet<string> | undefined,
): Promise<WrittenPage> {
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
  context: PageContext,
  prepared: PreparedPage,
  { markedDeleted, isNew }: { markedDeleted: ReadonlySet<string> | undefined; isNew: boolean },
): Promise<WrittenPage> {
  const { page, requests, buffers } = prepared;
  const { store, run, plan, tally, leaseMs } = context;
  const { dataType } = run;
  const mappingVersion = mappingVersionOf(context);
  return inKeyedTransaction(store.pool, async (client) => {
    // A record that a client has written meanwhile is stored as it was then; the page may have been read before.
    const [dataset, pushed] = await Promise.all([lockForWriting(client, run), pushedSinceStart(client, run)]);
    const { mapped, known } = await mapWhatChanged(context, client, dataset, prepared);
    const isOurs = ({ id }: { readonly id: string }): boolean => !pushed.has(id);
    const records = mapped.records
      .filter(isOurs)
      .map((record) => (markedDeleted?.has(record.id) ? { ...record, isDeleted: true } : record));
    const quarantined = mapped.quarantined.filter(isOurs);
    const pageRaw = mapped.raw.filter(isOurs);
    // The server carries each statement out while the next, a megabyte of which has to be made and sent, is on its way.
    const batch = createBatch();
    batch.send(logRequests(client, run, requests));
    if (records.length > 0 && dataset.mappedWith !== null && dataset.mappedWith !== context.mappedWith)
      batch.send(forgetMappedWith(client, run, dataType));
    const isListed = plan.listing === 'full' && markedDeleted === undefined;
    if (isListed) batch.send(forgetMissing(client, run, dataType, mapped.ids));
    // A complete listing of books that are stored shows little that is new.
    const raw = isListed
      ? await batch.answer(withoutUnchangedRaw(client, run, dataType, mappingVersion, pageRaw))
      : pageRaw;
    batch.send((isNew ? insertRaw : upsertRaw)(client, run, dataType, mappingVersion, raw, buffers));
    const leftAlone = mapped.ids.filter((id) => pushed.has(id));
    batch.send(mapAgainNextTime(client, run, dataType, leftAlone));
    batch.send(quarantineRecords(client, run, dataType, run.id, quarantined));
    const recordIds = records.map((record) => record.id);
    if (plan.listing !== 'initial') batch.send(releaseFromQuarantine(client, run, dataType, recordIds));
    const warnings = [
      ...quarantined.map(({ id, reason }) => ({
        severity: 'error' as const,
        ruleId: 'record-quarantined',
        itemId: id,
        message: reason,
      })),
      ...mapped.warnings.map((warning) => ({ severity: 'warning' as const, itemId: undefined, ...warning })),
    ];
    batch.send(addWarnings(client, run.companyId, run.id, warnings));
    // Last, so that `modifiedDate` is stamped just before the commit.
    const toWrite = isListed ? await batch.answer(withoutUnchanged(client, run, dataType, records)) : records;
    let written = resultOfInserting(toWrite);
    if (isNew) batch.send(insertRecords(client, run, dataType, toWrite, dataset.lastSeq, buffers));
    else
      written = await batch.answer(upsertRecords(client, run, dataType, toWrite, dataset.lastSeq, buffers));
    const unchanged = written.unchanged + records.length - toWrite.length + known.positions.size;
    const upserted = { ...written, unchanged };
    const shown = { ids: mapped.ids, seqs: known.seqs };
    if (isListed) batch.send(noteSeen(client, run, dataType, { id: run.id, page: tally.pages }, shown));
    const { inserted, deletedDelta } = upserted;
    batch.send(moveCounters(client, run, dataType, { inserted, deleted: deletedDelta }));
    const greatestModifiedMs = greatest(mapped.greatestModifiedMs, known.greatestModifiedMs);
    const progress = {
      checkpoint: page.checkpoint,
      platformStartedAtMs: page.platformTimeMs,
      greatestModifiedAtMs: greatestModifiedMs,
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
      mappedWith: context.mappedWith,
    };
    batch.send(recordPage(client, run, progress, leaseMs));
    await batch.answered();
    const isStrange = known.positions.size === 0;
    return { ...upserted, greatestModifiedMs, quarantined: mapped.quarantined.length, isStrange };
  });
}
