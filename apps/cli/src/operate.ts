// `npm run operate -- pause PLATFORM [REASON] | resume PLATFORM | retry-failed [PLATFORM]`: what an operator does to all runs.
import { clientConfiguration, exitOnConfigurationError, readEnvironment } from '@tributary/config';
import { openStore, pausePlatform, resumePlatform, retryFailed, type Store } from '@tributary/store';
import { failureLine, tell } from './output.ts';

const usage = 'usage: npm run operate -- pause PLATFORM [REASON] | resume PLATFORM | retry-failed [PLATFORM]';

async function operate(
  store: Store,
  [command, platform, ...words]: readonly string[],
): Promise<string | undefined> {
  if (command === 'pause' && platform !== undefined) {
    await pausePlatform(store.pool, platform, words.length === 0 ? undefined : words.join(' '));
    return `Runs of ${platform} wait until it is resumed.`;
  }
  if (command === 'resume' && platform !== undefined) {
    return (await resumePlatform(store.pool, platform))
      ? `Runs of ${platform} go on within a minute.`
      : `${platform} was not paused.`;
  }
  if (command === 'retry-failed') {
    const count = await retryFailed(store.pool, platform === undefined ? {} : { platformKey: platform });
    return `${count} data types whose newest sync failed are due now.`;
  }
  return undefined;
}

const { databaseUrl } = exitOnConfigurationError(() => readEnvironment(clientConfiguration, process.env));
const store = openStore({
  databaseUrl,
  poolSize: 2,
  applicationName: 'tributary-operate',
  onError: (error) => tell(error.message),
});
try {
  const outcome = await operate(store, process.argv.slice(2));
  tell(outcome ?? usage);
  if (outcome === undefined) process.exitCode = 2;
} catch (error) {
  tell(failureLine('The command failed', error));
  process.exitCode = 1;
} finally {
  await store.close();
}
