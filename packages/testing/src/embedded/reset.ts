import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lockFolder } from './folder-lock.ts';
import { clearLeftovers } from './leftover.ts';
import { homeNamedBy, removePlacement } from './placement.ts';

/**
 * Removes the data of an embedded PostgreSQL, wherever it was put. A server that still runs in it is stopped.
 * @throws {FolderLockedError} when another process runs a server in `dataDir`.
 */
export async function removeEmbeddedPostgres(dataDir: string, log: (line: string) => void): Promise<void> {
  const folder = resolve(dataDir);
  mkdirSync(folder, { recursive: true });
  const lock = await lockFolder(folder, 'postgres');
  try {
    for (const home of [join(folder, 'postgres'), homeNamedBy(folder)]) {
      if (home && existsSync(home)) await clearLeftovers(join(home, 'cluster'), log);
    }
    removePlacement(folder);
  } finally {
    await lock.release();
  }
}
