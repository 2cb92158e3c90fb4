import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicUrl, startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { createUser, keepSession, openBrowser, password, signedIn } from '../../testing/portal.fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const query = (text: string, values: unknown[] = []) => api.dependencies.store.pool.query(text, values);
const newPassword = 'a password of my own';

async function house() {
  const client = await api.createClient('Maple Lending');
  const user = await createUser(api, client.id, 'owner');
  const owner = openBrowser(api);
  await owner.signIn(user.email);
  return { client, owner, ownerId: user.id };
}

const tokenIn = (url: string) => url.split('/').at(-1) ?? '';
const accept = (token: string, name = 'New Person') =>
  openBrowser(api).send('POST', '/portal/api/invitations/accept', { token, name, password: newPassword });

describe('an invitation', () => {
  test('makes a user of the client with the role that was offered, once', async () => {
    const { client, owner } = await house();
    const email = `Guest-${randomUUID()}@Example.com`;
    const created = await owner.send('POST', '/portal/api/invitations', { email, role: 'operator' });
    expect(created.status).toBe(200);
    expect(created.body).toEqual({
      id: expect.any(String),
      email: email.toLowerCase(),
      role: 'operator',
      created: expect.any(String),
      expiresOn: expect.any(String),
      invitedBy: 'The owner',
      url: expect.stringMatching(/^https:\/\/tributary\.example\.com\/portal\/invitations\/[\w-]{43}$/),
    });
    expect(created.body.url.startsWith(publicUrl)).toBe(true);
    const days = (Date.parse(created.body.expiresOn) - Date.parse(created.body.created)) / 86_400_000;
    expect(days).toBe(7);
    const token = tokenIn(created.body.url);
    // Somebody opens the link: its secret stays out of the log.
    await openBrowser(api).get(`/portal/invitations/${token}`);
    expect(api.lines.join('')).toContain('/portal/invitations/[redacted]');
    expect(api.lines.join('')).not.toContain(token);
    const listed = await owner.get('/portal/api/invitations');
    expect(listed.body.results).toHaveLength(1);
    expect(listed.text).not.toContain(token);
    expect(JSON.stringify((await query('SELECT * FROM portal_invitations')).rows)).not.toContain(token);

    const lookup = await openBrowser(api).send('POST', '/portal/api/invitations/lookup', { token });
    expect(lookup.body).toEqual({
      email: email.toLowerCase(),
      role: 'operator',
      clientName: 'Maple Lending',
    });
    const guest = openBrowser(api);
    const accepted = await guest.send('POST', '/portal/api/invitations/accept', {
      token,
      name: 'Guest',
      password: newPassword,
    });
    expect(accepted.body).toMatchObject({
      user: { name: 'Guest', role: 'operator' },
      client: { id: client.id },
    });
    keepSession(guest, accepted);
    expect((await guest.get('/companies')).status).toBe(200);
    expect((await openBrowser(api).signIn(email, newPassword)).status).toBe(200);
    expect((await owner.get('/portal/api/invitations')).body.results).toEqual([]);
    for (const path of ['lookup', 'accept']) {
      const again = await openBrowser(api).send('POST', `/portal/api/invitations/${path}`, {
        token,
        name: 'Thief',
        password: newPassword,
      });
      expect([again.status, again.body.error]).toEqual([410, expect.stringContaining('was used already')]);
    }
  });

  test('is accepted once, however many try at once', async () => {
    const { owner } = await house();
    const { body } = await owner.send('POST', '/portal/api/invitations', {
      email: `race-${randomUUID()}@example.com`,
      role: 'viewer',
    });
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, n) => accept(tokenIn(body.url), `Person ${n}`)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(3).fill(410)]);
    expect((await owner.get('/portal/api/users')).body.results).toHaveLength(2);
  });

  test('expires, is withdrawn, or is replaced by a newer one', async () => {
    const { owner } = await house();
    const invite = async (email: string) =>
      (await owner.send('POST', '/portal/api/invitations', { email, role: 'viewer' })).body;
    const expired = await invite(`expired-${randomUUID()}@example.com`);
    await query(`UPDATE portal_invitations SET expires_at = now() - interval '1 s' WHERE id = $1`, [
      expired.id,
    ]);
    expect([
      (await accept(tokenIn(expired.url))).status,
      (await owner.get('/portal/api/invitations')).body.results,
    ]).toEqual([410, []]);
    const withdrawn = await invite(`withdrawn-${randomUUID()}@example.com`);
    expect((await owner.send('DELETE', `/portal/api/invitations/${withdrawn.id}`)).status).toBe(204);
    expect((await accept(tokenIn(withdrawn.url))).status).toBe(404);
    expect((await owner.send('DELETE', `/portal/api/invitations/${withdrawn.id}`)).status).toBe(404);
    const email = `twice-${randomUUID()}@example.com`;
    const first = await invite(email);
    const second = await invite(email.toUpperCase());
    expect((await accept(tokenIn(first.url))).status).toBe(404);
    expect((await accept(tokenIn(second.url))).status).toBe(200);
    expect((await owner.send('POST', '/portal/api/invitations', { email, role: 'viewer' })).status).toBe(409);
  });

  test('tells nothing of users of other clients, but does not make a second user with one address', async () => {
    const one = await house();
    const two = await house();
    const user = await createUser(api, one.client.id, 'viewer');
    const created = await two.owner.send('POST', '/portal/api/invitations', {
      email: user.email,
      role: 'viewer',
    });
    expect(created.status).toBe(200);
    expect((await accept(tokenIn(created.body.url))).status).toBe(409);
    expect((await openBrowser(api).signIn(user.email)).body.client.id).toBe(one.client.id);
  });

  test('of an owner is for owners to give; invitations go with the right to give them', async () => {
    const { client, owner } = await house();
    const adminUser = await createUser(api, client.id, 'admin');
    const admin = openBrowser(api);
    await admin.signIn(adminUser.email);
    const invite = (email: string, role: string) =>
      admin.send('POST', '/portal/api/invitations', { email, role });
    expect((await invite('o@example.com', 'owner')).status).toBe(403);
    const given = await invite(`a-${randomUUID()}@example.com`, 'admin');
    expect(given.status).toBe(200);
    const ofOwner = await owner.send('POST', '/portal/api/invitations', {
      email: `o-${randomUUID()}@example.com`,
      role: 'owner',
    });
    expect((await admin.send('DELETE', `/portal/api/invitations/${ofOwner.body.id}`)).status).toBe(403);
    await owner.send('PATCH', `/portal/api/users/${adminUser.id}`, { role: 'operator' });
    expect((await accept(tokenIn(given.body.url))).status).toBe(404);
    expect((await accept(tokenIn(ofOwner.body.url))).status).toBe(200);
  });

  test.each([
    [{ email: 'no address', role: 'viewer' }],
    [{ email: 'a@b.c', role: 'emperor' }],
    [{ email: `${'x'.repeat(250)}@example.com`, role: 'viewer' }],
    [{ role: 'viewer' }],
  ])('is not made of %j', async (body) => {
    const { owner } = await house();
    expect((await owner.send('POST', '/portal/api/invitations', body)).status).toBe(400);
  });

  test('is not accepted with a weak password, an unknown token, or by another site’s page', async () => {
    const { owner } = await house();
    const { body } = await owner.send('POST', '/portal/api/invitations', {
      email: 'weak@example.com',
      role: 'viewer',
    });
    const token = tokenIn(body.url);
    const path = '/portal/api/invitations/accept';
    const send = (given: object, headers = {}) => openBrowser(api).send('POST', path, given, headers);
    const good = { token, name: 'Weak', password: newPassword };
    expect((await send({ ...good, password: 'short' })).body.error).toContain('at least 12 characters');
    expect((await send({ ...good, name: ' ' })).status).toBe(400);
    expect((await send({ ...good, token: 'A'.repeat(43) })).status).toBe(404);
    expect((await send(good, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send(good)).status).toBe(200);
  });
});

describe('users', () => {
  test('are listed, renamed, given another role, disabled and removed, each at once', async () => {
    const { client, owner, ownerId } = await house();
    const user = await createUser(api, client.id, 'viewer');
    const browser = openBrowser(api);
    await browser.signIn(user.email);
    const list = await owner.get('/portal/api/users');
    expect(list.body.results).toEqual([
      expect.objectContaining({ id: ownerId, role: 'owner' }),
      {
        id: user.id,
        email: user.email,
        name: 'The viewer',
        role: 'viewer',
        isDisabled: false,
        lastSignIn: expect.any(String),
        created: expect.any(String),
      },
    ]);
    expect(list.text).not.toMatch(/scrypt|hash/i);
    const change = (body: object) => owner.send('PATCH', `/portal/api/users/${user.id}`, body);
    expect((await browser.send('POST', '/companies', { name: 'X' })).status).toBe(403);
    expect((await change({ role: 'operator', name: 'Renamed' })).body).toMatchObject({
      role: 'operator',
      name: 'Renamed',
      isDisabled: false,
    });
    expect((await browser.send('POST', '/companies', { name: 'X' })).status).toBe(200);
    expect((await change({ isDisabled: true })).status).toBe(200);
    expect((await browser.get('/companies')).status).toBe(401);
    expect((await change({ isDisabled: false })).status).toBe(200);
    expect((await browser.get('/companies')).status).toBe(401);
    expect((await browser.signIn(user.email)).status).toBe(200);
    expect((await owner.send('DELETE', `/portal/api/users/${user.id}`)).status).toBe(204);
    expect((await browser.get('/companies')).status).toBe(401);
    expect((await browser.signIn(user.email)).status).toBe(401);
    expect((await change({ name: 'Ghost' })).status).toBe(404);
  });

  test('include an owner always', async () => {
    const { client, owner, ownerId } = await house();
    const path = `/portal/api/users/${ownerId}`;
    const refusals = [
      await owner.send('PATCH', path, { role: 'admin' }),
      await owner.send('PATCH', path, { isDisabled: true }),
      await owner.send('DELETE', path),
    ];
    for (const { status, body } of refusals)
      expect([status, body.error]).toEqual([409, expect.stringContaining('last owner')]);
    expect((await owner.get('/portal/api/users')).body.results[0]).toMatchObject({
      role: 'owner',
      isDisabled: false,
    });
    const second = await createUser(api, client.id, 'owner');
    await owner.send('PATCH', `/portal/api/users/${second.id}`, { isDisabled: true });
    expect((await owner.send('DELETE', path)).status).toBe(409);
    await owner.send('PATCH', `/portal/api/users/${second.id}`, { isDisabled: false });
    expect((await owner.send('PATCH', path, { role: 'viewer' })).status).toBe(200);
    expect((await owner.get('/portal/api/users')).status).toBe(403);
  });

  test('include an owner even when two take each other away', async () => {
    const { client, owner, ownerId } = await house();
    const user = await createUser(api, client.id, 'owner');
    const other = openBrowser(api);
    await other.signIn(user.email);
    const answers = await Promise.all([
      owner.send('DELETE', `/portal/api/users/${user.id}`),
      other.send('PATCH', `/portal/api/users/${ownerId}`, { isDisabled: true }),
    ]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    const { rows } = await query(
      `SELECT FROM portal_users WHERE client_id = $1 AND role = 'owner' AND NOT is_disabled`,
      [client.id],
    );
    expect(rows).toHaveLength(1);
  });

  test('and invitations of another client are not there', async () => {
    const { owner } = await house();
    const stranger = await house();
    const user = await createUser(api, stranger.client.id, 'viewer');
    const invitation = await stranger.owner.send('POST', '/portal/api/invitations', {
      email: 'mine@example.com',
      role: 'viewer',
    });
    expect((await owner.send('PATCH', `/portal/api/users/${user.id}`, { role: 'owner' })).status).toBe(404);
    expect((await owner.send('DELETE', `/portal/api/users/${user.id}`)).status).toBe(404);
    expect((await owner.send('DELETE', `/portal/api/invitations/${invitation.body.id}`)).status).toBe(404);
    expect((await owner.get('/portal/api/users')).text).not.toContain(user.email);
    expect((await stranger.owner.get('/portal/api/invitations')).body.results).toHaveLength(1);
  });
});

describe('the log of changes', () => {
  const logOf = async (client: TestClient) => (await client.get('/portal/api/auditLog')).body.results;

  test('tells who changed what, users and keys alike, and nothing that was refused', async () => {
    const { client, owner, ownerId } = await house();
    const company = await owner.send('POST', '/companies', { name: 'Corner Shop' });
    await client.send('PATCH', '/integrations/KSHO', { enabled: true });
    await client.send('PUT', '/integrations/ksho/credentials', {
      clientId: 'our-id',
      clientSecret: 'TOP-SECRET',
    });
    await owner.send('PATCH', `/companies/${randomUUID()}`, { name: 'Nobody' });
    await owner.send('POST', '/companies', { name: '' });
    await owner.get('/companies');
    const log = await logOf(client);
    expect(log.map(({ action }: { action: string }) => action)).toEqual([
      'save-integration-credentials',
      'update-integration',
      'create-company',
    ]);
    expect(log[2]).toEqual({
      id: expect.any(String),
      at: expect.any(String),
      actor: { type: 'user', id: ownerId, name: 'The owner' },
      ip: '192.0.2.1',
      action: 'create-company',
      target: { type: 'company', id: company.body.id },
      outcome: 'done',
      detail: { members: ['name'] },
    });
    expect(log[1]).toMatchObject({
      actor: { type: 'apiKey', id: expect.any(String), name: 'test' },
      target: { type: 'integration', id: 'KSHO' },
      detail: { members: ['enabled'], values: { enabled: true } },
    });
    expect(JSON.stringify(log)).not.toMatch(/TOP-SECRET|our-id|Corner Shop/);
    expect((await owner.get('/portal/api/auditLog?pageSize=1&page=2')).body).toMatchObject({
      totalResults: 3,
      pageNumber: 2,
      results: [{ action: 'update-integration' }],
    });
  });

  test('shows what was begun and whose end nobody knows; a request that cannot be written down is not made', async () => {
    const { client } = await house();
    await query(
      `CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$`,
    );
    await query(`CREATE TRIGGER broken BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION broken()`);
    expect((await client.send('POST', '/companies', { name: 'Done all the same' })).status).toBe(200);
    await query('DROP TRIGGER broken ON audit_log');
    expect(await logOf(client)).toMatchObject([{ action: 'create-company', outcome: 'unknown' }]);
    await query(`CREATE TRIGGER broken BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION broken()`);
    expect((await client.send('POST', '/companies', { name: 'Not written down' })).status).toBe(500);
    await query('DROP TRIGGER broken ON audit_log');
    expect((await client.get('/companies')).body.results.map(({ name }: { name: string }) => name)).toEqual([
      'Done all the same',
    ]);
  });

  test('counts a repeated idempotent request once, and forgets the id of what is erased', async () => {
    const { client } = await house();
    const headers = {
      authorization: `Bearer ${client.apiKey}`,
      'idempotency-key': 'once',
      'content-type': 'application/json',
    };
    const create = () =>
      api.inject({ method: 'POST', url: '/companies', headers, payload: JSON.stringify({ name: 'Once' }) });
    const { body } = await create();
    expect((await create()).headers['idempotent-replayed']).toBe('true');
    expect(await logOf(client)).toHaveLength(1);
    await client.send('DELETE', `/companies/${body.id}`);
    const log = await logOf(client);
    expect(log).toMatchObject([
      {
        action: 'delete-company',
        outcome: 'done',
        target: { type: 'company', id: expect.stringMatching(/^erased-/) },
      },
      { action: 'create-company', target: { type: 'company', id: expect.stringMatching(/^erased-/) } },
    ]);
    expect(log[0].target).toEqual(log[1].target);
    expect(JSON.stringify(log)).not.toContain(body.id);
  });

  test('has what users do to users, and belongs to one client', async () => {
    const { client, owner } = await house();
    const stranger = await house();
    const email = `logged-${randomUUID()}@example.com`;
    const invitation = await owner.send('POST', '/portal/api/invitations', { email, role: 'viewer' });
    await accept(tokenIn(invitation.body.url), 'Logged');
    await owner.send('PUT', '/portal/api/session/password', { currentPassword: password, newPassword });
    const log = await logOf(client);
    expect(log).toMatchObject([
      { action: 'change-portal-password', detail: { members: ['currentPassword', 'newPassword'] } },
      {
        action: 'accept-portal-invitation',
        actor: { type: 'user', name: 'Logged' },
        detail: { email, role: 'viewer' },
      },
      {
        action: 'create-portal-invitation',
        target: { type: 'portalInvitation', id: invitation.body.id },
        detail: { values: { email, role: 'viewer' } },
      },
    ]);
    expect(JSON.stringify(log)).not.toContain(newPassword);
    expect(JSON.stringify(log)).not.toContain(tokenIn(invitation.body.url));
    expect(await logOf(stranger.client)).toEqual([]);
    expect((await (await signedIn(api, client.id, 'operator')).get('/portal/api/auditLog')).status).toBe(403);
  });
});
