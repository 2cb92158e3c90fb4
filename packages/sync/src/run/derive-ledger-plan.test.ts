import type { LedgerChange } from '@tributary/connector-kit';
import { describe, expect, test } from 'vitest';
import {
  freshChanges,
  fullReadingMs,
  ledgerCursorMs,
  ledgerPlan,
  recentChangesOf,
  startOfChanges,
} from './derive-ledger-plan.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2024, 4, 20);
const change = (recordId: string, modifiedMs: number | undefined, date = '2024-05-01'): LedgerChange => ({
  recordId,
  date,
  isRemoved: false,
  modifiedMs,
});

describe('what a run reads', () => {
  const facts = {
    state: { fullyReadAtMs: nowMs - dayMs },
    cursorMs: nowMs - dayMs,
    isEmpty: false,
    startedAtMs: nowMs + 5,
    nowMs,
    planned: undefined,
  };

  test('is what changed, as long as everything was read within a week', () => {
    expect(ledgerPlan(facts)).toMatchObject({ listing: 'incremental', changesSinceMs: nowMs - dayMs });
    const state = { fullyReadAtMs: nowMs - fullReadingMs + 1 };
    expect(ledgerPlan({ ...facts, state }).listing).toBe('incremental');
  });

  test.each([
    ['it was never read', { state: undefined, isEmpty: true }, 'initial'],
    ['no cursor is known', { cursorMs: undefined }, 'full'],
    [
      'the last reading of everything is a week old',
      { state: { fullyReadAtMs: nowMs - fullReadingMs } },
      'full',
    ],
  ] as const)('is everything when %s', (_why, difference, listing) => {
    const plan = ledgerPlan({ ...facts, ...difference });
    expect(plan).toMatchObject({ listing, changesSinceMs: nowMs + 5 - dayMs });
  });

  test('asks nothing about changes while the platform tells no time', () => {
    expect(
      ledgerPlan({ ...facts, cursorMs: undefined, startedAtMs: undefined }).changesSinceMs,
    ).toBeUndefined();
  });

  test('stays as it was planned when another worker takes the run over', () => {
    const planned = { listing: 'incremental', sinceMs: 17 } as const;
    expect(ledgerPlan({ ...facts, state: undefined, cursorMs: undefined, planned })).toMatchObject({
      listing: 'incremental',
      changesSinceMs: 17,
    });
    const full = { listing: 'full', sinceMs: undefined } as const;
    expect(ledgerPlan({ ...facts, planned: full }).listing).toBe('full');
  });
});

describe('changes', () => {
  test('that were taken in before are no news, until they change again or when their time is not told', () => {
    const changes = [change('1', 10), change('2', 20), change('3', undefined)];
    expect(freshChanges(changes, { '1': 10, '2': 19, '3': 30 }).map(({ recordId }) => recordId)).toEqual([
      '2',
      '3',
    ]);
  });

  test('are read from the earliest date that they touch or touched, or that is wanted again', () => {
    expect(startOfChanges([], [undefined])).toBe('none');
    expect(startOfChanges([change('1', 1, '2024-05-03'), change('2', 1, '2024-05-02')], [])).toEqual({
      from: '2024-05-02',
    });
    expect(startOfChanges([change('1', 1)], ['2023-01-01', undefined])).toEqual({ from: '2023-01-01' });
    expect(startOfChanges([], ['2024-01-01', '2023-12-31'])).toEqual({ from: '2023-12-31' });
  });
});

describe('the cursor', () => {
  const overlap = 120_000;

  test.each([
    [
      'the greatest modification, where that is earlier than the start',
      [change('1', 500_000)],
      500_000 - overlap,
    ],
    ['the start, where a modification is later', [change('1', 2_000_000)], 1_000_000 - overlap],
    ['what it was, where nothing changed', [], 77],
    ['what it was, where no change tells its time', [change('1', undefined)], 77],
  ])('is %s', (_name, changes, expected) => {
    expect(ledgerCursorMs({ startedAtMs: 1_000_000, changes, previousMs: 77 })).toBe(expected);
  });

  test('is the start where the platform cannot tell changes, and none where it tells no time', () => {
    expect(ledgerCursorMs({ startedAtMs: 1_000_000, changes: undefined, previousMs: 77 })).toBe(
      1_000_000 - overlap,
    );
    expect(ledgerCursorMs({ startedAtMs: undefined, changes: undefined, previousMs: 77 })).toBeUndefined();
  });

  test('leaves behind which changes the next run will be told of again', () => {
    const changes = [change('1', 99), change('2', 100), change('3', 101), change('4', undefined)];
    expect(recentChangesOf(changes, 100)).toEqual({ '2': 100, '3': 101 });
    expect(recentChangesOf(changes, null)).toEqual({});
  });
});
