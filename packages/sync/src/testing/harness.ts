/** The engine with everything real around it: PostgreSQL, the queue, the connector, and the sandbox over HTTP. For tests. */
import { randomUUID } from 'node:crypto';
import { type ApplicationKeys, createSystemClock, tokensOfCredentials } from '@tributary/connector-kit';
import { createConnectors } from '@tributary/connectors';
import { createLogger } from '@tributary/logging';
import { createJobQueue, createQueueBackend, startJobConsumer } from '@tributary/queue';
import { buildSandbox, type SandboxOptions } from '@tributary/sandbox';
import { openStore, reportWorker } from '@tributary/store';
import { createTestDatabase } from '@tributary/testing';
import { createVault } from '@tributary/vault';
import { createEventWriter } from '@tributary/webhooks';
import {
  createCredentialService,
  createSyncEngine,
  createSyncService,
  prepareDatabase,
  type SyncMetrics,
} from '../index.ts';
import { createPushEngine, type PushEngineDependencies } from '../push/push-engine.ts';
import { createPushService } from '../push/push-service.ts';
import type { EngineDependencies } from '../run/engine.ts';

const publicUrl = 'https://tributary.example.com';
const redirectUri = 'http://localhost/link/callback/ksho';

export async function startHarness(
  options: {
    sandbox?: SandboxOptions;
    redisUrl?: string | undefined;
    brakePercent?: number;
    requestsPerHour?: number;
    metrics?: SyncMetrics;
    /** Takes the log's lines, from level debug on. */
    log?: (line: string) => void;
    /** A server of the test's own, instead of the run's. */
    databaseUrl?: string;
  } = {},
) {
  const errors: Error[] = [];
  const onError = (error: Error) => void errors.push(error);
  const sandbox = await buildSandbox({ size: 300, ...options.sandbox });
  const base = await sandbox.listen({ port: 0, host: '127.0.0.1' });
  const database =
    options.databaseUrl === undefined
      ? await createTestDatabase()
      : { databaseUrl: options.databaseUrl, drop: async () => undefined };
  const store = openStore({
    databaseUrl: database.databaseUrl,
    poolSize: 12,
    applicationName: 'test',
    onError,
  });
  const backend = createQueueBackend({ redisUrl: options.redisUrl, pool: store.pool, onError });
  const vault = createVault([{ id: 'test', key: Buffer.alloc(32, 7) }]);
  await prepareDatabase({ store, backend, vault, databaseUrl: database.databaseUrl, autoMigrate: true });
  const queue = createJobQueue(backend, onError);
  const clock = createSystemClock();
  const { log, metrics } = options;
  const logger = createLogger({
    level: log === undefined ? 'silent' : 'debug',
    name: 'test',
    ...(log === undefined ? {} : { destination: { write: log } }),
  });
  const counted = metrics === undefined ? {} : { metrics };
  const connectors = createConnectors({
    kashoo: {
      apiUrl: `${base}/api`,
      trulySmallApiUrl: `${base}/tsa/api`,
      oauthUrl: `${base}/oauth2`,
      authorizeUrl: `${base}/oauth2/authorize`,
      requestsPerSecond: 1000,
      requestsPerHour: options.requestsPerHour,
    },
    kashflow: { soapUrl: `${base}/kashflow/service.asmx`, requestsPerSecond: 1000 },
    clock,
  });
  const keys: ApplicationKeys = { clientId: 'sandbox', clientSecret: 'sandbox-secret' };
  const credentials = createCredentialService({
    store,
    vault,
    connectors,
    deploymentKeys: new Map([['ksho', keys]]),
    clock,
    logger,
    ...counted,
  });
  const events = createEventWriter({ publicUrl, connectors, clock: clock.now });
  const sync = createSyncService({ store, queue, connectors, hourMs: 3_600_000, logger, events, ...counted });
  const engineFor = (
    owner: string,
    changes: Partial<Pick<EngineDependencies, 'leaseMs' | 'sliceMs' | 'memories'>> = {},
  ) =>
    createSyncEngine({
      store,
      queue,
      connectors,
      credentials,
      logger,
      now: clock.now,
      owner,
      admit: (clientId) => sync.admit(clientId),
      deletionBrakePercent: options.brakePercent ?? 20,
      events,
      ...changes,
      ...counted,
    });
  const pushes = createPushService({ store, queue, logger, events, sweepGraceMs: 500, ...counted });
  const pushEngineFor = (
    owner: string,
    changes: Partial<Pick<PushEngineDependencies, 'leaseMs' | 'settleMs' | 'sliceMs' | 'requestSync'>> = {},
  ) =>
    createPushEngine({
      store,
      queue,
      connectors,
      credentials,
      logger,
      now: clock.now,
      owner,
      requestSync: (connection, dataType) => sync.requestRun({ connection, dataType, trigger: 'request' }),
      settleMs: 200,
      events,
      ...changes,
      ...counted,
    });
  const connector = connectors.get('ksho');
  if (connector?.oauth2 === undefined) throw new Error('the Kashoo connector has OAuth 2');
  const { oauth2 } = connector;

  /** A connection of a new client and company, consented to by a user of the sandbox, and Linked. No sync is started. */
  const link = async (user = '1001') => {
    const client = await store.prisma.client.create({ data: { id: randomUUID(), name: 'lender' } });
    const company = await store.prisma.company.create({
      data: { id: randomUUID(), clientId: client.id, name: 'shop' },
    });
    const { id } = await store.prisma.connection.create({
      data: { id: randomUUID(), clientId: client.id, companyId: company.id, platformKey: 'ksho' },
    });
    const connection = { id, clientId: client.id, companyId: company.id, platformKey: 'ksho' };
    await consent(connection, user);
    return connection;
  };
  const consent = async (
    connection: { id: string; clientId: string; companyId: string; platformKey: string },
    user: string,
  ) => {
    const authorizeUrl = oauth2.authorizeUrl({ clientId: keys.clientId, redirectUri, state: 'state' });
    const answer = await fetch(authorizeUrl, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ user, decision: 'allow' }),
    });
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const tokens = await oauth2.exchangeCode({ keys, code, redirectUri });
    const [business] = await connector.listBusinesses(
      credentials.openUnsavedSession(connection, tokens, keys),
    );
    if (business === undefined) throw new Error('the user has a business');
    await credentials.save(connection, tokens);
    await store.prisma.connection.update({
      where: { id: connection.id },
      data: {
        status: 'Linked',
        businessId: business.id,
        businessName: business.name,
        connectionInfo: business.info,
      },
    });
  };
  /** The same at KashFlow, with user name and password. */
  const linkKashFlow = async (username = 'sandbox') => {
    const client = await store.prisma.client.create({ data: { id: randomUUID(), name: 'lender' } });
    const company = await store.prisma.company.create({
      data: { id: randomUUID(), clientId: client.id, name: 'shop' },
    });
    const connection = {
      id: randomUUID(),
      clientId: client.id,
      companyId: company.id,
      platformKey: 'wvzu',
    };
    const tokens = tokensOfCredentials({ username, password: 'sandbox-secret' });
    const session = credentials.openUnsavedSession(connection, tokens, undefined);
    await store.prisma.connection.create({ data: connection });
    const [business] = (await connectors.get('wvzu')?.listBusinesses(session, username)) ?? [];
    if (business === undefined) throw new Error('the credentials open a business');
    await credentials.save(connection, tokens);
    await store.prisma.connection.update({
      where: { id: connection.id },
      data: {
        status: 'Linked',
        businessId: business.id,
        businessName: business.name,
        connectionInfo: business.info,
      },
    });
    return connection;
  };
  const control = async (path: string, body: unknown) => {
    const answer = await fetch(`${base}/control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`control ${path}: ${answer.status} ${await answer.text()}`);
  };
  const never = new AbortController().signal;
  /** Runs one data type to its end in this process, or until it is put off. */
  const pull = async (
    connection: Awaited<ReturnType<typeof link>>,
    dataType: Parameters<typeof sync.requestRun>[0]['dataType'],
  ) => {
    const run = await sync.requestRun({ connection, dataType, trigger: 'request' });
    await engineFor('test').execute(run.id, never);
    return store.prisma.pullOperation.findUniqueOrThrow({ where: { id: run.id } });
  };
  const startWorker = () => {
    const engine = engineFor('worker');
    return startJobConsumer(backend, 'sync-run', ({ runId }) => engine.execute(runId, never), {
      concurrency: 4,
      onError,
    });
  };
  /** A worker as it is in production: it takes jobs, and ticks, here every half second. */
  const startTickingWorker = async () => {
    await reportWorker(store.pool, { id: 'harness', concurrency: 4 });
    const worker = startWorker();
    let ticking: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => {
      ticking = ticking.then(() => sync.tick()).catch(onError);
    }, 500);
    return {
      close: async () => {
        clearInterval(timer);
        await ticking;
        await worker.close();
      },
    };
  };
  const close = async () => {
    await queue.close();
    await backend.close();
    await store.close();
    await database.drop();
    await sandbox.close();
  };
  return {
    databaseUrl: database.databaseUrl,
    logger,
    vault,
    store,
    queue,
    sync,
    pushes,
    credentials,
    connectors,
    events,
    engineFor,
    pushEngineFor,
    backend,
    link,
    linkKashFlow,
    consent,
    control,
    pull,
    startWorker,
    startTickingWorker,
    close,
    base,
    errors,
  };
}

export type Harness = Awaited<ReturnType<typeof startHarness>>;
