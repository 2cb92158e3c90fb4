/**
 * The last step of a run before it completes: what it wrote is checked against the rules of sound books.
 *
 * A finding lasts as long as its record is so: records with findings are checked again by every run, whatever it wrote. Beside them a
 * run reads back what its pages found something in, or what it wrote when it does not know its pages. Everything is read back once a
 * week, once a day while a rule finds more than is kept, and when what the pages said does not hold (docs/adr/0047).
 */
import { type IntegrityRules, integrityRules } from '@tributary/model';
import {
  allDuplicates,
  type CheckedRecord,
  type ClaimedRun,
  copyFindings,
  type Duplicate,
  duplicatesAmong,
  duplicatesOfWritten,
  type Finding,
  holdRun,
  type IntegrityState,
  inTransaction,
  lockForWriting,
  type RunListing,
  readBooksFacts,
  readIntegrityState,
  recordDeletions,
  recordFullCheck,
  recordMoreFindings,
  recordsByKey,
  recordsOf,
  recordsWithFindings,
  recordsWrittenSince,
  replaceFindings,
  type Store,
  type WrittenRecord,
} from '@tributary/store';
import { findProblems } from './integrity-batch.ts';
import { mostPerRule, type PageChecks, type Suspects } from './integrity-pages.ts';
import { createReferences } from './integrity-references.ts';

const batchSize = 500;
/** Records that are asked for by their ids: the size of these is not known beforehand. */
const namedBatchSize = 100;
const daysBetweenFullChecks = 7;

/** What a run reads back. */
interface Extent {
  readonly isEverything: boolean;
  /** Every record has been checked then, read back or not. */
  readonly isWhole: boolean;
  /** Records to read back in any case. */
  readonly named: ReadonlySet<string>;
  /** All there are, when every record is checked: those that are kept, and their number. */
  readonly duplicates: { readonly kept: ReadonlyMap<string, Duplicate>; readonly count: number } | undefined;
}

/** Records that nobody has looked at since they were written, beside those of a run whose pages are not known. */
export interface Unseen {
  /** All may be: pages that are not known mapped them anew, with something else than before. */
  readonly isEverything: boolean;
  /** Those that were written since then and before the run began, by runs that failed and by clients; undefined: none. */
  readonly sinceMs: number | undefined;
}

const nothingUnseen: Unseen = { isEverything: false, sinceMs: undefined };

/**
 * @param pages what the run's pages were checked by; undefined: records of the run are stored that nobody has looked at
 * @throws LeaseLostError
 */
export async function checkIntegrity(
  run: ClaimedRun,
  { pool }: Pick<Store, 'pool'>,
  listing: RunListing,
  pages?: PageChecks,
  unseen: Unseen = nothingUnseen,
): Promise<void> {
  const rules = integrityRules[run.dataType];
  if (rules === undefined) return;
  const state = await readIntegrityState(pool, run, run.dataType);
  const earlier = await recordsWithFindings(pool, run, run.dataType);
  const suspects = await pages?.suspects();
  const extent = await extentOf(run, pool, rules, { state, earlier, suspects, listing, unseen });
  const tally = createTally();
  const known = { facts: await readBooksFacts(pool, run), references: createReferences(pool, run) };

  const problemsOf = async (records: readonly CheckedRecord[]): Promise<Finding[]> => {
    const duplicates = extent.duplicates?.kept ?? (await duplicatesIn(records));
    return tally.keep(await findProblems(rules, records, { ...known, duplicates }));
  };
  const duplicatesIn = async (records: readonly CheckedRecord[]): Promise<Map<string, Duplicate>> => {
    if (rules.duplicates === undefined || records.length === 0) return new Map();
    const ids = records.map(({ id }) => id);
    return byId(await duplicatesAmong(pool, run, run.dataType, rules.duplicates, ids));
  };
  const replace = (ids: readonly string[], findings: readonly Finding[]): Promise<void> =>
    inTransaction(pool, async (client) => {
      await holdRun(client, run);
      await replaceFindings(client, run, run.dataType, ids, findings);
      await recordDeletions(client, run, { deleted: 0, warnings: 0 });
    });

  // Records with findings that have not been read back: in the end, those that are gone or deleted.
  const stale = new Set(earlier);
  const written = { sinceMs: unseen.sinceMs ?? run.startedAtMs, isSeen: pages !== undefined };
  for await (const records of batchesOf(run, pool, extent, written)) {
    const findings = await problemsOf(records);
    const found = new Set(findings.map(({ id }) => id));
    for (const { id } of records) if (stale.delete(id)) found.add(id);
    if (found.size > 0) await replace([...found], findings);
  }
  if (stale.size > 0) await replace([...stale], []);
  if (rules.duplicates !== undefined && extent.duplicates !== undefined)
    tally.add(rules.duplicates, extent.duplicates.count - extent.duplicates.kept.size);

  await inTransaction(pool, async (client) => {
    await lockForWriting(client, run);
    const { beyond } = tally;
    if (extent.isWhole || (beyond.length > 0 && !state.hasMore))
      await recordMoreFindings(client, run, run.dataType, beyond);
    if (extent.isWhole) await recordFullCheck(client, run, run.dataType);
    const warnings = await copyFindings(client, run);
    await recordDeletions(client, run, { deleted: 0, warnings });
  });
}

async function extentOf(
  run: ClaimedRun,
  pool: Store['pool'],
  rules: IntegrityRules,
  known: {
    readonly state: IntegrityState;
    readonly earlier: readonly string[];
    readonly suspects: Suspects | undefined;
    readonly listing: RunListing;
    readonly unseen: Unseen;
  },
): Promise<Extent> {
  const { earlier, suspects, listing, unseen } = known;
  const { daysSinceFullCheck = Number.POSITIVE_INFINITY, hasMore } = known.state;
  // A first listing met every record that there is.
  const isAllSeen = listing === 'initial' && suspects !== undefined;
  const isDue = !isAllSeen && daysSinceFullCheck >= (hasMore ? 1 : daysBetweenFullChecks);
  // Exact numbers of findings need every record; those that are known to be many are counted afresh once a day.
  const isCounting = suspects?.hasMore === true && !hasMore;
  let isEverything = isDue || isCounting || suspects?.isOutdated === true || unseen.isEverything;
  let shared: string[] = [];
  if (rules.duplicates !== undefined && !isEverything && !isAllSeen) {
    const request = { sinceMs: run.startedAtMs, limit: mostPerRule + 1 };
    shared = await duplicatesOfWritten(pool, run, run.dataType, rules.duplicates, request);
    isEverything = shared.length > mostPerRule && !hasMore;
  }
  const isWhole = isEverything || isAllSeen;
  const all =
    isWhole && rules.duplicates !== undefined
      ? await allDuplicates(pool, run, run.dataType, rules.duplicates, mostPerRule)
      : undefined;
  const duplicates = all && { kept: byId(all.duplicates), count: all.count };
  const named = new Set([
    ...earlier,
    ...(suspects?.ids ?? []),
    ...shared,
    ...(duplicates?.kept.keys() ?? []),
  ]);
  return { isEverything, isWhole, named, duplicates };
}

/** Stored records that a run checks, each once. @param written which of them are read back because of when they were written */
async function* batchesOf(
  run: ClaimedRun,
  pool: Store['pool'],
  { isEverything, named }: Extent,
  written: { readonly sinceMs: number; readonly isSeen: boolean },
): AsyncGenerator<readonly CheckedRecord[]> {
  if (isEverything) {
    for (let after = ''; ; ) {
      const batch = await recordsByKey(pool, run, run.dataType, { after, limit: batchSize });
      const last = batch.at(-1);
      if (last === undefined) return;
      after = last.id;
      yield batch;
    }
  }
  const ids = [...named].sort();
  for (let start = 0; start < ids.length; start += namedBatchSize)
    yield await recordsOf(pool, run, run.dataType, ids.slice(start, start + namedBatchSize));
  const { sinceMs } = written;
  const beforeMs = written.isSeen ? run.startedAtMs : undefined;
  if (beforeMs !== undefined && sinceMs >= beforeMs) return;
  for (let after: WrittenRecord | undefined; ; ) {
    const request = { sinceMs, beforeMs, after, limit: batchSize };
    const batch: WrittenRecord[] = await recordsWrittenSince(pool, run, run.dataType, request);
    after = batch.at(-1);
    if (after === undefined) return;
    yield batch.filter(({ id }) => !named.has(id));
  }
}

/** Keeps so many findings of each rule and counts the others. */
function createTally() {
  const kept = new Map<string, number>();
  const more = new Map<string, { count: number; severity: Finding['severity'] }>();
  const add = ({ id, severity }: { id: string; severity: Finding['severity'] }, count: number): void => {
    if (count > 0) more.set(id, { count: (more.get(id)?.count ?? 0) + count, severity });
  };
  return {
    add,
    keep: (findings: readonly Finding[]): Finding[] =>
      findings.filter(({ ruleId, severity }) => {
        const count = kept.get(ruleId) ?? 0;
        if (count >= mostPerRule) add({ id: ruleId, severity }, 1);
        else kept.set(ruleId, count + 1);
        return count < mostPerRule;
      }),
    get beyond() {
      return [...more].map(([ruleId, { count, severity }]) => ({
        ruleId,
        severity,
        message: `${count} more findings of this rule are not listed.`,
      }));
    },
  };
}

const byId = (duplicates: readonly Duplicate[]): Map<string, Duplicate> =>
  new Map(duplicates.map((duplicate) => [duplicate.id, duplicate]));
