import { describe, expect, test } from 'vitest';
import { digitsOf, mapOne } from './test-records.fixture.ts';

const head = { id: 1, date: '2024-01-31', currency: 'CAD', homeCurrency: 'CAD' };
const linesOf = (wire: object) => {
  const { record, rules } = mapOne('payments', { ...head, ...wire });
  return {
    lines: JSON.parse(
      JSON.stringify(
        record.lines?.map(({ amount, links }) => [
          amount,
          links?.[0]?.type,
          links?.[0]?.id,
          links?.[0]?.amount,
        ]),
      ),
    ),
    rules,
  };
};

describe('the lines of a payment', () => {
  test('link each allocation with the opposite sign', () => {
    expect(
      linesOf({
        amount: 300,
        unallocatedAmount: 0,
        allocations: [
          { record: 5, amount: 100 },
          { record: 6, amount: 200 },
        ],
      }),
    ).toEqual({
      lines: [
        [1, 'Invoice', '5', -1],
        [2, 'Invoice', '6', -2],
      ],
      rules: [],
    });
  });

  test('keep what is left as a payment on account of the customer, or of nobody', () => {
    const rest = { amount: 300, unallocatedAmount: 200, allocations: [{ record: 5, amount: 100 }] };
    expect(linesOf({ ...rest, contact: 8 }).lines[1]).toEqual([2, 'PaymentOnAccount', '8', -2]);
    expect(linesOf(rest).lines[1]).toEqual([2, 'PaymentOnAccount', 'NullId', -2]);
  });

  test('take the rest from amount and allocations when the platform does not state it', () => {
    expect(linesOf({ amount: 300, allocations: [{ record: 5, amount: 100 }] }).lines).toEqual([
      [1, 'Invoice', '5', -1],
      [2, 'PaymentOnAccount', 'NullId', -2],
    ]);
  });

  test('of a refund are negative and settle a negative invoice', () => {
    expect(
      linesOf({ amount: -300, unallocatedAmount: 0, allocations: [{ record: 5, amount: -300 }] }).lines,
    ).toEqual([[-3, 'Invoice', '5', 3]]);
  });

  test('of a payment of nothing are none', () => {
    expect(linesOf({ amount: 0, unallocatedAmount: 0, allocations: [] })).toEqual({ lines: [], rules: [] });
  });

  test('share the payment in proportion when its records are in another currency, links keeping theirs, with a warning', () => {
    const allocations = [
      { record: 5, amount: 100 },
      { record: 6, amount: 200 },
    ];
    expect(linesOf({ amount: 401, unallocatedAmount: 0, allocations })).toEqual({
      lines: [
        [1.34, 'Invoice', '5', -1],
        [2.67, 'Invoice', '6', -2],
      ],
      rules: ['allocations-differ-from-payment'],
    });
  });

  test('keep what allocations that cancel out leave over', () => {
    const allocations = [
      { record: 5, amount: 100 },
      { record: 6, amount: -100 },
    ];
    expect(linesOf({ amount: 50, unallocatedAmount: 0, allocations }).lines).toEqual([
      [1, 'Invoice', '5', -1],
      [-1, 'Invoice', '6', 1],
      [0.5, 'PaymentOnAccount', 'NullId', -0.5],
    ]);
  });

  test('add up to what is stated when the platform states no amount', () => {
    const { record } = mapOne('payments', {
      ...head,
      unallocatedAmount: 50,
      allocations: [{ record: 5, amount: 100 }],
    });
    expect(digitsOf(record.totalAmount)).toBe('1.5');
  });

  test('of a bill payment link bills', () => {
    const { record } = mapOne('billPayments', {
      ...head,
      contact: 8,
      amount: 300,
      unallocatedAmount: 200,
      allocations: [{ record: 5, amount: 100 }],
    });
    expect(record.lines?.flatMap(({ links }) => links?.map(({ type, id }) => `${type} ${id}`))).toEqual([
      'Bill 5',
      'PaymentOnAccount 8',
    ]);
  });
});

test('a payment without a bank account has no account, and one without a method no method', () => {
  const { record } = mapOne('payments', { ...head, amount: 5, account: 0, method: '' });
  expect(JSON.stringify(record)).not.toMatch(/accountRef|paymentMethodRef/);
});
