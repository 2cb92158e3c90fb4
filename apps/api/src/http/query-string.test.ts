import { describe, expect, test } from 'vitest';
import { decodedTwice, keepConditions } from './query-string.ts';

describe('"&&" in a URL', () => {
  test.each([
    ['/i?query=a=1&&b=2', '/i?query=a=1%26%26b=2'],
    ['/i?page=1&query=a=1&&b=2&&c=3&pageSize=5', '/i?page=1&query=a=1%26%26b=2%26%26c=3&pageSize=5'],
    ['/i?Tags=a=1 && b=2', '/i?Tags=a=1 %26%26 b=2'],
    ['/i?query=a=1%26%26b=2&&c=3', '/i?query=a=1%26%26b=2%26%26c=3'],
    ['/i?query=a=1&page=1&&pageSize=2', '/i?query=a=1&page=1&&pageSize=2'],
    ['/i?query=a=1&&', '/i?query=a=1&&'],
    ['/i?myquery=a&&b', '/i?myquery=a&&b'],
    ['/a&&b', '/a&&b'],
    ['/i?page=1', '/i?page=1'],
  ])('%s is read as %s', (url, expected) => {
    expect(keepConditions(url)).toBe(expected);
  });
});

test.each([
  ['id%3D1%20%26%26%20b%7Ec', 'id=1 && b~c'],
  ['note=100%25', 'note=100%25'],
  ['note%3D100%', 'note%3D100%'],
  ['nothing', 'nothing'],
])('the query %s, encoded twice or not, is %s', (text, expected) => {
  expect(decodedTwice(text)).toBe(expected);
});
