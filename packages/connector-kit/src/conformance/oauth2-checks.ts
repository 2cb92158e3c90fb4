/** The authorisation-code flow, refreshes and their failures. */
import { describe, expect, test } from 'vitest';
import type { TokenSet } from '../connector.ts';
import type { PlatformErrorCode } from '../platform-error.ts';
import type { ConformanceOptions, PlatformFault } from './platform.ts';
import { oauth2Of, platformErrorOf, readAll, type Stage } from './stage.ts';

export function describeOAuth2(stageOf: () => Stage, options: ConformanceOptions): void {
  const fault = (kind: string, parameters: PlatformFault['parameters'] = {}, times: number | null = 1) =>
    stageOf().platform.setFaults([{ on: { token: true }, kind, parameters, times }]);
  const newCode = async (): Promise<string> => {
    const { secrets } = stageOf();
    const { oauth2, keys, redirectUri, consent } = oauth2Of(stageOf());
    const url = oauth2.authorizeUrl({ clientId: keys.clientId, redirectUri, state: 's' });
    const code = (await consent(url)).searchParams.get('code') ?? '';
    secrets.add(code);
    return code;
  };
  const exchange = (code: string, keys = oauth2Of(stageOf()).keys): Promise<TokenSet> => {
    const { oauth2, redirectUri } = oauth2Of(stageOf());
    return oauth2.exchangeCode({ keys, code, redirectUri });
  };
  const refresh = async (tokens: TokenSet, keys = oauth2Of(stageOf()).keys): Promise<TokenSet> => {
    const granted = await oauth2Of(stageOf()).oauth2.refresh({
      keys,
      refreshToken: tokens.refreshToken ?? '',
    });
    for (const secret of [granted.accessToken, granted.refreshToken])
      if (secret) stageOf().secrets.add(secret);
    return granted;
  };
  const codeOf = async (promise: Promise<unknown>): Promise<PlatformErrorCode> =>
    (await platformErrorOf(stageOf(), promise)).code;
  const wrongKeys = () => ({ ...oauth2Of(stageOf()).keys, clientSecret: 'not-the-secret:%&+' });

  describe('authorisation', () => {
    test('the authorisation URL carries exactly the parameters of the flow, whatever is in them', async () => {
      const { oauth2, redirectUri } = oauth2Of(stageOf());
      const request = {
        clientId: 'id &=?#',
        redirectUri: `${redirectUri}?a=b&c=d`,
        state: 'ø/+ =&"<%',
      };
      const { searchParams } = new URL(oauth2.authorizeUrl(request));
      expect([...searchParams].toSorted()).toEqual(
        Object.entries({
          client_id: request.clientId,
          redirect_uri: request.redirectUri,
          state: request.state,
          ...options.authorizeParameters,
        }).toSorted(),
      );
    });

    test('the state comes back as it was sent', async () => {
      const { oauth2, keys, redirectUri, consent } = oauth2Of(stageOf());
      const state = 'ø/+ =&"<%';
      const back = await consent(oauth2.authorizeUrl({ clientId: keys.clientId, redirectUri, state }));
      expect(back.searchParams.get('state')).toBe(state);
    });

    test('a code becomes a pair of tokens that open the books, with the instant at which they expire', async () => {
      const { clock, connector, visit } = stageOf();
      const nowMs = clock.now();
      const tokens = await exchange(await newCode());
      expect(tokens.accessToken).toMatch(/\S/);
      expect(tokens.refreshToken).toMatch(/\S/);
      expect(tokens.expiresAtMs).toBeGreaterThan(nowMs);
      expect(tokens.expiresAtMs).toBeLessThanOrEqual(clock.now() + 86_400_000);
      expect(await connector.listBusinesses((await visit()).session)).not.toEqual([]);
    });

    test('a code that was used, or never was one, is accessRevoked', async () => {
      const code = await newCode();
      await exchange(code);
      expect(await codeOf(exchange(code))).toBe('accessRevoked');
      expect(await codeOf(exchange('no-such-code'))).toBe('accessRevoked');
    });

    test('wrong keys are applicationKeysRejected, for codes and for refreshes, and harm no connection', async () => {
      const tokens = await exchange(await newCode());
      expect(await codeOf(exchange(await newCode(), wrongKeys()))).toBe('applicationKeysRejected');
      expect(await codeOf(refresh(tokens, wrongKeys()))).toBe('applicationKeysRejected');
      expect((await refresh(tokens)).accessToken).toMatch(/\S/);
    });

    test('keys can be checked without a consent: right ones pass, wrong ones are applicationKeysRejected', async () => {
      const { oauth2, keys, redirectUri } = oauth2Of(stageOf());
      const tokens = await exchange(await newCode());
      await oauth2.checkKeys({ keys, redirectUri });
      expect(await codeOf(oauth2.checkKeys({ keys: wrongKeys(), redirectUri }))).toBe(
        'applicationKeysRejected',
      );
      expect((await refresh(tokens)).accessToken).toMatch(/\S/);
    });
  });

  describe('a refresh', () => {
    test('brings a pair that works, and the old refresh token is dead', async () => {
      const old = await stageOf().grant();
      const next = await refresh(old);
      expect(next.accessToken).not.toBe(old.accessToken);
      expect((await refresh(next)).accessToken).toMatch(/\S/);
      expect(await codeOf(refresh(old))).toBe('accessRevoked');
    });

    test('whose answer is lost is refreshLost, and the old token proves dead afterwards', async () => {
      const old = await stageOf().grant();
      await fault('answerLost');
      expect(await codeOf(refresh(old))).toBe('refreshLost');
      expect(await codeOf(refresh(old))).toBe('accessRevoked');
    });

    test.each([
      ['is cut off', 'cut', {}],
      ['ends early', 'truncatedJson', {}],
      ['is HTML', 'html', {}],
      ['is larger than any token', 'hugeBody', { megabytes: 300 }],
    ])('whose answer %s is refreshLost', async (_what, kind, parameters) => {
      const old = await stageOf().grant();
      await fault(kind, parameters);
      expect(await codeOf(refresh(old))).toBe('refreshLost');
    });

    test.each([500, 502, 503])(
      'that is answered %i is unavailable, and the token stays alive',
      async (status) => {
        const old = await stageOf().grant();
        await fault('status', { status });
        expect(await codeOf(refresh(old))).toBe('unavailable');
        expect((await refresh(old)).accessToken).toMatch(/\S/);
      },
    );

    test('that is limited is rateLimited with the instant', async () => {
      const { clock, grant } = stageOf();
      const old = await grant();
      await fault('rateLimited', { retryAfterSeconds: 90 });
      const beforeMs = clock.now();
      const error = await platformErrorOf(stageOf(), refresh(old));
      expect(error.code).toBe('rateLimited');
      expect(error.retryAtMs).toBeGreaterThanOrEqual(beforeMs + 90_000);
      expect(error.retryAtMs).toBeLessThanOrEqual(clock.now() + 90_000);
    });

    test('after access was withdrawn is accessRevoked', async () => {
      const { grant, platform } = stageOf();
      const old = await grant();
      await platform.revokeAccess();
      expect(await codeOf(refresh(old))).toBe('accessRevoked');
    });
  });

  test.each(['answerLost', 'cut', 'html'])('a code whose answer meets %s is unavailable', async (kind) => {
    const code = await newCode();
    await fault(kind);
    expect(await codeOf(exchange(code))).toBe('unavailable');
  });

  describe('secrets', () => {
    test('that a platform echoes are shown neither by errors nor by exchanges', async () => {
      const { connector, platform, visit } = stageOf();
      const { keys } = oauth2Of(stageOf());
      const visited = await visit();
      const { accessToken, refreshToken = '' } = visited.tokens.pair;
      const body = JSON.stringify({
        error: `bad ${refreshToken} ${accessToken} ${keys.clientSecret}`,
        authorization: `Bearer ${accessToken}`,
      });
      const dataType = options.pagedDataType;
      for (const status of [400, 403, 500]) {
        await platform.setFaults([
          {
            on: { listing: dataType },
            kind: 'status',
            parameters: { status, body: `{"a":"Bearer ${accessToken}"}` },
            times: null,
          },
        ]);
        await platformErrorOf(stageOf(), readAll(connector, visited.session, { dataType }));
      }
      expect(visited.exchanges.some(({ errorExcerpt }) => errorExcerpt?.includes('Bearer'))).toBe(true);
      for (const status of [400, 401, 403, 500]) {
        await fault('status', { status, body });
        await platformErrorOf(stageOf(), refresh(visited.tokens.pair));
      }
    });

    test('never appeared in anything that this suite saw', () => {
      const { secrets, shown } = stageOf();
      expect(secrets.size).toBeGreaterThan(10);
      expect(shown.length).toBeGreaterThan(100);
      for (const secret of secrets) expect(shown.filter((text) => text.includes(secret))).toEqual([]);
    });
  });
}
