import { migrateDatabase } from '@tributary/store';
import type { TestProject } from 'vitest/node';
import { createTemplate } from './test-database.ts';
import { startTestPostgres } from './test-postgres.ts';
import { startTestRedis } from './test-redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL server of this run. */
    postgresUrl: string;
    /** The Redis server of this run; null where `redis-server` is not installed. */
    redisUrl: string | null;
  }
}

/** Starts the servers that one run of the tests shares, and stops them at its end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startTestPostgres();
  const stopPostgres = () => postgres.stop();
  try {
    await createTemplate(postgres.url, migrateDatabase);
    const redis = await startTestRedis();
    project.provide('postgresUrl', postgres.url);
    project.provide('redisUrl', redis?.url ?? null);
    return async () => {
      await redis?.stop();
      await stopPostgres();
    };
  } catch (error) {
    await stopPostgres();
    throw error;
  }
}
