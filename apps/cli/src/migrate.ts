// `npm run migrate`: brings the database at DATABASE_URL, tables of the job queue included, to this release.
import { exitOnConfigurationError, migrateConfiguration, readEnvironment } from '@tributary/config';
import { migrateEverything } from '@tributary/sync';
import { failureLine, tell } from './output.ts';

const { databaseUrl } = exitOnConfigurationError(() => readEnvironment(migrateConfiguration, process.env));
try {
  const applied = await migrateEverything(databaseUrl, tell);
  tell(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.length} migrations.`);
} catch (error) {
  tell(failureLine('The migrations could not be applied', error));
  process.exitCode = 1;
}
// The schema engine leaves the time-out of its lock ticking: without this the process would linger for ten seconds.
process.exit();
