import { parseExactJson } from '@tributary/model/exact-json';
import { describe, expect, test } from 'vitest';
import type { WireAmount } from '../../format/money.ts';
import { agedTables, bucketName } from './aged-rows.ts';
import { exactSum, isZero } from './amounts.ts';
import { cashOf } from './cash-position.tsx';
import { newestMonth, periodName } from './periods.ts';
import { sectionRows } from './rows.ts';
import { scaleOf } from './scale.ts';

const exact = (text: string) => parseExactJson(text) as WireAmount;

test('sums lose no cent', () => {
  expect(exactSum([0.1, 0.2])).toBe('0.3');
  expect(exactSum([exact('99999999999999.99'), 0.02])).toBe('100000000000000.01');
  expect(exactSum([])).toBe('0');
  expect(isZero(exact('0.00'))).toBe(true);
  expect(isZero(0.01)).toBe(false);
});

describe('scales', () => {
  test('hold zero and every value, in round steps', () => {
    expect(scaleOf([-13_043, 14_231]).ticks).toEqual([-20_000, -10_000, 0, 10_000, 20_000]);
    expect(scaleOf([3]).least).toBe(0);
    expect(scaleOf([]).ticks).toEqual([0, 1]);
    expect(scaleOf([0, 0]).most).toBe(1);
  });
  test('are finite for amounts of any size', () => {
    const { least, most, ticks } = scaleOf([1e14, -0.01]);
    expect(most).toBeGreaterThan(least);
    expect(ticks.length).toBeLessThan(12);
  });
});

test('an account has one row, with nothing where a period lacks it', () => {
  const of = (...items: [string, number][]) => ({
    value: 0,
    items: items.map(([accountId, value]) => ({ accountId, name: `Account ${accountId}`, value })),
  });
  const rows = sectionRows('Income', [of(['1', 10]), of(['2', 20], ['1', 5])]);
  expect(rows.map(({ label, amounts }) => [label, ...amounts])).toEqual([
    ['Income', 0, 0],
    ['Account 1', 10, 5],
    ['Account 2', undefined, 20],
  ]);
});

test('cash is what lies on bank accounts, less what is overdrawn', () => {
  const section = (items: { accountId: string; value: number }[]) => ({ value: 0, items });
  const report = {
    date: '2024-01-31T00:00:00',
    assets: section([
      { accountId: 'bank', value: 100.1 },
      { accountId: 'stock', value: 50 },
    ]),
    liabilities: section([{ accountId: 'card', value: 30.2 }]),
    netAssets: 0,
    equity: section([]),
  };
  expect(cashOf(report, new Set(['bank', 'card'])).value).toBe('69.9');
});

describe('aged reports', () => {
  const amounts = (...of: [string | undefined, string, number][]) =>
    of.map(([fromDate, toDate, amount]) => ({ ...(fromDate && { fromDate }), toDate, amount }));
  const report = {
    generated: '',
    reportDate: '2024-03-31T00:00:00',
    data: [
      {
        customerId: 'a',
        customerName: 'A',
        agedCurrencyOutstanding: [
          { currency: 'GBP', agedOutstandingAmounts: amounts(['2024-03-02', '2024-03-31', 0.1]) },
        ],
      },
      {
        customerId: 'b',
        agedCurrencyOutstanding: [
          {
            currency: 'GBP',
            agedOutstandingAmounts: amounts(['2024-03-02', '2024-03-31', 0.2], [undefined, '2024-03-01', 5]),
          },
          { currency: 'EUR', agedOutstandingAmounts: amounts(['2024-03-02', '2024-03-31', 7]) },
        ],
      },
    ],
  };

  test('have a column for every age that anybody has debts of', () => {
    const [pounds, euros] = agedTables(report);
    expect(pounds?.rows.map(({ id, amounts: row, total }) => [id, ...row, total])).toEqual([
      ['b', 0.2, 5, '5.2'],
      ['a', 0.1, 0, '0.1'],
    ]);
    expect(pounds?.totals).toEqual(['0.3', '5']);
    expect(pounds?.total).toBe('5.3');
    expect(euros?.rows).toHaveLength(1);
  });

  test('call ages by days', () => {
    expect(bucketName({ fromDate: '2024-03-02', toDate: '2024-03-31' }, report.reportDate)).toBe('0–29 days');
    expect(bucketName({ toDate: '2024-03-01' }, report.reportDate)).toBe('Over 29 days');
  });
});

test('periods are called by their months; books that ended are shown where they end', () => {
  expect(periodName('2024-01-01', '2024-01-31', 'en-GB')).toBe('Jan 24');
  expect(periodName('2024-01-01', '2024-03-31', 'en-GB')).toBe('Jan 24 – Mar 24');
  const today = new Date('2026-05-05T00:00:00Z');
  expect(newestMonth('2024-11-01T00:00:00', today)).toBe('2024-11');
  expect(newestMonth('2027-01-01T00:00:00', today)).toBe('2026-05');
  expect(newestMonth(undefined, today)).toBe('2026-05');
});
