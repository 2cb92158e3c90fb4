import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Answer, failureOf, get, ok, session, sessionTo, status } from './test-session.fixture.ts';
import { sendJson, startTestServer } from './testing.ts';

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
