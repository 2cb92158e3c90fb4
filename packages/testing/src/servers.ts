import { inject, type TestContext } from 'vitest';
import { createDatabaseOn, type TestDatabase, templateDatabase } from './test-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL server of this run. */
    postgresUrl: string;
    /** The Redis server of this run; null where `redis-server` is not installed. */
    redisUrl: string | null;
  }
}

/** A fresh, migrated database on the run's PostgreSQL server. Drop it when the tests are done. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabaseOn(inject('postgresUrl'), templateDatabase);
}

/** A database with nothing in it, for tests of the migrations themselves. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabaseOn(inject('postgresUrl'), 'template1');
}

/**
 * The Redis server of this run. Where `redis-server` is not installed the test is skipped and says so; with `CI`
 * set `npm test` counts that as a failure.
 */
export function requireTestRedis(context: Pick<TestContext, 'skip'>): string {
  const url = inject('redisUrl');
  return url ?? context.skip('redis-server is not installed');
}
