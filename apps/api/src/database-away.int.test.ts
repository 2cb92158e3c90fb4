import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from './testing/api.fixture.ts';

/** Forwards to the database, and can be cut: what goes through it sees a database that is away. */
class Line {
  readonly #sockets = new Set<Socket>();
  readonly #pairs: [inside: Socket, outside: Socket][] = [];
  readonly #target: URL;
  #server: Server | undefined;
  #isFrozen = false;
  port = 0;

  constructor(databaseUrl: string) {
    this.#target = new URL(databaseUrl);
  }

  async open(): Promise<string> {
    this.#server = createServer((inside) => {
      const outside = connect({ host: this.#target.hostname, port: Number(this.#target.port) });
      for (const socket of [inside, outside]) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
      }
      this.#pairs.push([inside, outside]);
      if (!this.#isFrozen) inside.pipe(outside).pipe(inside);
    });
    await new Promise<void>((done) => this.#server?.listen(this.port, '127.0.0.1', done));
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.port = address.port;
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** Connections stay open, also new ones, and nothing passes any more: a server that hangs. */
  freeze(): void {
    this.#isFrozen = true;
    for (const [inside, outside] of this.#pairs) {
      inside.unpipe(outside);
      outside.unpipe(inside);
    }
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const [inside, outside] of this.#pairs) inside.pipe(outside).pipe(inside);
  }

  async cut(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server?.close(() => done()));
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    this.#pairs.length = 0;
    await closed;
  }
}

let api: TestApi;
let line: Line;
let client: TestClient;

beforeAll(async () => {
  api = await startTestApi(
    {},
    async (databaseUrl) => {
      line = new Line(databaseUrl);
      return line.open();
    },
    { queryTimeoutMs: 2_000 },
  );
  client = await api.createClient();
});
afterAll(() => api.close());

describe('while the database is away', () => {
  test('requests get 503 with Retry-After, readyz says what is missing, and all recovers by itself', async () => {
    const company = await client.createCompany('Corner Shop');
    expect((await api.inject({ method: 'GET', url: '/readyz' })).body).toEqual({
      status: 'ready',
      checks: { database: 'ok', queue: 'ok', schema: 'ok' },
    });

    await line.cut();
    for (const url of [`/companies/${company.id}`, '/companies', '/profile', '/integrations', '/apiKeys']) {
      const answer = await client.get(url);
      expect(answer.status, url).toBe(503);
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
      expect(answer.body).toMatchObject({ statusCode: 503, service: 'PublicApi', canBeRetried: 'True' });
    }
    expect((await client.send('POST', '/companies', { name: 'Lost' })).status).toBe(503);
    const readiness = await api.inject({ method: 'GET', url: '/readyz' });
    expect([readiness.status, readiness.body.status]).toEqual([503, 'unavailable']);
    expect(readiness.body.checks).toMatchObject({ database: 'unavailable', schema: 'unavailable' });
    expect((await api.inject({ method: 'GET', url: '/healthz' })).status).toBe(200);

    await line.open();
    expect((await client.get(`/companies/${company.id}`)).body).toEqual(company);
    expect((await client.get('/companies')).body.totalResults).toBe(1);
    expect((await api.inject({ method: 'GET', url: '/readyz' })).status).toBe(200);
  });
});

test('a database that is there and does not answer is away as well: nobody is kept waiting', async () => {
  const company = await client.createCompany('Patient Shop');
  line.freeze();
  const [answer, readiness] = await Promise.all([
    client.get(`/companies/${company.id}`),
    api.inject({ method: 'GET', url: '/readyz' }),
  ]);
  line.thaw();
  expect([answer.status, answer.body.canBeRetried, answer.headers['retry-after']]).toEqual([
    503,
    'True',
    '5',
  ]);
  expect([readiness.status, readiness.body.checks.database]).toEqual([503, 'unavailable']);
  expect((await client.get(`/companies/${company.id}`)).body).toEqual(company);
}, 40_000);

test('a database that lacks migrations of this release is told apart in readyz', async () => {
  const { pool } = api.dependencies.store;
  await pool.query('ALTER TABLE _prisma_migrations RENAME TO hidden');
  const { body } = await api.inject({ method: 'GET', url: '/readyz' });
  await pool.query('ALTER TABLE hidden RENAME TO _prisma_migrations');
  expect(body).toEqual({
    status: 'unavailable',
    checks: { database: 'ok', queue: 'ok', schema: 'outdated' },
  });
});
