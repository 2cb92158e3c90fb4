import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import type { PostgresBinaries } from './embedded/binaries.ts';

/** Where Debian and its kin keep PostgreSQL, a folder for each major version. */
const distribution = '/usr/lib/postgresql';
const oldestSupported = 14;

/**
 * PostgreSQL as this machine has it installed, the newest that comes with `pg_dump`. Where there is none the test is skipped and says
 * so; with `CI` set `npm test` counts that as a failure.
 */
export function requireInstalledPostgres(context: Pick<TestContext, 'skip'>): PostgresBinaries {
  const versions = existsSync(distribution) ? readdirSync(distribution).map(Number) : [];
  const found = versions
    .filter((version) => version >= oldestSupported)
    .map((majorVersion) => ({ folder: join(distribution, String(majorVersion)), majorVersion }))
    .filter(({ folder }) =>
      ['initdb', 'postgres', 'pg_dump', 'pg_restore'].every((name) => existsSync(join(folder, 'bin', name))),
    )
    .toSorted((one, other) => other.majorVersion - one.majorVersion);
  return found[0] ?? context.skip(`PostgreSQL ${oldestSupported} or newer is not installed`);
}
