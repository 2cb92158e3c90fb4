import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Environment, launch, type StartConfiguration } from '@tributary/config';
import { createPool, releaseEveryRun } from '@tributary/store';
import { migrateEverything } from '@tributary/sync';
import { startEmbeddedPostgres } from '@tributary/testing/embedded';
import { reasonOf } from '../output.ts';
import { type ManagedProcess, startProcess, unlessCrashed, untilAnswers } from './child.ts';
import { ensureDemoCompany } from './demo.ts';
import {
  type EnvironmentParts,
  localApiUrl,
  processEnvironment,
  reachableHost,
  sandboxUrl,
  usesSandbox,
  workerEnvironment,
} from './environments.ts';
import { buildPortal } from './portal.ts';

/** What `npm start` runs, and how it reports. */
export interface SupervisorOptions {
  configuration: StartConfiguration;
  given: Environment;
  /** Absolute. */
  dataDir: string;
  encryptionKeys: string;
  apiKey: string;
  portalUser: EnvironmentParts['portalUser'];
  print: (line: string) => void;
}

/** Something that was started and has to be stopped: a process of ours, or PostgreSQL. */
type Stoppable = Pick<ManagedProcess, 'crashed' | 'stop'>;

/** Everything that `npm start` runs. */
export interface Supervisor {
  /** Starts everything and resolves when it serves. @throws {Error} with a readable message; call `stop` then too. */
  start(): Promise<void>;
  /** Resolves with a readable reason when something ends by itself. */
  crashed: Promise<string>;
  /** Stops what runs, in the reverse order of dependence: API and worker, the sandbox, PostgreSQL. */
  stop(): Promise<void>;
}

const apps = fileURLToPath(new URL('../../../', import.meta.url));

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { configuration, given, dataDir, print } = options;
  /** Stopped from the last layer to the first; what stands in one layer is stopped together. */
  const layers: [database: Stoppable[], platform: Stoppable[], services: Stoppable[]] = [[], [], []];
  const [database, platform, services] = layers;
  let isStopping = false;
  const building = new AbortController();
  let databaseStart: Promise<unknown> = Promise.resolve();
  let reportCrash: (reason: string) => void = () => undefined;
  const crashed = new Promise<string>((report) => {
    reportCrash = report;
  });

  /** Whatever finishes starting after the stop was asked for is stopped at once. */
  async function keep<Kind extends Stoppable>(layer: Stoppable[], item: Kind): Promise<Kind> {
    layer.push(item);
    void item.crashed.then(reportCrash);
    if (isStopping) {
      await item.stop();
      throw new Error('The start was interrupted.');
    }
    return item;
  }

  function run(
    layer: Stoppable[],
    name: string,
    environment: Record<string, string>,
    nodeArguments: readonly string[] = [],
  ) {
    const program = join(apps, name, 'src', 'main.ts');
    return keep(layer, startProcess({ name, program, nodeArguments, environment, print }));
  }

  async function startDatabase(): Promise<string> {
    if (configuration.databaseUrl) return configuration.databaseUrl;
    print('Starting PostgreSQL');
    const server = await keep(
      database,
      await startEmbeddedPostgres({ dataDir, persistent: true, log: print }),
    );
    return server.url;
  }

  async function startSandbox(parts: EnvironmentParts): Promise<void> {
    print('Starting the sandbox');
    const sandbox = await run(platform, 'sandbox', processEnvironment(given, parts));
    await unlessCrashed(untilAnswers('sandbox', `${sandboxUrl(configuration)}/healthz`), [sandbox]);
  }

  async function startServices(parts: EnvironmentParts): Promise<void> {
    print('Starting the API and the worker');
    const environment = {
      ...launch.environment,
      NODE_COMPILE_CACHE: join(apps, '..', launch.environment.NODE_COMPILE_CACHE),
      ...processEnvironment(given, parts),
    };
    const api = await run(services, 'api', environment, launch.apiArguments);
    const worker = await run(services, 'worker', workerEnvironment(environment), launch.workerArguments);
    const apiReady = untilAnswers('api', `${localApiUrl(configuration)}/readyz`);
    await unlessCrashed(Promise.all([apiReady, worker.ready]), [api, worker]);
  }

  async function createDemo(): Promise<void> {
    const { host, port, publicUrl, sandbox } = configuration;
    const api = { host: reachableHost(host), port };
    const { apiKey } = options;
    try {
      const work = ensureDemoCompany({ dataDir, publicUrl, api, apiKey, sandbox, log: print });
      await unlessCrashed(work, layers.flat());
    } catch (error) {
      // Everything serves without it; the next start tries again.
      print(`Demo: the company could not be linked and synced. ${reasonOf(error)}`);
    }
  }

  async function start(): Promise<void> {
    const { encryptionKeys, apiKey, portalUser } = options;
    const known = { configuration, dataDir, encryptionKeys, apiKey, portalUser };
    // The sandbox needs no database: it writes its books while PostgreSQL starts.
    const sandbox = startSandbox({ ...known, databaseUrl: '' });
    const portal = buildPortal({ environment: process.env, print, signal: building.signal });
    const server = startDatabase();
    databaseStart = server;
    const databaseUrl = server.then(async (url) => {
      const applied = await migrateEverything(url);
      if (applied.length > 0) print(`Applied ${applied.length} database migrations`);
      // The folder's lock says that nobody of an earlier start is alive: their runs need not wait for leases to end.
      if (configuration.databaseUrl === undefined) await forgetEarlierWorkers(url);
      return url;
    });
    const [url] = await Promise.all([databaseUrl, sandbox, portal]);
    await startServices({ ...known, databaseUrl: url });
    if (usesSandbox(given)) await createDemo();
  }

  async function stop(): Promise<void> {
    isStopping = true;
    building.abort();
    // A server between its launch and its first answer belongs to nobody else.
    await Promise.allSettled([databaseStart]);
    for (const layer of layers.toReversed()) await Promise.all(layer.map((item) => item.stop()));
  }

  return { start, crashed, stop };
}

async function forgetEarlierWorkers(databaseUrl: string): Promise<void> {
  const pool = createPool({
    databaseUrl,
    max: 1,
    applicationName: 'tributary-start',
    onError: () => undefined,
  });
  try {
    await releaseEveryRun(pool);
  } finally {
    await pool.end();
  }
}
