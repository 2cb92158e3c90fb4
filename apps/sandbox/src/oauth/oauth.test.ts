import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSandbox } from '../app.ts';
import { CALLBACK, listen, type SandboxClient, type Tokens } from '../testing/client.ts';

const START = Date.parse('2026-05-20T10:00:00.000Z');

let app: FastifyInstance;
let client: SandboxClient;
let nowMs = START;

beforeAll(async () => {
  app = await buildSandbox({ size: 50, clock: () => new Date(nowMs) });
  client = await listen(app);
});
beforeEach(() => {
  nowMs = START;
});
afterAll(() => app.close());

const exchange = (code: string, redirectUri = CALLBACK): Promise<Response> =>
  client.token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri });
const refresh = (refreshToken: string): Promise<Response> =>
  client.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
const newCode = async (): Promise<string> =>
  (await client.decide({ user: '1001', decision: 'allow' })).searchParams.get('code') ?? '';
const statusOf = async (accessToken: string): Promise<number> =>
  (await client.call(accessToken, '/users/me')).status;

describe('consent', () => {
  it('shows a form that works without JavaScript, with one user preselected and every name escaped', async () => {
    const page = await (await fetch(client.authorizeUrl())).text();
    expect(page).toContain('<form method="post"');
    expect(page.match(/name="user"/g)).toHaveLength(5);
    expect(page.match(/ checked/g)).toHaveLength(1);
    expect(page).toMatch(/value="1001"[^>]*checked/);
    expect(page).not.toContain('<script');
  });

  it('returns to the redirect URI with a code and the state as given', async () => {
    const target = await client.decide({ user: '1001', decision: 'allow' });
    expect(target.href.startsWith(`${CALLBACK}?`)).toBe(true);
    expect(target.searchParams.get('state')).toBe('st&te');
    expect(target.searchParams.get('code')).toMatch(/^\S{20,}$/);
  });

  it('keeps the query of the redirect URI', async () => {
    const target = await client.decide({ decision: 'allow' }, { redirect_uri: `${CALLBACK}?tenant=7` });
    expect(target.searchParams.get('tenant')).toBe('7');
  });

  it('returns with access_denied and the state, and no code, when denied', async () => {
    const target = await client.decide({ user: '1001', decision: 'deny' });
    expect(Object.fromEntries(target.searchParams)).toEqual({ error: 'access_denied', state: 'st&te' });
  });

  it.each([
    ['an unknown client', { client_id: '<b>nobody</b>' }, 'No application'],
    ['no client', { client_id: '' }, 'client_id is missing'],
    ['no redirect URI', { redirect_uri: '' }, 'redirect_uri is missing'],
    [
      'a redirect URI that is no web address',
      { redirect_uri: 'javascript:alert(1)' },
      'not an http or https address',
    ],
    ['another response type', { response_type: 'token' }, 'response_type'],
  ])('answers %s with a clear page, status 400, and no redirect', async (_case, parameters, reason) => {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(client.authorizeUrl(parameters), {
        method,
        redirect: 'manual',
        ...(method === 'POST' ? { body: new URLSearchParams({ decision: 'allow' }) } : {}),
      });
      expect(response.status).toBe(400);
      const page = await response.text();
      expect(page).toContain(reason);
      expect(page).not.toContain('<b>nobody');
    }
  });
});

describe('tokens', () => {
  it('trades a code for a pair that opens the user’s businesses', async () => {
    const response = await exchange(await newCode());
    const tokens = (await response.json()) as Tokens;
    expect(response.status).toBe(200);
    expect(tokens).toMatchObject({ expires_in: 3600, token_type: 'bearer', userId: '1001' });
    expect(await client.list(tokens.access_token, '/users/me/businesses')).toMatchObject([
      { id: 123_456_789n, site: 'app.kashoo.com' },
    ]);
  });

  it('refuses a replayed code and revokes what came of it', async () => {
    const code = await newCode();
    const tokens = (await (await exchange(code)).json()) as Tokens;
    const replayed = await exchange(code);
    expect(replayed.status).toBe(400);
    expect(await replayed.json()).toMatchObject({ error: 'invalid_grant' });
    expect(await statusOf(tokens.access_token)).toBe(401);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
  });

  it('refuses a code after a minute, and for another redirect URI', async () => {
    const other = await exchange(await newCode(), `${CALLBACK}/`);
    expect([other.status, await other.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
    const code = await newCode();
    nowMs += 60_000;
    expect(await (await exchange(code)).json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('rotates refresh tokens: the old one is dead, the new one works', async () => {
    const first = await client.signIn();
    const second = (await (await refresh(first.refresh_token)).json()) as Tokens;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await statusOf(second.access_token)).toBe(200);
    const reused = await refresh(first.refresh_token);
    expect([reused.status, await reused.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
    expect((await refresh(second.refresh_token)).status).toBe(200);
  });

  it('lets an access token go after its hour, and not before', async () => {
    const { access_token: accessToken } = await client.signIn();
    nowMs += 3_599_000;
    expect(await statusOf(accessToken)).toBe(200);
    nowMs += 1_000;
    expect(await statusOf(accessToken)).toBe(401);
  });

  it.each([
    [
      'a wrong secret',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      'sandbox:wrong',
      401,
      'invalid_client',
    ],
    [
      'an unknown client',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      'nobody:sandbox-secret',
      401,
      'invalid_client',
    ],
    [
      'an unknown refresh token',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      undefined,
      400,
      'invalid_grant',
    ],
    [
      'an unknown code',
      { grant_type: 'authorization_code', code: 'x', redirect_uri: CALLBACK },
      undefined,
      400,
      'invalid_grant',
    ],
    [
      'no code',
      { grant_type: 'authorization_code', redirect_uri: CALLBACK },
      undefined,
      400,
      'invalid_request',
    ],
    ['no grant type', { code: 'x' }, undefined, 400, 'invalid_request'],
    ['another grant type', { grant_type: 'password' }, undefined, 400, 'unsupported_grant_type'],
  ])('answers %s as RFC 6749 says', async (_case, form, credentials, status, error) => {
    const response = await client.token(form as unknown as Record<string, string>, credentials);
    expect([response.status, await response.json()]).toMatchObject([status, { error }]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('revokes all access of one user, and nobody else’s', async () => {
    const [maya, sam] = [await client.signIn('1001'), await client.signIn('1002')];
    await client.control('revoke', { user: '1002' });
    expect([await statusOf(maya.access_token), await statusOf(sam.access_token)]).toEqual([200, 401]);
    expect(await (await refresh(sam.refresh_token)).json()).toMatchObject({ error: 'invalid_grant' });
    expect((await refresh(maya.refresh_token)).status).toBe(200);
  });
});

describe('data calls', () => {
  it('answers 401 without a token, with a wrong one, and before it looks at the path', async () => {
    expect((await fetch(`${client.origin}/api/users/me`)).status).toBe(401);
    expect(await statusOf('nonsense')).toBe(401);
    expect((await client.call('nonsense', '/businesses/1/records')).status).toBe(401);
  });

  it('tells the platform’s time in the Date header of every answer', async () => {
    const tokens = await client.signIn();
    for (const path of ['/users/me', '/nowhere']) {
      expect((await client.call(tokens.access_token, path)).headers.get('date')).toBe(
        new Date(START).toUTCString(),
      );
    }
  });

  it('hides another user’s business and records as if they did not exist', async () => {
    const [maya, sam] = [await client.signIn('1001'), await client.signIn('1002')];
    const [record] = await client.list(maya.access_token, '/businesses/123456789/records');
    const foreign = await client.call(sam.access_token, `/records/${record?.['id']}`);
    expect(foreign.status).toBe(404);
    expect((await client.call(sam.access_token, '/businesses/123456789/records')).status).toBe(404);
    expect((await client.call(sam.access_token, '/businesses/1/records')).status).toBe(404);
  });
});
