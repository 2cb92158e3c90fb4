import { PlatformError } from '@tributary/connector-kit';
import type { DatasetState } from '@tributary/store';
import { describe, expect, it } from 'vitest';
import { windowStart } from '../settings.ts';
import { PrerequisitePendingError } from './derive.ts';
import { PlatformPausedError, settlementOf } from './failure.ts';
import * as plan from './plan.ts';
import { listingProgress, rateLimitBudgetMs } from './plan.ts';

const manifest = {
  listing: 'incremental',
  deletionProof: 'single',
  mappingVersion: 2,
  supportsWindow: true,
} as const;
const fresh: DatasetState = {
  cursorMs: null,
  cursorFromDate: null,
  mappingVersion: 0,
  supplementalVersion: 0,
  mappedWith: null,
  lastSuccessfulSyncAtMs: null,
  lastSeq: 0n,
  recordCount: 0,
  deletedCount: 0,
};
const read: DatasetState = {
  ...fresh,
  cursorMs: 1_000_000,
  mappingVersion: 2,
  lastSeq: 10n,
  recordCount: 10,
};

const never = { lastFullAtMs: undefined, hasSuspects: false };
const planRun = (
  type: Parameters<typeof plan.planRun>[0],
  dataset: DatasetState,
  fromDate: string | undefined,
  history: plan.ListingHistory = never,
) => plan.planRun(type, dataset, fromDate, { history, nowMs: 10 * 86_400_000 });
const nextCursorMs = (run: Parameters<typeof plan.nextCursorMs>[0]) => plan.nextCursorMs(run, 'incremental');

describe('the plan of a run', () => {
  it('reads everything the first time, changes afterwards', () => {
    expect(planRun(manifest, fresh, undefined).listing).toBe('initial');
    expect(planRun(manifest, read, undefined)).toEqual({
      listing: 'incremental',
      modifiedSinceMs: 1_000_000,
      fromDate: undefined,
    });
  });

  it('reads everything again where the platform tells no changes, or a run never completed', () => {
    expect(planRun({ ...manifest, listing: 'full' }, read, undefined).listing).toBe('full');
    expect(planRun(manifest, { ...read, cursorMs: null }, undefined).listing).toBe('full');
  });

  it('a window that reaches further back is read in full; a narrower one keeps what is there', () => {
    const windowed = { ...read, cursorFromDate: '2024-01-01' };
    expect(planRun(manifest, windowed, '2023-06-01')).toEqual({
      listing: 'full',
      modifiedSinceMs: undefined,
      fromDate: '2023-06-01',
    });
    expect(planRun(manifest, windowed, undefined).listing).toBe('full');
    expect(planRun(manifest, windowed, '2024-06-01')).toEqual({
      listing: 'incremental',
      modifiedSinceMs: 1_000_000,
      fromDate: '2024-01-01',
    });
    expect(planRun(manifest, read, '2024-06-01').listing).toBe('incremental');
  });

  it('whose listings do not show everything reads all again after some days, and while a record is suspected to be gone', () => {
    const weekly = { ...manifest, fullReadDays: 7 };
    const dayMs = 86_400_000;
    const listingAfter = (lastFullDay: number, hasSuspects = false) =>
      planRun(weekly, read, undefined, { lastFullAtMs: lastFullDay * dayMs, hasSuspects }).listing;
    expect([listingAfter(3), listingAfter(4), listingAfter(9, true)]).toEqual([
      'full',
      'incremental',
      'full',
    ]);
    expect(planRun(weekly, read, undefined, never).listing).toBe('full');
    expect(
      planRun({ ...weekly, listing: 'recent' }, read, undefined, { ...never, lastFullAtMs: 9 * dayMs }),
    ).toEqual({
      listing: 'incremental',
      modifiedSinceMs: 1_000_000,
      fromDate: undefined,
    });
  });

  it('a type without dates has no window', () => {
    expect(planRun({ ...manifest, supportsWindow: false }, fresh, '2024-01-01').fromDate).toBeUndefined();
  });
});

describe('the cursor', () => {
  it("overlaps, and never passes the run's start by the platform's clock", () => {
    expect(nextCursorMs({ platformStartedAtMs: 900_000, greatestModifiedAtMs: 1_000_000 })).toBe(780_000);
    expect(nextCursorMs({ platformStartedAtMs: 1_100_000, greatestModifiedAtMs: 1_000_000 })).toBe(880_000);
    expect(nextCursorMs({ platformStartedAtMs: undefined, greatestModifiedAtMs: 1_000_000 })).toBe(880_000);
  });

  it('is the start of the run where no record tells when it changed', () => {
    const run = { platformStartedAtMs: 900_000, greatestModifiedAtMs: undefined };
    expect(plan.nextCursorMs(run, 'recent')).toBe(780_000);
    expect(plan.nextCursorMs(run, 'full')).toBeUndefined();
  });

  it('stays where it is when a run saw nothing', () => {
    expect(nextCursorMs({ platformStartedAtMs: 900_000, greatestModifiedAtMs: undefined })).toBeUndefined();
  });
});

describe('progress', () => {
  it('rises with each page, and stays below what means complete', () => {
    const steps = [1, 2, 3, 50, 1000].map((pages) => listingProgress(pages * 100, pages, 0, 'initial'));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(Math.max(...steps)).toBeLessThanOrEqual(95);
    expect(listingProgress(500, 5, 1000, 'full')).toBe(48);
    expect(listingProgress(5000, 5, 1000, 'full')).toBe(95);
  });
});

describe('a window of months', () => {
  const at = (iso: string) => Date.parse(iso);
  it('counts back from today, and ends in the last day of a shorter month', () => {
    const window = { syncFromUtc: undefined, syncFromWindow: 1 };
    expect(windowStart(window, at('2024-03-31T12:00:00Z'))).toBe('2024-02-29');
    expect(windowStart({ ...window, syncFromWindow: 24 }, at('2024-03-15T00:00:00Z'))).toBe('2022-03-15');
    expect(windowStart({ ...window, syncFromWindow: 0 }, at('2024-03-15T00:00:00Z'))).toBeUndefined();
  });
  it('gives way to a fixed date', () => {
    expect(windowStart({ syncFromUtc: new Date('2020-05-06T07:08:09Z'), syncFromWindow: 1 }, 0)).toBe(
      '2020-05-06',
    );
  });
});

describe('what becomes of a run after an error', () => {
  const run = { attempts: 0, rateLimitedMs: 0 };
  const after = (error: unknown, nowMs = 1000, attempts = 0) =>
    settlementOf({ ...run, attempts }, error, nowMs);

  it('a rate limit is waited for, however often, until the budget of hours is used up', () => {
    const limited = (retryAtMs: number) => new PlatformError('rateLimited', 'slow down', { retryAtMs });
    expect(after(limited(31_000))).toEqual({
      kind: 'postpone',
      delayMs: 30_000,
      description: 'Paused until 1970-01-01T00:00:31.000Z',
      reason: 'rateLimit',
    });
    expect(after(limited(31_000), 1000, 99).kind).toBe('postpone');
    expect(after(limited(rateLimitBudgetMs + 1001))).toMatchObject({
      kind: 'fail',
      status: 'RateLimitError',
    });
    const waited = (rateLimitedMs: number) =>
      settlementOf({ ...run, rateLimitedMs }, limited(31_000), 1000).kind;
    expect([waited(rateLimitBudgetMs - 30_000), waited(rateLimitBudgetMs - 29_999)]).toEqual([
      'postpone',
      'fail',
    ]);
  });

  it('what else a run has waited for, a pause of days for one, takes nothing from that budget', () => {
    const days = 10 * rateLimitBudgetMs;
    const limited = new PlatformError('rateLimited', 'slow down', { retryAtMs: days + 1000 });
    expect(after(limited, days).kind).toBe('postpone');
  });

  it('what waits for another run looks again soon, and not before that one goes on, within minutes', () => {
    const waiting = (retryAtMs: number | undefined) =>
      after(new PrerequisitePendingError('Waiting', retryAtMs));
    const delays = [undefined, 1500, 61_000, 1e9].map(waiting);
    expect(delays).toMatchObject(
      [2_000, 2_000, 60_000, 300_000].map((delayMs) => ({ kind: 'postpone', reason: 'planned', delayMs })),
    );
  });

  it('a transaction that PostgreSQL ended in favour of another is made once more, and not for ever', () => {
    const deadlock = Object.assign(new Error('deadlock detected'), { code: '40P01' });
    expect(after(deadlock)).toMatchObject({ kind: 'postpone', reason: 'failure' });
    expect(after(deadlock, 0, 4)).toMatchObject({ kind: 'fail', status: 'InternalError' });
  });

  it('a platform that is away is tried again with growing waits, then given up', () => {
    const away = new PlatformError('unavailable', 'Kashoo answered 503');
    const delays = [0, 1, 2, 3].map((attempts) => {
      const settlement = after(away, 0, attempts);
      return settlement.kind === 'postpone' ? settlement.delayMs : undefined;
    });
    expect(delays).toEqual([5_000, 20_000, 60_000, 300_000]);
    const until = (retryAtMs: number) => after(new PlatformError('unavailable', 'away', { retryAtMs }), 1000);
    expect(until(121_000)).toMatchObject({ kind: 'postpone', delayMs: 120_000 });
    expect(until(2_000)).toMatchObject({ kind: 'postpone', delayMs: 5_000 });
    expect(until(1e12)).toMatchObject({ kind: 'postpone', delayMs: 3_600_000 });
    expect(after(away, 0, 4)).toEqual({ kind: 'fail', status: 'FetchError', message: 'Kashoo answered 503' });
  });

  it('only revoked access deauthorises; wrong keys of our own alert; a pause waits; a bug tells nothing of itself', () => {
    expect(after(new PlatformError('accessRevoked', 'gone'))).toEqual({
      kind: 'deauthorize',
      message: 'gone',
    });
    expect(after(new PlatformError('applicationKeysRejected', 'keys')).kind).toBe('alert');
    expect(after(new PlatformError('forbidden', 'no'))).toMatchObject({ status: 'PermissionsError' });
    expect(after(new PlatformError('notFound', 'none'))).toMatchObject({ status: 'NotSupported' });
    expect(after(new PlatformError('unexpected', 'odd'))).toMatchObject({ status: 'FetchError' });
    expect(after(new PlatformPausedError())).toMatchObject({ kind: 'postpone', reason: 'planned' });
    const internal = after(new Error('password=hunter2'));
    expect(internal).toMatchObject({ kind: 'fail', status: 'InternalError' });
    expect(JSON.stringify(internal)).not.toContain('hunter2');
  });
});
