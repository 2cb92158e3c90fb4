import { parseExactJson } from '@tributary/model/exact-json';
import { expect, test } from 'vitest';
import { memberLabel, memberText, shapeOf } from './record-shape.ts';
import { type DataRecord, fieldText, isDeleted, recordName } from './values.ts';

const read = (text: string) => parseExactJson(text) as DataRecord;
const total = { path: 'totalAmount', label: 'Total', kind: 'money', currency: 'currency' } as const;

test('amounts keep their last digit, whatever their size', () => {
  expect(fieldText(read('{"totalAmount":99999999999999.99,"currency":"GBP"}'), total, 'en-GB')).toBe(
    '£99,999,999,999,999.99',
  );
  expect(fieldText(read('{"totalAmount":-0.1}'), total, 'en-GB')).toBe('-0.10');
  expect(fieldText(read('{"totalAmount":1234,"currency":"JPY"}'), total, 'en-GB')).toBe('JP¥1,234');
  expect(fieldText(read('{"totalAmount":90071992547409931,"currency":"zz"}'), total, 'en-GB')).toBe(
    '90,071,992,547,409,931.00 zz',
  );
});

test('what a record does not have stays empty', () => {
  expect(fieldText({}, total)).toBe('');
  expect(fieldText({ customerRef: null }, { path: 'customerRef.id', label: '', kind: 'text' })).toBe('');
});

test('members without a definition are written by what they are', () => {
  expect(memberText('issueDate', '2024-02-29T00:00:00', undefined, 'en-GB')).toBe('29 Feb 2024');
  expect(memberText('quantity', 3.75, 'GBP', 'en-GB')).toBe('3.75');
  expect(memberText('effectiveTaxRate', 20, 'GBP', 'en-GB')).toBe('20 %');
  expect(memberText('unitAmount', 3.5, 'GBP', 'en-GB')).toBe('£3.50');
  expect(memberText('note', 'PaidInFull', undefined)).toBe('PaidInFull');
  expect(memberText('status', 'PartiallyPaid', undefined)).toBe('Partially paid');
  expect(memberLabel('taxRateRef')).toBe('Tax rate');
});

test('empty members need no room, lists of objects a table', () => {
  expect(shapeOf([])).toBe('nothing');
  expect(shapeOf({ a: null, b: [] })).toBe('nothing');
  expect(shapeOf([{ id: '1' }])).toBe('table');
  expect(shapeOf(['a'])).toBe('plain');
});

test('a record is called by its number or name', () => {
  expect(recordName({ id: '1', invoiceNumber: 'INV-1' })).toBe('INV-1');
  expect(recordName({ id: '1', customerName: ' ' })).toBe('1');
  expect(isDeleted({ metadata: { isDeleted: true } })).toBe(true);
  expect(isDeleted({})).toBe(false);
});
