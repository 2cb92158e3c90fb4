/** The rules say what a plain reading of them says, of records as they are mapped and as they are read back. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { DataTypeKey } from '../data-types.ts';
import { parseExactJson } from '../exact-json.ts';
import { exactNumber } from '../exact-number.ts';
import { amountOf, amountText, compareAmounts, minus, plus, rounded } from './amounts.ts';
import type { IntegrityJudge } from './judge.ts';
import { digits, mapped, type PlainBooks, plainFindings, plainRecords } from './plain-rules.fixture.ts';
import { integrityRules } from './rules.ts';
import { missingText, oddRateText } from './texts.ts';

const ids = ['1', '2'];
const read = {
  customers: ids,
  suppliers: ids,
  chartOfAccounts: ids,
  taxRates: ids,
  invoices: ids,
  bankAccounts: ids,
};
const books: readonly PlainBooks[] = [
  { currency: 'GBP', ids: { ...read, items: ids, bills: ids } },
  { currency: undefined, ids: read },
];

function findingsOf(dataType: DataTypeKey, record: object, { currency, ids }: PlainBooks): string[] {
  const found = new Set<string>();
  const judge: IntegrityJudge = {
    found: ({ id }, message) => void found.add(`${id.slice(-3)} ${message}`),
    refers(rule, id) {
      if (ids[rule.target]?.includes(id) === false) this.found(rule, missingText(rule, id));
    },
    rates(rule, of, rate) {
      const message = currency && oddRateText(currency, of, rate);
      if (message) this.found(rule, message);
    },
  };
  integrityRules[dataType]?.check(record, judge);
  return [...found].sort();
}

describe('the rules of', () => {
  test.each(Object.entries(plainRecords))('%s', (key, records) => {
    const dataType = key as DataTypeKey;
    let broken = 0;
    fc.assert(
      fc.property(records, fc.constantFrom(...books), (plain, known) => {
        const expected = plainFindings(dataType, plain, known);
        const record = mapped(plain) as object;
        expect(findingsOf(dataType, record, known)).toEqual(expected);
        expect(findingsOf(dataType, parseExactJson(JSON.stringify(record)) as object, known)).toEqual(
          expected,
        );
        if (expected.length > 0) broken += 1;
      }),
      { numRuns: 1000 },
    );
    expect(broken).toBeGreaterThan(50);
  });
});

it('amounts are exact, whatever they are made of', () => {
  const millionths = fc.oneof(
    fc.bigInt({ min: -(10n ** 26n), max: 10n ** 26n }),
    fc.integer().map((cents) => BigInt(cents) * 10_000n),
  );
  fc.assert(
    fc.property(millionths, millionths, fc.boolean(), (a, b, isParsed) => {
      const of = (value: bigint) => {
        const exact = exactNumber(digits(value));
        const amount = amountOf(isParsed ? parseExactJson(JSON.stringify(exact)) : exact);
        if (amount === undefined) throw new Error(`${digits(value)} is an amount`);
        return amount;
      };
      expect(amountText(plus(of(a), of(b)))).toBe(digits(a + b));
      expect(amountText(minus(of(a), of(b)))).toBe(digits(a - b));
      expect(Math.sign(compareAmounts(of(a), of(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      const half = a < 0n ? -5_000n : 5_000n;
      expect(amountText(rounded(of(a)))).toBe(digits(((a + half) / 10_000n) * 10_000n));
    }),
    { numRuns: 2000 },
  );
});

it.each([undefined, null, '12', 'Infinity', true, {}, [], Number.NaN, Number.POSITIVE_INFINITY])(
  '%s is no amount',
  (value) => {
    expect(amountOf(value)).toBeUndefined();
  },
);

it.each(Object.entries(integrityRules))(
  'a damaged document of %s breaks no check',
  (_dataType, { check }) => {
    const judge: IntegrityJudge = { found() {}, refers() {}, rates() {} };
    for (const damaged of [null, 1, 'text', [], [{}]]) {
      const record = Object.fromEntries(
        [
          'lineItems',
          'lines',
          'journalLines',
          'paymentAllocations',
          'customerRef',
          'supplierRef',
          'accountRef',
          'from',
          'to',
          'bankAccountRef',
          'totalAmount',
          'date',
          'assets',
          'income',
          'currency',
        ].map((name) => [name, damaged]),
      );
      expect(() => check(record, judge)).not.toThrow();
    }
  },
);
