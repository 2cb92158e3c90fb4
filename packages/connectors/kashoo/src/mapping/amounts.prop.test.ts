import { parseDecimal } from '@tributary/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KashooLookup } from '../lookup.ts';
import { mapRecord } from './map.ts';
import { digitsOf, mapOne } from './test-records.fixture.ts';

/** Cents, far beyond what a double holds. */
const anyCents = fc.oneof(
  fc.bigInt({ min: -10_000n, max: 10_000n }),
  fc.bigInt({ min: -(10n ** 16n) + 1n, max: 10n ** 16n - 1n }),
);
const rates = [
  ['', undefined],
  ['FIVE', { unscaled: 5n, scale: 0 }],
  ['FINE', { unscaled: 14975n, scale: 3 }],
  ['ZERO', { unscaled: 0n, scale: 0 }],
] as const;
const lookup = new KashooLookup({
  homeCurrency: 'CAD',
  taxes: new Map(
    rates.map(([code, effectiveRate]) => [code, { id: `tax-${code}`, name: code, effectiveRate }]),
  ),
});

const anyLine = fc.record({
  amount: anyCents,
  taxCode: fc.constantFrom(...rates.map(([code]) => code)),
  quantity: fc.constantFrom('1', '3', '0.5', '-2'),
});

/** An invoice whose totals are those of its lines; its tax is rounded once, as platforms do, and not line by line. */
const anySale = fc
  .record({
    lines: fc.array(anyLine, { minLength: 1, maxLength: 8 }),
    roundingCents: fc.bigInt({ min: -3n, max: 3n }),
  })
  .map(({ lines, roundingCents }) => {
    const beforeTaxes = lines.reduce((total, { amount }) => total + amount, 0n);
    const total = beforeTaxes + beforeTaxes / 20n + roundingCents;
    const lineItems = lines.map(
      ({ amount, taxCode, quantity }) =>
        `{"account":5,"quantity":${quantity},"rate":1.5,"amount":${amount},"taxCode":"${taxCode}"}`,
    );
    return {
      beforeTaxes,
      total,
      wire: `{"id":1,"date":"2024-01-31","totalBeforeTaxes":${beforeTaxes},"totalDue":${total},"balanceDue":${total},"lineItems":[${lineItems}]}`,
    };
  });

const centsOf = (amount: unknown): bigint => {
  const { unscaled, scale } = parseDecimal(digitsOf(amount) ?? 'none');
  return unscaled * 10n ** BigInt(2 - scale);
};
const totalOf = (amounts: readonly unknown[]): bigint =>
  amounts.reduce<bigint>((total, amount) => total + centsOf(amount), 0n);

describe('of any invoice or bill, negative or huge', () => {
  test('the lines add up to its totals to the cent, and the totals are those of the platform', () => {
    fc.assert(
      fc.property(anySale, ({ wire, beforeTaxes, total }) => {
        const { record: invoice, rules } = mapOne('invoices', wire, lookup);
        const lines = invoice.lineItems ?? [];
        expect(centsOf(invoice.subTotal)).toBe(beforeTaxes);
        expect(centsOf(invoice.totalAmount)).toBe(total);
        expect(centsOf(invoice.totalTaxAmount)).toBe(total - beforeTaxes);
        expect(totalOf(lines.map(({ subTotal }) => subTotal))).toBe(beforeTaxes);
        expect(totalOf(lines.map(({ taxAmount }) => taxAmount))).toBe(total - beforeTaxes);
        expect(totalOf(lines.map(({ totalAmount }) => totalAmount))).toBe(total);
        expect(rules).toEqual([]);
        const { record: bill } = mapOne('bills', wire, lookup);
        expect(totalOf((bill.lineItems ?? []).map(({ totalAmount }) => totalAmount))).toBe(
          centsOf(bill.totalAmount),
        );
      }),
    );
  });

  test('a line without an amount is quantity times rate to the cent, half away from zero', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999, max: 999_999 }),
        fc.integer({ min: -99_999_999, max: 99_999_999 }),
        (thousandths, tenThousandths) => {
          const quantity = thousandths / 1000;
          const rate = tenThousandths / 10_000;
          const { record } = mapOne(
            'invoices',
            `{"id":1,"date":"2024-01-31","lineItems":[{"quantity":${quantity},"rate":${rate}}]}`,
            lookup,
          );
          const exact = BigInt(thousandths) * BigInt(tenThousandths);
          const sign = exact < 0n ? -1n : 1n;
          expect(totalOf([record.lineItems?.[0]?.subTotal])).toBe(
            sign * ((sign * exact + 50_000n) / 100_000n),
          );
        },
      ),
    );
  });
});

describe('of any payment', () => {
  const allocation = fc.record({ record: fc.integer({ min: 1, max: 99 }), amount: anyCents });
  const anyPayment = fc.record({
    amount: anyCents,
    unallocatedAmount: fc.option(anyCents, { nil: undefined }),
    allocations: fc.array(allocation, { maxLength: 6 }),
    contact: fc.constantFrom(0, 8),
  });

  test('the lines add up to its total, and each link takes off its record what the platform allocated', () => {
    fc.assert(
      fc.property(anyPayment, ({ amount, unallocatedAmount, allocations, contact }) => {
        const wire = `{"id":1,"date":"2024-01-31","amount":${amount},"contact":${contact},"unallocatedAmount":${unallocatedAmount ?? null},
          "allocations":[${allocations.map(({ record, amount: allocated }) => `{"record":${record},"amount":${allocated}}`)}]}`;
        for (const dataType of ['payments', 'billPayments'] as const) {
          const { record } = mapOne(dataType, wire, lookup);
          const lines = record.lines ?? [];
          expect(centsOf(record.totalAmount)).toBe(amount);
          expect(totalOf(lines.map((line) => line.amount))).toBe(amount);
          const links = lines
            .slice(0, allocations.length)
            .map(({ links: [link] = [] }) => [link?.id, centsOf(link?.amount)]);
          expect(links).toEqual(
            allocations.map(({ record: id, amount: allocated }) => [String(id), -allocated]),
          );
          const rest = lines.slice(allocations.length);
          expect(rest.length).toBeLessThanOrEqual(1);
          for (const { links: [link] = [] } of rest) {
            expect(link).toMatchObject({ type: 'PaymentOnAccount', id: contact === 0 ? 'NullId' : '8' });
          }
        }
      }),
    );
  });
});

test('mapping is idempotent and total: any JSON at all is mapped or quarantined, twice the same', () => {
  const member = fc.oneof(
    fc.jsonValue(),
    anyCents.map(String),
    fc.constantFrom('2024-01-31', 0, 1, -0.5, ''),
  );
  const names = [
    'id',
    'date',
    'totalDue',
    'balanceDue',
    'lineItems',
    'payments',
    'contact',
    'currency',
    'exchangeRate',
    'allocations',
    'amount',
    'removed',
  ];
  const anyObject = fc.dictionary(fc.constantFrom(...names), member);
  const types = [
    'invoices',
    'bills',
    'payments',
    'customers',
    'items',
    'taxRates',
    'company',
    'chartOfAccounts',
  ] as const;
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.oneof(anyObject, fc.jsonValue()), (dataType, json) => {
      const record = { id: 'x', raw: JSON.stringify(json) };
      const once = mapRecord(dataType, record, lookup);
      expect(JSON.stringify(mapRecord(dataType, record, lookup))).toBe(JSON.stringify(once));
    }),
    { numRuns: 500 },
  );
});
