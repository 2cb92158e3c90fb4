import { describe, expect, test } from 'vitest';
import { KashooLookup } from '../lookup.ts';
import { financialYearStart } from './company.ts';
import { digitsOf, mapOne } from './test-records.fixture.ts';

describe('an account', () => {
  const types = {
    Asset: [
      'ACCOUNTS_RECEIVABLE',
      'BANK',
      'CASH',
      'FIXED_ASSET',
      'INVENTORY',
      'OTHER_ASSET',
      'OTHER_CURRENT_ASSET',
      'PREPAID_EXPENSE',
    ],
    Liability: [
      'ACCOUNTS_PAYABLE',
      'CLIENT_CREDIT',
      'CREDIT_CARD',
      'LONG_TERM_LIABILITY',
      'OTHER_CURRENT_LIABILITY',
      'PAYROLL_TAX',
      'TAXES',
    ],
    Equity: ['EQUITY', 'RETAINED_EARNINGS'],
    Income: ['INCOME', 'GAIN_OR_LOSS_ON_EXCHANGE'],
    Expense: ['COST_OF_GOODS_SOLD', 'EXPENSE'],
  };
  const cases = Object.entries(types).flatMap(([expected, names]) =>
    names.map((type) => [type, expected] as const),
  );

  test.each(cases)('of type %s is %s, in any case', (type, expected) => {
    for (const spelling of [type, type.toLowerCase()]) {
      const { record, rules } = mapOne('chartOfAccounts', {
        account: { id: 1, type: spelling },
        balance: { balance: 0 },
      });
      expect(record.type).toBe(expected);
      expect(record.fullyQualifiedCategory?.split('.')[0]).toBe(expected);
      expect(record.isBankAccount).toBe(['BANK', 'CREDIT_CARD', 'CASH'].includes(type));
      expect(rules).toEqual([]);
    }
  });

  test.each(['CRYPTO', '', null, undefined])('of type %j is Unknown, with a warning', (type) => {
    const { record, rules } = mapOne('chartOfAccounts', {
      account: { id: 1, type },
      balance: { balance: 0 },
    });
    expect(record.type).toBe('Unknown');
    expect(record.fullyQualifiedCategory).toBeUndefined();
    expect(rules).toEqual(['unknown-account-type']);
  });

  test.each([{}, { balance: null }, { balance: {} }, { balance: 'oops' }, { balance: { balance: 1.5 } }])(
    'with the balance %j has none, with a warning',
    (balance) => {
      const { record, rules } = mapOne('chartOfAccounts', { account: { id: 1, type: 'BANK' }, ...balance });
      expect(record.currentBalance).toBeUndefined();
      expect(rules).toEqual(['balance-missing']);
    },
  );

  test('keeps every digit of its balance', () => {
    const { record } = mapOne(
      'chartOfAccounts',
      '{"account":{"id":1,"type":"BANK"},"balance":{"balance":-9999999999999999}}',
    );
    expect(digitsOf(record.currentBalance)).toBe('-99999999999999.99');
  });

  test('whose parents lead back to itself gets a name that ends', () => {
    const accounts = new Map([
      ['1', { name: 'A', parentId: '2' }],
      ['2', { name: 'B', parentId: '1' }],
    ]);
    const { record } = mapOne(
      'chartOfAccounts',
      { account: { id: 1, name: 'A', type: 'BANK', parent: 2 } },
      new KashooLookup({ accounts }),
    );
    expect(record.fullyQualifiedName?.split(':')).toHaveLength(10);
  });
});

describe('a bank account', () => {
  test.each([
    ['CREDIT_CARD', undefined, 500, '5'],
    ['CREDIT_CARD', true, 500, '5'],
    ['CREDIT_CARD', false, 500, '-5'],
    ['BANK', false, -500, '-5'],
    ['BANK', true, 500, '-5'],
    ['CASH', undefined, 500, '5'],
  ])(
    'of type %s with normalBalanceCredit %j and balance %i has %s',
    (type, normalBalanceCredit, balance, expected) => {
      const { record } = mapOne('bankAccounts', {
        account: { id: 1, type, normalBalanceCredit },
        balance: { balance },
      });
      expect(digitsOf(record.balance)).toBe(expected);
      expect(record.accountType).toBe(type === 'CREDIT_CARD' ? 'Credit' : 'Debit');
    },
  );
});

test.each([
  ['12-31', '2024-05-20', '2024-01-01T00:00:00'],
  ['12-31', '2024-01-01', '2024-01-01T00:00:00'],
  ['12-31', '2024-12-31', '2024-01-01T00:00:00'],
  ['06-30', '2024-06-30', '2023-07-01T00:00:00'],
  ['06-30', '2024-07-01', '2024-07-01T00:00:00'],
  ['02-29', '2023-03-01', '2023-03-01T00:00:00'],
  ['02-28', '2024-02-29', '2024-02-29T00:00:00'],
  ['03-31', '2024-03-31', '2023-04-01T00:00:00'],
  ['06-31', '2024-07-01', '2024-07-01T00:00:00'],
  ['13-01', '2024-07-01', undefined],
  ['1231', '2024-07-01', undefined],
])('the financial year that ends on %s and has %s in it starts on %s', (end, today, expected) => {
  expect(financialYearStart(end, today)).toBe(expected);
});

test('a business without an address, phones or year has none of them', () => {
  const { record, rules, id } = mapOne(
    'company',
    { id: 5, name: 'Solo', contactInformation: null, fiscalYearEnd: 'June' },
    new KashooLookup({ today: '2024-01-01' }),
  );
  expect(JSON.parse(JSON.stringify(record))).toEqual({
    companyName: 'Solo',
    companyLegalName: 'Solo',
    accountingPlatformRef: '5',
  });
  expect(rules).toEqual(['unreadable-date']);
  expect(id).toBe('5');
});

test('a contact without details is a customer with a name and a status', () => {
  const { record } = mapOne('customers', {
    id: 5,
    name: 'Walk-in',
    contactInformation: {},
    address: ' ',
    phoneNumbers: '',
  });
  expect(JSON.parse(JSON.stringify(record))).toEqual({ id: '5', customerName: 'Walk-in', status: 'Active' });
});

test('a structured address that says nothing gives way to the text', () => {
  const contactInformation = { address: { street: '', city: null } };
  const { record } = mapOne('suppliers', { id: 5, name: 'X', contactInformation, address: '5 Back Lane' });
  expect(record.addresses).toEqual([{ type: 'Billing', line1: '5 Back Lane' }]);
});

describe('the rate of a tax', () => {
  test.each([
    ['without components', { rate: 7.25 }, '7.25', '7.25'],
    [
      'of its components',
      {
        components: [
          { name: 'A', rate: 5 },
          { name: 'B', rate: 7 },
        ],
      },
      '12',
      '12',
    ],
    [
      'that compounds',
      {
        components: [
          { name: 'A', rate: 5 },
          { name: 'B', rate: 9.5, compound: true },
        ],
      },
      '14.975',
      '14.5',
    ],
    ['stated by the platform', { rate: 15, components: [{ name: 'A', rate: 5 }] }, '15', '5'],
    ['of nothing', {}, undefined, undefined],
    ['of 0', { rate: 0.0, components: [] }, '0', '0'],
  ])('%s', (_name, members, effective, total) => {
    const { record } = mapOne('taxRates', { id: 1, ...members });
    expect([digitsOf(record.effectiveTaxRate), digitsOf(record.totalTaxRate)]).toEqual([effective, total]);
  });
});

describe('an item', () => {
  test.each([
    [{ defaultBuyRate: 1 }, true, false],
    [{ defaultSellRate: 1 }, false, true],
    [{ debitAccount: 5 }, true, false],
    [{ creditAccount: 5 }, false, true],
    [{ defaultBuyRate: 0, defaultSellRate: 0 }, false, false],
    [{}, false, false],
  ])('with %j is bought: %j, sold: %j', (members, isBillItem, isInvoiceItem) => {
    const { record } = mapOne('items', { id: 1, name: 'X', ...members });
    expect(record).toMatchObject({ isBillItem, isInvoiceItem, type: 'Unknown' });
    expect(record.billItem !== undefined).toBe(isBillItem);
    expect(record.invoiceItem !== undefined).toBe(isInvoiceItem);
  });
});
