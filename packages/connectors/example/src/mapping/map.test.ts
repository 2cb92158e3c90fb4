import { expect, test } from 'vitest';
import { mapRecord } from './map.ts';

const CHANGED = Date.UTC(2026, 2, 1, 10);
const documentOf = (dataType: 'customers' | 'invoices', record: object) => {
  const outcome = mapRecord(dataType, { id: '7', raw: JSON.stringify(record) });
  return outcome.kind === 'mapped' ? JSON.parse(JSON.stringify(outcome.record)) : outcome;
};
const invoice = {
  id: 7,
  number: 'INV-1',
  client: 9,
  date: '2026-02-28',
  amount: 1999,
  memo: 'Order',
  changed: CHANGED,
};

test('an invoice becomes this document', () => {
  expect(documentOf('invoices', invoice)).toEqual({
    id: '7',
    invoiceNumber: 'INV-1',
    customerRef: { id: '9' },
    issueDate: '2026-02-28T00:00:00',
    totalTaxAmount: 0,
    totalAmount: 19.99,
    amountDue: 19.99,
    status: 'Submitted',
    note: 'Order',
    sourceModifiedDate: '2026-03-01T10:00:00.000Z',
  });
});

test('an invoice of nobody says so, and what the platform lacks is absent', () => {
  const { client: _client, memo: _memo, ...bare } = invoice;
  const document = documentOf('invoices', bare);
  expect(document.customerRef).toEqual({ id: 'NullId', companyName: 'Customer not specified' });
  expect(document).not.toHaveProperty('note');
});

test('a client becomes this document', () => {
  expect(documentOf('customers', { id: 9, name: 'Søn & Co', changed: CHANGED })).toEqual({
    id: '9',
    customerName: 'Søn & Co',
    status: 'Active',
    sourceModifiedDate: '2026-03-01T10:00:00.000Z',
  });
});

test.each([
  ['an amount with decimals', { ...invoice, amount: 19.99 }],
  ['a day that is none', { ...invoice, date: '2026-02-30' }],
  ['no number', { ...invoice, number: undefined }],
])('%s is quarantined with the reason', (_what, record) => {
  expect(documentOf('invoices', record)).toMatchObject({
    kind: 'quarantined',
    reason: expect.stringMatching(/\w/),
  });
});
