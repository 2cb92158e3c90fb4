// `npm run client -- create NAME | list | delete ID`. Standard output holds JSON lines and nothing else.
import { clientConfiguration, exitOnConfigurationError, readEnvironment } from '@tributary/config';
import { openStore } from '@tributary/store';
import { CommandError, runClientCommand } from './client-commands.ts';
import { reasonOf, tell } from './output.ts';

const { databaseUrl } = exitOnConfigurationError(() => readEnvironment(clientConfiguration, process.env));
const store = openStore({
  databaseUrl,
  poolSize: 2,
  applicationName: 'tributary-client',
  onError: (error) => tell(error.message),
});
try {
  const pending = await store.pendingMigrations();
  if (pending.length > 0) throw new CommandError('The database is not up to date; run: npm run migrate');
  const results = await runClientCommand(store, process.argv.slice(2));
  for (const result of results) process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  tell(error instanceof CommandError ? error.message : `The database does not answer: ${reasonOf(error)}`);
  process.exitCode = 1;
} finally {
  await store.close();
}
