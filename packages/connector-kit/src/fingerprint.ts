import { createHash } from 'node:crypto';

/** Members that are undefined count as absent, big integers as their digits. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? '';

/**
 * A text that is the same for the same contents, and differs for others. The order of a map's entries does not count: where mapping
 * depends on it, the contents have to say what it leads to.
 * @param contents by name: maps of plain values, or plain values
 */
export function fingerprintOf(contents: Readonly<Record<string, unknown>>): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(contents).sort()) {
    const value = contents[name];
    if (!(value instanceof Map)) {
      if (value !== undefined) hash.update(`${textOf([name, value])}\n`);
      continue;
    }
    hash.update(`${textOf([name, value.size, 'entries'])}\n`);
    const entries: ReadonlyMap<string, unknown> = value;
    for (const key of [...entries.keys()].sort()) hash.update(`${textOf([key, entries.get(key)])}\n`);
  }
  return hash.digest('hex');
}
