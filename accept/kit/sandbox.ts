import { Browser } from './browser.ts';
import { expect, status } from './expect.ts';
import { type Exchange, send } from './http.ts';
import { type Json, json, textAt } from './json.ts';

/** Users that the sandbox's consent page offers. */
export const users = {
  one: '1001',
  several: '1002',
  largeIds: '1003',
  trulySmall: '1004',
  none: '1005',
} as const;

/** Where the walk itself, as another application of the platform, is sent back to. */
const ownRedirect = 'http://127.0.0.1:9/walk';

/** The platform, seen as the platform's own clients see it: what the product has to agree with. */
export class Sandbox {
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** When the walk itself asked for data, in epoch milliseconds. */
  readonly calledAt: number[] = [];

  constructor(origin: string, keys: { clientId: string; clientSecret: string }) {
    this.origin = origin;
    this.clientId = keys.clientId;
    this.clientSecret = keys.clientSecret;
  }

  async control(path: string, body?: unknown): Promise<Json> {
    const exchange = await send(`${this.origin}/control/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return json(status(exchange, 200));
  }

  /** Adds fault switches; the first that matches a request strikes. */
  async fault(...faults: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    for (const fault of faults) await this.control('faults', fault);
  }

  async clearFaults(): Promise<void> {
    status(await send(`${this.origin}/control/faults`, { method: 'DELETE' }), 200);
  }

  authorizeUrl(): string {
    const parameters = {
      client_id: this.clientId,
      response_type: 'code',
      scope: 'full-access',
      redirect_uri: ownRedirect,
      state: 'walk',
    };
    return `${this.origin}/oauth2/authorize?${new URLSearchParams(parameters)}`;
  }

  async token(form: Readonly<Record<string, string>>): Promise<Exchange> {
    const credentials = Buffer.from(`${this.clientId}:${this.clientSecret}`).toString('base64');
    return send(`${this.origin}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}` },
      body: new URLSearchParams(form),
    });
  }

  /** Consents as a user and trades the code for tokens. */
  async signIn(user: string): Promise<{ accessToken: string; refreshToken: string }> {
    const browser = new Browser();
    const consent = await browser.open(this.authorizeUrl());
    const [form] = consent.forms;
    expect(form, 'the consent page has no form', consent.exchange);
    const stopBefore = (url: URL): boolean => url.href.startsWith(ownRedirect);
    const back = await browser.submit(form, { choices: { user }, button: /allow/i, stopBefore });
    const code = new URL(back.exchange.headers.get('location') ?? ownRedirect).searchParams.get('code');
    expect(code, 'the platform gave no code', back.exchange);
    const grant = { grant_type: 'authorization_code', code, redirect_uri: ownRedirect };
    const tokens = json(status(await this.token(grant), 200));
    return { accessToken: textAt(tokens, 'access_token'), refreshToken: textAt(tokens, 'refresh_token') };
  }

  async call(
    accessToken: string,
    path: string,
    options: { method?: string; body?: string } = {},
  ): Promise<Exchange> {
    const { method = 'GET', body } = options;
    this.calledAt.push(Date.now());
    return send(`${this.origin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    });
  }

  /** A paged listing in full: only an empty page is its end. */
  async all(accessToken: string, path: string): Promise<Json[]> {
    const found: Json[] = [];
    for (;;) {
      const joint = path.includes('?') ? '&' : '?';
      const page = json(
        status(await this.call(accessToken, `${path}${joint}offset=${found.length}&limit=1000`), 200),
      );
      expect(Array.isArray(page), `${path} is no list`);
      if (page.length === 0) return found;
      found.push(...(page as Json[]));
    }
  }

  /** A listing that is not paged. */
  async whole(accessToken: string, path: string): Promise<readonly Json[]> {
    const page = json(status(await this.call(accessToken, path), 200));
    expect(Array.isArray(page), `${path} is no list`);
    return page as readonly Json[];
  }
}
