import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../testing/api.fixture.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

test('a new key works, is shown once, and is stored as a hash alone', async () => {
  const client = await api.createClient();
  const { status, body } = await client.send('POST', '/apiKeys', { name: 'second' });
  expect(status).toBe(201);
  expect(body).toEqual({
    id: expect.any(String),
    name: 'second',
    apiKey: expect.any(String),
    createdDate: expect.any(String),
  });
  const headers = { authorization: `Bearer ${body.apiKey}` };
  expect((await api.inject({ method: 'GET', url: '/profile', headers })).status).toBe(200);
  const listed = await client.get('/apiKeys');
  expect(listed.body.results.map((key: { name: string }) => key.name)).toEqual(['test', 'second']);
  expect(listed.text).not.toContain(body.apiKey);
  const { rows } = await api.dependencies.store.pool.query('SELECT api_keys::text AS row FROM api_keys');
  expect(rows.map(({ row }) => row).join()).not.toContain(body.apiKey);
  expect(api.lines.join('\n')).not.toContain(body.apiKey);
});

test('a client has at most ten keys, however many requests come at once', async () => {
  const client = await api.createClient();
  const answers = await Promise.all(Array.from({ length: 14 }, () => client.send('POST', '/apiKeys', {})));
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(9);
  expect(answers.filter((answer) => answer.status === 409)).toHaveLength(5);
  expect((await client.get('/apiKeys')).body.results).toHaveLength(10);
});

test('a key without a name has none in the answer', async () => {
  const client = await api.createClient();
  expect((await client.send('POST', '/apiKeys', { name: null })).body).not.toHaveProperty('name');
  expect((await client.send('POST', '/apiKeys', { name: 'a'.repeat(51) })).status).toBe(400);
});
