import { describe, expect, test } from 'vitest';
import { decimalText, exactNumber, isExactNumber } from './index.ts';

describe('exactNumber', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['-0.00', '0'],
    ['+1.50', '1.5'],
    ['1.00', '1'],
    ['-12.50', '-12.5'],
    ['100', '100'],
    ['0.001', '0.001'],
    ['99999999999999.99', '99999999999999.99'],
    ['123456789012345678901234567890.123456789', '123456789012345678901234567890.123456789'],
  ])('writes %s as %s', (text, canonical) => {
    expect(decimalText(exactNumber(text))).toBe(canonical);
    expect(JSON.stringify({ amount: exactNumber(text) })).toBe(`{"amount":${canonical}}`);
  });

  test.each([
    '',
    '-',
    '+',
    '.',
    '.5',
    '5.',
    '05',
    '-05',
    '1e3',
    '1E3',
    ' 1',
    '1 ',
    '1,5',
    '1.2.3',
    '--1',
    'NaN',
    '0x10',
    '٣',
  ])('refuses %j', (text) => {
    expect(() => exactNumber(text)).toThrow(RangeError);
  });

  test('keeps the message short, however long the text', () => {
    expect(() => exactNumber('x'.repeat(10_000))).toThrow(/^.{1,80}$/);
  });
});

test('only raw JSON that holds a number is an exact number', () => {
  expect(isExactNumber(exactNumber('1.5'))).toBe(true);
  expect(isExactNumber(exactNumber('-1'))).toBe(true);
  for (const other of [
    1.5,
    '1.5',
    null,
    undefined,
    {},
    { rawJSON: '1.5' },
    1n,
    JSON.rawJSON('"1"'),
    JSON.rawJSON('null'),
  ]) {
    expect(isExactNumber(other)).toBe(false);
  }
});
