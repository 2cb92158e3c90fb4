import { describe, expect, test } from 'vitest';
import { lookup } from './document-case.fixture.ts';
import { masterDataCases } from './documents-of-master-data.fixture.ts';
import { recordCases } from './documents-of-records.fixture.ts';
import { mapRecord } from './map.ts';
import { digitsOf, mapOne, quarantineReason } from './test-records.fixture.ts';

const documentCases = [...masterDataCases, ...recordCases];

describe('a record that cannot be mapped is quarantined under the id of the listing, with the reason', () => {
  test.each([
    ['null', 'is not a JSON object'],
    ['[]', 'is not a JSON object'],
    ['"text"', 'is not a JSON object'],
    ['{"id":1,', 'is not valid JSON'],
    ['{}', 'id: is missing'],
    ['{"id":0,"date":"2024-01-01"}', 'id: is missing'],
    ['{"id":{"a":1},"date":"2024-01-01"}', 'id: expected an id'],
    ['{"id":1,"totalDue":5}', 'date: is missing'],
    ['{"id":1,"date":"01/02/2024"}', 'date: is not a calendar date'],
    ['{"id":1,"date":"2024-01-01","totalDue":"lots"}', 'totalDue: expected whole cents'],
    ['{"id":1,"date":"2024-01-01","totalDue":10.5}', 'totalDue: expected whole cents'],
    [
      '{"id":1,"date":"2024-01-01","totalDue":5,"lineItems":[{"rate":true}]}',
      'lineItems[0].rate: expected a decimal number',
    ],
    ['{"id":1,"date":"2024-01-01","totalDue":5,"lineItems":{}}', 'lineItems: expected array'],
    ['{"id":1,"date":"2024-01-01","number":7}', 'number: expected text'],
    ['{"id":1,"date":"2024-01-01","exchangeRate":1e999}', 'is not valid JSON'],
  ])('%s', (raw, reason) => {
    expect(quarantineReason('invoices', raw)).toContain(reason);
  });

  test('without a word of what the record says', () => {
    expect(quarantineReason('invoices', '{"id":1,"date":"secret diary","contactName":"Jane"}')).not.toMatch(
      /diary|Jane/,
    );
    expect(quarantineReason('invoices', '{"contactName":"Jane')).not.toMatch(/Jane/);
  });

  test('also when an account was kept without the account itself', () => {
    expect(quarantineReason('chartOfAccounts', '{"balance":{"balance":1}}')).toContain('expected object');
    expect(quarantineReason('chartOfAccounts', '{"account":null}')).toContain('expected object');
  });
});

describe('characters that cannot be stored', () => {
  test('are taken out of every text, with one warning', () => {
    const { record, rules } = mapOne(
      'invoices',
      String.raw`{"id":1,"date":"2024-01-01","totalDue":5,"number":"A\u0000B","contact":4,"contactName":"\ud800Zo\u00eb \ud83d\ude00",
        "lineItems":[{"description":"x\udc00y","amount":5}]}`,
    );
    expect(record).toMatchObject({
      invoiceNumber: 'AB',
      customerRef: { companyName: 'Zoë 😀' },
      lineItems: [{ description: 'xy' }],
    });
    expect(rules).toEqual(['text-cleaned']);
  });

  test('are not found in ordinary escapes', () => {
    const { record, rules } = mapOne(
      'invoices',
      String.raw`{"id":1,"date":"2024-01-01","totalDue":12345678901234567890,"number":"\u00e9\u00e8"}`,
    );
    expect(record.invoiceNumber).toBe('éè');
    expect(digitsOf(record.totalAmount)).toBe('123456789012345678.9');
    expect(rules).toEqual([]);
  });
});

test('an id keeps all its digits', () => {
  const { id, record } = mapOne(
    'invoices',
    '{"id":9007199254740993,"date":"2024-01-01","totalDue":1,"contact":9223372036854775807}',
  );
  expect(id).toBe('9007199254740993');
  expect(record).toMatchObject({ id: '9007199254740993', customerRef: { id: '9223372036854775807' } });
});

test('members that the connector does not know do no harm', () => {
  expect(
    mapOne('invoices', '{"id":1,"date":"2024-01-01","totalDue":1,"futureMember":{"a":[1]}}').record.id,
  ).toBe('1');
});

test('mapping the same text twice gives the same bytes', () => {
  for (const { dataType, wire } of documentCases) {
    const once = JSON.stringify(mapRecord(dataType, { id: 'x', raw: wire }, lookup));
    expect(JSON.stringify(mapRecord(dataType, { id: 'x', raw: wire }, lookup))).toBe(once);
  }
});

test('absent is absent: no document holds null', () => {
  for (const { dataType, wire } of documentCases) {
    expect(JSON.stringify(mapRecord(dataType, { id: 'x', raw: wire }, lookup))).not.toContain(':null');
  }
});
