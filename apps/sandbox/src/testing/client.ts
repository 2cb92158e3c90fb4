import type { FastifyInstance } from 'fastify';
import { type Json, parseJson } from '../exact/json.ts';

export const CALLBACK = 'http://localhost:3000/link/callback/kashoo';

/** A record, contact or account as it came over the wire, its numbers exact. */
export type Wire = Readonly<Record<string, Json | undefined>>;

export interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  token_type: string;
  userId: string;
}

/** Speaks to a sandbox over real HTTP, as a connector and as a browser would. */
function createClient(origin: string) {
  const authorizeUrl = (parameters: Readonly<Record<string, string>> = {}): string =>
    `${origin}/oauth2/authorize?${new URLSearchParams({
      client_id: 'sandbox',
      response_type: 'code',
      scope: 'full-access',
      redirect_uri: CALLBACK,
      state: 'st&te',
      ...parameters,
    })}`;

  const decide = async (
    form: Readonly<Record<string, string>>,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<URL> => {
    const response = await fetch(authorizeUrl(parameters), {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(form),
    });
    if (response.status !== 302) throw new Error(`no redirect: ${response.status} ${await response.text()}`);
    return new URL(response.headers.get('location') ?? '');
  };

  const token = (
    form: Readonly<Record<string, string>>,
    credentials = 'sandbox:sandbox-secret',
  ): Promise<Response> =>
    fetch(`${origin}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(credentials)}` },
      body: new URLSearchParams(form),
    });

  const signIn = async (user = '1001'): Promise<Tokens> => {
    const code = (await decide({ user, decision: 'allow' })).searchParams.get('code') ?? '';
    return (await (
      await token({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK })
    ).json()) as Tokens;
  };

  const call = (accessToken: string, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${origin}${path.startsWith('/tsa/') ? '' : '/api'}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${accessToken}`,
        ...(init.body ? { 'content-type': 'application/json' } : {}),
      },
    });

  const read = async (accessToken: string, path: string): Promise<Json> => {
    const response = await call(accessToken, path);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return parseJson(text);
  };

  const list = async (accessToken: string, path: string): Promise<Wire[]> =>
    (await read(accessToken, path)) as unknown as Wire[];

  /** All pages of a list, until an empty one. */
  const all = async (accessToken: string, path: string, limit = 1000): Promise<Wire[]> => {
    const found: Wire[] = [];
    for (;;) {
      const page = await list(
        accessToken,
        `${path}${path.includes('?') ? '&' : '?'}offset=${found.length}&limit=${limit}`,
      );
      if (page.length === 0) return found;
      found.push(...page);
    }
  };

  const control = async (path: string, body?: object): Promise<Json> => {
    const response = await fetch(`${origin}/control/${path}`, {
      method: body ? 'POST' : 'GET',
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return parseJson(await response.text());
  };

  return { origin, authorizeUrl, decide, token, signIn, call, read, list, all, control };
}

export type SandboxClient = ReturnType<typeof createClient>;

/** Starts listening on a free port. */
export async function listen(app: FastifyInstance): Promise<SandboxClient> {
  return createClient(await app.listen({ host: '127.0.0.1', port: 0 }));
}
