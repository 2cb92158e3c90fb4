/** User name and password: what opens the books, what does not, and that neither is ever shown. */
import { describe, expect, test } from 'vitest';
import type { Credentials } from '../connector.ts';
import { tokensOfCredentials } from '../credentials.ts';
import { createPlatformSession } from '../http.ts';
import { createLocalPacer } from '../pacer.ts';
import type { ConformanceOptions, CredentialsPlatformUnderTest } from './platform.ts';
import { createSkippingClock, platformErrorOf, readAll, type Stage } from './stage.ts';

export function describeCredentials(stageOf: () => Stage, options: ConformanceOptions): void {
  const dataType = options.pagedDataType;

  const signIn = (): Promise<Credentials> => {
    const { platform } = stageOf();
    if (!('signIn' in platform)) throw new Error('The platform is not one with user name and password');
    return (platform satisfies CredentialsPlatformUnderTest).signIn();
  };
  /** The businesses that credentials open, by a session that nothing refreshes. */
  const businessesOf = (credentials: Credentials) => {
    const { connector, clock, shown, secrets } = stageOf();
    secrets.add(credentials.password);
    const { accessToken } = tokensOfCredentials(credentials);
    const session = createPlatformSession({
      baseUrl: connector.apiUrl({}),
      businessId: undefined,
      info: {},
      tokens: {
        current: async () => ({ accessToken, version: 0 }),
        refresh: async () => {
          throw new Error('there is nothing to refresh');
        },
      },
      dialect: connector.dialect,
      pacer: createLocalPacer({
        requestsPerSecond: 10_000,
        requestsPerHour: undefined,
        clock: createSkippingClock(),
      }),
      pacingKeys: ['connection'],
      clock,
      random: () => 0.5,
      observe: (exchange) => shown.push(JSON.stringify(exchange)),
    });
    return connector.listBusinesses(session, credentials.username);
  };

  describe('user name and password', () => {
    test('open the same business every time, in whatever case the user name is written', async () => {
      const credentials = await signIn();
      const [business] = await businessesOf(credentials);
      expect(business?.id).toMatch(/\S/);
      expect(business?.name).toMatch(/\S/);
      const [again] = await businessesOf({ ...credentials, username: credentials.username.toUpperCase() });
      expect(again).toEqual(business);
    });

    test.each(['', 'not-the-password:%&<>"\u2019', ']]></Password><UserName>'])(
      'with the wrong password %j are accessRevoked, with words for the business',
      async (password) => {
        const { username } = await signIn();
        const error = await platformErrorOf(stageOf(), businessesOf({ username, password }));
        expect(error.code).toBe('accessRevoked');
        expect(error.advice).toMatch(/password/);
      },
    );

    test('that the platform echoes are shown neither by errors nor by exchanges', async () => {
      const { connector, platform, visit } = stageOf();
      const visited = await visit();
      const { username, password } = await signIn();
      for (const status of [400, 403, 500]) {
        const parameters = {
          status,
          body: `<UserName>${username}</UserName><Password>${password}</Password>`,
        };
        await platform.setFaults([{ on: { listing: dataType }, kind: 'status', parameters, times: null }]);
        await platformErrorOf(stageOf(), readAll(connector, visited.session, { dataType }));
      }
      expect(visited.exchanges.some(({ errorExcerpt }) => errorExcerpt !== undefined)).toBe(true);
    });

    test('never appeared in anything that this suite saw', () => {
      const { secrets, shown } = stageOf();
      expect(shown.length).toBeGreaterThan(100);
      for (const secret of secrets)
        if (secret !== '') expect(shown.filter((text) => text.includes(secret))).toEqual([]);
    });
  });
}
