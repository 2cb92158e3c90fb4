import { type DataTypeKey, dataTypes, fieldsOf } from '@tributary/model';
import { expect, test } from 'vitest';
import { tableTypes } from './fields.ts';
import { referredType, relatedLists } from './references.ts';

test('references lead to the data type that they mean', () => {
  expect(referredType('invoices', 'customerRef', {})).toBe('customers');
  expect(referredType('invoices', 'payment', {})).toBe('payments');
  expect(referredType('bills', 'payment', {})).toBe('billPayments');
  expect(referredType('payments', 'links', { type: 'Invoice' })).toBe('invoices');
  expect(referredType('billPayments', 'links', { type: 'CreditNote' })).toBe('billCreditNotes');
  expect(referredType('journalEntries', 'recordRef', { dataType: 'bills' })).toBe('bills');
  expect(referredType('transfers', 'accountRef', { dataType: 'accounts' })).toBe('chartOfAccounts');
  expect(referredType('invoices', 'projectRef', {})).toBeUndefined();
});

test('lists of related records ask for properties that the API knows', () => {
  const offered = new Set(tableTypes);
  for (const dataType of tableTypes) {
    for (const { dataType: listed, query } of relatedLists(dataType, 'a "b"', offered)) {
      const property = query.slice(0, query.indexOf('=')).toLowerCase();
      expect(fieldsOf(dataTypes[listed as DataTypeKey].response).has(property), `${listed}: ${query}`).toBe(
        true,
      );
    }
  }
  expect(relatedLists('customers', 'a "b"', offered)[0]?.query).toBe('customerRef.id="a ""b"""');
  expect(relatedLists('customers', '1', new Set())).toEqual([]);
});
