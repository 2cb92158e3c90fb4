/** One PostgreSQL server for a run of benchmarks, as durable as one in production, with a migrated database to copy. */
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateEverything } from '@tributary/sync';
import { startEmbeddedPostgres } from '@tributary/testing/embedded';
import { createVault, type Vault } from '@tributary/vault';
import pg from 'pg';

interface Database {
  readonly url: string;
  drop(): Promise<void>;
}

export interface PostgresServer {
  /** Such as `PostgreSQL 18.4`. */
  readonly version: string;
  /** A migrated database with nothing in it. */
  createDatabase(): Promise<Database>;
  stop(): Promise<void>;
}

const template = 'bench_template';

/** Commits reach the disk, as they must in production; the rest is what an operator of a machine of this size would set. */
const settings = {
  max_connections: '200',
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  work_mem: '16MB',
  maintenance_work_mem: '256MB',
};

export async function startPostgres(): Promise<PostgresServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
  // PostgreSQL's own user has to pass through, when this runs as root.
  chmodSync(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, persistent: false, log: () => undefined, settings });
  try {
    const urlOf = (database: string): string => {
      const url = new URL(server.url);
      url.pathname = `/${database}`;
      return url.href;
    };
    const run = async (sql: string): Promise<pg.QueryResult> => {
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      try {
        return await client.query(sql);
      } finally {
        await client.end();
      }
    };
    await run(`CREATE DATABASE ${template}`);
    await migrateEverything(urlOf(template));
    const version = String((await run('SHOW server_version')).rows[0]?.server_version ?? '');
    return {
      version: `PostgreSQL ${version}`,
      createDatabase: async () => {
        const name = `bench_${randomUUID().replaceAll('-', '')}`;
        // What rounds before have left to be written must not be written by the one that is measured.
        await run('CHECKPOINT');
        await run(`CREATE DATABASE ${name} TEMPLATE ${template}`);
        return {
          url: urlOf(name),
          drop: async () => void (await run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
        };
      },
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The keys that a run's processes share, as `ENCRYPTION_KEYS` takes them. */
export const encryptionKeys = `bench:${Buffer.alloc(32, 7).toString('base64')}`;

export function openVault(): Vault {
  return createVault([{ id: 'bench', key: Buffer.alloc(32, 7) }]);
}
