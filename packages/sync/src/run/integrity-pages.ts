/**
 * Checks records while their page is in memory (docs/adr/0047): they need not be read back to learn that nothing is wrong with them.
 * What is found is a suspicion: the end of the run reads the record back and decides.
 */
import {
  type DataTypeKey,
  type IntegrityJudge,
  type IntegrityRules,
  integrityRules,
  oddRateText,
} from '@tributary/model';
import {
  type BooksFacts,
  type ClaimedRun,
  missingRecords,
  type RecordScope,
  readBooksFacts,
  type Store,
} from '@tributary/store';
import { createReferences, type OpenReference } from './integrity-references.ts';

/** What the pages of a run made of its records. */
export interface Suspects {
  readonly ids: ReadonlySet<string>;
  /** A rule found more than are kept. */
  readonly hasMore: boolean;
  /** What records were checked against came to be known, or changed, while the run went on: what they were found to be is void. */
  readonly isOutdated: boolean;
}

export interface PageChecks {
  /** Checks a mapped record that is not deleted. */
  see(id: string, record: object): void;
  /** Some records are not looked at: earlier runs did, and nothing has changed since. */
  leftOut(): void;
  /** Looks up where the records seen since the last time refer to. */
  settle(): Promise<void>;
  suspects(): Promise<Suspects>;
}

/** Findings that are kept of each rule; beyond them they are counted. */
export const mostPerRule = 200;
/** References to records of a data type that has not been read, and may be by the end of the run. */
const mostUnjudged = 50_000;

/**
 * @param facts as they were before the run's first page
 * @returns undefined when nothing is checked, or when records of the run were written before: by another worker, or by an attempt that
 *   has been put off
 */
export function createPageChecks(
  run: ClaimedRun,
  { pool }: Pick<Store, 'pool'>,
  facts: BooksFacts,
): PageChecks | undefined {
  const rules = integrityRules[run.dataType];
  if (rules === undefined || run.pages > 0) return undefined;
  return pageChecks(pool, run, rules, facts);
}

function pageChecks(
  pool: Store['pool'],
  scope: RecordScope,
  { check }: IntegrityRules,
  facts: BooksFacts,
): PageChecks {
  const references = createReferences(pool, scope);
  const read = new Set(facts.read);
  const suspects = new Map<string, Set<string>>();
  let hasMore = false;
  let hasLeftOut = false;
  const suspect = (ruleId: string, id: string): void => {
    const ids = suspects.get(ruleId) ?? new Set();
    suspects.set(ruleId, ids);
    if (ids.size < mostPerRule) ids.add(id);
    else hasMore ||= !ids.has(id);
  };
  const unjudged = createUnjudged();
  let open: OpenReference[] = [];
  let record = '';
  const judge: IntegrityJudge = {
    found: (rule) => suspect(rule.id, record),
    refers(rule, id) {
      if (references.isKnown(rule.target, id)) return;
      if (read.has(rule.target)) open.push({ record, rule, id });
      else unjudged.refers(rule.target, id);
    },
    rates(rule, currency, rate) {
      if (facts.currency === undefined) unjudged.rates(currency, rate);
      else if (oddRateText(facts.currency, currency, rate) !== undefined) suspect(rule.id, record);
    },
  };
  return {
    see(id, mapped) {
      record = id;
      check(mapped, judge);
    },
    leftOut() {
      hasLeftOut = true;
    },
    async settle() {
      if (open.length === 0) return;
      const met = open;
      open = [];
      for (const { rule, record: id } of await references.dangling(met)) suspect(rule.id, id);
    },
    async suspects() {
      const now = await readBooksFacts(pool, scope);
      const isOutdated =
        (hasLeftOut && (now.currency !== facts.currency || now.read.some((key) => !read.has(key)))) ||
        (facts.currency === undefined
          ? unjudged.hasOddRate(now.currency)
          : now.currency !== undefined && now.currency !== facts.currency) ||
        (await unjudged.hasMissing(pool, scope, now.read));
      const ids = new Set([...suspects.values()].flatMap((of) => [...of]));
      return { ids, hasMore, isOutdated };
    },
  };
}

/** What could not be judged when it was met, without the records that it was met in. */
function createUnjudged() {
  const references = new Map<DataTypeKey, Set<string>>();
  /** Currencies that records have with a rate that is not 1, and those that they have without a rate. */
  const rated = new Set<string>();
  const unrated = new Set<string>();
  return {
    refers(target: DataTypeKey, id: string): void {
      const ids = references.get(target);
      if (ids === undefined) references.set(target, new Set([id]));
      else if (ids.size <= mostUnjudged) ids.add(id);
    },
    rates(currency: string, rate: Parameters<typeof oddRateText>[2]): void {
      if (oddRateText(currency, currency, rate) !== undefined) rated.add(currency);
      if (oddRateText('', currency, rate) !== undefined) unrated.add(currency);
    },
    /** Whether some record has a rate that does not suit the currency of the books. */
    hasOddRate(base: string | undefined): boolean {
      if (base === undefined) return false;
      return rated.has(base) || unrated.size > (unrated.has(base) ? 1 : 0);
    },
    /** Whether a reference leads nowhere, or may. */
    async hasMissing(
      pool: Store['pool'],
      scope: RecordScope,
      read: readonly DataTypeKey[],
    ): Promise<boolean> {
      for (const [target, ids] of references) {
        if (!read.includes(target)) continue;
        if (ids.size > mostUnjudged) return true;
        if ((await missingRecords(pool, scope, target, [...ids])).length > 0) return true;
      }
      return false;
    },
  };
}
