import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { withSchemaEngine } from './schema-engine.ts';

/** `prisma/migrations` of this checkout. */
export const migrationsDirectory = fileURLToPath(new URL('../../../prisma/migrations/', import.meta.url));

/** Any 64-bit number of our own: processes that migrate at the same time queue up behind it. */
const migrationLock = '7391550021849301';

/**
 * Applies pending migrations in order. Safe to run from several processes at once.
 * @returns names of the migrations that this call applied
 * @throws when the database cannot be reached or a migration fails; what was applied before stays applied
 */
export async function migrateDatabase(options: {
  databaseUrl: string;
  log?: (line: string) => void;
}): Promise<{ applied: string[] }> {
  const client = new pg.Client({ connectionString: options.databaseUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    if ((await pendingMigrations(client)).length === 0) return { applied: [] };
    const migrationsList = await readMigrations();
    const result = await withSchemaEngine({ databaseUrl: options.databaseUrl }, (engine) =>
      engine.applyMigrations({ migrationsList, filters: { externalTables: [], externalEnums: [] } }),
    );
    for (const name of result.appliedMigrationNames) options.log?.(`applied migration ${name}`);
    return { applied: result.appliedMigrationNames };
  } finally {
    await client.end();
  }
}

/** Names of migrations of this checkout that the database lacks, oldest first. */
export async function pendingMigrations(queryable: pg.ClientBase | pg.Pool): Promise<string[]> {
  const names = await migrationNames();
  const table = await queryable.query<{ found: string | null }>(
    `SELECT to_regclass('_prisma_migrations')::text AS found`,
  );
  if (table.rows[0]?.found == null) return names;
  const { rows } = await queryable.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const applied = new Set(rows.map((row) => row.migration_name));
  return names.filter((name) => !applied.has(name));
}

async function migrationNames(): Promise<string[]> {
  const entries = await readdir(migrationsDirectory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The migrations folder in the form that the schema engine takes. */
async function readMigrations() {
  const names = await migrationNames();
  const lockfilePath = 'migration_lock.toml';
  return {
    baseDir: migrationsDirectory,
    lockfile: {
      path: lockfilePath,
      content: await readFile(path.join(migrationsDirectory, lockfilePath), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(path.join(migrationsDirectory, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  };
}

/**
 * What `schema.prisma` has and the migrations lack, as SQL; undefined when they agree.
 * @param options.databaseUrl a scratch database is made beside it to replay the migrations, and dropped
 * @param options.datamodel text of `schema.prisma`
 */
export async function writeMigrationDiff(options: {
  databaseUrl: string;
  datamodel: string;
}): Promise<string | undefined> {
  const scratchName = `tributary_migration_diff_${process.pid}`;
  const scratchUrl = new URL(options.databaseUrl);
  scratchUrl.pathname = `/${scratchName}`;
  const server = new pg.Client({ connectionString: options.databaseUrl });
  await server.connect();
  try {
    await server.query(`CREATE DATABASE ${scratchName}`);
    try {
      await migrateDatabase({ databaseUrl: scratchUrl.href });
      const filters = { externalTables: [], externalEnums: [] };
      const datamodel = { path: 'schema.prisma', content: options.datamodel };
      const result = await withSchemaEngine(
        { databaseUrl: scratchUrl.href, datamodel: options.datamodel },
        (engine) =>
          engine.diff({
            from: { tag: 'schemaDatasource', files: [datamodel], configDir: '.' },
            to: { tag: 'schemaDatamodel', files: [datamodel] },
            script: true,
            exitCode: true,
            filters,
          }),
      );
      return result.exitCode === 0 ? undefined : (result.stdout ?? undefined);
    } finally {
      await server.query(`DROP DATABASE ${scratchName} WITH (FORCE)`);
    }
  } finally {
    await server.end();
  }
}
