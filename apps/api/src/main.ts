/** The API process: reads the environment, starts, and closes in order when it is told to stop. */
import { apiConfiguration, exitOnConfigurationError, readEnvironment } from '@tributary/config';
import { MetricsListenerError, startMetricsListener } from '@tributary/metrics';
import { databaseProblem } from '@tributary/store';
import { buildApp } from './app.ts';
import { compose } from './composition.ts';
import { prepare } from './start-up.ts';

const configuration = exitOnConfigurationError(() => readEnvironment(apiConfiguration, process.env));
const composition = compose(configuration);
const { logger } = composition.dependencies;

/** Requests on their way get this long before the process ends anyway. */
const longestCloseMs = 20_000;

try {
  const { metrics } = composition;
  const watched =
    configuration.metrics && metrics && (await startMetricsListener(metrics, configuration.metrics));
  await prepare(configuration, composition);
  const app = await buildApp(composition.dependencies);

  let isClosing = false;
  const close = async (reason: string) => {
    if (isClosing) return;
    isClosing = true;
    logger.info({ reason }, 'closing');
    setTimeout(() => process.exit(1), longestCloseMs).unref();
    await app.close();
    await watched?.close();
    await composition.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void close('SIGTERM'));
  process.once('SIGINT', () => void close('SIGINT'));
  // The parent that started this process over an IPC channel is gone.
  process.once('disconnect', () => void close('disconnect'));

  await app.listen({ host: configuration.host, port: configuration.port });
  process.send?.('ready');
} catch (error) {
  logger.fatal({ err: error }, 'could not start');
  process.stderr.write(`${startProblem(error)}\n`);
  process.exit(1);
}

/** Why the process could not start, in one line. */
function startProblem(error: unknown): string {
  if (error instanceof MetricsListenerError) return error.message;
  const problem = databaseProblem(error);
  if (problem !== undefined) return problem;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const address = `${configuration.host}:${configuration.port}`;
  if (code === 'EADDRINUSE') return `${address} is taken by another process; set PORT to a free one.`;
  if (code === 'EACCES') return `${address} may not be listened on by this user; set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL') return `HOST ${configuration.host} is no address of this machine.`;
  return error instanceof Error ? error.message : String(error);
}
