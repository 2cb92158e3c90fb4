/** Tributary on one database and one platform: what benchmarks ask of it directly, and its worker as a process of its own. */
import { randomUUID } from 'node:crypto';
import {
  type ApplicationKeys,
  type Connector,
  createSystemClock,
  type PlatformSession,
} from '@tributary/connector-kit';
import { createConnectors } from '@tributary/connectors';
import { createLogger } from '@tributary/logging';
import type { DataTypeKey } from '@tributary/model';
import { createJobQueue, createQueueBackend } from '@tributary/queue';
import { openStore, type PullOperation, type Store } from '@tributary/store';
import {
  type ConnectionRef,
  createCredentialService,
  createSyncEngine,
  createSyncService,
  prepareDatabase,
  type SyncEngine,
  type SyncService,
} from '@tributary/sync';
import { encryptionKeys, openVault } from './postgres.ts';
import { type RunningProcess, startProcess } from './processes.ts';

const redirectUri = 'http://localhost/link/callback/ksho';
const keys: ApplicationKeys = { clientId: 'sandbox', clientSecret: 'sandbox-secret' };

/** More requests than any platform answers: the pacer is on, and never waits. */
const unlimitedPerSecond = 10_000;

/** What a run did, by the database's own clock. */
interface FinishedRun {
  readonly run: PullOperation;
  /** From the request to the completion. */
  readonly seconds: number;
}

export interface House {
  readonly databaseUrl: string;
  readonly store: Store;
  readonly sync: SyncService;
  readonly connector: Connector;
  /** An engine in this process. */
  engine(): SyncEngine;
  /** A Linked connection of a new company to the first business of a user of the sandbox. Nothing is synced. */
  link(user: string): Promise<ConnectionRef>;
  sessionOf(connection: ConnectionRef): Promise<PlatformSession>;
  /** Asks for a run and waits until a worker has completed it. @throws {Error} when it ends otherwise */
  pull(connection: ConnectionRef, dataType: DataTypeKey): Promise<FinishedRun>;
  /** Several at a time. @returns seconds from the first request to the last completion */
  pullTogether(connections: readonly ConnectionRef[], dataType: DataTypeKey): Promise<number>;
  startWorker(options?: {
    environment?: Readonly<Record<string, string>>;
    nodeArguments?: readonly string[];
  }): Promise<RunningProcess>;
  /** The environment of `api` and `worker` on this database and platform. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function openHouse(options: {
  root: string;
  databaseUrl: string;
  /** Origin of the sandbox. */
  platform: string;
  requestsPerSecond?: number;
}): Promise<House> {
  const { databaseUrl, platform, root } = options;
  const requestsPerSecond = options.requestsPerSecond ?? unlimitedPerSecond;
  const onError = (error: Error) => void process.stderr.write(`${error.message}\n`);
  const store = openStore({ databaseUrl, poolSize: 10, applicationName: 'tributary-bench', onError });
  const backend = createQueueBackend({ redisUrl: undefined, pool: store.pool, onError });
  const queue = createJobQueue(backend, onError);
  const vault = openVault();
  await prepareDatabase({ store, backend, vault, databaseUrl, autoMigrate: false });
  const clock = createSystemClock();
  const logger = createLogger({ level: 'fatal', name: 'bench' });
  const connectors = createConnectors({
    kashoo: {
      apiUrl: `${platform}/api`,
      trulySmallApiUrl: `${platform}/tsa/api`,
      oauthUrl: `${platform}/oauth2`,
      authorizeUrl: `${platform}/oauth2/authorize`,
      requestsPerSecond,
      requestsPerHour: undefined,
    },
    clock,
  });
  const credentials = createCredentialService({
    store,
    vault,
    connectors,
    deploymentKeys: new Map([['ksho', keys]]),
    clock,
    logger,
  });
  const sync = createSyncService({ store, queue, connectors, hourMs: 3_600_000, logger });
  const connector = connectors.get('ksho');
  if (connector?.oauth2 === undefined) throw new Error('the Kashoo connector has OAuth 2');
  const { oauth2 } = connector;
  const environment = {
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEYS: encryptionKeys,
    KASHOO_API_URL: `${platform}/api`,
    KASHOO_TSA_API_URL: `${platform}/tsa/api`,
    KASHOO_OAUTH_URL: `${platform}/oauth2`,
    KASHOO_CLIENT_ID: keys.clientId,
    KASHOO_CLIENT_SECRET: keys.clientSecret,
    KASHOO_REQUESTS_PER_SECOND: String(requestsPerSecond),
    LOG_LEVEL: 'error',
  };

  const link = async (user: string): Promise<ConnectionRef> => {
    const client = await store.prisma.client.create({ data: { id: randomUUID(), name: 'bench' } });
    const company = await store.prisma.company.create({
      data: { id: randomUUID(), clientId: client.id, name: 'bench' },
    });
    const connection = { id: randomUUID(), clientId: client.id, companyId: company.id, platformKey: 'ksho' };
    await store.prisma.connection.create({ data: connection });
    const answer = await fetch(
      oauth2.authorizeUrl({ clientId: keys.clientId, redirectUri, state: 'state' }),
      { method: 'POST', redirect: 'manual', body: new URLSearchParams({ user, decision: 'allow' }) },
    );
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const tokens = await oauth2.exchangeCode({ keys, code, redirectUri });
    const [business] = await connector.listBusinesses(
      credentials.openUnsavedSession(connection, tokens, keys),
    );
    if (business === undefined) throw new Error(`user ${user} has no business`);
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

  const finished = async (runId: string): Promise<FinishedRun> => {
    // Seldom and cheaply: looking takes of what it measures, and the row tells when it was completed.
    const isOver = {
      name: 'is-over',
      text: 'SELECT FROM pull_operations WHERE id = $1 AND completed_at IS NOT NULL',
    };
    while ((await store.pool.query({ ...isOver, values: [runId] })).rowCount === 0)
      await new Promise((done) => setTimeout(done, 100));
    const run = await store.prisma.pullOperation.findUniqueOrThrow({ where: { id: runId } });
    if (run.completedAt === null) throw new Error('a completed run is not completed any more');
    if (run.status !== 'Complete')
      throw new Error(`a run of ${run.dataType} ended in ${run.status}: ${run.errorMessage}`);
    return { run, seconds: (run.completedAt.getTime() - run.requestedAt.getTime()) / 1000 };
  };

  return {
    databaseUrl,
    store,
    sync,
    connector,
    environment,
    engine: () =>
      createSyncEngine({
        store,
        queue,
        connectors,
        credentials,
        logger,
        now: clock.now,
        owner: 'bench',
        admit: async () => undefined,
        deletionBrakePercent: 20,
      }),
    link,
    sessionOf: async (connection) => {
      const row = await store.prisma.connection.findUniqueOrThrow({ where: { id: connection.id } });
      const info = (row.connectionInfo ?? {}) as Record<string, string>;
      return credentials.openSession(connection, { id: row.businessId ?? undefined, info });
    },
    pull: async (connection, dataType) =>
      finished((await sync.requestRun({ connection, dataType, trigger: 'request' })).id),
    pullTogether: async (connections, dataType) => {
      const asked = [];
      for (const connection of connections)
        asked.push(await sync.requestRun({ connection, dataType, trigger: 'request' }));
      const ended = await Promise.all(asked.map(({ id }) => finished(id)));
      const first = Math.min(...ended.map(({ run }) => run.requestedAt.getTime()));
      return (Math.max(...ended.map(({ run }) => run.completedAt?.getTime() ?? 0)) - first) / 1000;
    },
    startWorker: (wanted = {}) =>
      startProcess(root, 'worker', {
        environment: { ...environment, ...wanted.environment },
        nodeArguments: wanted.nodeArguments ?? [],
      }),
    close: async () => {
      await queue.close();
      await backend.close();
      await store.close();
    },
  };
}
