import { describe, expect, test } from 'vitest';
import { KashooLookup } from '../lookup.ts';
import { digitsOf, mapOne } from './test-records.fixture.ts';

const head = '"id":1,"date":"2024-01-31","homeCurrency":"CAD"';
const rateOf = (members: string, lookup?: KashooLookup) => {
  const { record, rules } = mapOne('invoices', `{${head},${members}}`, lookup);
  return { rate: digitsOf(record.currencyRate), currency: record.currency, rules };
};

describe('the currency rate', () => {
  test.each([
    ['of the home currency is 1', '"currency":"CAD","totalDue":1,"exchangeRate":1.7', '1', []],
    ['of no stated currency is the home one', '"totalDue":1', '1', []],
    [
      'is home units for one foreign unit',
      '"currency":"USD","totalDue":10000,"totalLocalDue":13512,"exchangeRate":1.3512',
      '1.3512',
      [],
    ],
    [
      'has up to nine decimals',
      '"currency":"USD","totalDue":10000,"exchangeRate":1.12345678949',
      '1.123456789',
      [],
    ],
    ['is rounded half up', '"currency":"USD","totalDue":10000,"exchangeRate":1.1234567895', '1.12345679', []],
    [
      'is inverted when only the inverse agrees with the totals',
      '"currency":"USD","totalDue":10000,"totalLocalDue":12500,"exchangeRate":0.8',
      '1.25',
      ['exchange-rate-inverted'],
    ],
    [
      'is inverted for a negative record too',
      '"currency":"USD","totalDue":-10000,"totalLocalDue":-13513,"exchangeRate":0.74',
      '1.351351351',
      ['exchange-rate-inverted'],
    ],
    [
      'stays, with a warning, when neither agrees',
      '"currency":"USD","totalDue":10000,"totalLocalDue":20000,"exchangeRate":1.2',
      '1.2',
      ['exchange-rate-doubtful'],
    ],
    [
      'cannot be checked by a total of zero',
      '"currency":"USD","totalDue":0,"totalLocalDue":0,"exchangeRate":0.8',
      '0.8',
      [],
    ],
    [
      'is not judged by the rounding of a few cents',
      '"currency":"JPY","totalDue":100,"totalLocalDue":1,"exchangeRate":0.0091',
      '0.0091',
      [],
    ],
    [
      'that is missing comes from the totals, with a warning',
      '"currency":"USD","totalDue":10000,"totalLocalDue":13333',
      '1.3333',
      ['exchange-rate-missing'],
    ],
    [
      'of 0 counts as missing',
      '"currency":"USD","totalDue":10000,"exchangeRate":0',
      undefined,
      ['exchange-rate-missing'],
    ],
  ])('%s', (_name, members, rate, rules) => {
    expect(rateOf(members)).toMatchObject({ rate, rules });
  });

  test('takes the home currency of the business when the record does not name it', () => {
    const lookup = new KashooLookup({ homeCurrency: 'GBP' });
    const { record } = mapOne('payments', '{"id":1,"date":"2024-01-31","amount":5,"currency":"GBP"}', lookup);
    expect(digitsOf(record.currencyRate)).toBe('1');
  });
});
