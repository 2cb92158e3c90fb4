import { parseExactJson } from '@tributary/model';
import { describe, expect, test } from 'vitest';
import { checkRecord, dateOf, withoutNulls } from './check-record.ts';
import type { WriteOption } from './writing.ts';

const option = (type: WriteOption['type'], more: Partial<WriteOption> = {}): WriteOption => ({
  type,
  displayName: 'x',
  description: 'x',
  required: false,
  ...more,
});
const choice = (value: string) => ({ value, type: 'String' as const, displayName: value });
const description = option('Object', {
  properties: {
    name: option('String', { required: true }),
    kind: option('String', { options: [choice('One'), choice('Two')] }),
    due: option('DateTime'),
    isOpen: option('Boolean'),
    ref: option('Object', { properties: { id: option('String', { required: true, options: [] }) } }),
    lines: option('Array', { properties: { amount: option('Number', { required: true }) } }),
  },
});
const errors = (record: unknown) =>
  checkRecord(description, record).errors.map(({ itemId, validatorName }) => `${itemId} ${validatorName}`);

describe('a record is held against a description', () => {
  test('and fits, with numbers of every kind', () => {
    const record = parseExactJson(
      '{"name":"a","kind":"One","due":"2024-02-29T00:00:00","isOpen":false,"ref":{"id":"7","name":"said"},"lines":[{"amount":1},{"amount":12345678901234567890},{"amount":0.12345678901234567890}]}',
    );
    expect(checkRecord(description, record)).toEqual({ errors: [], warnings: [] });
  });

  test.each([
    [{}, ['name required']],
    [[], ['record type']],
    [7, ['record type']],
    [{ name: 7 }, ['name type']],
    [{ name: 'a', kind: 'Three' }, ['kind one-of']],
    [{ name: 'a', due: '2023-02-29' }, ['due type']],
    [{ name: 'a', due: 5, isOpen: 'yes' }, ['due type', 'isOpen type']],
    [{ name: 'a', ref: {} }, ['ref.id required']],
    [{ name: 'a', ref: 'b' }, ['ref type']],
    [{ name: 'a', lines: {} }, ['lines type']],
    [
      { name: 'a', lines: [{ amount: '1' }, 5, {}] },
      ['lines[0].amount type', 'lines[1] type', 'lines[2].amount required'],
    ],
    [{ name: 'a\u0000' }, ['name characters']],
    [{ name: '\ud800' }, ['name characters']],
    [{ name: 'a', lines: Array.from({ length: 1001 }, () => ({ amount: 1 })) }, ['lines too-many']],
    [Object.create({ name: 'inherited' }), ['name required']],
  ])('and its problems are named: %j', (record, expected) => {
    expect(errors(record)).toEqual(expected);
  });

  test('what the description lacks is a warning, but for what is ours and names of what is referred to', () => {
    const record = {
      id: '1',
      modifiedDate: 'x',
      name: 'a',
      colour: 'red',
      ref: { id: '7', name: 'b' },
      lines: [{ amount: 1, tax: 2 }],
    };
    expect(checkRecord(description, record).warnings.map(({ itemId }) => itemId)).toEqual([
      'lines[0].tax',
      'colour',
    ]);
  });

  test('problems without end are not all listed', () => {
    const lines = Array.from({ length: 900 }, () => ({}));
    expect(errors({ name: 'a', lines }).length).toBeLessThan(60);
  });
});

test('nulls count as absent, numbers keep their digits', () => {
  const record = parseExactJson('{"a":null,"b":[null,{"c":null,"d":0.12345678901234567890}]}');
  expect(JSON.stringify(withoutNulls(record))).toBe('{"b":[{"d":0.1234567890123456789}]}');
});

test.each([
  ['2024-05-31', '2024-05-31'],
  ['2024-05-31T00:00:00', '2024-05-31'],
  ['2024-05-31T23:59:59.999Z', '2024-05-31'],
  ['2024-05-31T10:00+02:00', '2024-05-31'],
  ['2024-13-01', undefined],
  ['31.05.2024', undefined],
  ['2024-05-31 and more', undefined],
])('the date of %s', (text, date) => {
  expect(dateOf(text)).toBe(date);
});
