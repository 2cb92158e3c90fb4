import { expect, test } from 'vitest';
import { apiKeysIn } from './authenticator.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  [`Basic ${base64('key-1')}`, 'key-1'],
  [`Basic ${base64('key-1:')}`, 'key-1'],
  [`basic   ${base64('key-1')}`, 'key-1'],
  ['Bearer key-1', 'key-1'],
  ['BEARER key-1 ', 'key-1'],
])('%s means the key %s', (header, key) => {
  expect(apiKeysIn(header)[0]).toBe(key);
});

test('a key that is base64 itself is tried as it stands too', () => {
  expect(apiKeysIn('Basic a2V5LTE=')).toEqual(['key-1', 'a2V5LTE=']);
});

test.each([
  undefined,
  '',
  'Basic',
  'Basic ',
  'Bearer',
  'key-1',
  'Digest key-1',
  'Basic a b',
  `Bearer ${'a'.repeat(2000)}`,
])('%s means no key', (header) => {
  expect(apiKeysIn(header)).toEqual([]);
});
