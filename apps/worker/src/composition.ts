/** The one place where the worker's parts are put together. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { WorkerConfiguration } from '@tributary/config';
import { type ApplicationKeys, createSystemClock } from '@tributary/connector-kit';
import { createConnectors } from '@tributary/connectors';
import type { Logger } from '@tributary/logging';
import type { Metrics } from '@tributary/metrics';
import { createJobQueue, createQueueBackend } from '@tributary/queue';
import { openStore } from '@tributary/store';
import {
  createCredentialService,
  createPushEngine,
  createPushService,
  createSyncEngine,
  createSyncService,
} from '@tributary/sync';
import { createVault } from '@tributary/vault';
import { createDispatcher, createEventWriter, createSender } from '@tributary/webhooks';

/** @param metrics absent: nothing is counted */
export function composeWorker(configuration: WorkerConfiguration, logger: Logger, metrics?: Metrics) {
  const clock = createSystemClock();
  const report = (error: Error) => logger.warn({ error }, 'connection trouble');
  const store = openStore({
    databaseUrl: configuration.databaseUrl,
    poolSize: configuration.databasePoolSize,
    applicationName: 'tributary-worker',
    onError: report,
  });
  const backend = createQueueBackend({ redisUrl: configuration.redisUrl, pool: store.pool, onError: report });
  const queue = createJobQueue(backend, report);
  const vault = createVault(configuration.encryptionKeys);
  const { kashoo, kashflow } = configuration;
  const connectors = createConnectors({ kashoo, kashflow, clock });
  const deploymentKeys = new Map<string, ApplicationKeys>();
  if (kashoo.clientId !== undefined && kashoo.clientSecret !== undefined) {
    deploymentKeys.set('ksho', { clientId: kashoo.clientId, clientSecret: kashoo.clientSecret });
  }
  const counted = metrics === undefined ? {} : { metrics };
  metrics?.watch({ store, queue });
  const credentials = createCredentialService({
    store,
    vault,
    connectors,
    deploymentKeys,
    clock,
    logger,
    ...counted,
  });
  const { publicUrl, allowPrivateWebhookTargets: allowPrivateTargets } = configuration;
  const events = createEventWriter({ publicUrl, connectors, clock: clock.now });
  const sender = createSender({ allowPrivateTargets });
  const webhooks = createDispatcher({ store, vault, sender, clock: clock.now, logger, ...counted });
  const sync = createSyncService({
    store,
    queue,
    connectors,
    hourMs: configuration.syncHourSeconds * 1000,
    logger,
    events,
    ...counted,
  });
  const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  const engine = createSyncEngine({
    store,
    queue,
    connectors,
    credentials,
    logger,
    now: clock.now,
    owner,
    admit: sync.admit,
    deletionBrakePercent: configuration.deletionBrakePercent,
    events,
    ...counted,
  });
  const pushes = createPushService({ store, queue, logger, events, ...counted });
  const pushEngine = createPushEngine({
    store,
    queue,
    connectors,
    credentials,
    logger,
    now: clock.now,
    owner,
    requestSync: (connection, dataType) => sync.requestRun({ connection, dataType, trigger: 'request' }),
    settleMs: configuration.writeSettleSeconds * 1000,
    events,
    ...counted,
  });
  const close = async (): Promise<void> => {
    await sender.close();
    await queue.close();
    await backend.close();
    await store.close();
  };
  return {
    owner,
    store,
    backend,
    queue,
    vault,
    credentials,
    events,
    webhooks,
    sync,
    engine,
    pushes,
    pushEngine,
    close,
    ...counted,
  };
}
