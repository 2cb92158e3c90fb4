/** The whole API on a database of its own, with everything real but the platform, which these tests never call. */
import { randomUUID } from 'node:crypto';
import { createSystemClock } from '@tributary/connector-kit';
import { createConnectors } from '@tributary/connectors';
import { createLogger } from '@tributary/logging';
import { createJobQueue, createQueueBackend } from '@tributary/queue';
import { createApiKeyRepository, createClientRepository, makeApiKey, openStore } from '@tributary/store';
import {
  createCredentialService,
  createPushService,
  createSyncService,
  prepareDatabase,
} from '@tributary/sync';
import { createTestDatabase } from '@tributary/testing';
import { createVault } from '@tributary/vault';
import { createEventWriter } from '@tributary/webhooks';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { buildApp } from '../app.ts';
import type { AppDependencies } from '../dependencies.ts';
import { createAnswerCheck } from './codat-specification.fixture.ts';

export const publicUrl = 'https://tributary.example.com';

const noPlatform = 'http://platform.invalid';

/** What came back: the body as text, and as JSON where there is one. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every route, looked into by the tests
  readonly body: any;
}

export interface TestClient {
  readonly id: string;
  readonly apiKey: string;
  get(url: string): Promise<Answer>;
  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object | string): Promise<Answer>;
  /** A company, with a connection when the platform is given (and then switched on). */
  createCompany(name: string, platformType?: string): Promise<Answer['body']>;
}

export interface TestApi {
  readonly app: FastifyInstance;
  readonly dependencies: AppDependencies;
  /** Log lines so far. */
  readonly lines: string[];
  inject(options: InjectOptions): Promise<Answer>;
  createClient(name?: string): Promise<TestClient>;
  close(): Promise<void>;
}

/**
 * Every answer is checked against Codat's specifications, where they are at hand.
 * @param reach gives the address under which the API reaches its database, when not directly
 */
export async function startTestApi(
  changes: Partial<AppDependencies> = {},
  reach: (databaseUrl: string) => Promise<string> = async (databaseUrl) => databaseUrl,
  { queryTimeoutMs = 15_000, hasFragments = false } = {},
): Promise<TestApi> {
  const database = await createTestDatabase();
  const databaseUrl = await reach(database.databaseUrl);
  const lines: string[] = [];
  const logger = createLogger({
    level: 'info',
    name: 'api',
    destination: { write: (line) => void lines.push(line) },
  });
  const onError = (error: Error) => logger.error({ err: error });
  const store = openStore({
    databaseUrl,
    poolSize: 4,
    applicationName: 'api-test',
    queryTimeoutMs,
    onError,
  });
  const backend = createQueueBackend({ redisUrl: undefined, pool: store.pool, onError });
  const vault = createVault([{ id: 'test', key: Buffer.alloc(32, 7) }]);
  await prepareDatabase({ store, backend, vault, databaseUrl: database.databaseUrl, autoMigrate: true });
  const queue = createJobQueue(backend, onError);
  const clock = createSystemClock();
  const connectors = createConnectors({
    kashoo: {
      apiUrl: noPlatform,
      trulySmallApiUrl: noPlatform,
      oauthUrl: noPlatform,
      authorizeUrl: noPlatform,
      requestsPerSecond: 10,
      requestsPerHour: undefined,
    },
  });
  const events = createEventWriter({ publicUrl, connectors, clock: clock.now });
  const sync = createSyncService({ store, queue, connectors, hourMs: 3_600_000, logger, events });
  const credentials = createCredentialService({
    store,
    vault,
    connectors,
    deploymentKeys: new Map(),
    clock,
    logger,
  });
  const dependencies: AppDependencies = {
    publicUrl,
    requestsPerClientPerDay: 1_000_000,
    allowPrivateTargets: false,
    store,
    vault,
    queue,
    pingQueue: () => backend.ping(),
    connectors,
    sync,
    pushes: createPushService({ store, queue, logger, events }),
    credentials,
    events,
    clock: clock.now,
    newId: randomUUID,
    logger,
    ...changes,
  };
  const app = await buildApp(dependencies);

  const checkAnswer = createAnswerCheck({ hasFragments });
  const inject = async (options: InjectOptions): Promise<Answer> => {
    const response = await app.inject(options);
    const isJson = String(response.headers['content-type']).startsWith('application/json');
    const body = isJson ? JSON.parse(response.body) : undefined;
    checkAnswer({
      method: options.method ?? 'GET',
      url: String(options.url),
      status: response.statusCode,
      body,
    });
    return { status: response.statusCode, headers: response.headers, text: response.body, body };
  };

  return {
    app,
    dependencies,
    lines,
    inject,
    createClient: async (name = 'Maple Lending') => {
      const id = randomUUID();
      const apiKey = makeApiKey();
      await createClientRepository(store).create({ id, name });
      await createApiKeyRepository(store).create(id, { id: randomUUID(), name: 'test', apiKey });
      return testClient(id, apiKey, inject);
    },
    close: async () => {
      await app.close();
      await queue.close();
      await backend.close();
      await store.close();
      await database.drop();
    },
  };
}

function testClient(id: string, apiKey: string, inject: TestApi['inject']): TestClient {
  const headers = { authorization: `Basic ${Buffer.from(apiKey).toString('base64')}` };
  const client: TestClient = {
    id,
    apiKey,
    get: (url) => inject({ method: 'GET', url, headers }),
    send: (method, url, body) =>
      inject({
        method,
        url,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    createCompany: async (name, platformType) => {
      if (platformType !== undefined) await client.send('PATCH', '/integrations/ksho', { enabled: true });
      const created = await client.send('POST', '/companies', {
        name,
        ...(platformType !== undefined && { platformType }),
      });
      if (created.status !== 200) throw new Error(`company not created: ${created.text}`);
      return created.body;
    },
  };
  return client;
}
