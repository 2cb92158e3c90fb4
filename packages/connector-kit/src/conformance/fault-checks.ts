/** What becomes of a listing, and of a probe, when the platform's answers fail. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { PullPage } from '../connector.ts';
import { DEFAULT_SESSION_LIMITS } from '../http.ts';
import type { PlatformErrorCode } from '../platform-error.ts';
import type { ConformanceOptions, PlatformFault } from './platform.ts';
import { platformErrorOf, rawById, readAll, readUntilFailure, type Stage, sorted } from './stage.ts';

/** Waits from here on must not be waited out in place. */
const LONGEST_WAIT_MS = 2000;
const HOURS_MS = 3_600_000;
/** For faults that only a time limit ends. */
const SHORT_TIMEOUT_MS = 2000;

type Case = readonly [what: string, kind: string, parameters: Readonly<Record<string, unknown>>];

const PASSING: readonly Case[] = [
  ['a 429 without Retry-After', 'rateLimited', {}],
  ['a 429 that asks for a second', 'rateLimited', { retryAfterSeconds: 1 }],
  ['a 429 that asks for a second by a date', 'rateLimited', { retryAfterSeconds: 1, asDate: true }],
  ['a 500', 'status', { status: 500 }],
  ['a 502', 'status', { status: 502 }],
  ['a 503 that asks for a second', 'status', { status: 503, retryAfter: 1 }],
  ['a 504', 'status', { status: 504 }],
  ['HTML in place of JSON', 'html', {}],
  ['a maintenance page', 'html', { status: 503 }],
  ['a connection cut in the body', 'cut', {}],
  ['an answer that never comes', 'answerLost', {}],
  ['JSON that ends early', 'truncatedJson', {}],
  ['an expired token', 'tokenExpired', {}],
];

const LASTING: readonly (readonly [...Case, PlatformErrorCode])[] = [
  ['429', 'rateLimited', {}, 'rateLimited'],
  ['500', 'status', { status: 500 }, 'unavailable'],
  ['503', 'status', { status: 503 }, 'unavailable'],
  ['HTML in place of JSON', 'html', {}, 'unavailable'],
  ['cut connections', 'cut', {}, 'unavailable'],
  ['answers that never come', 'answerLost', {}, 'unavailable'],
  ['JSON that ends early', 'truncatedJson', {}, 'unavailable'],
  ['401, whatever the token', 'status', { status: 401 }, 'unavailable'],
];

const REFUSALS: readonly (readonly [status: number, PlatformErrorCode])[] = [
  [400, 'unexpected'],
  [302, 'unexpected'],
  [403, 'forbidden'],
  [404, 'notFound'],
];

export function describeFaults(stageOf: () => Stage, options: ConformanceOptions, hasTokens: boolean): void {
  const dataType = options.pagedDataType;
  const fault = (
    kind: string,
    parameters: Readonly<Record<string, unknown>> = {},
    how: Pick<PlatformFault, 'times' | 'skip'> = {},
  ) => stageOf().platform.setFaults([{ on: { listing: dataType }, kind, parameters, ...how }]);
  let healthy: readonly PullPage[] = [];
  beforeEach(async () => {
    healthy = await stageOf().healthy(dataType);
  });
  /** Requests of an undisturbed listing: its pages, and the empty one that ends it. */
  const undisturbedRequests = () => healthy.length + 1;
  const whole = () => sorted(rawById(healthy));

  describe('faults that pass', () => {
    test.each(PASSING.filter(([, kind]) => hasTokens || kind !== 'tokenExpired'))(
      '%s on the second page costs one more request and no record',
      async (_what, kind, parameters) => {
        const { connector, visit } = stageOf();
        const { session, exchanges, slept } = await visit();
        await fault(kind, parameters, { skip: 1 });
        const pages = await readAll(connector, session, { dataType });
        expect(sorted(rawById(pages))).toEqual(whole());
        expect(exchanges).toHaveLength(undisturbedRequests() + 1);
        for (const waitMs of slept()) expect(waitMs).toBeLessThan(LONGEST_WAIT_MS);
      },
    );

    test('a body that drips is cut off at the time limit and asked for again', async () => {
      const { connector, visit } = stageOf();
      const { session, exchanges } = await visit({ timeoutMs: SHORT_TIMEOUT_MS });
      await fault('drip', { chunkBytes: 1, pauseMs: 20 }, { skip: 1 });
      expect(sorted(rawById(await readAll(connector, session, { dataType })))).toEqual(whole());
      expect(exchanges).toHaveLength(undisturbedRequests() + 1);
    });

    test.each([
      ['seconds', false],
      ['a date', true],
    ])('a short wait asked for in %s is waited out in full', async (_form, asDate) => {
      const { connector, visit } = stageOf();
      const visited = await visit();
      await fault('rateLimited', { retryAfterSeconds: 1, asDate });
      await readAll(connector, visited.session, { dataType });
      expect(visited.slept()).toEqual([1000]);
    });
  });

  describe('faults that last', () => {
    test.each(LASTING.filter(([what]) => hasTokens || !what.startsWith('401')))(
      '%s: the listing fails after a few attempts, with what went wrong',
      async (_what, kind, parameters, code) => {
        const { connector, visit } = stageOf();
        const visited = await visit();
        await fault(kind, parameters, { times: null });
        const error = await platformErrorOf(stageOf(), readAll(connector, visited.session, { dataType }));
        expect(error.code).toBe(code);
        expect(visited.exchanges.length).toBeLessThanOrEqual(DEFAULT_SESSION_LIMITS.maxAttempts);
        expect(visited.tokens.refreshes).toBeLessThan(DEFAULT_SESSION_LIMITS.maxAttempts);
        for (const waitMs of visited.slept()) expect(waitMs).toBeLessThan(LONGEST_WAIT_MS);
        if (code === 'rateLimited') expect(error.retryAtMs).toBeGreaterThan(stageOf().clock.now());
      },
    );

    test('a body that drips for ever: the listing fails within the time limits', async () => {
      const { connector, visit } = stageOf();
      const visited = await visit({ timeoutMs: SHORT_TIMEOUT_MS, maxAttempts: 2 });
      await fault('drip', { chunkBytes: 1, pauseMs: 20 }, { times: null });
      const error = await platformErrorOf(stageOf(), readAll(connector, visited.session, { dataType }));
      expect([error.code, visited.exchanges.length]).toEqual(['unavailable', 2]);
    });

    test.each(REFUSALS)('a %i is not asked again and thrown as %s', async (status, code) => {
      const { connector, visit } = stageOf();
      const { session, exchanges } = await visit();
      await fault('status', { status }, { times: null });
      const error = await platformErrorOf(stageOf(), readAll(connector, session, { dataType }));
      expect([error.code, error.status, exchanges.length]).toEqual([code, status, 1]);
    });
  });

  describe('waits of two seconds or more', () => {
    test.each([
      ['a 429 in seconds', 'rateLimited', { retryAfterSeconds: 120 }, 'rateLimited'],
      ['a 429 by a date', 'rateLimited', { retryAfterSeconds: 120, asDate: true }, 'rateLimited'],
      ['a 429 of exactly two seconds', 'rateLimited', { retryAfterSeconds: 2 }, 'rateLimited'],
      ['a 503', 'status', { status: 503, retryAfter: 120 }, 'unavailable'],
    ] as const)(
      '%s: thrown at once with the instant; going on from the last page brings the rest',
      async (_what, kind, parameters, code) => {
        const stage = stageOf();
        const visited = await stage.visit();
        await fault(kind, parameters, { skip: 1 });
        const beforeMs = stage.clock.now();
        const { pages, failure } = await readUntilFailure(stage.connector, visited.session, { dataType });
        const error = await platformErrorOf(stage, Promise.reject(failure));
        const asked = 'retryAfter' in parameters ? parameters.retryAfter : parameters.retryAfterSeconds;
        expect(error.code).toBe(code);
        expect(error.retryAtMs).toBeGreaterThanOrEqual(beforeMs + asked * 1000);
        expect(error.retryAtMs).toBeLessThanOrEqual(stage.clock.now() + asked * 1000);
        expect([visited.exchanges.length, visited.slept()]).toEqual([2, []]);

        const checkpoint = JSON.parse(JSON.stringify(pages.at(-1)?.checkpoint));
        const rest = await readAll(stage.connector, visited.session, { dataType, checkpoint });
        expect(sorted(rawById([...pages, ...rest]))).toEqual(whole());
      },
    );
  });

  test('access that is withdrawn in the middle of a listing is thrown as accessRevoked', async () => {
    const stage = stageOf();
    const { session, tokens, exchanges } = await stage.visit();
    await fault('accessRevoked', {}, { skip: 1 });
    const error = await platformErrorOf(stage, readAll(stage.connector, session, { dataType }));
    expect([error.code, tokens.refreshes, exchanges.length]).toEqual(['accessRevoked', hasTokens ? 1 : 0, 2]);
  });

  test.each([-2, 2])('a platform whose clock is off by %i hours is believed', async (hours) => {
    const { connector, visit } = stageOf();
    const { session } = await visit();
    await fault('clockSkew', { skewMs: hours * HOURS_MS }, { times: null });
    for (const { platformTimeMs = 0 } of await readAll(connector, session, { dataType }))
      expect(Math.abs(platformTimeMs - Date.now() - hours * HOURS_MS)).toBeLessThan(60_000);
  });

  test('a run that is told to stop makes no further request', async () => {
    const { connector, visit } = stageOf();
    const visited = await visit();
    const pages = connector.pull(visited.session, {
      dataType,
      modifiedSinceMs: undefined,
      fromDate: undefined,
      checkpoint: undefined,
    });
    expect((await pages.next()).done).toBe(false);
    const reason = new Error('the worker stops');
    visited.abort(reason);
    await expect(pages.next()).rejects.toBe(reason);
    expect(visited.exchanges).toHaveLength(1);
  });

  test('a run that is told to stop while an answer drips in stops at once', async () => {
    const { connector, visit } = stageOf();
    const visited = await visit();
    await fault('drip', { chunkBytes: 1, pauseMs: 50 }, { times: null });
    const reason = new Error('the worker stops');
    const reading = readAll(connector, visited.session, { dataType });
    setTimeout(() => visited.abort(reason), 100);
    const startedAtMs = Date.now();
    await expect(reading).rejects.toBe(reason);
    expect(Date.now() - startedAtMs).toBeLessThan(5000);
  });

  describe('a probe', () => {
    test.each([
      ['a 503', 'status', { status: 503 }, 'unavailable'],
      ['a 403', 'status', { status: 403 }, 'forbidden'],
      ['HTML', 'html', {}, 'unavailable'],
      ['a 429', 'rateLimited', { retryAfterSeconds: 60 }, 'rateLimited'],
    ] as const)('takes %s for no denial', async (_what, kind, parameters, code) => {
      const { connector, platform, visit } = stageOf();
      const { session } = await visit();
      const id = healthy[0]?.records[0]?.id ?? '';
      await platform.setFaults([{ on: { single: dataType }, kind, parameters, times: null }]);
      const error = await platformErrorOf(stageOf(), connector.probe(session, dataType, id));
      expect(error.code).toBe(code);
    });
  });
}
