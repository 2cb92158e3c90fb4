import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** A database of one test file's own. */
export interface TestDatabase {
  databaseUrl: string;
  /** Drops the database, ending connections that are still open. */
  drop(): Promise<void>;
}

/** Migrated once per run; every test database is a copy of it. */
export const templateDatabase = 'tributary_template';

async function onServer<Result>(
  serverUrl: string,
  run: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** The connection string of another database on the same server. */
function urlOfDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/**
 * Creates a database on a server.
 * @param template the database to copy; `template1` makes an empty one.
 */
export async function createDatabaseOn(serverUrl: string, template: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    databaseUrl: urlOfDatabase(serverUrl, name),
    drop: async () => {
      await onServer(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

/** Creates the database that test databases are copied from, and brings it up to date. */
export async function createTemplate(
  serverUrl: string,
  migrate: (options: { databaseUrl: string }) => Promise<unknown>,
): Promise<void> {
  await onServer(serverUrl, (client) => client.query(`CREATE DATABASE ${templateDatabase}`));
  await migrate({ databaseUrl: urlOfDatabase(serverUrl, templateDatabase) });
}
