import { PlatformError, WriteRefusedError } from '@tributary/connector-kit';
import { LeaseLostError } from '@tributary/store';
import { describe, expect, test } from 'vitest';
import { AnswerLostError, PushTimedOutError, UnsettledError } from './push-context.ts';
import { pushSettlementOf } from './push-failure.ts';

const nowMs = Date.UTC(2026, 4, 20);
const clocks = { nowMs, settleMs: 30_000 };
const waiting = { attempts: 0, sentAtMs: null, hasLeft: false, platform: 'Kashoo' };
const sent = { attempts: 0, sentAtMs: nowMs - 60_000, hasLeft: true, platform: 'Kashoo' };

describe('what becomes of a write', () => {
  test.each([
    [new AnswerLostError(new Error('cut')), { kind: 'postpone', delayMs: 30_000 }],
    [new UnsettledError(700), { kind: 'postpone', delayMs: 700 }],
    [new LeaseLostError('x'), { kind: 'leave' }],
    [
      new PlatformError('rateLimited', 'x', { retryAtMs: nowMs + 900_000 }),
      { kind: 'postpone', delayMs: 900_000, isFailure: false },
    ],
    [new PlatformError('unavailable', 'x'), { kind: 'postpone', delayMs: 5000, isFailure: true }],
    [
      new PlatformError('unavailable', 'x', { retryAtMs: nowMs + 9_000_000 }),
      { kind: 'postpone', delayMs: 300_000 },
    ],
    [
      new WriteRefusedError('no'),
      { kind: 'end', end: { status: 'Failed', statusCode: 400, errorMessage: 'no' } },
    ],
    [new PushTimedOutError('Kashoo'), { kind: 'end', end: { status: 'TimedOut', statusCode: 408 } }],
    [
      new PlatformError('accessRevoked', 'gone'),
      { kind: 'end', end: { statusCode: 401, errorMessage: 'Not written: gone.' } },
    ],
    [new PlatformError('forbidden', 'no'), { kind: 'end', end: { statusCode: 403 } }],
    [
      new TypeError('bug'),
      { kind: 'end', end: { statusCode: 500, errorMessage: expect.stringMatching(/^Not written/) } },
    ],
  ])('that met %s before it was sent', (error, settlement) => {
    expect(pushSettlementOf(waiting, error, clocks)).toMatchObject(settlement);
  });

  test.each([
    new PlatformError('accessRevoked', 'gone'),
    new PlatformError('unexpected', 'odd'),
    new TypeError('bug'),
  ])('that was sent is never called not written: %s', (error) => {
    const settlement = pushSettlementOf(sent, error, clocks);
    expect(JSON.stringify(settlement)).toMatch(/It was sent.*Look at Kashoo before you write it again/);
  });

  test('that cannot be looked for in a day ends with what is not known', () => {
    const old = { ...sent, sentAtMs: nowMs - 25 * 3_600_000 };
    expect(pushSettlementOf(old, new PlatformError('unavailable', 'down'), clocks)).toMatchObject({
      end: { status: 'Failed', statusCode: 502, errorMessage: expect.stringMatching(/is not known/) },
    });
    expect(pushSettlementOf(sent, new PlatformError('unavailable', 'down'), clocks).kind).toBe('postpone');
  });
});
