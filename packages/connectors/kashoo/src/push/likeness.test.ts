import { parseExactJson } from '@tributary/model';
import { expect, test } from 'vitest';
import { isLike } from './likeness.ts';

test.each([
  ['{"a":1}', '{"a":1,"b":2}', true],
  ['{"a":1.50}', '{"a":1.5}', true],
  ['{"a":12345678901234567890}', '{"a":12345678901234567890}', true],
  ['{"a":12345678901234567890}', '{"a":12345678901234567891}', false],
  ['{"id":7}', '{"id":"7"}', true],
  ['{"id":7}', '{"id":8}', false],
  ['{"taxCode":""}', '{}', true],
  ['{"contact":0}', '{"contact":null}', true],
  ['{"memo":""}', '{"memo":"x"}', false],
  ['{"memo":"two  blanks "}', '{"memo":"two blanks"}', true],
  ['{"memo":"x"}', '{"memo":"X"}', false],
  ['{"lines":[{"a":1},{"a":2}]}', '{"lines":[{"a":1,"id":5},{"a":2,"id":6}]}', true],
  ['{"lines":[{"a":1},{"a":2}]}', '{"lines":[{"a":2},{"a":1}]}', false],
  ['{"lines":[{"a":1}]}', '{"lines":[{"a":1},{"a":2}]}', false],
  ['{"flag":true}', '{"flag":false}', false],
  ['{"where":{"city":"X"}}', '{"where":"X"}', false],
])('%s in %s: %s', (sent, found, expected) => {
  expect(isLike(parseExactJson(sent), parseExactJson(found))).toBe(expected);
});
