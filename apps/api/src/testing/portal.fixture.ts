/** Browsers that are signed in to the portal, or try to be. */
import { randomUUID } from 'node:crypto';
import { createPortalUser, hashPassword, type PortalRole } from '@tributary/store';
import type { InjectOptions } from 'fastify';
import type { Answer, TestApi } from './api.fixture.ts';

export const password = 'correct horse battery staple';
let hashed: Promise<string> | undefined;

export interface TestBrowser {
  /** Of the cookie; undefined: none. */
  token: string | undefined;
  csrfToken: string | undefined;
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  /** Sends the CSRF token along, unless other headers are given. */
  send(
    method: NonNullable<InjectOptions['method']>,
    url: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Keeps the cookie and the CSRF token, when it worked. */
  signIn(email: string, password?: string): Promise<Answer>;
}

export interface TestPortalUser {
  readonly id: string;
  readonly email: string;
}

/** Stores a user of a client; all have one password. */
export async function createUser(api: TestApi, clientId: string, role: PortalRole): Promise<TestPortalUser> {
  hashed ??= hashPassword(password);
  const id = randomUUID();
  const email = `${role}-${id}@example.com`;
  const user = { id, clientId, email, name: `The ${role}`, role, passwordHash: await hashed };
  if ((await createPortalUser(api.dependencies.store.pool, user)) === undefined)
    throw new Error('the user was not created');
  return { id, email };
}

/** A browser without cookies, at an address of its own. */
export function openBrowser(api: TestApi, remoteAddress = '192.0.2.1'): TestBrowser {
  const browser: TestBrowser = {
    token: undefined,
    csrfToken: undefined,
    get: (url, headers = {}) =>
      api.inject({ method: 'GET', url, headers: withCookie(headers), remoteAddress }),
    send: (method, url, body, headers) =>
      api.inject({
        method,
        url,
        headers: withCookie({
          ...(headers ?? (browser.csrfToken === undefined ? {} : { 'x-csrf-token': browser.csrfToken })),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        }),
        ...(body !== undefined && { payload: JSON.stringify(body) }),
        remoteAddress,
      }),
    async signIn(email, given = password) {
      const answer = await browser.send('POST', '/portal/api/session', { email, password: given });
      keepSession(browser, answer);
      return answer;
    },
  };
  const withCookie = (headers: Record<string, string>) => ({
    ...headers,
    ...(browser.token !== undefined && { cookie: `other=1; tributary_session=${browser.token}` }),
  });
  return browser;
}

/** Remembers what an answer says of a new session. */
export function keepSession(browser: TestBrowser, answer: Answer): void {
  if (answer.status !== 200) return;
  browser.token = /tributary_session=([^;]*)/.exec(String(answer.headers['set-cookie']))?.[1];
  browser.csrfToken = answer.body.csrfToken;
}

/** A new user of the client in a new browser. */
export async function signedIn(api: TestApi, clientId: string, role: PortalRole): Promise<TestBrowser> {
  const { email } = await createUser(api, clientId, role);
  const browser = openBrowser(api);
  const answer = await browser.signIn(email);
  if (answer.status !== 200) throw new Error(`not signed in: ${answer.text}`);
  return browser;
}
