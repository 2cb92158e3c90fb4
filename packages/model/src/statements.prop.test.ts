import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  amountsOfProfitAndLoss,
  balanceSheetOf,
  cashFlowOf,
  decimalText,
  decimalToCents,
  type ExactNumber,
  movementsOfCashFlow,
  parseDecimal,
  profitAndLossOf,
  type StatementAmount,
  statementSections,
} from './index.ts';

const most = 99_999_999_999_999_99n;
const accounts = fc.uniqueArray(
  fc.record({
    accountId: fc.stringMatching(/^[1-9][0-9]{0,3}$/),
    section: fc.constantFrom(...statementSections),
  }),
  { selector: ({ accountId }) => accountId, minLength: 2, maxLength: 12 },
);

interface Ledger {
  /** Amounts by month; each month adds up to nothing, as double entry does. */
  readonly months: readonly (readonly StatementAmount[])[];
  /** One for each account, adding up to anything. */
  readonly openings: readonly StatementAmount[];
}

const ledgers: fc.Arbitrary<Ledger> = accounts.chain((chart) => {
  const named = (cents: bigint, index: number): StatementAmount => {
    const account = chart[index % chart.length] as (typeof chart)[number];
    return { ...account, name: `Account ${account.accountId}`, cents };
  };
  const cents = fc.bigInt({ min: -most, max: most });
  const month = fc
    .array(cents, { maxLength: 10 })
    .map((sides) => [...sides, -sides.reduce((sum, side) => sum + side, 0n)].map(named));
  const openings = fc.array(cents, { maxLength: chart.length }).map((sides) => sides.map(named));
  return fc.record({ months: fc.array(month, { minLength: 1, maxLength: 6 }), openings });
});

const centsOf = (value: ExactNumber): bigint => decimalToCents(parseDecimal(decimalText(value)));
const isEarning = ({ section }: StatementAmount) =>
  section !== 'asset' && section !== 'liability' && section !== 'equity';
const total = (amounts: readonly StatementAmount[]) => amounts.reduce((sum, { cents }) => sum + cents, 0n);

test('assets less liabilities are equity after every month, whatever was posted', () => {
  fc.assert(
    fc.property(ledgers, ({ months, openings }) => {
      for (const [index] of months.entries()) {
        const sheet = balanceSheetOf('2024-01-31', months.slice(0, index + 1).flat(), openings);
        expect(centsOf(sheet.assets.value) - centsOf(sheet.liabilities.value)).toBe(
          centsOf(sheet.equity.value),
        );
        expect(centsOf(sheet.netAssets)).toBe(centsOf(sheet.equity.value));
        for (const { value, items } of [sheet.assets, sheet.liabilities, sheet.equity])
          expect(items.reduce((sum, item) => sum + centsOf(item.value), 0n)).toBe(centsOf(value));
      }
    }),
  );
});

test('equity moves by the profit and by what was posted straight to equity accounts', () => {
  fc.assert(
    fc.property(ledgers, ({ months, openings }) => {
      let before = centsOf(balanceSheetOf('2024-01-31', [], openings).equity.value);
      for (const [index, amounts] of months.entries()) {
        const sheet = balanceSheetOf('2024-01-31', months.slice(0, index + 1).flat(), openings);
        const { netProfit } = profitAndLossOf({ from: '2024-01-01', to: '2024-01-31' }, amounts);
        const straight = total(amounts.filter(({ section }) => section === 'equity'));
        expect(centsOf(netProfit)).toBe(-total(amounts.filter(isEarning)));
        expect(centsOf(sheet.equity.value) - before).toBe(centsOf(netProfit) - straight);
        before = centsOf(sheet.equity.value);
      }
    }),
  );
});

test('the months of a profit and loss add up to that of the whole period', () => {
  const period = { from: '2024-01-01', to: '2024-12-31' };
  fc.assert(
    fc.property(ledgers, ({ months }) => {
      const whole = profitAndLossOf(period, months.flat());
      const added = profitAndLossOf(
        period,
        months.flatMap((amounts) => amountsOfProfitAndLoss(profitAndLossOf(period, amounts))),
      );
      expect(centsOf(added.netProfit)).toBe(centsOf(whole.netProfit));
      expect(centsOf(added.otherIncome.value)).toBe(centsOf(whole.otherIncome.value));
      expect(centsOf(added.grossProfit)).toBe(centsOf(whole.grossProfit));
    }),
  );
});

test('receipts less payments are what cash gained, and months add up to the whole period', () => {
  const period = { from: '2024-01-01', to: '2024-12-31' };
  const movements = fc.array(
    fc.record({
      accountId: fc.option(fc.stringMatching(/^[1-9]$/), { nil: undefined }),
      name: fc.constant('Account'),
      isReceipt: fc.boolean(),
      cents: fc.bigInt({ min: -most, max: most }),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(fc.array(movements, { maxLength: 6 }), (months) => {
      const whole = cashFlowOf(period, months.flat());
      const gained = months.flat().reduce((sum, { cents }) => sum + cents, 0n);
      expect(centsOf(whole.cashReceipts.value) - centsOf(whole.cashPayments.value)).toBe(gained);
      const added = cashFlowOf(
        period,
        months.flatMap((month) => movementsOfCashFlow(cashFlowOf(period, month))),
      );
      expect(centsOf(added.cashReceipts.value)).toBe(centsOf(whole.cashReceipts.value));
      expect(centsOf(added.cashPayments.value)).toBe(centsOf(whole.cashPayments.value));
    }),
  );
});
