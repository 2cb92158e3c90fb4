import { describe, expect, test } from 'vitest';
import { closingLine, exitCodeOf } from './test-verdict.ts';

const skippedOne = {
  passed: 2,
  failed: 0,
  skipped: [{ name: 'Redis', reason: 'redis-server is not installed' }],
};

describe('the verdict of a test run', () => {
  test('passes when everything passed', () => {
    const summary = { passed: 12, failed: 0, skipped: [] };
    expect(closingLine(0, summary)).toBe('12 passed, 0 failed');
    expect(exitCodeOf(0, summary, true)).toBe(0);
  });

  test('fails with a failed test', () => {
    const summary = { passed: 1, failed: 2, skipped: [] };
    expect(closingLine(1, summary)).toBe('1 passed, 2 failed');
    expect(exitCodeOf(1, summary, false)).toBe(1);
  });

  test('fails when the run broke, though no test failed or nothing was counted', () => {
    expect(closingLine(1, { passed: 3, failed: 0, skipped: [] })).toBe('3 passed, 1 failed');
    expect(exitCodeOf(1, undefined, false)).toBe(1);
    expect(closingLine(1, undefined)).toBe('0 passed, 1 failed');
  });

  test('names skipped tests, which fail in continuous integration alone', () => {
    expect(closingLine(0, skippedOne)).toBe('2 passed, 0 failed, 1 skipped');
    expect(exitCodeOf(0, skippedOne, false)).toBe(0);
    expect(exitCodeOf(0, skippedOne, true)).toBe(1);
  });
});
