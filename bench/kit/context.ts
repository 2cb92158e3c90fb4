/** What a benchmark is handed: sizes, servers, and a place to say what it is doing. Whatever it starts here ends with it. */
import { join } from 'node:path';
import { type House, openHouse } from './house.ts';
import { type Platform, startPlatform } from './platform.ts';
import type { PostgresServer } from './postgres.ts';
import type { RunningProcess } from './processes.ts';

export interface BenchContext {
  /** Root of the repository. */
  readonly root: string;
  /** A folder that is gone after the run. */
  readonly folder: string;
  readonly quick: boolean;
  /** A size of the full benchmark, or its small stand-in. */
  size(full: number, quick: number): number;
  say(line: string): void;
  readonly postgres: PostgresServer;
  /** A migrated database, dropped after the benchmark. @returns its URL */
  database(): Promise<string>;
  /** A sandbox with so many invoices, stopped after the benchmark. */
  platform(options: Parameters<typeof startPlatform>[2]): Promise<Platform>;
  /** Tributary on a database of its own and a platform. */
  house(platform: Platform, options?: { databaseUrl?: string; requestsPerSecond?: number }): Promise<House>;
  worker(house: House, options?: Parameters<House['startWorker']>[0]): Promise<RunningProcess>;
  /**
   * A round of a benchmark: whatever it starts ends with it. Databases that rounds leave behind would fill the server's memory, and the
   * rounds after them would have to write them out.
   */
  round<T>(work: () => Promise<T>): Promise<T>;
  /** Called after the benchmark, or its round, last first. */
  cleanUp(work: () => Promise<unknown>): void;
}

/** @returns the context, and what ends everything that was started through it */
export function createContext(options: {
  root: string;
  folder: string;
  quick: boolean;
  postgres: PostgresServer;
  say: (line: string) => void;
}): { context: BenchContext; close: () => Promise<void> } {
  const undo: (() => Promise<unknown>)[] = [];
  const endAllSince = async (begun: number): Promise<void> => {
    for (const work of undo.splice(begun).reverse()) await work();
  };
  const context: BenchContext = {
    ...options,
    size: (full, quick) => (options.quick ? quick : full),
    database: async () => {
      const database = await options.postgres.createDatabase();
      undo.push(database.drop);
      return database.url;
    },
    platform: async (wanted) => {
      const platform = await startPlatform(options.root, join(options.folder, 'platforms'), wanted);
      undo.push(platform.stop);
      return platform;
    },
    house: async (platform, { databaseUrl, ...rest } = {}) => {
      const house = await openHouse({
        root: options.root,
        databaseUrl: databaseUrl ?? (await context.database()),
        platform: platform.origin,
        ...rest,
      });
      undo.push(house.close);
      return house;
    },
    worker: async (house, wanted) => {
      const worker = await house.startWorker(wanted);
      undo.push(worker.stop);
      return worker;
    },
    round: async (work) => {
      const begun = undo.length;
      try {
        return await work();
      } finally {
        await endAllSince(begun);
      }
    },
    cleanUp: (work) => void undo.push(work),
  };
  return { context, close: () => endAllSince(0) };
}
