/** The worker process: runs syncs from the queue, ticks the schedules and delivers webhooks. Configured by the environment alone. */
import { exitOnConfigurationError, readEnvironment, workerConfiguration } from '@tributary/config';
import { createLogger } from '@tributary/logging';
import { createMetrics, startMetricsListener } from '@tributary/metrics';
import { databaseProblem } from '@tributary/store';
import { prepareDatabase } from '@tributary/sync';
import { composeWorker } from './composition.ts';
import { startHeartbeat } from './jobs/heartbeat.ts';
import { startHousekeeping } from './jobs/housekeeping.ts';
import { startPushes } from './jobs/pushes.ts';
import { startScheduleTick } from './jobs/schedule-tick.ts';
import { consumeSyncRuns } from './jobs/sync-run.ts';
import { startWebhooks } from './jobs/webhooks.ts';

const configuration = exitOnConfigurationError(() => readEnvironment(workerConfiguration, process.env));
const logger = createLogger({ level: configuration.logLevel, name: 'worker' });
const metrics = configuration.metrics && createMetrics();
const parts = composeWorker(configuration, logger, metrics);

/** Ends the process: why it could not start is told in one line, and in full in the log. */
function giveUp(error: unknown): never {
  logger.fatal({ err: error }, 'could not start');
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${databaseProblem(error) ?? reason}\n`);
  process.exit(1);
}

async function start() {
  const { owner, store } = parts;
  const { concurrency } = configuration;
  const watched =
    configuration.metrics && metrics && (await startMetricsListener(metrics, configuration.metrics));
  await prepareDatabase({ ...parts, ...configuration });
  const runs = consumeSyncRuns(parts.backend, parts.engine, { concurrency, logger });
  const tickMs = configuration.syncTickSeconds * 1000;
  const pushes = startPushes(parts, { concurrency, intervalMs: tickMs, logger });
  const webhooks = startWebhooks({ ...parts, logger });
  const heartbeat = await startHeartbeat(store, { id: owner, concurrency, logger });
  const schedule = startScheduleTick(parts.sync, {
    intervalMs: tickMs,
    logger,
  });
  const housekeeping = startHousekeeping({ ...parts, retention: configuration.retention, logger });
  /** In this order: nothing new is begun, then what runs is given back. */
  return async (): Promise<void> => {
    await schedule.stop();
    await webhooks.stop();
    await housekeeping.stop();
    await heartbeat.stop();
    await Promise.all([runs.stop(), pushes.stop()]);
    await watched?.close();
    await parts.close();
  };
}

const close = await start().catch(giveUp);
logger.info({ queue: parts.backend.kind, concurrency: configuration.concurrency }, 'worker ready');
process.send?.('ready');

let stopping = false;
const stop = async (reason: string): Promise<void> => {
  if (stopping) return;
  stopping = true;
  logger.info({ reason }, 'worker stopping');
  await close();
  process.exit(0);
};
process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));
// Started by `npm start`: when that is gone, nobody would stop this process.
process.on('disconnect', () => void stop('the parent process is gone'));
