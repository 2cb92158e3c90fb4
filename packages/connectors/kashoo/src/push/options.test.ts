import type { BookChoices, WriteOption } from '@tributary/connector-kit';
import { expect, test } from 'vitest';
import { writing } from './options.ts';

const books: BookChoices = {
  accounts: [
    { id: '1', name: 'Sales', nominalCode: '4000', isBankAccount: false },
    { id: '2', name: 'Bank', isBankAccount: true },
  ],
  taxRates: [{ id: '7', name: 'GST' }],
};

const all = [...writing.dataTypes].map((dataType) => [dataType, writing.describe(dataType, books)] as const);

/** An option and everything below it. */
function parts(option: WriteOption): WriteOption[] {
  return [option, ...Object.values(option.properties ?? {}).flatMap(parts)];
}

test('ten kinds of records can be written, one of them by two names', () => {
  expect([...writing.dataTypes].toSorted()).toEqual([
    'billPayments',
    'bills',
    'chartOfAccounts',
    'customers',
    'invoices',
    'items',
    'journalEntries',
    'journals',
    'payments',
    'suppliers',
    'transfers',
  ]);
});

test.each(all)(
  'every property of %s is named and explained; only objects and lists have properties',
  (_key, option) => {
    for (const part of parts(option)) {
      expect(part.displayName).not.toBe('');
      expect(part.description).not.toBe('');
      const isNested = part.type === 'Object' || part.type === 'Array';
      expect(part.properties !== undefined, part.displayName).toBe(isNested);
    }
  },
);

test('lines take any account, money goes through bank accounts only', () => {
  const idsOf = (option: WriteOption | undefined) =>
    option?.properties?.['id']?.options?.map(({ value, displayName }) => `${value} ${displayName}`);
  const lines = writing.describe('invoices', books).properties?.['lineItems'];
  expect(idsOf(lines?.properties?.['accountRef'])).toEqual(['1 4000 Sales', '2 Bank']);
  expect(idsOf(lines?.properties?.['taxRateRef'])).toEqual(['7 GST']);
  expect(idsOf(writing.describe('payments', books).properties?.['accountRef'])).toEqual(['2 Bank']);
});

test('what cannot be written is a mistake of the caller', () => {
  expect(() => writing.describe('balanceSheet', books)).toThrow(TypeError);
});
