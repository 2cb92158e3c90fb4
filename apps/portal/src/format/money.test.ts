import { parseExactJson } from '@tributary/model/exact-json';
import { expect, test } from 'vitest';
import { formatCount, formatMoney, type WireAmount } from './money.ts';

/** An amount as the client gets it from an answer. */
const wire = (text: string) => parseExactJson(text) as WireAmount;
/** Blanks that do not break are blanks to a reader. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

test.each([
  ['0.1', 'GBP', 'en-GB', '£0.10'],
  ['1234.5', 'GBP', 'en-GB', '£1,234.50'],
  ['-12.50', 'EUR', 'de-DE', '-12,50 €'],
  ['1234.5', 'CAD', 'fr-CA', '1 234,50 $'],
  ['1234', 'JPY', 'ja-JP', '¥1,234'],
  ['1.005', 'USD', 'en-US', '$1.005'],
  ['5', undefined, 'en-GB', '5.00'],
  ['5', 'no currency', 'en-GB', '5.00 no currency'],
])('%s %s reads in %s as %s', (amount, currency, locale, shown) => {
  const text = plain(formatMoney(wire(amount), currency, locale)).replace('￥', '¥');
  expect(text).toBe(shown);
});

test('keeps every digit of what a double cannot hold', () => {
  expect(formatMoney(wire('99999999999999999.99'), 'GBP', 'en-GB')).toBe('£99,999,999,999,999,999.99');
  expect(formatMoney(wire('-9007199254740993'), 'GBP', 'en-GB')).toBe('-£9,007,199,254,740,993.00');
  expect(formatMoney(wire('0.12345678901234567'), 'USD', 'en-US')).toBe('$0.12345678901234567');
});

test('counts are grouped as the reader groups them', () => {
  expect(formatCount(1234567, 'en-GB')).toBe('1,234,567');
  expect(formatCount(1234567, 'en-IN')).toBe('12,34,567');
});
