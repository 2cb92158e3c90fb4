import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from './generated/client.ts';
import { pendingMigrations } from './migrate.ts';
import { createPool } from './pool.ts';

/** PostgreSQL as the rest of the house sees it: Prisma for the control plane, the pool for set-based statements. */
export interface Store {
  readonly pool: pg.Pool;
  /** Where synced records are read for clients: a replica's pool, or `pool` itself. */
  readonly reading: pg.Pool;
  readonly prisma: PrismaClient;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  /** Migrations of this release that the database lacks. */
  pendingMigrations(): Promise<string[]>;
  close(): Promise<void>;
}

export function openStore(options: {
  databaseUrl: string;
  /** A replica to read synced records from; commits wait until it shows them (docs/scaling.md). */
  readUrl?: string | undefined;
  poolSize: number;
  applicationName: string;
  /** A statement that takes longer fails, as if the database were away. Unset: statements take their time. */
  queryTimeoutMs?: number;
  /** Lists of one company's records are read: none is planned by what other companies have (see {@link createPool}). */
  servesLists?: boolean;
  onError: (error: Error) => void;
}): Store {
  const poolOf = (databaseUrl: string) =>
    createPool({
      databaseUrl,
      max: options.poolSize,
      applicationName: options.applicationName,
      queryTimeoutMs: options.queryTimeoutMs,
      servesLists: options.servesLists,
      onError: options.onError,
    });
  const pool = poolOf(options.databaseUrl);
  const reading = options.readUrl === undefined ? pool : poolOf(options.readUrl);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    pool,
    reading,
    prisma,
    ping: async () => void (await Promise.all([pool, reading].map((each) => each.query('SELECT 1')))),
    pendingMigrations: () => pendingMigrations(pool),
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
      if (reading !== pool) await reading.end();
    },
  };
}
