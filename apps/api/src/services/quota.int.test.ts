import { randomUUID } from 'node:crypto';
import { createClientRepository, createUsageRepository, openStore, type Store } from '@tributary/store';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, startTestApi } from '../testing/api.fixture.ts';
import { createQuota } from './quota.ts';

let database: TestDatabase;
let store: Store;

const fail = (error: unknown) => {
  throw error;
};

beforeAll(async () => {
  database = await createTestDatabase();
  store = openStore({
    databaseUrl: database.databaseUrl,
    poolSize: 2,
    applicationName: 'test',
    onError: fail,
  });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

async function newClient(): Promise<string> {
  const id = randomUUID();
  await createClientRepository(store).create({ id, name: 'Maple Lending' });
  return id;
}

const noon = Date.parse('2024-02-29T12:00:00Z');

function quotaAt(now: () => number, limit: number, onError: (error: unknown) => void = fail) {
  return createQuota({ usage: createUsageRepository(store), clock: now, limit, onError });
}

test('requests are counted down to nothing, refused, and there again the next day', async () => {
  const client = await newClient();
  let now = noon;
  const quota = quotaAt(() => now, 3);
  const resetAtMs = Date.parse('2024-03-01T00:00:00Z');
  expect(await quota.take(client)).toEqual({ limit: 3, remaining: 2, resetAtMs, isAllowed: true });
  expect(await quota.take(client)).toMatchObject({ remaining: 1, isAllowed: true });
  expect(await quota.take(client)).toMatchObject({ remaining: 0, isAllowed: true });
  expect(await quota.take(client)).toMatchObject({ remaining: 0, isAllowed: false });
  now += 86_400_000;
  expect(await quota.take(client)).toMatchObject({ remaining: 2, isAllowed: true });
});

test('two processes share a quota, and a restart keeps what was counted', async () => {
  const client = await newClient();
  const [one, two] = [quotaAt(() => noon, 100), quotaAt(() => noon, 100)];
  for (let request = 0; request < 40; request += 1) await one.take(client);
  await one.flush();
  expect((await two.take(client)).remaining).toBe(59);
  await two.flush();
  await one.take(client);
  await one.flush();
  expect((await one.take(client)).remaining).toBe(57);
  await one.flush();
  expect((await quotaAt(() => noon, 100).take(client)).remaining).toBe(56);
});

test('requests whose count could not be stored are not forgotten', async () => {
  const client = await newClient();
  const usage = createUsageRepository(store);
  const errors: unknown[] = [];
  let isAway = false;
  const quota = createQuota({
    usage: {
      add: (...parameters) => (isAway ? Promise.reject(new Error('away')) : usage.add(...parameters)),
    },
    clock: () => noon,
    limit: 1_000_000,
    onError: (error) => errors.push(error),
  });
  await quota.take(client);
  isAway = true;
  await quota.flush();
  expect(errors).toHaveLength(1);
  isAway = false;
  await quota.take(client);
  await quota.flush();
  expect(await usage.add(client, '2024-02-29', 0)).toBe(2);
});

test('every authenticated answer tells the quota, and the one too many is refused with the time to wait', async () => {
  const api = await startTestApi({ requestsPerClientPerDay: 2, clock: () => noon });
  const client = await api.createClient();
  const first = await client.get('/profile');
  expect(first.headers).toMatchObject({
    'x-rate-limit-limit': '2',
    'x-rate-limit-remaining': '1',
    'x-rate-limit-reset': '2024-03-01T00:00:00.000Z',
  });
  const second = await client.get(`/companies/${randomUUID()}`);
  expect([second.status, second.headers['x-rate-limit-remaining']]).toEqual([404, '0']);
  const third = await client.get('/profile');
  expect(third.status).toBe(429);
  expect(third.headers).toMatchObject({ 'retry-after': '43200', 'x-rate-limit-remaining': '0' });
  expect(third.body).toMatchObject({ statusCode: 429, canBeRetried: 'True' });
  await api.close();
});

test('requests that reach no route count too when they carry a valid key, and tell nothing when they carry none', async () => {
  const api = await startTestApi({ requestsPerClientPerDay: 5, clock: () => noon });
  const client = await api.createClient();
  const remainingOf = ({ status, headers }: Answer) => [status, headers['x-rate-limit-remaining']];
  expect(remainingOf(await client.get('/colours'))).toEqual([404, '4']);
  expect(remainingOf(await client.get('/companies/%zz'))).toEqual([400, '3']);
  expect(remainingOf(await client.get(`/companies/${'a'.repeat(600)}`))).toEqual([414, '2']);
  expect(remainingOf(await client.send('POST', '/colours', '{"broken":'))).toEqual([400, '1']);
  expect(remainingOf(await client.get('/profile'))).toEqual([200, '0']);
  for (const path of ['/colours', '/companies/%zz', '/profile']) {
    const refused = await client.get(path);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '43200']);
  }
  for (const [path, status] of [
    ['/profile', 401],
    ['/colours', 404],
    ['/companies/%zz', 400],
    ['/healthz', 200],
    ['/openapi.json', 200],
  ] as const) {
    const answer = await api.inject({ method: 'GET', url: path });
    expect(remainingOf(answer)).toEqual([status, undefined]);
  }
  await api.close();
});
