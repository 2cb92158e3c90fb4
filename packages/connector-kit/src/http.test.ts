import { describe, expect, test } from 'vitest';
import type { TokenSource } from './http.ts';
import { createLocalPacer } from './pacer.ts';
import { PlatformError } from './platform-error.ts';
import { countingTokens, failureOf, get, ok, session, status } from './test-session.fixture.ts';
import { createManualClock, sendJson, type TestServer } from './testing.ts';

describe('a call', () => {
  test('carries the token, asks for JSON, encodes its query and returns the text and the platform time', async () => {
    const { request, server } = await session([
      (response) =>
        sendJson(response, '[{"id":11568679628}]', { headers: { date: 'Mon, 15 Jan 2024 12:00:00 GMT' } }),
    ]);
    const answer = await request({
      ...get,
      query: { offset: 0, type: 'A & B', flag: true, absent: undefined },
    });
    expect(answer).toEqual({
      status: 200,
      body: Buffer.from('[{"id":11568679628}]'),
      text: '[{"id":11568679628}]',
      platformTimeMs: Date.UTC(2024, 0, 15, 12),
    });
    const [received] = server.received;
    expect(received?.headers['authorization']).toBe('Bearer token-1');
    expect(received?.headers['accept']).toBe('application/json');
    expect(received?.url.search).toBe('?offset=0&type=A+%26+B&flag=true');
  });

  test('carries the id that it is given, and tells how long a limit of the platform makes it wait', async () => {
    const waits: number[] = [];
    const { request, server } = await session([status(429, { 'retry-after': '1' }), ok], {
      requestId: '0123456789abcdef0123456789abcdef',
      onRateLimitWait: (waitMs) => waits.push(waitMs),
    });
    await request(get);
    expect(server.received.map(({ headers }) => headers['x-request-id'])).toEqual([
      '0123456789abcdef0123456789abcdef',
      '0123456789abcdef0123456789abcdef',
    ]);
    expect(waits).toEqual([1000]);
  });

  test('returns a status that the caller accepts, and throws the same status otherwise', async () => {
    const { request } = await session([status(404)]);
    expect((await request({ ...get, accept: [404] })).status).toBe(404);
    expect(await failureOf(request(get))).toMatchObject({ code: 'notFound', status: 404 });
  });

  test.each([
    [403, 'forbidden'],
    [404, 'notFound'],
    [400, 'unexpected'],
    [302, 'unexpected'],
  ] as const)('with status %i is not repeated and thrown as %s', async (code, expected) => {
    const { request, server } = await session([status(code, { location: '/elsewhere' })]);
    expect(await failureOf(request(get))).toMatchObject({ code: expected, status: code });
    expect(server.received).toHaveLength(1);
  });

  test('is reported attempt by attempt, without secrets', async () => {
    const { request, observed } = await session([
      (response, { headers }) => sendJson(response, `{"got":"${headers['authorization']}"}`, { status: 500 }),
      ok,
    ]);
    await request({ ...get, query: { access_token: 'hidden', offset: 5 } });
    expect(observed).toMatchObject([
      { method: 'GET', status: 500, attempt: 1, errorExcerpt: '{"got":"Bearer …"}' },
      { method: 'GET', status: 200, attempt: 2, bytes: 3 },
    ]);
    expect(observed[1]?.path).toBe('/things?access_token=[redacted]&offset=5');
    expect(observed[1]).not.toHaveProperty('errorExcerpt');
    expect(JSON.stringify(observed)).not.toMatch(/hidden|token-1/);
  });

  test('keeps at most 2 KB of an error', async () => {
    const { request, observed } = await session([
      (response) => sendJson(response, 'not found '.repeat(500), { status: 400 }),
    ]);
    await failureOf(request(get));
    expect(observed[0]?.errorExcerpt).toHaveLength(2048);
  });
});

describe('a 401', () => {
  test('asks for a newer token than the one used and repeats the call with it', async () => {
    const tokens = countingTokens();
    const { request, server } = await session([status(401), ok], { tokens });
    expect((await request(get)).status).toBe(200);
    expect(tokens.refreshed).toEqual([1]);
    expect(server.received.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  test('that no token heals ends after three renewals, and does not claim that access was revoked', async () => {
    const tokens = countingTokens();
    const { request, server } = await session([status(401)], { tokens });
    expect(await failureOf(request(get))).toMatchObject({ code: 'unavailable', status: 401 });
    expect(tokens.refreshed).toEqual([1, 2, 3]);
    expect(server.received).toHaveLength(4);
  });

  test('passes on what the token source says of a revoked access', async () => {
    const tokens: TokenSource = {
      ...countingTokens(),
      refresh: async () => {
        throw new PlatformError('accessRevoked', 'gone');
      },
    };
    const { request } = await session([status(401)], { tokens });
    expect(await failureOf(request(get))).toMatchObject({ code: 'accessRevoked' });
  });

  test('does not confirm a token; an answer does, once', async () => {
    const confirmed: number[] = [];
    const { request } = await session([status(401), status(500), ok], { tokens: countingTokens(confirmed) });
    await request(get);
    await request(get);
    expect(confirmed).toEqual([2]);
  });
});

describe('a 429', () => {
  test('with a short Retry-After waits in place and repeats', async () => {
    const { request, clock, server } = await session([status(429, { 'retry-after': '1' }), ok]);
    expect((await request(get)).status).toBe(200);
    expect(clock.slept).toContain(1000);
    expect(server.received).toHaveLength(2);
  });

  test('with a Retry-After of two seconds or more is thrown with the time to come back', async () => {
    const { request, clock, server } = await session([status(429, { 'retry-after': '90' })]);
    expect(await failureOf(request(get))).toMatchObject({
      code: 'rateLimited',
      status: 429,
      retryAtMs: clock.now() + 90_000,
    });
    expect(server.received).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  test('with a Retry-After date is read against the platform clock', async () => {
    const { request, clock } = await session([
      status(429, { date: 'Mon, 01 Jan 2029 00:00:00 GMT', 'retry-after': 'Mon, 01 Jan 2029 00:00:30 GMT' }),
    ]);
    expect(await failureOf(request(get))).toMatchObject({
      code: 'rateLimited',
      retryAtMs: clock.now() + 30_000,
    });
  });

  test('without Retry-After waits longer each time, with full jitter, then is thrown', async () => {
    const { request, clock, server } = await session([status(429)]);
    const error = await failureOf(request(get));
    // Half of 1 s, half of 2 s in place; half of 4 s is too long to hold a worker.
    expect(clock.slept.filter((wait) => wait >= 100)).toEqual([500, 1000]);
    expect(server.received).toHaveLength(3);
    expect(error).toMatchObject({ code: 'rateLimited', retryAtMs: clock.now() + 2000 });
  });

  test('that always asks for no wait ends after the allowed attempts', async () => {
    const { request, clock, server } = await session([status(429, { 'retry-after': '0' })], {
      limits: { maxAttempts: 3 },
    });
    expect(await failureOf(request(get))).toMatchObject({
      code: 'rateLimited',
      retryAtMs: clock.now() + 2000,
    });
    expect(server.received).toHaveLength(3);
  });
});

describe('an aborted signal', () => {
  test('stops a call that is under way, with its own reason', async () => {
    const controller = new AbortController();
    const reason = new Error('the run was cancelled');
    const { request } = await session([() => controller.abort(reason)], { signal: controller.signal });
    await expect(request(get)).rejects.toBe(reason);
  });

  test('lets no further call begin', async () => {
    const { request, server } = await session([ok], { signal: AbortSignal.abort(new Error('over')) });
    await expect(request(get)).rejects.toThrow('over');
    expect(server.received).toHaveLength(0);
  });
});

test('every attempt takes a slot of both budgets', async () => {
  const taken: (readonly string[])[] = [];
  const pacer = { take: async (keys: readonly string[]) => void taken.push(keys) };
  const { request } = await session([status(500), status(401), ok], { pacer });
  await request(get);
  expect(taken).toEqual(Array(3).fill(['application', 'connection']));
});

test('a used-up budget is thrown before anything is sent', async () => {
  const clock = createManualClock();
  const pacer = createLocalPacer({ requestsPerSecond: 0.1, requestsPerHour: undefined, clock });
  const { request, server }: { request: (call: typeof get) => Promise<unknown>; server: TestServer } =
    await session([ok], {
      pacer,
      clock,
    });
  await request(get);
  expect(await failureOf(request(get))).toMatchObject({
    code: 'rateLimited',
    retryAtMs: clock.now() + 10_000,
  });
  expect(server.received).toHaveLength(1);
});
