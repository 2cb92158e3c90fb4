import { describe, expect, test } from 'vitest';
import { KashooLookup } from '../lookup.ts';
import { mapOne } from './test-records.fixture.ts';

const head = { id: 1, date: '2024-01-31', currency: 'CAD', homeCurrency: 'CAD' };
const line = (amount: number, more: object = {}) => ({
  account: 540,
  quantity: 1,
  rate: amount / 100,
  amount,
  ...more,
});
const text = (value: unknown) => JSON.stringify(value);

describe('the status', () => {
  test.each([
    [{ totalDue: 100, balanceDue: 100 }, 'Submitted', 'Open'],
    [{ totalDue: 100, balanceDue: 40 }, 'PartiallyPaid', 'PartiallyPaid'],
    [{ totalDue: 100, balanceDue: 0 }, 'Paid', 'Paid'],
    [{ totalDue: 100, balanceDue: -1 }, 'Paid', 'Paid'],
    [{ totalDue: 0, balanceDue: 0 }, 'Paid', 'Paid'],
    [{ totalDue: 100, balanceDue: 120 }, 'Submitted', 'Open'],
    [{ totalDue: -100, balanceDue: -100 }, 'Submitted', 'Open'],
    [{ totalDue: -100, balanceDue: -40 }, 'Submitted', 'Open'],
    [{ totalDue: -100, balanceDue: 0 }, 'Paid', 'Paid'],
    [{ totalDue: 100, balanceDue: 0, removed: true }, 'Void', 'Void'],
    [{ totalDue: 100, balanceDue: 100, removed: true }, 'Void', 'Void'],
    [{ totalDue: 100, totalPaid: 30 }, 'PartiallyPaid', 'PartiallyPaid'],
    [{ totalDue: 100, paid: true }, 'Paid', 'Paid'],
    [{ totalDue: 100, payments: [{ record: 9, amount: 100, date: '2024-02-01' }] }, 'Paid', 'Paid'],
    [{ totalDue: 100 }, 'Submitted', 'Open'],
  ])('of %j is %s, as a bill %s', (amounts, invoiceStatus, billStatus) => {
    expect(mapOne('invoices', { ...head, ...amounts }).record.status).toBe(invoiceStatus);
    expect(mapOne('bills', { ...head, ...amounts }).record.status).toBe(billStatus);
  });

  test('removed goes with the mark of deletion', () => {
    expect(mapOne('invoices', { ...head, totalDue: 1, removed: true }).isDeleted).toBe(true);
    expect(mapOne('invoices', { ...head, totalDue: 1 }).isDeleted).toBe(false);
  });
});

describe('paidOnDate', () => {
  const payments = [
    { record: 9, amount: 50, date: '2024-03-01' },
    { record: 8, amount: 50, date: '2024-02-01' },
  ];
  test('is the date of the last payment of an invoice that is fully paid', () => {
    expect(mapOne('invoices', { ...head, totalDue: 100, balanceDue: 0, payments }).record.paidOnDate).toBe(
      '2024-03-01T00:00:00',
    );
  });
  test.each([
    [{ totalDue: 100, balanceDue: 1, payments }],
    [{ totalDue: 100, balanceDue: 0, payments, removed: true }],
    [{ totalDue: 0, balanceDue: 0 }],
  ])('is absent for %j', (amounts) => {
    expect(mapOne('invoices', { ...head, ...amounts }).record.paidOnDate).toBeUndefined();
  });
});

describe('the NullId rule', () => {
  const none = [
    ['absent', {}],
    ['null', { contact: null, contactName: null }],
    ['0', { contact: 0, contactName: '' }],
    ['"0"', { contact: '0', contactName: 'Somebody' }],
    ['empty', { contact: '', contactName: '   ' }],
  ] as const;
  test.each(none)('holds for an invoice, a bill and both payments whose contact is %s', (_name, contact) => {
    const record = { ...head, ...contact, totalDue: 0, amount: 0 };
    const noCustomer = { id: 'NullId', companyName: 'Customer not specified' };
    const noSupplier = { id: 'NullId', supplierName: 'Supplier not specified' };
    expect(mapOne('invoices', record).record.customerRef).toEqual(noCustomer);
    expect(mapOne('payments', record).record.customerRef).toEqual(noCustomer);
    expect(mapOne('bills', record).record.supplierRef).toEqual(noSupplier);
    expect(mapOne('billPayments', record).record.supplierRef).toEqual(noSupplier);
  });

  test.each([undefined, null, 0, ''])('holds for a line whose account is %j', (account) => {
    const record = { ...head, totalDue: 100, lineItems: [line(100, { account })] };
    const expected = { id: 'NullId', name: 'Account not specified' };
    expect(mapOne('invoices', record).record.lineItems?.[0]?.accountRef).toEqual(expected);
    expect(mapOne('bills', record).record.lineItems?.[0]?.accountRef).toEqual(expected);
  });

  test('leaves out the name of a contact or account that nobody names, and keeps the id', () => {
    const { record } = mapOne('invoices', {
      ...head,
      contact: 77,
      totalDue: 100,
      lineItems: [line(100, { account: 88 })],
    });
    expect(text(record.customerRef)).toBe('{"id":"77"}');
    expect(text(record.lineItems?.[0]?.accountRef)).toBe('{"id":"88"}');
  });
});

describe('amounts', () => {
  const taxes = new Map([
    ['T', { id: '60', name: 'Tax', effectiveRate: { unscaled: 5n, scale: 0 } }],
    ['ZERO', { id: '61', name: undefined, effectiveRate: { unscaled: 0n, scale: 0 } }],
  ]);
  const lookup = new KashooLookup({ homeCurrency: 'CAD', taxes });

  test('keep every digit of an amount of 99999999999999.99 and beyond 2^53', () => {
    const { record } = mapOne(
      'invoices',
      `{"id":1,"date":"2024-01-31","totalBeforeTaxes":9999999999999999,"totalDue":9999999999999999,"balanceDue":-92233720368547758,
        "lineItems":[{"account":1,"quantity":1,"rate":99999999999999.99,"amount":9999999999999999}]}`,
    );
    expect(text(record.totalAmount)).toBe('99999999999999.99');
    expect(text(record.amountDue)).toBe('-922337203685477.58');
    expect(text(record.lineItems?.[0]?.unitAmount)).toBe('99999999999999.99');
    expect(text(record.lineItems?.[0]?.totalAmount)).toBe('99999999999999.99');
  });

  test('keep the digits of a quantity and a rate', () => {
    const { record } = mapOne(
      'invoices',
      '{"id":1,"date":"2024-01-31","totalDue":123,"lineItems":[{"quantity":0.333333333333333333,"rate":3.6899999999999999999,"amount":123}]}',
    );
    expect(text(record.lineItems?.[0]?.quantity)).toBe('0.333333333333333333');
    expect(text(record.lineItems?.[0]?.unitAmount)).toBe('3.6899999999999999999');
  });

  test('of a negative invoice stay negative, and its lines add up', () => {
    const record = {
      ...head,
      totalBeforeTaxes: -333,
      totalDue: -350,
      balanceDue: -350,
      lineItems: [line(-111, { taxCode: 'T' }), line(-222, { taxCode: 'T' })],
    };
    const { record: mapped } = mapOne('invoices', record, lookup);
    expect(
      mapped.lineItems?.map(({ subTotal, taxAmount, totalAmount }) =>
        text([subTotal, taxAmount, totalAmount]),
      ),
    ).toEqual(['[-1.11,-0.06,-1.17]', '[-2.22,-0.11,-2.33]']);
    expect(text([mapped.subTotal, mapped.totalTaxAmount, mapped.totalAmount])).toBe('[-3.33,-0.17,-3.5]');
  });

  test('that are all zero give zero, never minus zero', () => {
    const { record } = mapOne(
      'invoices',
      { ...head, totalDue: 0, balanceDue: 0, lineItems: [line(0), line(-0)] },
      lookup,
    );
    expect(text(record)).not.toMatch(/[:[,]-0/);
    expect(record.status).toBe('Paid');
  });

  test('of tax go to taxed lines only; the remainder of rounding to the largest of them', () => {
    const lineItems = [line(90_000), line(1_010, { taxCode: 'T' }), line(2_030, { taxCode: 'T' })];
    const { record } = mapOne(
      'invoices',
      { ...head, totalBeforeTaxes: 93_040, totalDue: 93_040 + 152, lineItems },
      lookup,
    );
    // 50.5 and 101.5 cents round to 51 and 102, a cent too much.
    expect(record.lineItems?.map(({ taxAmount }) => text(taxAmount))).toEqual(['0', '0.51', '1.01']);
  });

  test('of tax without any tax code go to the largest line', () => {
    const { record } = mapOne('invoices', {
      ...head,
      totalBeforeTaxes: 300,
      totalDue: 310,
      lineItems: [line(100), line(200)],
    });
    expect(record.lineItems?.map(({ taxAmount }) => text(taxAmount))).toEqual(['0', '0.1']);
  });

  test('of tax come from the stated taxes when the totals do not tell them apart', () => {
    const taxAmounts = [
      { taxCode: 'T', name: 'Tax', amount: 10 },
      { taxCode: 'T', name: 'Other', amount: 5 },
    ];
    const { record } = mapOne(
      'invoices',
      { ...head, totalDue: 315, taxAmounts, lineItems: [line(300, { taxCode: 'T' })] },
      lookup,
    );
    expect(text([record.subTotal, record.totalTaxAmount, record.totalAmount])).toBe('[3,0.15,3.15]');
  });

  test('are worked out from the lines when the record tells no total', () => {
    const { record } = mapOne(
      'bills',
      { ...head, lineItems: [line(300, { taxCode: 'T' }), line(100, { taxCode: 'ZERO' })] },
      lookup,
    );
    expect(text([record.subTotal, record.taxAmount, record.totalAmount, record.amountDue])).toBe(
      '[4,0.15,4.15,4.15]',
    );
  });

  test('of a line without an amount come from quantity and rate, rounding settled on the largest such line', () => {
    const lineItems = [
      { quantity: 3, rate: 0.333 },
      { quantity: 1.5, rate: 1.27 },
    ];
    const { record, rules } = mapOne('invoices', {
      ...head,
      totalBeforeTaxes: 290,
      totalDue: 290,
      lineItems,
    });
    expect(record.lineItems?.map(({ subTotal }) => text(subTotal))).toEqual(['1', '1.9']);
    expect(rules).toEqual([]);
  });

  test('of a line without a rate give the price of one', () => {
    const lineItems = [{ quantity: 3, amount: 100 }, { quantity: 0, amount: 50 }, { amount: 70 }, {}];
    const { record } = mapOne('invoices', { ...head, totalDue: 220, lineItems });
    expect(record.lineItems?.map(({ unitAmount, quantity }) => text([unitAmount, quantity]))).toEqual([
      '[0.333333,3]',
      '[0.5,0]',
      '[0.7,1]',
      '[0,1]',
    ]);
  });

  test('that the platform states are never changed: lines that do not add up are reported', () => {
    const { record, rules } = mapOne('invoices', {
      ...head,
      totalBeforeTaxes: 500,
      totalDue: 500,
      lineItems: [line(100), line(200)],
    });
    expect(record.lineItems?.map(({ subTotal }) => text(subTotal))).toEqual(['1', '2']);
    expect(text(record.totalAmount)).toBe('5');
    expect(rules).toEqual(['lines-differ-from-total']);
  });
});

describe('references of lines', () => {
  test('to a tax code that the business does not list keep the code as id, with a warning', () => {
    const { record, rules } = mapOne('invoices', {
      ...head,
      totalDue: 100,
      lineItems: [line(100, { taxCode: 'NEW' })],
    });
    expect(record.lineItems?.[0]?.taxRateRef).toEqual({ id: 'NEW' });
    expect(rules).toEqual(['unknown-tax-code']);
  });

  test('to an item that has no name keep its id', () => {
    const { record } = mapOne('invoices', { ...head, totalDue: 100, lineItems: [line(100, { item: 5 })] });
    expect(record.lineItems?.[0]?.itemRef).toEqual({ id: '5' });
  });
});

describe('dates', () => {
  test('that are optional and unreadable are left out with a warning', () => {
    const payments = [{ record: 9, amount: 100, date: '2024-13-01' }];
    const { record, rules } = mapOne('invoices', {
      ...head,
      dueDate: '31.01.2024',
      totalDue: 100,
      balanceDue: 0,
      payments,
    });
    expect(record.dueDate).toBeUndefined();
    expect(record.paidOnDate).toBeUndefined();
    expect(rules).toEqual(['unreadable-date', 'unreadable-date']);
  });

  test.each([
    ['2024-03-10T09:08:07', undefined],
    [17, '1970-01-01T00:00:00.017Z'],
    ['2024-03-10T09:08:07+02:00', '2024-03-10T07:08:07.000Z'],
  ])('lastModified %j is %j', (lastModified, expected) => {
    const { record, rules, sourceModifiedAt } = mapOne('invoices', { ...head, totalDue: 1, lastModified });
    expect(record.sourceModifiedDate).toBe(expected);
    expect(sourceModifiedAt).toBe(expected);
    expect(rules).toEqual(expected === undefined ? ['unreadable-instant'] : []);
  });
});
