/** The worker process: runs syncs from the queue and ticks the schedules. Configured by the environment alone. */
import { exitOnConfigurationError, readEnvironment, workerConfiguration } from '@tributary/config';
import { createLogger } from '@tributary/logging';
import { prepareDatabase } from '@tributary/sync';
import { composeWorker } from './composition.ts';
import { startHeartbeat } from './jobs/heartbeat.ts';
import { startHousekeeping } from './jobs/housekeeping.ts';
import { startScheduleTick } from './jobs/schedule-tick.ts';
import { consumeSyncRuns } from './jobs/sync-run.ts';

const configuration = exitOnConfigurationError(() => readEnvironment(workerConfiguration, process.env));
const logger = createLogger({ level: configuration.logLevel, name: 'worker' });
const parts = composeWorker(configuration, logger);

await prepareDatabase({ ...parts, ...configuration }).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
const runs = consumeSyncRuns(parts.backend, parts.engine, { concurrency: configuration.concurrency, logger });
const heartbeat = await startHeartbeat(parts.store, {
  id: parts.owner,
  concurrency: configuration.concurrency,
  logger,
});
const schedule = startScheduleTick(parts.sync, { intervalMs: configuration.syncTickSeconds * 1000, logger });
const housekeeping = startHousekeeping({ ...parts, retention: configuration.retention, logger });
logger.info({ queue: parts.backend.kind, concurrency: configuration.concurrency }, 'worker ready');
process.send?.('ready');

let stopping = false;
const stop = async (reason: string): Promise<void> => {
  if (stopping) return;
  stopping = true;
  logger.info({ reason }, 'worker stopping');
  await schedule.stop();
  await housekeeping.stop();
  await heartbeat.stop();
  await runs.stop();
  await parts.close();
  process.exit(0);
};
process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));
// Started by `npm start`: when that is gone, nobody would stop this process.
process.on('disconnect', () => void stop('the parent process is gone'));
