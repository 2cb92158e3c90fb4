import { describe, expect, test } from 'vitest';
import {
  allPeriods,
  type Period,
  recentPeriod,
  recentPeriods,
  statementMonths,
  wholePeriod,
} from './windows.ts';

const now = Date.UTC(2024, 1, 29, 12);
const dayAfter = (date: string): string => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
const expectSeamless = (periods: readonly Period[]) => {
  for (const [index, { first }] of periods.entries())
    if (index > 0) expect(first).toBe(dayAfter(periods[index - 1]?.last ?? ''));
};

describe('the periods of a full read', () => {
  test('leave out no day from the beginning to a year ahead, and ask month by month for what is recent', () => {
    const periods = allPeriods(now, undefined);
    expectSeamless(periods);
    expect(periods[0]).toEqual({ first: '1970-01-01', last: '2021-01-31' });
    expect(periods.at(-1)).toEqual({ first: '2025-02-01', last: '2025-02-28' });
    expect(periods).toHaveLength(50);
  });

  test('begin at the window’s first day', () => {
    const periods = allPeriods(now, '2023-07-15');
    expectSeamless(periods);
    expect(periods[0]).toEqual({ first: '2023-07-15', last: '2023-07-31' });
    expect(allPeriods(now, '2010-05-05')[0]).toEqual({ first: '2010-05-05', last: '2021-01-31' });
  });
});

test('between full reads the last months are read, and those ahead', () => {
  const periods = recentPeriods(now, undefined);
  expectSeamless(periods);
  expect([periods[0]?.first, periods.at(-1)?.last]).toEqual(['2023-11-01', '2025-02-28']);
  expect(recentPeriods(now, '2024-01-10')[0]?.first).toBe('2024-01-10');
  expect(recentPeriod(now, undefined)).toEqual({ first: '2023-11-01', last: '2025-02-28' });
  expect(recentPeriod(now, '2024-02-02').first).toBe('2024-02-02');
  expect(wholePeriod(now, undefined)).toEqual({ first: '1970-01-01', last: '2025-02-28' });
});

test('statements are read for three years and the current month, or for the last months', () => {
  expect(statementMonths(now, false)).toHaveLength(37);
  expect(statementMonths(now, true)).toEqual(['2023-11', '2023-12', '2024-01', '2024-02']);
});
