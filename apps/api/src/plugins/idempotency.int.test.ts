import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestApi, type TestApi, type TestClient } from '../testing/api.fixture.ts';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
});
afterAll(() => api.close());

type Method = 'POST' | 'PATCH' | 'PUT';

/** A request with an idempotency key. */
const keyed = (key: string, method: Method, url: string, body?: object, by = client): Promise<Answer> =>
  api.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${by.apiKey}`,
      'idempotency-key': key,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { payload: JSON.stringify(body) }),
  });

const companiesNamed = async (name: string) =>
  (await client.get(`/companies?query=name=${name}`)).body.totalResults;

describe('the same request with the same key', () => {
  test('takes effect once, and is answered alike: status, body and content type', async () => {
    const first = await keyed('a', 'POST', '/companies', { name: 'Once' });
    const second = await keyed('a', 'POST', '/companies', { name: 'Once' });
    expect(first.status).toBe(200);
    expect([second.status, second.text, second.headers['content-type']]).toEqual([
      first.status,
      first.text,
      first.headers['content-type'],
    ]);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.headers['x-correlation-id']).not.toBe(first.headers['x-correlation-id']);
    expect(Number(second.headers['x-rate-limit-remaining'])).toBeLessThan(
      Number(first.headers['x-rate-limit-remaining']),
    );
    expect(await companiesNamed('Once')).toBe(1);
  });

  test('gets the secret of the first answer again', async () => {
    const [first, second] = [
      await keyed('secret', 'POST', '/apiKeys', { name: 'x' }),
      await keyed('secret', 'POST', '/apiKeys', { name: 'x' }),
    ];
    expect(first.status).toBe(201);
    expect(second.body.apiKey).toBe(first.body.apiKey);
  });

  test('is answered alike where there is no body', async () => {
    const { id } = await client.createCompany('No body');
    const settings = { settings: [{ dataType: 'invoices', syncSchedule: 1 }] };
    const url = `/companies/${id}/syncSettings`;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const answer = await keyed('empty', 'POST', url, settings);
      expect([answer.status, answer.text]).toEqual([204, '']);
    }
  });

  test('is refused alike', async () => {
    const body = { name: '' };
    const first = await keyed('refused', 'POST', '/companies', body);
    const second = await keyed('refused', 'POST', '/companies', body);
    expect([first.status, second.status, second.text]).toEqual([400, 400, first.text]);
  });

  test('takes effect once however many arrive together: the others learn that it runs', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => keyed('together', 'POST', '/companies', { name: 'Together' })),
    );
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
    expect(await companiesNamed('Together')).toBe(1);
  });
});

describe('a key', () => {
  test('with another body, or another query, is refused with 422', async () => {
    await keyed('b', 'POST', '/companies', { name: 'One' });
    const other = await keyed('b', 'POST', '/companies', { name: 'Two' });
    expect([other.status, other.body.canBeRetried]).toEqual([422, 'False']);
    expect((await keyed('b', 'POST', '/companies?x=1', { name: 'One' })).status).toBe(422);
  });

  test('means something for one client, one method and one path only', async () => {
    const another = await api.createClient();
    const { id } = await client.createCompany('Path');
    const { id: otherId } = await client.createCompany('Other path');
    const body = { name: 'Changed' };
    const answers = [
      await keyed('c', 'POST', '/companies', body),
      await keyed('c', 'POST', '/companies', body, another),
      await keyed('c', 'PATCH', `/companies/${id}`, body),
      await keyed('c', 'PATCH', `/companies/${otherId}`, body),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(4);
    // Paths match in any case.
    expect((await keyed('c', 'POST', '/Companies', body)).text).toBe(answers[0]?.text);
  });

  test('on another method than POST and PATCH is not looked at', async () => {
    const { id } = await client.createCompany('Put');
    await keyed('d', 'PUT', `/companies/${id}`, { name: 'One' });
    expect((await keyed('d', 'PUT', `/companies/${id}`, { name: 'Two' })).body.name).toBe('Two');
  });

  test.each(['', ' ', 'x'.repeat(256), 'é'])('%j is refused with 400', async (key) => {
    const answer = await keyed(key, 'POST', '/companies', { name: 'Bad key' });
    expect([answer.status, answer.body.validation.errors[0].itemId]).toEqual([
      400,
      'headers.idempotency-key',
    ]);
    expect(await companiesNamed('Bad key')).toBe(0);
  });

  test('whose request died is given to the next one when its time is over, and not before', async () => {
    const { pool } = api.dependencies.store;
    const first = await keyed('died', 'POST', '/companies', { name: 'Died' });
    // As a process leaves it that ends between taking the key and keeping the answer.
    const undo = (heldUntil: string) =>
      pool.query(
        `UPDATE idempotency_keys SET answer = NULL, held_until = now() + $2::interval
         WHERE client_id = $1 AND expires_at = (SELECT max(expires_at) FROM idempotency_keys WHERE client_id = $1)`,
        [client.id, heldUntil],
      );
    await undo('30 seconds');
    const running = await keyed('died', 'POST', '/companies', { name: 'Died' });
    expect([running.status, running.body.canBeRetried]).toEqual([409, 'True']);
    expect((await keyed('died', 'POST', '/companies', { name: 'Else' })).status).toBe(422);
    await undo('-1 second');
    const next = await keyed('died', 'POST', '/companies', { name: 'Died' });
    expect(next.status).toBe(200);
    expect(next.body.id).not.toBe(first.body.id);
    expect((await keyed('died', 'POST', '/companies', { name: 'Died' })).text).toBe(next.text);
  });

  test('is forgotten after a day', async () => {
    const first = await keyed('old', 'POST', '/companies', { name: 'Old' });
    await api.dependencies.store.pool.query(
      `UPDATE idempotency_keys SET expires_at = expires_at - interval '24 hours 1 second' WHERE client_id = $1`,
      [client.id],
    );
    const next = await keyed('old', 'POST', '/companies', { name: 'Other' });
    expect([next.status, next.body.id === first.body.id]).toEqual([200, false]);
  });
});

test('what a mistake of ours made of a request is not kept', async () => {
  const other = await api.createClient();
  const { id } = await other.createCompany('Later');
  const { pool } = api.dependencies.store;
  const send = () => keyed('broken', 'PATCH', `/companies/${id}`, { name: 'Changed' }, other);
  await pool.query('ALTER TABLE companies RENAME TO companies_away');
  const failed = await send();
  await pool.query('ALTER TABLE companies_away RENAME TO companies');
  expect(failed.status).toBe(500);
  expect((await send()).status).toBe(200);
});

test('answers are stored encrypted, bound to their row and client', async () => {
  const other = await api.createClient();
  const { body } = await keyed('sealed', 'POST', '/apiKeys', { name: 'sealed' }, other);
  const { pool } = api.dependencies.store;
  const { rows } = await pool.query<{ answer: string }>(
    'SELECT answer FROM idempotency_keys WHERE client_id = $1',
    [other.id],
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.answer).toMatch(/^v1\./);
  expect(rows[0]?.answer).not.toContain(body.apiKey);
  expect(Buffer.from(rows[0]?.answer.split('.')[4] ?? '', 'base64url').toString('latin1')).not.toContain(
    body.apiKey,
  );
  // Moved to another client, the answer does not open.
  const thief = await api.createClient();
  await keyed('sealed', 'POST', '/apiKeys', { name: 'sealed' }, thief);
  await pool.query('UPDATE idempotency_keys SET answer = $2 WHERE client_id = $1', [
    thief.id,
    rows[0]?.answer,
  ]);
  const stolen = await keyed('sealed', 'POST', '/apiKeys', { name: 'sealed' }, thief);
  expect(stolen.text).not.toContain(body.apiKey);
});
