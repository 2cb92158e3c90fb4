import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createPlatformDispatcher } from './exchange.ts';
import {
  createPlatformSession,
  type Exchange,
  type PlatformSessionOptions,
  type TokenSource,
} from './http.ts';
import { createLocalPacer } from './pacer.ts';
import { PlatformError } from './platform-error.ts';
import {
  createManualClock,
  type ReceivedRequest,
  sendJson,
  startTestServer,
  type TestServer,
} from './testing.ts';

type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server that gives one answer after the other, repeating the last, and a session that talks to it. */
async function session(answers: readonly Answer[], options: Partial<PlatformSessionOptions> = {}) {
  let next = 0;
  const server = await startTestServer((request, response) => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    answer?.(response, request);
  });
  const dispatcher = createPlatformDispatcher();
  cleanups.push(
    () => server.close(),
    () => dispatcher.destroy(),
  );
  return { server, ...sessionTo(server.url, { dispatcher, ...options }) };
}

function sessionTo(baseUrl: string, options: Partial<PlatformSessionOptions>) {
  const clock = createManualClock();
  const observed: Exchange[] = [];
  const tokens = options.tokens ?? countingTokens();
  return {
    clock,
    observed,
    ...createPlatformSession({
      baseUrl,
      businessId: '7',
      info: {},
      tokens,
      clock,
      random: () => 0.5,
      pacer: createLocalPacer({ requestsPerSecond: 1000, requestsPerHour: undefined, clock }),
      pacingKeys: ['application', 'connection'],
      observe: (exchange) => observed.push(exchange),
      ...options,
      limits: { timeoutMs: 5000, ...options.limits },
    }),
  };
}

/** Hands out `token-1`, and the next one for each refresh. */
function countingTokens(confirmed: number[] = []): TokenSource & { readonly refreshed: number[] } {
  let version = 1;
  const refreshed: number[] = [];
  const token = () => ({ accessToken: `token-${version}`, version });
  return {
    refreshed,
    current: async () => token(),
    async refresh(staleVersion) {
      refreshed.push(staleVersion);
      version = Math.max(version, staleVersion + 1);
      return token();
    },
    confirmed: (accepted) => confirmed.push(accepted),
  };
}

const get = { method: 'GET', path: '/things' } as const;
const ok: Answer = (response) => sendJson(response, '[1]');
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    sendJson(response, '{"error":"told"}', { status: code, headers });

async function failureOf(promise: Promise<unknown>): Promise<PlatformError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PlatformError) return error;
  throw new Error(`Expected a PlatformError, got ${String(error)}`);
}

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
      text: '[{"id":11568679628}]',
      platformTimeMs: Date.UTC(2024, 0, 15, 12),
    });
    const [received] = server.received;
    expect(received?.headers['authorization']).toBe('Bearer token-1');
    expect(received?.headers['accept']).toBe('application/json');
    expect(received?.url.search).toBe('?offset=0&type=A+%26+B&flag=true');
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
      { method: 'GET', status: 500, attempt: 1, errorExcerpt: '{"got":"Bearer [redacted]"}' },
      { method: 'GET', status: 200, attempt: 2, bytes: 3 },
    ]);
    expect(observed[1]?.path).toBe('/things?access_token=[redacted]&offset=5');
    expect(observed[1]).not.toHaveProperty('errorExcerpt');
    expect(JSON.stringify(observed)).not.toMatch(/hidden|token-1/);
  });

  test('keeps at most 2 KB of an error', async () => {
    const { request, observed } = await session([
      (response) => sendJson(response, 'x'.repeat(5000), { status: 400 }),
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

describe('a platform in trouble', () => {
  test('is asked again after short waits, and the answer is returned once it comes', async () => {
    const { request, clock } = await session([status(500), status(503), status(502), ok]);
    expect((await request(get)).text).toBe('[1]');
    expect(clock.slept.reduce((total, wait) => total + wait, 0)).toBeLessThan(10_000);
  });

  test('is unavailable after the allowed attempts', async () => {
    const { request, server } = await session([status(500)]);
    expect(await failureOf(request(get))).toMatchObject({ code: 'unavailable', status: 500 });
    expect(server.received).toHaveLength(4);
  });

  test('that names a long wait with its 503 is believed at once', async () => {
    const { request, clock, server } = await session([status(503, { 'retry-after': '120' })]);
    expect(await failureOf(request(get))).toMatchObject({
      code: 'unavailable',
      retryAtMs: clock.now() + 120_000,
    });
    expect(server.received).toHaveLength(1);
  });

  test('that nobody listens for is unavailable', async () => {
    const server = await startTestServer(() => {});
    await server.close();
    const { request, observed } = sessionTo(server.url, { limits: { maxAttempts: 2 } });
    expect(await failureOf(request(get))).toMatchObject({ code: 'unavailable' });
    expect(observed).toHaveLength(2);
    expect(observed[0]).toMatchObject({
      status: undefined,
      failure: 'No connection to the platform (ECONNREFUSED)',
    });
  });

  test('that cuts the connection mid-body is asked again', async () => {
    const cut: Answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('[1, 2', () => response.destroy());
    };
    const { request, observed } = await session([cut, ok]);
    expect((await request(get)).text).toBe('[1]');
    expect(observed[0]).toMatchObject({ status: 200, failure: expect.stringContaining('connection broke') });
  });

  test('that ends a body early without saying so is asked again', async () => {
    const { request } = await session([(response) => sendJson(response, '[{"id":1},{"i'), ok]);
    expect((await request(get)).text).toBe('[1]');
  });

  test.each([
    ['before the headers', (_response: ServerResponse) => {}],
    [
      'drop by drop',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('that is slow %s runs into the time limit of the whole answer', async (_name, answer) => {
    const { request, observed } = await session([answer], { limits: { timeoutMs: 80, maxAttempts: 2 } });
    expect(await failureOf(request(get))).toMatchObject({ code: 'unavailable' });
    expect(observed.map(({ failure }) => failure)).toEqual(Array(2).fill('No complete answer within 80 ms'));
  });

  test('that sends HTML instead of JSON is unavailable, and the message names the content type', async () => {
    const { request, server } = await session([
      (response) => {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
        response.end('<html>Back soon</html>');
      },
    ]);
    const error = await failureOf(request(get));
    expect(error.code).toBe('unavailable');
    expect(error.message).toContain('text/html');
    expect(server.received).toHaveLength(4);
  });

  test('is not asked twice for a change that it may have made, and is for one that never left', async () => {
    const { request, server } = await session([status(500)]);
    expect(await failureOf(request({ method: 'POST', path: '/things', body: '{}' }))).toMatchObject({
      code: 'unavailable',
    });
    expect(server.received).toHaveLength(1);
    const down = await startTestServer(() => {});
    await down.close();
    const { request: requestToNobody, observed } = sessionTo(down.url, {});
    await failureOf(requestToNobody({ method: 'POST', path: '/things', body: '{}' }));
    expect(observed).toHaveLength(4);
  });
});

describe('a body', () => {
  test('may be compressed', async () => {
    const { request } = await session([
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end(gzipSync('["é"]'));
      },
    ]);
    expect((await request(get)).text).toBe('["é"]');
  });

  test.each([
    [
      'declared as too large',
      (response: ServerResponse) => {
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': String(300 * 1024 * 1024),
        });
        response.write('[');
      },
    ],
    [
      'that grows too large',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = () => {
          while (!response.destroyed && response.write(' '.repeat(10_000)));
        };
        response.on('drain', more);
        more();
      },
    ],
    [
      'that expands beyond the limit',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end(gzipSync(Buffer.alloc(50 * 1024 * 1024, 32)));
      },
    ],
  ])('%s is refused without being read to its end, and not asked for again', async (_name, answer) => {
    const { request, server } = await session([answer], { limits: { maxBodyBytes: 100_000 } });
    const error = await failureOf(request(get));
    expect(error).toMatchObject({ code: 'unexpected' });
    expect(error.message).toContain('larger than 100000 bytes');
    expect(server.received).toHaveLength(1);
  });

  test('that cannot be decompressed is asked for again', async () => {
    const { request } = await session([
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end('not gzip');
      },
      ok,
    ]);
    expect((await request(get)).text).toBe('[1]');
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
