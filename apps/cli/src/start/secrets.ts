import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A secret kept in the data folder, mode 0600: made by the first start, the same for every later one. It is written
 * beside its place and linked there whole, so that a start that is interrupted leaves no half of one.
 */
export function keptSecret(dataDir: string, name: string, make: () => string): string {
  const file = join(dataDir, name);
  if (!existsSync(file)) {
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, `${make()}\n`, { mode: 0o600 });
    linkSync(unfinished, file);
    rmSync(unfinished);
  }
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}

/** A value for `ENCRYPTION_KEYS` with one new key. */
export function makeEncryptionKeys(): string {
  return `main:${randomBytes(32).toString('base64')}`;
}
