/** Calls that change something at the platform: what is known of them when they fail, and the hook before they leave. */
import { describe, expect, test } from 'vitest';
import type { PlatformRequest } from './connector.ts';
import { countingTokens, failureOf, ok, session, sessionTo, status } from './test-session.fixture.ts';
import { sendJson } from './testing.ts';

const write: PlatformRequest = { method: 'POST', path: '/things', body: '{}' };

describe('a call that changes something', () => {
  test.each([
    ['is refused', [status(400)], false],
    ['is forbidden', [status(403)], false],
    ['is held up by a rate limit', [status(429, { 'retry-after': '60' })], false],
    ['finds the platform in trouble', [status(503)], true],
    ['is redirected', [status(302)], true],
    ['brings no JSON', [(response) => response.end('<html>')], true],
    ['loses its connection', [(response) => response.destroy()], true],
  ] as const satisfies readonly (readonly [string, Parameters<typeof session>[0], boolean])[])(
    'that %s tells whether it may have taken effect, and is not repeated',
    async (_what, answers, mayHaveTakenEffect) => {
      const { request, server } = await session(answers);
      expect(await failureOf(request(write))).toMatchObject({ mayHaveTakenEffect });
      expect(server.received).toHaveLength(1);
    },
  );

  test('that never left has taken no effect', async () => {
    const { request } = sessionTo('http://127.0.0.1:1', {});
    expect(await failureOf(request(write))).toMatchObject({ code: 'unavailable', mayHaveTakenEffect: false });
  });

  test('names the place of what it created', async () => {
    const { request } = await session([
      (response) => sendJson(response, '{}', { status: 201, headers: { location: '/things/7' } }),
    ]);
    expect(await request(write)).toMatchObject({ status: 201, location: '/things/7' });
  });

  test('awaits its hook before each attempt, and is not sent when that throws', async () => {
    let hooks = 0;
    const tokens = countingTokens();
    const { request, server } = await session([status(401), ok], { tokens });
    const beforeSending = async (): Promise<void> => {
      expect(server.received).toHaveLength(hooks);
      hooks += 1;
    };
    await request({ ...write, beforeSending });
    expect([hooks, tokens.refreshed]).toEqual([2, [1]]);
    const refused = request({ ...write, beforeSending: () => Promise.reject(new Error('too late')) });
    await expect(refused).rejects.toThrow('too late');
    expect(server.received).toHaveLength(2);
  });
});
