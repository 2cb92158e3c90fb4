/** The Link routes with everything real around them: PostgreSQL, the queue, the Kashoo connector, the sandbox over HTTP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ApplicationKeys, type Connector, createSystemClock } from '@tributary/connector-kit';
import { createConnectors } from '@tributary/connectors';
import { createLogger } from '@tributary/logging';
import { createJobQueue, createQueueBackend } from '@tributary/queue';
import { buildSandbox, type SandboxOptions } from '@tributary/sandbox';
import { openStore } from '@tributary/store';
import {
  createCredentialService,
  createPushService,
  createSyncService,
  prepareDatabase,
} from '@tributary/sync';
import { createTestDatabase, freePort } from '@tributary/testing';
import { createVault } from '@tributary/vault';
import { createEventWriter } from '@tributary/webhooks';
import { buildApp } from '../../../app.ts';
import type { AppDependencies } from '../../../dependencies.ts';
import type { Browser, Page } from './browser.ts';

/** Users of the sandbox, by what they have. */
export const users = {
  one: '1001',
  three: '1002',
  awkwardName: '1003',
  another: '1004',
  none: '1005',
} as const;

/** @param added a platform beside the registry's own, with what the sandbox plays it by */
export async function startTestHouse(
  added: {
    readonly platform?: NonNullable<SandboxOptions['platform']>;
    readonly connectorAt?: (origin: string) => Connector;
  } = {},
) {
  const errors: Error[] = [];
  const onError = (error: Error) => void errors.push(error);
  const sandbox = await buildSandbox({
    size: 50,
    ...(added.platform === undefined ? {} : { platform: added.platform }),
  });
  const platform = await sandbox.listen({ port: 0, host: '127.0.0.1' });
  const database = await createTestDatabase();
  const store = openStore({
    databaseUrl: database.databaseUrl,
    poolSize: 8,
    applicationName: 'test',
    onError,
  });
  const backend = createQueueBackend({ redisUrl: undefined, pool: store.pool, onError });
  const key = Buffer.alloc(32, 7);
  const vault = createVault([{ id: 'test', key }]);
  await prepareDatabase({ store, backend, vault, databaseUrl: database.databaseUrl, autoMigrate: true });
  const queue = createJobQueue(backend, onError);
  const systemClock = createSystemClock();
  const time = { offsetMs: 0 };
  const logger = createLogger({ level: 'silent', name: 'test' });
  const registered = createConnectors({
    kashoo: {
      apiUrl: `${platform}/api`,
      trulySmallApiUrl: `${platform}/tsa/api`,
      oauthUrl: `${platform}/oauth2`,
      authorizeUrl: `${platform}/oauth2/authorize`,
      requestsPerSecond: 1000,
      requestsPerHour: undefined,
    },
    kashflow: { soapUrl: `${platform}/kashflow/service.asmx`, requestsPerSecond: 1000 },
    clock: systemClock,
  });
  const extra = added.connectorAt?.(platform);
  const connectors = new Map(registered);
  if (extra !== undefined) connectors.set(extra.manifest.platformKey, extra);
  const deploymentKeys = new Map<string, ApplicationKeys>([
    ['ksho', { clientId: 'sandbox', clientSecret: 'sandbox-secret' }],
  ]);
  const applicationKeys = { clientId: 'sandbox', clientSecret: 'sandbox-secret' };
  if (extra !== undefined) deploymentKeys.set(extra.manifest.platformKey, applicationKeys);
  const credentials = createCredentialService({
    store,
    vault,
    connectors,
    deploymentKeys,
    clock: systemClock,
    logger,
  });
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const events = createEventWriter({ publicUrl, connectors, clock: () => Date.now() + time.offsetMs });
  const sync = createSyncService({ store, queue, connectors, hourMs: 3_600_000, logger, events });
  const dependencies: AppDependencies = {
    publicUrl,
    requestsPerClientPerDay: 1_000_000,
    allowPrivateTargets: true,
    store,
    vault,
    queue,
    pingQueue: () => backend.ping(),
    connectors,
    sync,
    pushes: createPushService({ store, queue, logger, events }),
    credentials,
    events,
    clock: () => Date.now() + time.offsetMs,
    newId: randomUUID,
    logger,
  };
  const app = await buildApp(dependencies);
  await app.listen({ port, host: '127.0.0.1' });
  // A second process of the same deployment, as far as anything shared is concerned.
  const twin = await buildApp(dependencies);
  const twinUrl = await twin.listen({ port: 0, host: '127.0.0.1' });

  /** A client with Kashoo switched on, and a company. */
  const createCompany = async (
    names: {
      lender?: string;
      company?: string;
      redirectUrl?: string;
      enabled?: boolean;
      platformKey?: string;
      /** Switched on as well. */
      alsoPlatformKey?: string;
    } = {},
  ) => {
    const client = await store.prisma.client.create({
      data: {
        id: randomUUID(),
        name: names.lender ?? 'Maple Lending',
        redirectUrl: names.redirectUrl ?? null,
      },
    });
    for (const platformKey of [names.platformKey ?? 'ksho', names.alsoPlatformKey]) {
      if (platformKey === undefined) continue;
      await store.prisma.clientIntegration.create({
        data: { clientId: client.id, platformKey, enabled: names.enabled ?? true },
      });
    }
    const company = await store.prisma.company.create({
      data: { id: randomUUID(), clientId: client.id, name: names.company ?? 'Corner Shop' },
    });
    return {
      clientId: client.id,
      companyId: company.id,
      companyUrl: `${publicUrl}/link/company/${company.id}`,
    };
  };

  /** The same with a connection, as `POST /companies` with a platform makes it. */
  const createLink = async (names: Parameters<typeof createCompany>[0] = {}) => {
    const company = await createCompany(names);
    return { ...company, ...(await addConnection(company, names.platformKey)) };
  };

  const addConnection = async (
    { clientId, companyId }: { clientId: string; companyId: string },
    platformKey = 'ksho',
  ) => {
    const data = { id: randomUUID(), clientId, companyId, platformKey };
    const { id: connectionId } = await store.prisma.connection.create({ data });
    const base = `${publicUrl}/link/companies/${companyId}/connections/${connectionId}`;
    return {
      connectionId,
      startUrl: `${base}/start`,
      doneUrl: `${base}/done`,
      chooseUrl: `${base}/choose`,
      withdrawUrl: `${base}/withdraw`,
    };
  };

  /** From the link to the platform and through its consent page. @returns the redirect back to the callback, not yet followed */
  const consent = async (
    browser: Browser,
    startUrl: string,
    user: string,
    decision: 'allow' | 'deny' = 'allow',
  ) => {
    const start = await browser.get(startUrl);
    if (start.location === undefined)
      throw new Error(`no redirect to the platform but ${start.status}: ${start.body}`);
    const page = await browser.get(start.location);
    if (page.status !== 200) throw new Error(`no consent page but ${page.status}: ${page.body}`);
    const back = await browser.post(start.location, { user, decision });
    if (back.location === undefined) throw new Error(`no way back but ${back.status}: ${back.body}`);
    return back.location;
  };

  /** All the way to the last page. */
  const linkWith = async (browser: Browser, startUrl: string, user: string): Promise<Page> =>
    browser.follow(await browser.get(await consent(browser, startUrl, user)));

  /** Replaces the sandbox's faults; none: it behaves. */
  const setFaults = async (faults: readonly unknown[]) => {
    const answer = await fetch(`${platform}/control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ faults }),
    });
    if (!answer.ok) throw new Error(`faults: ${answer.status} ${await answer.text()}`);
  };

  /** Makes KashFlow refuse everybody in this way; null: nobody any more. */
  const refuseAtKashFlow = async (refuse: string | null) => {
    const answer = await fetch(`${platform}/control/kashflow`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refuse }),
    });
    if (!answer.ok) throw new Error(`kashflow: ${answer.status}`);
  };

  let worker: ChildProcess | undefined;
  /** Starts the worker process, which runs what linking requests; it ends with the house. */
  const startWorker = async () => {
    worker = spawn(
      process.execPath,
      [fileURLToPath(new URL('../../../../../worker/src/main.ts', import.meta.url))],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          DATABASE_URL: database.databaseUrl,
          ENCRYPTION_KEYS: `test:${key.toString('base64')}`,
          PUBLIC_URL: publicUrl,
          KASHOO_API_URL: `${platform}/api`,
          KASHOO_TSA_API_URL: `${platform}/tsa/api`,
          KASHOO_OAUTH_URL: `${platform}/oauth2`,
          KASHOO_CLIENT_ID: 'sandbox',
          KASHOO_CLIENT_SECRET: 'sandbox-secret',
          KASHOO_REQUESTS_PER_SECOND: '1000',
          KASHFLOW_SOAP_URL: `${platform}/kashflow/service.asmx`,
          KASHFLOW_REQUESTS_PER_SECOND: '1000',
          SYNC_TICK_SECONDS: '1',
          LOG_LEVEL: 'error',
        },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    await once(worker, 'message');
  };
  const stopWorker = async () => {
    if (worker === undefined) return;
    const ended = once(worker, 'close');
    worker.kill('SIGTERM');
    await ended;
    worker = undefined;
  };

  /**
   * Forces an interleaving: `actions` run while the rows of a table are locked against changes (not against references), until as many sessions as there are actions wait
   * for a lock; then the rows are released.
   */
  const whileLocked = async <T>(
    lock: { table: 'companies' | 'connections'; ids: readonly string[] },
    actions: readonly (() => Promise<T>)[],
  ): Promise<T[]> => {
    const holder = await store.pool.connect();
    try {
      await holder.query('BEGIN');
      await holder.query(`SELECT 1 FROM ${lock.table} WHERE id = ANY($1::uuid[]) FOR NO KEY UPDATE`, [
        lock.ids,
      ]);
      const running = Promise.all(actions.map((action) => action()));
      const waiting = async (): Promise<number> => {
        // Outside the transaction: inside it PostgreSQL would show the same moment again and again.
        const { rows } = await store.pool.query(
          `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rows[0].count;
      };
      const deadlineMs = Date.now() + 10_000;
      while ((await waiting()) < actions.length) {
        if (Date.now() > deadlineMs) throw new Error('the actions did not meet at the lock');
      }
      await holder.query('COMMIT');
      return await running;
    } finally {
      holder.release(true);
    }
  };

  return {
    /** The same address at the second process. */
    atTwin: (url: string) => url.replace(publicUrl, twinUrl),
    whileLocked,
    startWorker,
    stopWorker,
    store,
    vault,
    queue,
    connectors,
    logger,
    sync,
    credentials,
    deploymentKeys,
    publicUrl,
    platform,
    time,
    errors,
    createCompany,
    createLink,
    addConnection,
    consent,
    linkWith,
    setFaults,
    refuseAtKashFlow,
    connection: (id: string) =>
      store.prisma.connection.findUniqueOrThrow({
        where: { id },
        include: {
          credential: true,
          consents: { orderBy: { agreedAt: 'asc' } },
          errors: { orderBy: { erroredAt: 'asc' } },
          runs: true,
        },
      }),
    async close() {
      await stopWorker();
      await app.close();
      await twin.close();
      await queue.close();
      await backend.close();
      await store.close();
      await database.drop();
      await sandbox.close();
    },
  };
}

export type TestHouse = Awaited<ReturnType<typeof startTestHouse>>;
