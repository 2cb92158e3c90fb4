import { expect, test } from 'vitest';
import { readerOf } from './reader.ts';

test.each([
  [undefined, 'en-GB'],
  ['de-DE,de;q=0.9', 'en-GB'],
  ['fr-CA,en-CA;q=0.8,en;q=0.5', 'en-CA'],
  ['en-us', 'en-US'],
  ['en', 'en-GB'],
  ['en-"><script>', 'en-GB'],
  ['en-zz', 'en-ZZ'],
])('%s is answered with numbers and dates of %s', (header, locale) => {
  expect(readerOf(header)).toEqual({ locale });
});
