/** Pure: which part of the ledger a run reads, and where the next one starts. */
import type { JsonValue, LedgerChange } from '@tributary/connector-kit';
import type { LedgerState, RunListing } from '@tributary/store';
import { cursorOverlapMs } from './plan.ts';

/** `lines`: being read. `entries`: they are in force, entries are being built. */
export type LedgerCheckpoint =
  | {
      readonly phase: 'lines';
      /** Lines that are read: none, all, or from a calendar date on. */
      readonly lines: 'none' | 'all' | { readonly from: string };
      /** Where the next run's changes start; null keeps the old cursor. */
      readonly cursorMs: number | null;
      /** Accounts that are read. */
      readonly done: readonly string[];
      readonly current: { readonly accountId: string; readonly at: JsonValue } | null;
      /** A listing was odd: what it lacked proves nothing. */
      readonly suspicious: boolean;
    }
  | {
      readonly phase: 'entries';
      readonly from: string | null;
      /** Where the next run's changes start; null keeps the old cursor. */
      readonly cursorMs: number | null;
    };

const dayMs = 86_400_000;
/** Everything is read again after so long. */
export const fullReadingMs = 7 * dayMs;

/**
 * @param facts.startedAtMs the platform's clock at the run's first answer
 * @param facts.planned what the run decided before it was taken over
 */
export function ledgerPlan(facts: {
  readonly state: Pick<LedgerState, 'fullyReadAtMs'> | undefined;
  readonly cursorMs: number | undefined;
  readonly isEmpty: boolean;
  readonly startedAtMs: number | undefined;
  readonly nowMs: number;
  readonly planned: { readonly listing: RunListing; readonly sinceMs: number | undefined } | undefined;
}): {
  readonly listing: RunListing;
  /** Changes since this instant are asked for; undefined: not at all. */
  readonly changesSinceMs: number | undefined;
  /** Kept as the cursor when nothing changed. */
  readonly previousCursorMs: number | undefined;
} {
  const { state, cursorMs, planned } = facts;
  const isIncremental =
    planned === undefined
      ? state !== undefined && cursorMs !== undefined && facts.nowMs - state.fullyReadAtMs < fullReadingMs
      : planned.listing === 'incremental';
  if (isIncremental) {
    const sinceMs = planned?.sinceMs ?? cursorMs;
    return { listing: 'incremental', changesSinceMs: sinceMs, previousCursorMs: sinceMs };
  }
  // What changed within the last day shows how the platform's clock and its stamps relate; it bounds the cursor.
  const sinceMs =
    planned?.sinceMs ?? (facts.startedAtMs === undefined ? undefined : facts.startedAtMs - dayMs);
  return {
    listing: planned?.listing ?? (facts.isEmpty ? 'initial' : 'full'),
    changesSinceMs: sinceMs,
    previousCursorMs: sinceMs,
  };
}

/** Changes that earlier runs have not taken in yet. */
export function freshChanges(
  changes: readonly LedgerChange[],
  recent: Readonly<Record<string, number>>,
): LedgerChange[] {
  return changes.filter(
    ({ recordId, modifiedMs }) => modifiedMs === undefined || recent[recordId] !== modifiedMs,
  );
}

/**
 * From which date on lines are read.
 * @param others further dates from which they are wanted, undefined ones ignored
 */
export function startOfChanges(
  changes: readonly LedgerChange[],
  others: readonly (string | undefined)[],
): 'none' | { readonly from: string } {
  const from = [...changes.map(({ date }) => date), ...others].reduce(
    (earliest, date) =>
      date === undefined || (earliest !== undefined && earliest <= date) ? earliest : date,
    undefined,
  );
  return from === undefined ? 'none' : { from };
}

/**
 * From when on the next run asks for changes: the time of the newest one met, but not after the moment this run began (as the
 * platform tells time), less `cursorOverlapMs`. A run that met none keeps its cursor. Undefined: the next run reads everything.
 */
export function ledgerCursorMs(facts: {
  readonly startedAtMs: number | undefined;
  readonly changes: readonly LedgerChange[] | undefined;
  readonly previousMs: number | undefined;
}): number | undefined {
  const { startedAtMs, changes, previousMs } = facts;
  if (changes === undefined) return startedAtMs === undefined ? undefined : startedAtMs - cursorOverlapMs;
  const greatest = changes.reduce<number | undefined>(
    (sofar, { modifiedMs }) => (modifiedMs === undefined ? sofar : Math.max(sofar ?? modifiedMs, modifiedMs)),
    undefined,
  );
  if (greatest === undefined) return previousMs;
  return Math.min(startedAtMs ?? greatest, greatest) - cursorOverlapMs;
}

/** What the next run will be told of again although this one has taken it in. */
export function recentChangesOf(
  changes: readonly LedgerChange[],
  cursorMs: number | null,
): Record<string, number> {
  return Object.fromEntries(
    changes.flatMap(({ recordId, modifiedMs }) =>
      modifiedMs === undefined || cursorMs === null || modifiedMs < cursorMs ? [] : [[recordId, modifiedMs]],
    ),
  );
}
