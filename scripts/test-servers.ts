import { migrateDatabase } from '@tributary/store';
import { createTemplate, startTestPostgres, startTestRedis } from '@tributary/testing';
import type { TestProject } from 'vitest/node';

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
