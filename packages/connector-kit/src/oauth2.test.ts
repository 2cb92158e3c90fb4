import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createPlatformDispatcher } from './exchange.ts';
import { createOAuth2Client } from './oauth2.ts';
import { PlatformError } from './platform-error.ts';
import { createManualClock, sendJson, startTestServer } from './testing.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const keys = { clientId: 'our id', clientSecret: 'p@ss:word/é' };
const grants = [
  ['exchangeCode', { keys, code: 'the-code', redirectUri: 'https://us.example/link/callback/ksho' }],
  ['refresh', { keys, refreshToken: 'the-refresh-token' }],
] as const;

async function client(answer: (response: ServerResponse) => void, timeoutMs = 5000) {
  const server = await startTestServer((_request, response) => answer(response));
  const dispatcher = createPlatformDispatcher();
  cleanups.push(
    () => server.close(),
    () => dispatcher.destroy(),
  );
  const clock = createManualClock();
  const urls = {
    authorizeUrl: 'https://platform.example/oauth2/authorize',
    tokenUrl: `${server.url}/oauth2/token`,
  };
  return {
    server,
    clock,
    ...createOAuth2Client({ ...urls, scope: 'full-access', clock, dispatcher, timeoutMs }),
  };
}

const granted = {
  access_token: 'a',
  expires_in: 3600,
  refresh_token: 'r',
  token_type: 'bearer',
  userId: '12355',
};

async function errorOf(promise: Promise<unknown>): Promise<PlatformError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PlatformError) return error;
  throw new Error(`Expected a PlatformError, got ${String(error)}`);
}

test('the authorisation URL carries all five parameters, encoded', async () => {
  const { authorizeUrl } = await client(() => {});
  const url = new URL(
    authorizeUrl({
      clientId: 'id&1',
      redirectUri: 'https://us.example/link/callback/ksho?x=1',
      state: 's+1',
    }),
  );
  expect(url.origin + url.pathname).toBe('https://platform.example/oauth2/authorize');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: 'id&1',
    response_type: 'code',
    scope: 'full-access',
    redirect_uri: 'https://us.example/link/callback/ksho?x=1',
    state: 's+1',
  });
});

describe('tokens', () => {
  test('are asked for by code with form-encoded keys in the Basic scheme', async () => {
    const { exchangeCode, server, clock } = await client((response) => sendJson(response, granted));
    const tokens = await exchangeCode({ keys, code: 'the-code', redirectUri: 'https://us.example/cb' });
    expect(tokens).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
      expiresAtMs: clock.now() + 3_600_000,
      platformUserId: '12355',
    });
    const [request] = server.received;
    expect(request?.method).toBe('POST');
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    const basic = Buffer.from(
      String(request?.headers['authorization']).slice('Basic '.length),
      'base64',
    ).toString();
    expect(basic).toBe('our+id:p%40ss%3Aword%2F%C3%A9');
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: 'https://us.example/cb',
    });
  });

  test('are refreshed with the refresh token alone', async () => {
    const { refresh, server } = await client((response) => sendJson(response, { ...granted, userId: 12355 }));
    expect(await refresh({ keys, refreshToken: 'old' })).toMatchObject({
      refreshToken: 'r',
      platformUserId: '12355',
    });
    expect(Object.fromEntries(new URLSearchParams(server.received[0]?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'old',
    });
  });

  test('without a new refresh token leave it out, which keeps the old one', async () => {
    const { refresh, clock } = await client((response) => sendJson(response, { access_token: 'a' }));
    const tokens = await refresh({ keys, refreshToken: 'old' });
    expect(tokens).toEqual({ accessToken: 'a', expiresAtMs: clock.now() + 3_600_000 });
    expect(tokens).not.toHaveProperty('refreshToken');
  });
});

describe.each(grants)('a refused %s', (name, request) => {
  test.each([
    [400, '{"error":"invalid_grant"}', 'accessRevoked'],
    [401, '{"error":"invalid_grant"}', 'accessRevoked'],
    [401, '{"error":"invalid_client"}', 'applicationKeysRejected'],
    [400, '{"error":"unauthorized_client"}', 'applicationKeysRejected'],
    [401, 'no', 'applicationKeysRejected'],
    [500, '{}', 'unavailable'],
    [503, '<html>', 'unavailable'],
    [400, '{"error":"invalid_request"}', 'unexpected'],
    [404, '', 'unexpected'],
    [302, '', 'unexpected'],
  ] as const)('with %i %s is %s', async (status, body, code) => {
    const { [name]: ask } = await client((response) => sendJson(response, body, { status }));
    expect(await errorOf((ask as (request: object) => Promise<unknown>)(request))).toMatchObject({
      code,
      status,
    });
  });

  test('with 429 names the time to come back', async () => {
    const { [name]: ask, clock } = await client((response) =>
      sendJson(response, {}, { status: 429, headers: { 'retry-after': '7' } }),
    );
    const error = await errorOf((ask as (request: object) => Promise<unknown>)(request));
    expect(error).toMatchObject({ code: 'rateLimited', retryAtMs: clock.now() + 7000 });
  });

  test('never puts a secret into its message', async () => {
    const { [name]: ask } = await client((response) =>
      sendJson(response, { error: 'the-refresh-token p@ss:word/é the-code' }, { status: 400 }),
    );
    const error = await errorOf((ask as (request: object) => Promise<unknown>)(request));
    expect(error.message).toBe("The platform's token service answered 400");
  });
});

describe('an answer that does not come', () => {
  const lost: readonly (readonly [string, (response: ServerResponse) => void])[] = [
    ['the connection breaks', (response) => response.destroy()],
    ['nothing is sent in time', () => {}],
    [
      'the answer is cut',
      (response) =>
        response.writeHead(200, { 'content-length': '500' }).write('{"acc', () => response.destroy()),
    ],
    ['the answer is no token answer', (response) => sendJson(response, { hello: 1 })],
    [
      'the answer is HTML',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
  ];

  test.each(lost)('is a lost refresh when %s, because the old token may be dead', async (_name, answer) => {
    const { refresh } = await client(answer, 100);
    expect(await errorOf(refresh({ keys, refreshToken: 'old' }))).toMatchObject({ code: 'refreshLost' });
  });

  test.each(lost)('leaves a code exchange unavailable when %s', async (_name, answer) => {
    const { exchangeCode } = await client(answer, 100);
    expect(
      await errorOf(exchangeCode({ keys, code: 'c', redirectUri: 'https://us.example/cb' })),
    ).toMatchObject({
      code: 'unavailable',
    });
  });

  test('is merely unavailable when no connection came about: nothing was sent, so nothing is lost', async () => {
    const { refresh, server } = await client(() => {});
    await server.close();
    cleanups.shift();
    expect(await errorOf(refresh({ keys, refreshToken: 'old' }))).toMatchObject({ code: 'unavailable' });
  });
});
