import { migrateQueue } from '@tributary/queue';
import { createPool, migrateDatabase } from '@tributary/store';

/**
 * Brings a database up to date: the project's own tables, then those of the queue. Safe to run from several
 * processes at once.
 * @returns the names of the migrations that were applied
 * @throws when the database cannot be reached or a migration fails
 */
export async function migrateAll(databaseUrl: string, log: (line: string) => void): Promise<string[]> {
  const { applied } = await migrateDatabase({ databaseUrl, log });
  const pool = createPool({
    databaseUrl,
    max: 1,
    applicationName: 'tributary-migrate',
    onError: (error) => log(error.message),
  });
  try {
    await migrateQueue(pool);
  } finally {
    await pool.end();
  }
  return applied;
}
