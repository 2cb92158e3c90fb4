import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDecimal, agedParties, compareDecimal, type Decimal, decimalText, parseDecimal } from './index.ts';

const amounts = fc.array(
  fc.record({
    partyId: fc.constantFrom('1', '2', 'NullId'),
    partyName: fc.constantFrom('Ada', undefined),
    currency: fc.constantFrom('CAD', 'JPY', undefined),
    period: fc.nat({ max: 9 }),
    kind: fc.constantFrom('documents' as const, 'payments' as const),
    amount: fc
      .bigInt({ min: -99_999_999_999_999_99n, max: 99_999_999_999_999_99n })
      .map((cents) => `${cents < 0n ? '-' : ''}${String(cents < 0n ? -cents : cents).padStart(3, '0')}`)
      .map((digits) => `${digits.slice(0, -2)}.${digits.slice(-2)}`),
  }),
  { maxLength: 40 },
);
const periods = fc.record({
  reportDate: fc.constantFrom('2024-03-01', '2023-12-31'),
  numberOfPeriods: fc.integer({ min: 1, max: 6 }),
  periodLengthDays: fc.integer({ min: 1, max: 400 }),
});
const names = { documents: 'Invoices', payments: 'Payments' };
const sum = (texts: readonly string[]) =>
  texts.reduce<Decimal>((total, text) => addDecimal(total, parseDecimal(text)), parseDecimal('0'));

test('periods add up to what is outstanding, to the last digit, and so do their details', () => {
  fc.assert(
    fc.property(periods, amounts, (request, rows) => {
      const cells = agedParties(request, rows, names)
        .flatMap(({ agedCurrencyOutstanding }) => agedCurrencyOutstanding)
        .flatMap(({ agedOutstandingAmounts }) => agedOutstandingAmounts);
      const outstanding = sum(rows.map(({ amount }) => amount));
      expect(compareDecimal(sum(cells.map(({ amount }) => decimalText(amount))), outstanding)).toBe(0);
      for (const { amount, details } of cells) {
        const parts = sum(details.map((detail) => decimalText(detail.amount)));
        expect(compareDecimal(parts, parseDecimal(decimalText(amount)))).toBe(0);
      }
    }),
  );
});

test('periods follow one another without a gap, back from the report date; the last one has no beginning', () => {
  fc.assert(
    fc.property(periods, amounts, (request, rows) => {
      for (const { agedCurrencyOutstanding } of agedParties(request, rows, names)) {
        for (const { agedOutstandingAmounts } of agedCurrencyOutstanding) {
          let to = Date.parse(`${request.reportDate}T00:00:00Z`);
          for (const [index, { fromDate, toDate }] of agedOutstandingAmounts.entries()) {
            expect(Date.parse(`${toDate}Z`)).toBe(to);
            expect(fromDate === undefined).toBe(index === request.numberOfPeriods);
            if (fromDate === undefined) continue;
            const from = Date.parse(`${fromDate}Z`);
            expect((to - from) / 86_400_000).toBe(request.periodLengthDays - 1);
            to = from - 86_400_000;
          }
        }
      }
    }),
  );
});
