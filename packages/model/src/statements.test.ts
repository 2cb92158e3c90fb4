import { describe, expect, test } from 'vitest';
import {
  addMonths,
  amountsOfProfitAndLoss,
  balanceSheetOf,
  balanceSheetResponse,
  dataTypes,
  issueMessages,
  lastDayOfMonth,
  parseReport,
  profitAndLossOf,
  profitAndLossResponse,
  type StatementAmount,
  type StatementSection,
  validateRecord,
} from './index.ts';

const amount = (accountId: string, section: StatementSection, cents: bigint): StatementAmount => ({
  accountId,
  name: `Account ${accountId}`,
  section,
  cents,
});

const asRead = (report: object): unknown => JSON.parse(JSON.stringify(report));

describe('a balance sheet', () => {
  test('has assets, liabilities, and equity with undistributed profit and opening balances', () => {
    const report = balanceSheetOf(
      '2024-02-29',
      [
        amount('1', 'asset', 250_005n),
        amount('2', 'liability', -40_000n),
        amount('3', 'equity', -100_000n),
        amount('4', 'income', -500_000n),
        amount('5', 'costOfSales', 200_000n),
        amount('6', 'expense', 189_996n),
        amount('7', 'other', -1n),
        amount('8', 'asset', 0n),
      ],
      [amount('1', 'asset', 30_000n), amount('2', 'liability', -5_000n)],
    );
    expect(asRead(report)).toEqual({
      date: '2024-02-29T00:00:00',
      assets: {
        name: 'Assets',
        value: 2800.05,
        items: [{ accountId: '1', name: 'Account 1', value: 2800.05 }],
      },
      liabilities: {
        name: 'Liabilities',
        value: 450,
        items: [{ accountId: '2', name: 'Account 2', value: 450 }],
      },
      netAssets: 2350.05,
      equity: {
        name: 'Equity',
        value: 2350.05,
        items: [
          { accountId: '3', name: 'Account 3', value: 1000 },
          { name: 'Opening balances', value: 250 },
          { name: 'Undistributed profit', value: 1100.05 },
        ],
      },
    });
    expect(validateRecord('balanceSheet', report)).toMatchObject({ ok: true });
  });

  test('of nothing is a report of zeros', () => {
    const empty = (name: string) => ({ name, value: 0, items: [] });
    expect(asRead(balanceSheetOf('2024-01-31', [], []))).toEqual({
      date: '2024-01-31T00:00:00',
      assets: empty('Assets'),
      liabilities: empty('Liabilities'),
      netAssets: 0,
      equity: empty('Equity'),
    });
  });

  test('shows a closed year as retained, not as undistributed', () => {
    const report = balanceSheetOf(
      '2024-12-31',
      [amount('1', 'asset', 700n), amount('4', 'income', 0n), amount('9', 'equity', -700n)],
      [],
    );
    expect(asRead(report.equity)).toEqual({
      name: 'Equity',
      value: 7,
      items: [{ accountId: '9', name: 'Account 9', value: 7 }],
    });
  });
});

describe('a profit and loss', () => {
  const amounts = [
    amount('1', 'asset', 1_000_000n),
    amount('4', 'income', -500_000n),
    { ...amount('41', 'income', 2_550n), name: undefined },
    amount('5', 'costOfSales', 200_000n),
    amount('6', 'expense', 150_001n),
    amount('7', 'other', -1_234n),
    amount('71', 'other', 34n),
  ];
  const period = { from: '2024-02-01', to: '2024-02-29' };

  test('leads from income over gross and operating profit to net profit; other losses are expenses', () => {
    const report = profitAndLossOf(period, amounts);
    expect(asRead(report)).toEqual({
      fromDate: '2024-02-01T00:00:00',
      toDate: '2024-02-29T00:00:00',
      income: {
        name: 'Income',
        value: 4974.5,
        items: [
          { accountId: '4', name: 'Account 4', value: 5000 },
          { accountId: '41', value: -25.5 },
        ],
      },
      costOfSales: {
        name: 'Cost of sales',
        value: 2000,
        items: [{ accountId: '5', name: 'Account 5', value: 2000 }],
      },
      grossProfit: 2974.5,
      expenses: {
        name: 'Expenses',
        value: 1500.01,
        items: [{ accountId: '6', name: 'Account 6', value: 1500.01 }],
      },
      netOperatingProfit: 1474.49,
      otherExpenses: {
        name: 'Other expenses',
        value: 0.34,
        items: [{ accountId: '71', name: 'Account 71', value: 0.34 }],
      },
      otherIncome: {
        name: 'Other income',
        value: 12.34,
        items: [{ accountId: '7', name: 'Account 7', value: 12.34 }],
      },
      netOtherIncome: 12,
      netProfit: 1486.49,
    });
    expect(validateRecord('profitAndLoss', report)).toMatchObject({ ok: true });
  });

  test('of several months is what their stored documents add up to, gains and losses of one account set off', () => {
    const gain = profitAndLossOf(period, [amount('7', 'other', -5_000n), amount('4', 'income', -99n)]);
    const loss = profitAndLossOf(period, [amount('7', 'other', 6_000n), amount('4', 'income', -1n)]);
    const read = [gain, loss].flatMap((report) =>
      amountsOfProfitAndLoss(parseReport(JSON.stringify(report))),
    );
    expect(asRead(profitAndLossOf({ from: '2024-01-01', to: '2024-02-29' }, read))).toMatchObject({
      income: { value: 1, items: [{ accountId: '4', value: 1 }] },
      otherIncome: { value: 0, items: [] },
      otherExpenses: { value: 10, items: [{ accountId: '7', value: 10 }] },
      netProfit: -9,
    });
  });
});

test('no digit of an amount is lost between a posting and what a client reads', () => {
  const report = balanceSheetOf('2024-01-31', [amount('1', 'asset', 99_999_999_999_999_999_999n)], []);
  const text = JSON.stringify(parseReport(JSON.stringify(report)));
  expect(text).toBe(JSON.stringify(report));
  expect(text).toContain('"value":999999999999999999.99');
});

test('what is stored fits what clients are told they get', () => {
  const sheet = asRead(balanceSheetOf('2024-01-31', [amount('1', 'asset', 5n)], []));
  const earnings = asRead(profitAndLossOf({ from: '2024-01-01', to: '2024-01-31' }, []));
  const months = {
    mostRecentAvailableMonth: '2024-01-01T00:00:00',
    earliestAvailableMonth: '2023-01-01T00:00:00',
  };
  for (const [schema, body] of [
    [balanceSheetResponse, { currency: 'CAD', reports: [sheet], ...months }],
    [profitAndLossResponse, { reports: [earnings], reportBasis: 'Accrual', currency: 'CAD', ...months }],
  ] as const) {
    const result = schema.safeParse(body);
    expect(result.success ? [] : issueMessages(result.error)).toEqual([]);
  }
  expect(Object.keys(dataTypes.balanceSheet.record.shape)).toEqual(Object.keys(sheet as object));
  expect(Object.keys(dataTypes.profitAndLoss.record.shape)).toEqual(Object.keys(earnings as object));
});

describe('months', () => {
  test.each([
    ['2024-01', '2024-01-31'],
    ['2024-02', '2024-02-29'],
    ['2023-02', '2023-02-28'],
    ['1900-02', '1900-02-28'],
    ['2000-02', '2000-02-29'],
    ['2024-11', '2024-11-30'],
  ])('%s ends on %s', (month, day) => {
    expect(lastDayOfMonth(month)).toBe(day);
  });

  test.each([
    ['2024-01', -1, '2023-12'],
    ['2024-12', 1, '2025-01'],
    ['2024-05', 0, '2024-05'],
    ['2024-05', -65, '2018-12'],
    ['0001-01', 11, '0001-12'],
  ])('%s and %i months is %s', (month, count, expected) => {
    expect(addMonths(month, count)).toBe(expected);
  });

  test.each(['2024-13', '2024-00', '2024-1', '24-01', ''])('%j is no month', (text) => {
    expect(() => lastDayOfMonth(text)).toThrow(RangeError);
  });

  test('outside the calendar are refused', () => {
    expect(() => addMonths('0001-01', -1)).toThrow(RangeError);
    expect(() => addMonths('9999-12', 1)).toThrow(RangeError);
  });
});
