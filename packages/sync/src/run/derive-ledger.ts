/**
 * A run that reads the general ledger and builds journal entries from it.
 *
 * 1. What changed at the platform since the last reading tells from which date on the lines are to be read; once a week, and when
 *    the platform cannot tell, everything is.
 * 2. The lines of every account are staged, a page and a checkpoint at a time.
 * 3. One transaction puts them in force. Double entry is the proof that what was read is whole: a record whose lines do not add up
 *    was being changed, or lost a line on the way; it keeps what it had, is quarantined, and is read again by the next run.
 * 4. The entries of records that changed are built and go the way of all records.
 */
import type { DataWarning, LedgerPage, LedgerReader } from '@tributary/connector-kit';
import {
  addWarnings,
  applyReading,
  type ClaimedRun,
  dropStagedLines,
  earliestLineDate,
  forgetStaleEntries,
  holdRun,
  inTransaction,
  type LedgerState,
  ledgerAccountIds,
  lockForWriting,
  lockRun,
  logRequests,
  markDeleted,
  moveCounters,
  readDataset,
  readLedgerState,
  recordDeletions,
  recordListingRead,
  recordPage,
  recordPlan,
  releaseFromQuarantine,
  stageLines,
  staleEntries,
  unbalancedSince,
} from '@tributary/store';
import { commitPage, type PageContext } from './commit-page.ts';
import { tripsBrake } from './deletions.ts';
import { createSlice, type DeriveDependencies, derivedPageContext } from './derive-context.ts';
import {
  freshChanges,
  type LedgerCheckpoint,
  ledgerCursorMs,
  ledgerPlan,
  recentChangesOf,
  startOfChanges,
} from './derive-ledger-plan.ts';
import { finishRun } from './finish.ts';
import { checkIntegrity } from './integrity.ts';
import { contentHash } from './page.ts';
import { mapAgain } from './pull-run.ts';

const entryBatch = 500;
/** A record that does not add up is read so many times, then only with everything. */
const readingsOfUnbalanced = 4;

interface LedgerRun {
  readonly run: ClaimedRun;
  readonly reader: LedgerReader;
  readonly dependencies: DeriveDependencies;
  readonly context: PageContext;
  readonly makeRoom: () => Promise<void>;
  readonly state: LedgerState | undefined;
}

/** @throws LeaseLostError, PlatformError, SliceOverError */
export async function readLedger(run: ClaimedRun, dependencies: DeriveDependencies): Promise<void> {
  const { store, connector, leaseMs } = dependencies;
  const manifest = connector.manifest.dataTypes.get(run.dataType);
  const reader = connector.ledger;
  if (manifest === undefined || reader === undefined)
    throw new Error(`${connector.manifest.name} declares a ledger and has none`);
  const state = await readLedgerState(store.pool, run);
  const context = await derivedPageContext(run, dependencies);
  const ledgerRun: LedgerRun = {
    run,
    reader,
    dependencies,
    context,
    makeRoom: createSlice(run, dependencies),
    state,
  };
  const before = run.checkpoint as LedgerCheckpoint | null;
  // The same lines map to the same entry: only another mapping is worth a try.
  const isOutdated =
    (await readDataset(store.pool, run, run.dataType)).mappingVersion < manifest.mappingVersion;
  if (before === null && isOutdated) await mapAgain(context, manifest.mappingVersion);
  const checkpoint = before?.phase === 'entries' ? before : await readAndApply(ledgerRun, before);
  await recordListingRead(store.pool, run, leaseMs);
  await buildEntries(ledgerRun, checkpoint);
  await dropStagedLines(store.pool, run, undefined);
  await checkIntegrity(run, store, 'incremental');
  await inTransaction(store.pool, (client) =>
    finishRun(dependencies, client, run, {
      cursorMs: checkpoint.cursorMs ?? undefined,
      fromDate: undefined,
      mappingVersion: manifest.mappingVersion,
    }),
  );
}

type EntriesCheckpoint = Extract<LedgerCheckpoint, { phase: 'entries' }>;
type LinesCheckpoint = Extract<LedgerCheckpoint, { phase: 'lines' }>;

async function readAndApply(
  ledgerRun: LedgerRun,
  before: LinesCheckpoint | null,
): Promise<EntriesCheckpoint> {
  const { run, reader, dependencies, context, state } = ledgerRun;
  const { store, session, now, leaseMs, requests } = dependencies;
  const dataset = await readDataset(store.pool, run, run.dataType);
  const chart = await reader.accounts(session);
  const startedAtMs = run.platformStartedAtMs ?? chart.platformTimeMs;
  const plan = ledgerPlan({
    state,
    cursorMs: dataset.cursorMs ?? undefined,
    isEmpty: dataset.lastSeq === 0n,
    startedAtMs,
    nowMs: now(),
    planned:
      run.listing === null ? undefined : { listing: run.listing, sinceMs: run.modifiedSinceMs ?? undefined },
  });
  await recordPlan(store.pool, run, {
    listing: plan.listing,
    modifiedSinceMs: plan.changesSinceMs,
    fromDate: undefined,
  });
  const changes =
    plan.changesSinceMs === undefined ? undefined : await reader.changes(session, plan.changesSinceMs);
  dependencies.memory.keep();
  const fresh = freshChanges(changes?.records ?? [], state?.recentChanges ?? {});
  const lines = before?.lines ?? (await linesWanted());
  async function linesWanted(): Promise<LinesCheckpoint['lines']> {
    if (plan.listing !== 'incremental' || changes === undefined) return 'all';
    const stored = await earliestLineDate(
      store.pool,
      run,
      fresh.map(({ recordId }) => recordId),
    );
    return startOfChanges(fresh, [stored, await unbalancedSince(store.pool, run, readingsOfUnbalanced)]);
  }

  const checkpoint = before ?? {
    phase: 'lines' as const,
    lines,
    cursorMs:
      ledgerCursorMs({ startedAtMs, changes: changes?.records, previousMs: plan.previousCursorMs }) ?? null,
    done: [],
    current: null,
    suspicious: false,
  };
  const accountIds = [
    ...new Set([...chart.accounts.map(({ id }) => id), ...(await ledgerAccountIds(store.pool, run))]),
  ];
  const read =
    lines === 'none' ? checkpoint : await stageAccounts(ledgerRun, checkpoint, accountIds, startedAtMs);
  const opened = lines === 'none' ? undefined : await reader.openings(session, chart.accounts);

  const next: EntriesCheckpoint = {
    phase: 'entries',
    from: typeof lines === 'object' ? lines.from : null,
    cursorMs: checkpoint.cursorMs,
  };
  const alive = dataset.recordCount - dataset.deletedCount;
  const calls = requests.take(0);
  await inTransaction(store.pool, async (client) => {
    await holdRun(client, run);
    const counts = await applyReading(client, run, {
      runId: run.id,
      lines,
      removedIds: (changes?.records ?? [])
        .filter(({ isRemoved }) => isRemoved)
        .map(({ recordId }) => recordId),
      homeCurrency: chart.homeCurrency,
      accounts: chart.accounts,
      openings: opened?.openings,
      // A run that was taken over does not know which of the changes its first accounts have seen.
      recentChanges: before === null ? recentChangesOf(changes?.records ?? [], checkpoint.cursorMs) : {},
      mayVanish: (records) =>
        !read.suspicious && !tripsBrake(records, alive, dependencies.deletionBrakePercent),
    });
    await logRequests(client, run, calls);
    const warnings = [...chart.warnings, ...(opened?.warnings ?? []), ...keptWarning(counts.kept)];
    await addWarnings(client, run.companyId, run.id, warnings.map(warningRow));
    await recordPage(
      client,
      run,
      {
        ...nothingRead,
        checkpoint: next,
        platformStartedAtMs: startedAtMs,
        warnings: warnings.length,
        progress: 90,
      },
      leaseMs,
    );
  });
  context.tally.pages += 1;
  return next;
}

/** Reads the lines of the accounts that are left to read, in order. */
async function stageAccounts(
  ledgerRun: LedgerRun,
  start: LinesCheckpoint,
  accountIds: readonly string[],
  startedAtMs: number | undefined,
): Promise<LinesCheckpoint> {
  const { run, reader, dependencies, makeRoom } = ledgerRun;
  await dropStagedLines(dependencies.store.pool, run, run.id);
  const fromDate = typeof start.lines === 'object' ? start.lines.from : undefined;
  let checkpoint = start;
  for (const accountId of accountIds) {
    if (checkpoint.done.includes(accountId)) continue;
    const resumed = checkpoint.current?.accountId === accountId ? checkpoint.current.at : undefined;
    const pages = reader.lines(dependencies.session, { accountId, fromDate, checkpoint: resumed });
    for await (const page of pages) {
      const suspicious = checkpoint.suspicious || page.warnings.length > 0;
      checkpoint = { ...checkpoint, suspicious, current: { accountId, at: page.checkpoint } };
      await commitLines(ledgerRun, accountId, page, checkpoint, {
        startedAtMs,
        progress: Math.max(1, Math.floor((85 * checkpoint.done.length) / accountIds.length)),
      });
      await makeRoom();
    }
    checkpoint = { ...checkpoint, done: [...checkpoint.done, accountId], current: null };
  }
  return checkpoint;
}

async function commitLines(
  { run, dependencies, context }: LedgerRun,
  accountId: string,
  page: LedgerPage,
  checkpoint: LinesCheckpoint,
  { startedAtMs, progress }: { startedAtMs: number | undefined; progress: number },
): Promise<void> {
  const calls = dependencies.requests.take(page.lines.length);
  await inTransaction(dependencies.store.pool, async (client) => {
    await lockRun(client, run);
    await logRequests(client, run, calls);
    await stageLines(
      client,
      run,
      accountId,
      page.lines.map((line) => ({ ...line, contentHash: contentHash(line.raw) })),
    );
    await addWarnings(client, run.companyId, run.id, page.warnings.map(warningRow));
    await recordPage(
      client,
      run,
      {
        ...nothingRead,
        checkpoint,
        platformStartedAtMs: startedAtMs,
        warnings: page.warnings.length,
        progress,
      },
      dependencies.leaseMs,
    );
  });
  dependencies.memory.committed();
  context.tally.pages += 1;
}

/** A page of lines counts no records: those are the entries. */
const nothingRead = {
  greatestModifiedAtMs: undefined,
  read: 0,
  inserted: 0,
  changed: 0,
  unchanged: 0,
  quarantined: 0,
};

async function buildEntries(
  { run, dependencies, context, makeRoom }: LedgerRun,
  checkpoint: EntriesCheckpoint,
): Promise<void> {
  const { store } = dependencies;
  const from = checkpoint.from ?? undefined;
  for (let after = ''; ; ) {
    const batch = await staleEntries(store.pool, run, { runId: run.id, from, after, limit: entryBatch });
    const last = batch.at(-1);
    if (last === undefined) return;
    after = last.id;
    const records = batch.flatMap(({ id, raw }) => (raw === null ? [] : [{ id, raw }]));
    const empty = batch.filter(({ raw }) => raw === null).map(({ id }) => id);
    if (records.length > 0)
      await commitPage(context, { records, checkpoint, platformTimeMs: undefined, warnings: [] });
    if (empty.length > 0) await deleteEntries(run, dependencies, empty);
    await forgetStaleEntries(
      store.pool,
      run,
      batch.map(({ id }) => id),
    );
    await makeRoom();
  }
}

/** Entries of records that post nothing any more. */
async function deleteEntries(
  run: ClaimedRun,
  { store }: DeriveDependencies,
  ids: readonly string[],
): Promise<void> {
  await inTransaction(store.pool, async (client) => {
    await lockForWriting(client, run);
    const deleted = await markDeleted(client, run, run.dataType, ids);
    await releaseFromQuarantine(client, run, run.dataType, ids);
    await moveCounters(client, run, run.dataType, { inserted: 0, deleted });
    await recordDeletions(client, run, { deleted, warnings: 0 });
  });
}

function keptWarning(records: number): DataWarning[] {
  if (records === 0) return [];
  return [
    {
      ruleId: 'deletion-brake',
      message: `${records} records have no lines in the ledger any more, without the platform having called them removed: too many to believe, or a listing was odd; they were kept. If they are really gone, raise DELETION_BRAKE_PERCENT for one run.`,
    },
  ];
}

function warningRow(warning: DataWarning) {
  return { severity: 'warning' as const, itemId: undefined, ...warning };
}
