import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { createUser, openBrowser, password, signedIn } from '../../testing/portal.fixture.ts';

let api: TestApi;
let client: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient('Maple Lending');
});
afterAll(() => api.close());

const query = (text: string, values: unknown[] = []) => api.dependencies.store.pool.query(text, values);

describe('signing in', () => {
  test('tells who it is, and gives a cookie that scripts and other sites cannot use', async () => {
    const { id, email } = await createUser(api, client.id, 'operator');
    const browser = openBrowser(api);
    const answer = await browser.signIn(email.toUpperCase());
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      user: { id, email, name: 'The operator', role: 'operator' },
      client: { id: client.id, name: 'Maple Lending' },
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(answer.headers['set-cookie']).toMatch(
      /^tributary_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
    expect((await browser.get('/portal/api/session')).body).toEqual(answer.body);
    expect((await browser.get('/companies')).status).toBe(200);
  });

  test('stores nothing that opens a session or tells a password', async () => {
    const { email } = await createUser(api, client.id, 'viewer');
    const browser = openBrowser(api);
    await browser.signIn(email);
    const { rows } = await query(
      'SELECT * FROM portal_users, portal_sessions WHERE user_id = portal_users.id',
    );
    const stored = JSON.stringify(rows);
    expect(stored).not.toContain(browser.token);
    expect(stored).not.toContain(browser.csrfToken);
    expect(stored).not.toContain(password);
    expect(stored).toContain('$scrypt$ln=15,r=8,p=3$');
  });

  test('is refused alike for a wrong password, an unknown address and a disabled user', async () => {
    const { email } = await createUser(api, client.id, 'viewer');
    const disabled = await createUser(api, client.id, 'viewer');
    await query('UPDATE portal_users SET is_disabled = true WHERE id = $1', [disabled.id]);
    const answers = [
      await openBrowser(api).signIn(email, 'wrong password'),
      await openBrowser(api).signIn('nobody@example.com'),
      await openBrowser(api).signIn(disabled.email),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.body.error).toBe('The e-mail address or the password is wrong.');
      expect(answer.headers['set-cookie']).toBeUndefined();
      // A scheme that browsers know would make them ask with a dialog of their own.
      expect(answer.headers['www-authenticate']).toBe('PortalSession realm="Tributary"');
    }
  });

  test('takes as long for an unknown address as for a wrong password', async () => {
    const { email } = await createUser(api, client.id, 'viewer');
    const medianOf = async (address: (n: number) => string) => {
      const times: number[] = [];
      for (let n = 0; n < 5; n += 1) {
        const startedAt = performance.now();
        await openBrowser(api, `198.51.100.${n}`).signIn(address(n), 'wrong');
        times.push(performance.now() - startedAt);
      }
      return times.toSorted((a, b) => a - b)[2] ?? 0;
    };
    const known = await medianOf(() => email);
    const unknown = await medianOf((n) => `nobody-${n}@example.com`);
    expect(unknown / known).toBeGreaterThan(0.5);
    expect(unknown / known).toBeLessThan(2);
  });

  test('makes a new session each time, and ends the one that the browser had', async () => {
    const { email } = await createUser(api, client.id, 'viewer');
    const browser = openBrowser(api);
    browser.token = 'chosen-by-somebody-else';
    await browser.signIn(email);
    const first = browser.token;
    expect(first).not.toBe('chosen-by-somebody-else');
    await browser.signIn(email);
    expect(browser.token).not.toBe(first);
    const left = openBrowser(api);
    left.token = first;
    expect((await left.get('/portal/api/session')).status).toBe(401);
  });

  test('is not done for pages of other sites', async () => {
    const { email } = await createUser(api, client.id, 'viewer');
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      const answer = await openBrowser(api).send('POST', '/portal/api/session', { email, password }, headers);
      expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
    }
  });

  test.each([
    [{}],
    [{ email: 'a@example.com' }],
    [{ email: 'a@example.com', password: '' }],
    [{ email: 'a@example.com', password: 'x'.repeat(1025) }],
    [{ email: ['a@example.com'], password: 'x' }],
    [{ email: 'a@example.com', password: { $ne: '' } }],
  ])('refuses %j', async (body) => {
    expect((await openBrowser(api).send('POST', '/portal/api/session', body)).status).toBe(400);
  });
});

describe('attempts', () => {
  test('end after five for one address from one place, however many come at once', async () => {
    const { email } = await createUser(api, client.id, 'viewer');
    const browser = openBrowser(api, '203.0.113.5');
    const answers = await Promise.all(Array.from({ length: 30 }, () => browser.signIn(email, 'guess')));
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([...Array(5).fill(401), ...Array(25).fill(429)]);
    const refusal = answers.find(({ status }) => status === 429);
    expect(Number(refusal?.headers['retry-after'])).toBeGreaterThan(800);
    expect(refusal?.body.error).toBe('Too many attempts to sign in. Try again in 15 minutes.');
    // The right password makes no difference; another place does.
    expect((await browser.signIn(email)).status).toBe(429);
    expect((await openBrowser(api, '203.0.113.6').signIn(email)).status).toBe(200);
  });

  test('are counted for a whole network of IPv6', async () => {
    const { email } = await createUser(api, client.id, 'viewer');
    const statuses: number[] = [];
    for (const ip of [
      '2001:db8:0:1::1',
      '2001:db8:0:1:2:3:4:5',
      '2001:db8:0:1::2',
      '2001:db8:0:1::3',
      '2001:db8:0:1:9::',
    ])
      statuses.push((await openBrowser(api, ip).signIn(email, 'guess')).status);
    expect(statuses).toEqual(Array(5).fill(401));
    expect((await openBrowser(api, '2001:db8:0:1::ffff').signIn(email, 'guess')).status).toBe(429);
    expect((await openBrowser(api, '2001:db8::1').signIn(email, 'guess')).status).toBe(401);
    expect((await openBrowser(api, '::ffff:192.0.2.77').signIn(email, 'guess')).status).toBe(401);
  });

  test('end for an address after twenty from anywhere, and are the same for one that nobody has', async () => {
    const statusesOf = async (address: string) => {
      const statuses: number[] = [];
      for (let n = 0; n < 24; n += 1)
        statuses.push((await openBrowser(api, `203.0.113.${100 + n}`).signIn(address, 'guess')).status);
      return statuses;
    };
    const expected = [...Array(20).fill(401), ...Array(4).fill(429)];
    expect(await statusesOf((await createUser(api, client.id, 'viewer')).email)).toEqual(expected);
    expect(await statusesOf('nobody-twenty@example.com')).toEqual(expected);
  });

  test('are forgotten with the right password, and with time', async () => {
    const { email } = await createUser(api, client.id, 'viewer');
    const browser = openBrowser(api, '203.0.113.7');
    for (let n = 0; n < 4; n += 1) await browser.signIn(email, 'guess');
    expect((await browser.signIn(email)).status).toBe(200);
    for (let n = 0; n < 5; n += 1) expect((await browser.signIn(email, 'guess')).status).toBe(401);
    expect((await browser.signIn(email)).status).toBe(429);
    await query(`UPDATE portal_sign_in_attempts SET window_ends_at = now() - interval '1 s'`);
    expect((await browser.signIn(email)).status).toBe(200);
  });
});

describe('a session', () => {
  test('is needed: without one, or with a wrong one, 401 that makes browsers show no dialog', async () => {
    const browser = openBrowser(api);
    expect((await browser.get('/portal/api/session')).status).toBe(401);
    browser.token = 'A'.repeat(43);
    for (const path of ['/portal/api/session', '/companies']) {
      const answer = await browser.get(path);
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([
        401,
        'PortalSession realm="Tributary"',
      ]);
    }
  });

  test('ends after twelve hours without use, and is kept alive by use, but seven days at most', async () => {
    const browser = await signedIn(api, client.id, 'viewer');
    const hoursLeft = async () => {
      const { rows } = await query(
        `SELECT round(extract(epoch FROM max(idle_until) - now()) / 3600, 1)::float8 AS hours FROM portal_sessions`,
      );
      return rows[0].hours;
    };
    const shorten = (hours: number) =>
      query(`UPDATE portal_sessions SET idle_until = now() + $1 * interval '1 hour'`, [hours]);
    await shorten(1);
    expect((await browser.get('/portal/api/session')).status).toBe(200);
    expect(await hoursLeft()).toBe(12);
    await query(`UPDATE portal_sessions SET expires_at = now() + interval '2 hours'`);
    await shorten(1);
    expect((await browser.get('/portal/api/session')).status).toBe(200);
    expect(await hoursLeft()).toBe(2);
    await shorten(-0.001);
    expect((await browser.get('/portal/api/session')).status).toBe(401);
  });

  test('ends when its user signs out, is disabled or removed, and when another browser changes the password', async () => {
    const user = await createUser(api, client.id, 'admin');
    const browsers = [openBrowser(api), openBrowser(api), openBrowser(api)];
    for (const browser of browsers) await browser.signIn(user.email);
    const [first, second, third] = browsers as [
      (typeof browsers)[0],
      (typeof browsers)[0],
      (typeof browsers)[0],
    ];
    const out = await first.send('DELETE', '/portal/api/session');
    expect(out.status).toBe(204);
    expect(out.headers['set-cookie']).toMatch(/^tributary_session=; Max-Age=0; Path=\/; .*HttpOnly/);
    expect((await first.get('/companies')).status).toBe(401);

    const newPassword = 'a better one than before';
    const change = (currentPassword: string, next = newPassword) =>
      second.send('PUT', '/portal/api/session/password', { currentPassword, newPassword: next });
    expect((await change('wrong')).status).toBe(400);
    expect((await change(password, 'short')).status).toBe(400);
    expect((await third.get('/companies')).status).toBe(200);
    expect((await change(password)).status).toBe(204);
    expect((await second.get('/companies')).status).toBe(200);
    expect((await third.get('/companies')).status).toBe(401);
    expect((await third.signIn(user.email)).status).toBe(401);
    expect((await third.signIn(user.email, newPassword)).status).toBe(200);

    await query('UPDATE portal_users SET is_disabled = true WHERE id = $1', [user.id]);
    expect((await second.get('/companies')).status).toBe(401);
    await query('UPDATE portal_users SET is_disabled = false WHERE id = $1', [user.id]);
    await query('DELETE FROM portal_users WHERE id = $1', [user.id]);
    expect((await second.get('/companies')).status).toBe(401);
  });

  test('changes nothing without its CSRF token, and nothing for pages of other sites', async () => {
    const browser = await signedIn(api, client.id, 'owner');
    const other = await signedIn(api, client.id, 'owner');
    const right = { 'x-csrf-token': String(browser.csrfToken) };
    const create = (headers: Record<string, string>) =>
      browser.send('POST', '/companies', { name: 'Forged' }, headers);
    for (const headers of [
      {},
      { 'x-csrf-token': '' },
      { 'x-csrf-token': String(other.csrfToken) },
      { ...right, 'sec-fetch-site': 'cross-site' },
      { ...right, 'sec-fetch-site': 'same-site' },
      { ...right, origin: 'https://evil.example' },
      { ...right, origin: 'null' },
    ]) {
      const answer = await create(headers);
      expect([answer.status, answer.body.error]).toEqual([
        403,
        expect.stringMatching(/X-CSRF-Token|other sites/),
      ]);
    }
    expect((await browser.get('/companies?query=name=Forged')).body.totalResults).toBe(0);
    for (const headers of [
      right,
      { ...right, 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:3000' },
      { ...right, origin: api.dependencies.publicUrl },
      { ...right, host: 'portal.local:3000', origin: 'http://portal.local:3000' },
    ])
      expect((await create(headers)).status).toBe(200);
  });

  test('is not taken from pages of other sites, not even for reading', async () => {
    const browser = await signedIn(api, client.id, 'owner');
    expect((await browser.get('/companies', { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await browser.get('/companies', { 'sec-fetch-site': 'none' })).status).toBe(200);
    expect((await browser.get('/companies', { 'sec-fetch-site': 'same-site' })).status).toBe(401);
    const cross = await browser.get('/companies', { 'sec-fetch-site': 'cross-site' });
    expect(cross.status).toBe(401);
    expect(cross.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test('does not help a request that carries a wrong key, nor a key to what is for users', async () => {
    const browser = await signedIn(api, client.id, 'owner');
    expect((await browser.get('/companies', { authorization: 'Bearer wrong' })).status).toBe(401);
    const withKey = await client.get('/portal/api/session');
    expect([withKey.status, withKey.body.error]).toEqual([
      403,
      expect.stringContaining('users of the portal'),
    ]);
  });

  test('uses up no quota of the client, and works on when it is used up', async () => {
    const few = await startTestApi({ requestsPerClientPerDay: 2 });
    const small = await few.createClient();
    const browser = await signedIn(few, small.id, 'viewer');
    for (let n = 0; n < 4; n += 1) {
      const answer = await browser.get('/companies');
      expect([answer.status, answer.headers['x-rate-limit-limit']]).toEqual([200, undefined]);
    }
    const statuses = [
      await small.get('/companies'),
      await small.get('/companies'),
      await small.get('/companies'),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect((await browser.get('/companies')).status).toBe(200);
    await few.close();
  });
});

test('a session that was begun with a password does not outlive its change', async () => {
  const { createPortalSession, findPortalUserSecret, hashPassword, replacePassword } = await import(
    '@tributary/store'
  );
  const { pool } = api.dependencies.store;
  const { id, email } = await createUser(api, client.id, 'viewer');
  const secret = await findPortalUserSecret(pool, email);
  await replacePassword(pool, id, await hashPassword('another one by now'));
  const session = {
    id: api.dependencies.newId(),
    userId: id,
    tokenHash: Buffer.alloc(32),
    passwordHash: secret?.passwordHash ?? '',
  };
  expect(await createPortalSession(pool, session, { idleSeconds: 60, longestSeconds: 60 })).toBe(false);
});
