/** The one place where the process's parts are made and given to each other. */
import { randomUUID } from 'node:crypto';
import type { ApiConfiguration } from '@tributary/config';
import { createSystemClock } from '@tributary/connector-kit';
import { createConnectors } from '@tributary/connectors';
import { createLogger, type Logger } from '@tributary/logging';
import { createMetrics, type Metrics } from '@tributary/metrics';
import { createJobQueue, createQueueBackend, type QueueBackend } from '@tributary/queue';
import { openStore } from '@tributary/store';
import { createCredentialService, createPushService, createSyncService } from '@tributary/sync';
import { createVault } from '@tributary/vault';
import { createEventWriter } from '@tributary/webhooks';
import type { AppDependencies } from './dependencies.ts';

/** A database that is there and does not answer must not keep a client waiting: after this the request gets its 503. */
const queryTimeoutMs = 15_000;

/** What {@link compose} made, and how to let go of it. */
export interface Composition {
  readonly dependencies: AppDependencies;
  readonly backend: QueueBackend;
  /** Undefined: nobody asks for them. */
  readonly metrics: Metrics | undefined;
  /** Closes queue and database connections; call it after the server has closed. */
  close(): Promise<void>;
}

export function compose(configuration: ApiConfiguration): Composition {
  const logger = createLogger({ level: configuration.logLevel, name: 'api' });
  const clock = createSystemClock();
  const store = openStore({
    databaseUrl: configuration.databaseUrl,
    readUrl: configuration.databaseReadUrl,
    poolSize: configuration.databasePoolSize,
    applicationName: 'tributary-api',
    queryTimeoutMs,
    servesLists: true,
    onError: (error) => logger.warn({ err: error }, 'a database connection broke'),
  });
  const onQueueError = throttled(logger, clock.now);
  const backend = createQueueBackend({
    redisUrl: configuration.redisUrl,
    pool: store.pool,
    onError: onQueueError,
  });
  const queue = createJobQueue(backend, onQueueError);
  const vault = createVault(configuration.encryptionKeys);
  const connectors = createConnectors({
    kashoo: configuration.kashoo,
    kashflow: configuration.kashflow,
    clock,
  });
  const hourMs = configuration.syncHourSeconds * 1000;
  const metrics = configuration.metrics === undefined ? undefined : createMetrics();
  metrics?.watch({ store, queue });
  const counted = metrics === undefined ? {} : { metrics };
  const events = createEventWriter({ publicUrl: configuration.publicUrl, connectors, clock: clock.now });
  const sync = createSyncService({ store, queue, connectors, hourMs, logger, events, ...counted });
  const credentials = createCredentialService({
    store,
    vault,
    connectors,
    deploymentKeys: deploymentKeysOf(configuration),
    clock,
    logger,
    ...counted,
  });

  return {
    backend,
    metrics,
    dependencies: {
      publicUrl: configuration.publicUrl,
      sandboxUrl: configuration.sandboxUrl,
      requestsPerClientPerDay: configuration.requestsPerClientPerDay,
      allowPrivateTargets: configuration.allowPrivateWebhookTargets,
      store,
      vault,
      queue,
      pingQueue: () => backend.ping(),
      connectors,
      sync,
      pushes: createPushService({ store, queue, logger, events, ...counted }),
      credentials,
      events,
      clock: clock.now,
      newId: randomUUID,
      logger,
      ...counted,
    },
    async close() {
      await queue.close();
      await backend.close();
      await store.close();
    },
  };
}

/** The operator's own application keys: for clients that brought none. */
function deploymentKeysOf({ kashoo }: ApiConfiguration) {
  const { clientId, clientSecret } = kashoo;
  const keys =
    clientId === undefined || clientSecret === undefined
      ? []
      : [['ksho', { clientId, clientSecret }] as const];
  return new Map(keys);
}

const oneMinuteMs = 60_000;

/** A datastore that is away raises errors by the second; one line a minute tells it. */
function throttled(logger: Logger, now: () => number): (error: Error) => void {
  let silentUntil = 0;
  return (error) => {
    if (now() < silentUntil) return;
    silentUntil = now() + oneMinuteMs;
    logger.warn({ err: error }, 'the queue has a problem');
  };
}
