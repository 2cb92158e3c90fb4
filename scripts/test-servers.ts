import { migrateDatabase } from '@tributary/store';
import { createTemplate, startTestPostgres, startTestRedis } from '@tributary/testing';
import type { TestProject } from 'vitest/node';

interface Servers {
  readonly postgresUrl: string;
  readonly redisUrl: string | null;
  stop(): Promise<void>;
}

/** The servers of one run, and how many projects of it use them. */
interface SharedServers {
  users: number;
  readonly started: Promise<Servers>;
}

/**
 * Vitest calls the setup for each project by itself, at the same time and in modules of their own, but in one process: what they
 * share hangs there. Two of them must not migrate at once, since the engine that does it is one per process.
 */
const place = Symbol.for('tributary.test-servers');
const run = globalThis as { [place]?: SharedServers };

/** Starts the servers that one run of the tests shares, and stops them when the last project has ended. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  run[place] ??= { users: 0, started: startServers() };
  const servers = run[place];
  servers.users += 1;
  const { postgresUrl, redisUrl, stop } = await servers.started;
  project.provide('postgresUrl', postgresUrl);
  project.provide('redisUrl', redisUrl);
  return async () => {
    servers.users -= 1;
    if (servers.users > 0) return;
    delete run[place];
    await stop();
  };
}

async function startServers(): Promise<Servers> {
  const postgres = await startTestPostgres();
  try {
    await createTemplate(postgres.url, migrateDatabase);
    const redis = await startTestRedis();
    return {
      postgresUrl: postgres.url,
      redisUrl: redis?.url ?? null,
      async stop() {
        await redis?.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
