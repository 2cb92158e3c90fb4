import { expect, test } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';

const account = (name: string | undefined, rate = { unscaled: 5n, scale: 0 }) => ({ name, rate });

test('the same contents have the same fingerprint, in whatever order they were listed', () => {
  const one = {
    currency: 'CAD',
    accounts: new Map([
      ['1', account('Sales')],
      ['2', account('Office')],
    ]),
  };
  const other = {
    accounts: new Map([
      ['2', account('Office')],
      ['1', account('Sales')],
    ]),
    currency: 'CAD',
  };
  expect(fingerprintOf(one)).toBe(fingerprintOf(other));
  expect(fingerprintOf({})).toBe(fingerprintOf({ currency: undefined }));
});

test.each([
  ['another name', { accounts: new Map([['1', account('Sale')]]) }],
  ['a name that is gone', { accounts: new Map([['1', account(undefined)]]) }],
  ['another number', { accounts: new Map([['1', account('Sales', { unscaled: 50n, scale: 1 })]]) }],
  ['another id', { accounts: new Map([['2', account('Sales')]]) }],
  [
    'one more',
    {
      accounts: new Map([
        ['1', account('Sales')],
        ['2', account('Sales')],
      ]),
    },
  ],
  ['one less', { accounts: new Map() }],
  ['the same under another name', { items: new Map([['1', account('Sales')]]) }],
  ['a value beside it', { accounts: new Map([['1', account('Sales')]]), currency: 'CAD' }],
])('%s makes another one', (_what, contents) => {
  expect(fingerprintOf(contents)).not.toBe(fingerprintOf({ accounts: new Map([['1', account('Sales')]]) }));
});
