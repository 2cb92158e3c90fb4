import { expect, test } from 'vitest';
import { parseSelectable, parseSelector, selectMembers } from './selectors.ts';

test.each([
  ['number', ['number']],
  ['SalesTermRef.value', ['SalesTermRef', 'value']],
  ['$.Code', ['Code']],
  ['$[*].currencyCode', ['currencyCode']],
  ['$.LineItems[*]', ['LineItems']],
])('%s is a path of members', (text, names) => {
  expect(parseSelector(text)).toEqual(names);
});

test.each([
  '',
  '.',
  'a..b',
  '$',
  '$..a',
  'a[0]',
  'a[?(@.b)]',
  'a.b()',
  "a['b']",
  'a\u0000',
  'x.'.repeat(20),
  'a'.repeat(600),
])('%j is no selector', (text) => {
  expect(parseSelector(text)).toBeUndefined();
});

test('values come with every digit, objects and lists whole; what is absent or null is left out', () => {
  const record = parseSelectable(
    '{"rate":99999999999999.990,"big":12345678901234567890,"ref":{"value":"x"},"list":[1.10],"none":null,"text":"a\\u0000b"}',
  );
  const selectors = {
    rate: 'rate',
    big: '$.big',
    inner: 'ref.value',
    list: 'list[*]',
    none: 'none',
    missing: 'ref.other.deeper',
    text: 'text',
  };
  expect(JSON.stringify(selectMembers(record, selectors))).toBe(
    '{"rate":99999999999999.990,"big":12345678901234567890,"inner":"x","list":[1.10],"text":"ab"}',
  );
});

test('only members of the record itself are found', () => {
  const record = parseSelectable('{"a":1,"list":[1]}');
  const selectors = {
    one: 'constructor',
    two: '__proto__',
    three: 'toString',
    four: 'list.length',
    five: 'a.rawJSON',
  };
  expect(selectMembers(record, selectors)).toEqual({});
});
