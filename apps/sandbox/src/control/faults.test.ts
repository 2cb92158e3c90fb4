import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSandbox } from '../app.ts';
import { listen, type SandboxClient } from '../testing/client.ts';

const LISTS = '/businesses/123456789';

let app: FastifyInstance;
let client: SandboxClient;
let token: string;

beforeAll(async () => {
  app = await buildSandbox({ size: 200 });
  client = await listen(app);
  token = (await client.signIn()).access_token;
});
beforeEach(() => client.control('faults', { faults: [] }));
afterAll(() => app.close());

const invoices = (query = ''): Promise<Response> =>
  client.call(token, `${LISTS}/records/invoices?limit=20${query}`);

describe('fault switches', () => {
  it('strike the requests that match, as often as asked, and are counted', async () => {
    await client.control('faults', {
      match: 'GET /api/.*/invoices',
      kind: 'status',
      status: 429,
      retryAfter: 2,
      times: 2,
      skip: 1,
    });
    const answers = [await invoices(), await invoices(), await invoices(), await invoices()];
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 429, 200]);
    expect(answers[1]?.headers.get('retry-after')).toBe('2');
    expect(await client.control('faults')).toMatchObject({
      faults: [{ kind: 'status', struck: 2n, times: 0n }],
    });
  });

  it('leave other paths alone, and clear at once', async () => {
    await client.control('faults', { match: 'billPayments', kind: 'status', status: 503, times: null });
    expect((await invoices()).status).toBe(200);
    expect((await client.call(token, `${LISTS}/records/billPayments`)).status).toBe(503);
    await fetch(`${client.origin}/control/faults`, { method: 'DELETE' });
    expect((await client.call(token, `${LISTS}/records/billPayments`)).status).toBe(200);
  });

  it('can send HTML in place of JSON', async () => {
    await client.control('faults', { match: 'invoices', kind: 'html' });
    const answer = await invoices();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('can cut the connection in the middle of a body', async () => {
    await client.control('faults', { match: 'invoices', kind: 'cut' });
    const answer = await invoices();
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect((await (await invoices()).json()) as unknown[]).toHaveLength(20);
  });

  it('can lose the answer to a refresh after the tokens have rotated', async () => {
    const { refresh_token: refreshToken } = await client.signIn();
    await client.control('faults', { match: 'POST /oauth2/token', kind: 'cut', atPercent: 0 });
    const refresh = (): Promise<Response> =>
      client.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    await expect(refresh()).rejects.toThrow();
    expect(await (await refresh()).json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('can expire the token in the middle of a listing', async () => {
    const { access_token: accessToken } = await client.signIn();
    await client.control('faults', { match: 'offset=20', kind: 'tokenExpired' });
    const page = (offset: number): Promise<Response> =>
      client.call(accessToken, `${LISTS}/records/invoices?limit=20&offset=${offset}`);
    expect([(await page(0)).status, (await page(20)).status, (await page(40)).status]).toEqual([
      200, 401, 401,
    ]);
  });

  it('can delay, drip, skew the clock, repeat a page and rewrite a body', async () => {
    await client.control('faults', { match: 'delayed', kind: 'delay', delayMs: 30 });
    const before = performance.now();
    await invoices('&delayed=1');
    expect(performance.now() - before).toBeGreaterThanOrEqual(28);

    await client.control('faults', { match: 'dripping', kind: 'drip', chunkBytes: 2000, pauseMs: 1 });
    expect(await (await invoices('&dripping=1')).text()).toBe(await (await invoices()).text());

    await client.control('faults', { match: 'skewed', kind: 'clockSkew', skewMs: -7_200_000 });
    const told = Date.parse((await invoices('&skewed=1')).headers.get('date') ?? '');
    expect(Date.now() - told).toBeGreaterThan(7_100_000);

    await client.control('faults', { match: 'offset=20', kind: 'query', set: { offset: '0' }, times: null });
    expect(await (await invoices('&offset=20')).text()).toBe(await (await invoices()).text());

    await client.control('faults', {
      match: 'huge',
      kind: 'rewrite',
      find: '"totalDue":-?\\d+',
      replace: '"totalDue":9999999999999999',
    });
    expect(await (await invoices('&huge=1')).text()).toContain('"totalDue":9999999999999999');
  });

  it.each([
    ['an unknown kind', { match: '.', kind: 'meteor' }],
    ['a pattern that is none', { match: '(', kind: 'html' }],
    ['a status out of range', { match: '.', kind: 'status', status: 9000 }],
    ['a parameter that the kind does not have', { match: '.', kind: 'drip', pause: 3 }],
  ])('refuse %s and keep the switches as they were', async (_case, fault) => {
    await client.control('faults', { match: 'kept', kind: 'html' });
    await expect(client.control('faults', fault)).rejects.toThrow('400');
    await expect(client.control('faults', { faults: [fault] })).rejects.toThrow('400');
    expect(await client.control('faults')).toMatchObject({ faults: [{ match: 'kept' }] });
  });

  it('strike from the start when the environment sets them', async () => {
    const faulty = await buildSandbox({
      size: 50,
      faults: [{ match: '/users/me$', kind: 'status', status: 503 }],
    });
    try {
      const other = await listen(faulty);
      const { access_token: accessToken } = await other.signIn();
      const answers = [
        await other.call(accessToken, '/users/me'),
        await other.call(accessToken, '/users/me'),
      ];
      expect(answers.map(({ status }) => status)).toEqual([503, 200]);
    } finally {
      await faulty.close();
    }
    await expect(buildSandbox({ faults: [{ match: '.', kind: 'meteor' }] })).rejects.toThrow(
      'switch 1: kind',
    );
  });

  it('can be thrown from this machine only', async () => {
    const answer = await app.inject({ method: 'GET', url: '/control/faults', remoteAddress: '192.0.2.7' });
    expect(answer.statusCode).toBe(403);
  });
});
