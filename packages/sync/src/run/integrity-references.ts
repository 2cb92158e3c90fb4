/** Where references lead, and which targets a run need not look up again. */
import type { DataTypeKey, ReferenceRule } from '@tributary/model';
import { missingRecords, type RecordScope, type Store } from '@tributary/store';

/** A reference of a record that was not known to lead anywhere when it was met. */
export interface OpenReference {
  /** Id of the record that refers. */
  readonly record: string;
  readonly rule: ReferenceRule;
  readonly id: string;
}

export interface References {
  isKnown(target: DataTypeKey, id: string): boolean;
  /** Those of the references that lead nowhere. */
  dangling(references: readonly OpenReference[]): Promise<OpenReference[]>;
}

/** Of each data type; beyond it, what is known is forgotten and looked up again. */
const mostKnown = 20_000;

export function createReferences(pool: Store['pool'], scope: RecordScope): References {
  const known = new Map<DataTypeKey, Set<string>>();
  const remember = (target: DataTypeKey, ids: ReadonlySet<string>): void => {
    let remembered = known.get(target);
    if (remembered === undefined || remembered.size + ids.size > mostKnown) {
      remembered = new Set();
      known.set(target, remembered);
    }
    for (const id of ids) remembered.add(id);
  };
  return {
    isKnown: (target, id) => known.get(target)?.has(id) === true,
    async dangling(references) {
      const byTarget = Map.groupBy(references, ({ rule }) => rule.target);
      const found: OpenReference[] = [];
      for (const [target, open] of byTarget) {
        const ids = new Set(open.map(({ id }) => id));
        const missing = new Set(await missingRecords(pool, scope, target, [...ids]));
        remember(target, ids.difference(missing));
        found.push(...open.filter(({ id }) => missing.has(id)));
      }
      return found;
    },
  };
}
