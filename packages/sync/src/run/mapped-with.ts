/**
 * Which records of a full listing need not be mapped (docs/adr/0049): those whose text is stored, in datasets of which everything was
 * last mapped with what this run maps with.
 */
import type { Lookup } from '@tributary/connector-kit';
import { type DataTypeKey, integrityRules } from '@tributary/model';
import { type AlreadyMapped, alreadyMapped, type BooksFacts, type RecordScope } from '@tributary/store';
import { contentHash, type HashedRecord } from './page.ts';

/**
 * A hash of all that decides what a record comes to, its text aside: what mapping reads, and what its checks are told.
 * @returns undefined when the lookup does not tell what mapping reads of it
 */
export function mappedWithOf(
  dataType: DataTypeKey,
  parts: {
    readonly mappingVersion: number;
    readonly supplementalVersion: number;
    readonly lookup: Lookup;
    readonly facts: BooksFacts;
  },
): string | undefined {
  const { mappingVersion, supplementalVersion, lookup, facts } = parts;
  if (lookup.fingerprint === undefined) return undefined;
  // Its own data type comes to be read by the first run of all; no record refers to one of its own kind.
  const read = facts.read.filter((key) => key !== dataType).sort();
  const checkedWith = integrityRules[dataType] === undefined ? [] : [facts.currency ?? null, read];
  const hash = contentHash(
    JSON.stringify([mappingVersion, supplementalVersion, lookup.fingerprint, checkedWith]),
  );
  // As the database tells it, which it is compared with.
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** What of a page need not be mapped, and what has to be. */
export interface SplitPage {
  readonly known: AlreadyMapped;
  readonly rest: readonly HashedRecord[];
}

export const nothingKnown: AlreadyMapped = {
  positions: new Set(),
  seqs: '{}',
  greatestModifiedMs: undefined,
};

/** The caller holds the dataset's row lock. */
export async function splitPage(
  client: Parameters<typeof alreadyMapped>[0],
  run: RecordScope & { readonly dataType: DataTypeKey },
  mappingVersion: number,
  records: readonly HashedRecord[],
): Promise<SplitPage> {
  const alone = withoutRepeated(records);
  const known = await alreadyMapped(client, run, run.dataType, mappingVersion, alone);
  if (known.positions.size === records.length) return { known, rest: [] };
  const ids = new Set(alone.filter((_record, position) => known.positions.has(position)).map(({ id }) => id));
  return { known, rest: records.filter(({ id }) => !ids.has(id)) };
}

/** Of a record that a page shows twice the last counts, and all are mapped: what is stored is one of them at most. */
function withoutRepeated(records: readonly HashedRecord[]): readonly HashedRecord[] {
  const times = new Map<string, number>();
  for (const { id } of records) times.set(id, (times.get(id) ?? 0) + 1);
  return times.size === records.length ? records : records.filter(({ id }) => times.get(id) === 1);
}
