import { describe, expect, test } from 'vitest';
import { jitteredBackoffMs, retryAfterMs } from './backoff.ts';

describe('Retry-After', () => {
  const nowMs = Date.UTC(2024, 0, 1);
  test.each([
    ['5', undefined, 5000],
    ['0', undefined, 0],
    ['1.5', undefined, 1500],
    [' 7 ', undefined, 7000],
    ['Mon, 01 Jan 2024 00:00:10 GMT', undefined, 10_000],
    ['Mon, 01 Jan 2024 00:00:10 GMT', nowMs + 4000, 6000],
    ['Sun, 31 Dec 2023 00:00:00 GMT', undefined, 0],
    ['99999999999999', undefined, 86_400_000],
    ['soon', undefined, undefined],
    ['', undefined, undefined],
    [undefined, undefined, undefined],
  ])('%j at platform time %j means %j ms', (header, platformTimeMs, expected) => {
    return expect(retryAfterMs(header, { nowMs, platformTimeMs })).toBe(expected);
  });
});

test('a jittered wait grows with the failures, to a limit, and is never longer than its step', () => {
  const shape = { baseMs: 1000, factor: 2, longestMs: 3000 };
  expect([0, 1, 2, 3].map((failures) => jitteredBackoffMs(failures, () => 0.999999, shape))).toEqual([
    999, 1999, 2999, 2999,
  ]);
  expect(jitteredBackoffMs(5, () => 0, shape)).toBe(0);
});
