/** Pure: how a run lists, and where the next one starts. */
import type { DataTypeManifest } from '@tributary/connector-kit';
import type { DatasetState, RunListing } from '@tributary/store';

export interface RunPlan {
  readonly listing: RunListing;
  readonly modifiedSinceMs: number | undefined;
  readonly fromDate: string | undefined;
}

/** What is known of a dataset's past listings beside its cursor, for data types that are listed in full now and then. */
export interface ListingHistory {
  /** When the last full listing that came to its end began, epoch milliseconds; undefined: never. */
  readonly lastFullAtMs: number | undefined;
  /** A full listing lacked records that are not proven to be gone: the next one decides. */
  readonly hasSuspects: boolean;
}

const dayMs = 86_400_000;

/** Whether everything is to be listed although there is a cursor. */
function isFullReadDue({ fullReadDays }: DataTypeManifest, history: ListingHistory, nowMs: number): boolean {
  if (fullReadDays === undefined) return false;
  const { lastFullAtMs, hasSuspects } = history;
  return hasSuspects || lastFullAtMs === undefined || nowMs - lastFullAtMs >= fullReadDays * dayMs;
}

/**
 * Changes only, when a complete run left a cursor and its window reached as far back as is wanted now; everything otherwise, and
 * when a full read is due.
 * (What an older mapping read is mapped again from the raw records.) `initial` is a full listing into an empty dataset: nothing can be missing from it.
 */
export function planRun(
  manifest: DataTypeManifest,
  dataset: DatasetState,
  fromDate: string | undefined,
  { history, nowMs }: { readonly history: ListingHistory; readonly nowMs: number },
): RunPlan {
  const wantedFrom = manifest.supportsWindow ? fromDate : undefined;
  const reachesFarEnough =
    dataset.cursorFromDate === null || (wantedFrom !== undefined && dataset.cursorFromDate <= wantedFrom);
  const knowsChanges = manifest.listing !== 'full' && dataset.cursorMs !== null;
  if (knowsChanges && reachesFarEnough && !isFullReadDue(manifest, history, nowMs)) {
    // What was read before the window moved stays; reading changes from the old start keeps it right.
    return {
      listing: 'incremental',
      modifiedSinceMs: dataset.cursorMs ?? undefined,
      fromDate: dataset.cursorFromDate ?? undefined,
    };
  }
  return {
    listing: dataset.lastSeq === 0n ? 'initial' : 'full',
    modifiedSinceMs: undefined,
    fromDate: wantedFrom,
  };
}

/** Changes made while a listing ran, or stamped by a clock that lags, are read again by the next one. */
export const cursorOverlapMs = 120_000;

/**
 * From when on the next incremental read asks for changes: the time of the newest change that this run met, but not after the
 * moment it began (as the platform tells time), less `cursorOverlapMs`. A run that saw nothing keeps the cursor (undefined).
 */
export function nextCursorMs(
  run: { platformStartedAtMs: number | undefined; greatestModifiedAtMs: number | undefined },
  listing: DataTypeManifest['listing'],
): number | undefined {
  if (listing === 'full') return undefined;
  // Nothing tells when a record changed: the run itself is all there is to go by.
  if (listing === 'recent')
    return run.platformStartedAtMs === undefined ? undefined : run.platformStartedAtMs - cursorOverlapMs;
  if (run.greatestModifiedAtMs === undefined) return undefined;
  return (
    Math.min(run.platformStartedAtMs ?? Number.POSITIVE_INFINITY, run.greatestModifiedAtMs) - cursorOverlapMs
  );
}

/**
 * Percentage shown while a listing runs: against what is stored already, else a curve that slows down (a platform tells no total).
 * @returns 1 to 95
 */
export function listingProgress(read: number, pages: number, stored: number, listing: RunListing): number {
  const share = listing === 'full' && stored > 0 ? read / stored : pages / (pages + 3);
  return Math.max(1, Math.min(95, Math.round(share * 95)));
}

const failureDelaysMs = [5_000, 20_000, 60_000, 300_000] as const;

/** How long a run waits after its nth failure (from 0) to reach the platform; undefined: it has waited enough. */
export function failureDelayMs(attempts: number): number | undefined {
  return failureDelaysMs[attempts];
}

/** A run may wait for rate limits for so long in all; what else it waits for does not count. */
export const rateLimitBudgetMs = 24 * 3_600_000;
