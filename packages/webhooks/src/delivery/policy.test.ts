import { describe, expect, it } from 'vitest';
import { attemptDelaysMs, healthAfterFailure, isDelivered, nextAttemptDelayMs } from './policy.ts';

const dayMs = 86_400_000;
const failure = (failures: number, failingSinceMs: number | null) => ({
  consumerId: 'consumer',
  failures,
  failingSinceMs,
});

describe('the timetable of a delivery', () => {
  it('has eight attempts over 28 hours, and then ends', () => {
    expect(attemptDelaysMs.map((ms) => ms / 1000)).toEqual([0, 5, 300, 1800, 7200, 18_000, 36_000, 36_000]);
    expect(nextAttemptDelayMs(1)).toBe(5000);
    expect(nextAttemptDelayMs(7)).toBe(36_000_000);
    expect(nextAttemptDelayMs(8)).toBeUndefined();
  });

  it('takes any 2xx for success, and nothing else', () => {
    expect([200, 201, 204, 299].every(isDelivered)).toBe(true);
    expect([undefined, 100, 199, 300, 302, 400, 410, 429, 500].some(isDelivered)).toBe(false);
  });
});

describe('a consumer that fails', () => {
  it('is left alone for longer and longer, but never for more than a minute', () => {
    const blocks = [1, 4, 5, 6, 7, 8, 9, 100].map((failures) => {
      const { blockedUntilMs } = healthAfterFailure(failure(failures, 0), 1000);
      return blockedUntilMs === undefined ? 0 : blockedUntilMs - 1000;
    });
    expect(blocks).toEqual([0, 0, 5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('is disabled once nothing reached it for five days, and says since when', () => {
    expect(healthAfterFailure(failure(9, 0), 5 * dayMs - 1).disabledReason).toBeUndefined();
    expect(healthAfterFailure(failure(9, 0), 5 * dayMs).disabledReason).toContain('1970-01-01');
    expect(healthAfterFailure(failure(1, null), 5 * dayMs)).toMatchObject({ failingSinceMs: 5 * dayMs });
  });
});
