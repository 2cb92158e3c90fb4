import { describe, expect, test } from 'vitest';
import { type BudgetSource, createLocalBudgetSource, createLocalPacer, createPacer } from './pacer.ts';
import { PlatformError } from './platform-error.ts';
import { createManualClock } from './testing.ts';

const HOUR_MS = 3_600_000;

async function takenAt(take: () => Promise<void>, now: () => number, count: number): Promise<number[]> {
  const startMs = now();
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    await take();
    times.push(now() - startMs);
  }
  return times;
}

describe('a local pacer', () => {
  test('spaces calls evenly by the second and waits in place', async () => {
    const clock = createManualClock();
    const pacer = createLocalPacer({ requestsPerSecond: 10, requestsPerHour: undefined, clock });
    expect(await takenAt(() => pacer.take(['key']), clock.now, 5)).toEqual([0, 100, 200, 300, 400]);
  });

  test('does not save up slots while nobody calls', async () => {
    const clock = createManualClock();
    const pacer = createLocalPacer({ requestsPerSecond: 10, requestsPerHour: undefined, clock });
    await pacer.take(['key']);
    clock.advance(60_000);
    expect(await takenAt(() => pacer.take(['key']), clock.now, 3)).toEqual([0, 100, 200]);
  });

  test('gives every connection its own budget and all of them the application one', async () => {
    const clock = createManualClock();
    const pacer = createLocalPacer({ requestsPerSecond: 10, requestsPerHour: undefined, clock });
    const turns = ['a', 'b', 'c', 'd'];
    const times = await takenAt(() => pacer.take(['application', turns.shift() ?? '']), clock.now, 4);
    expect(times).toEqual([0, 100, 200, 300]);
    expect(await takenAt(() => pacer.take(['other application', 'a']), clock.now, 1)).toEqual([0]);
  });

  test('never lets more through in any hour than the hourly budget, and says when the next may go', async () => {
    const clock = createManualClock();
    const startMs = clock.now();
    const pacer = createLocalPacer({ requestsPerSecond: 10, requestsPerHour: 50, clock });
    const times = await takenAt(() => pacer.take(['key']), clock.now, 50);
    expect(times.at(-1)).toBe(4900);
    await expect(pacer.take(['key'])).rejects.toMatchObject({
      code: 'rateLimited',
      retryAtMs: startMs + HOUR_MS,
    });
    // Refused calls use nothing up.
    await expect(pacer.take(['key'])).rejects.toBeInstanceOf(PlatformError);
    clock.advance(startMs + HOUR_MS - clock.now());
    expect(await takenAt(() => pacer.take(['key']), clock.now, 10)).toEqual([
      0, 100, 200, 300, 400, 500, 600, 700, 800, 900,
    ]);
  });

  test('stops waiting when the signal aborts', async () => {
    const pacer = createLocalPacer({
      requestsPerSecond: 10,
      requestsPerHour: undefined,
      clock: createManualClock(),
    });
    await expect(pacer.take(['key'], AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });
});

describe('a pacer over a shared source', () => {
  test('asks for one block at a time, also when many calls wait for it', async () => {
    const clock = createManualClock();
    const asked: string[] = [];
    const local = createLocalBudgetSource({ requestsPerSecond: 1000, requestsPerHour: undefined, clock });
    const budgets: BudgetSource = {
      reserve(key, count) {
        asked.push(key);
        return local.reserve(key, count);
      },
    };
    const pacer = createPacer({ budgets, clock, blockSize: 10 });
    await Promise.all(Array.from({ length: 20 }, () => pacer.take(['application', 'connection'])));
    expect(asked.filter((key) => key === 'application')).toHaveLength(2);
    expect(asked.filter((key) => key === 'connection')).toHaveLength(2);
  });

  test('takes slots that look past by its own clock to start now', async () => {
    const clock = createManualClock();
    const reserve = async () => ({ startsAtMs: clock.now() - 60_000, count: 2, spacingMs: 100 });
    const pacer = createPacer({ budgets: { reserve }, clock });
    expect(await takenAt(() => pacer.take(['key']), clock.now, 2)).toEqual([0, 100]);
  });

  test('a source that has nothing within reach: the wait is thrown, and whoever comes then asks anew', async () => {
    const clock = createManualClock();
    const startMs = clock.now();
    const reserve = async () => ({
      startsAtMs: startMs + HOUR_MS,
      count: clock.now() < startMs + HOUR_MS ? 0 : 1,
      spacingMs: 100,
    });
    const pacer = createPacer({ budgets: { reserve }, clock });
    const limited = { code: 'rateLimited', retryAtMs: startMs + HOUR_MS };
    await expect(pacer.take(['key'])).rejects.toMatchObject(limited);
    // Long after the instant: a slot held since then would have gone stale.
    clock.advance(HOUR_MS + 60_000);
    await expect(pacer.take(['key'])).resolves.toBeUndefined();
  });

  test('throws what the source throws, and asks again the next time', async () => {
    const clock = createManualClock();
    let calls = 0;
    const reserve = async () => {
      calls += 1;
      if (calls === 1) throw new Error('no database');
      return { startsAtMs: clock.now(), count: 1, spacingMs: 1 };
    };
    const pacer = createPacer({ budgets: { reserve }, clock });
    await expect(pacer.take(['key'])).rejects.toThrow('no database');
    await expect(pacer.take(['key'])).resolves.toBeUndefined();
  });
});
