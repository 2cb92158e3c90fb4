import type { AccountMonth } from '@tributary/store';
import { expect, test } from 'vitest';
import { statementReports } from './derive-statements.ts';

const posting = (
  month: string,
  accountId: string,
  section: AccountMonth['section'],
  cents: bigint,
  more: Partial<AccountMonth> = {},
): AccountMonth => ({
  month,
  accountId,
  name: `Account ${accountId}`,
  section,
  cents,
  operatingCents: cents,
  openingCents: 0n,
  ...more,
});

/** Opened with 50.00 beside the ledger; 100.00 sold in December, when the year is closed; 30.00 spent in February. */
const postings: readonly AccountMonth[] = [
  posting('2023-12', '1', 'asset', 10_000n, { openingCents: 5_000n }),
  posting('2023-12', '3', 'equity', -10_000n, { operatingCents: 0n }),
  posting('2023-12', '4', 'income', 0n, { operatingCents: -10_000n }),
  posting('2024-02', '1', 'asset', -3_000n),
  posting('2024-02', '5', 'expense', 3_000n),
];
const months = ['2023-12', '2024-01', '2024-02'];

const shown = (dataType: 'balanceSheet' | 'profitAndLoss') =>
  statementReports(dataType, postings, months).map(({ month, report }) => [
    month,
    JSON.parse(JSON.stringify(report)),
  ]);

test('balance sheets carry on what was posted before, closings of years and opening balances included', () => {
  const line = (accountId: string, value: number) => ({ accountId, name: `Account ${accountId}`, value });
  const liabilities = { name: 'Liabilities', value: 0, items: [] };
  const december = {
    date: '2023-12-31T00:00:00',
    assets: { name: 'Assets', value: 150, items: [line('1', 150)] },
    liabilities,
    netAssets: 150,
    equity: { name: 'Equity', value: 150, items: [line('3', 100), { name: 'Opening balances', value: 50 }] },
  };
  expect(shown('balanceSheet')).toEqual([
    ['2023-12', december],
    ['2024-01', { ...december, date: '2024-01-31T00:00:00' }],
    [
      '2024-02',
      {
        date: '2024-02-29T00:00:00',
        assets: { name: 'Assets', value: 120, items: [line('1', 120)] },
        liabilities,
        netAssets: 120,
        equity: {
          name: 'Equity',
          value: 120,
          items: [
            line('3', 100),
            { name: 'Opening balances', value: 50 },
            { name: 'Undistributed profit', value: -30 },
          ],
        },
      },
    ],
  ]);
});

test('a profit and loss shows its own month only, and no closing of a year', () => {
  expect(
    shown('profitAndLoss').map(([month, { fromDate, toDate, income, expenses, netProfit }]) => [
      month,
      fromDate,
      toDate,
      income.value,
      expenses.value,
      netProfit,
    ]),
  ).toEqual([
    ['2023-12', '2023-12-01T00:00:00', '2023-12-31T00:00:00', 100, 0, 100],
    ['2024-01', '2024-01-01T00:00:00', '2024-01-31T00:00:00', 0, 0, 0],
    ['2024-02', '2024-02-01T00:00:00', '2024-02-29T00:00:00', 0, 30, -30],
  ]);
});
