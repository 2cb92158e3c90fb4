/** What the rules find in records that were read back. */
import {
  duplicateText,
  type IntegrityJudge,
  type IntegrityRule,
  type IntegrityRules,
  missingText,
  oddRateText,
  parseExactJson,
} from '@tributary/model';
import type { BooksFacts, CheckedRecord, Duplicate, Finding } from '@tributary/store';
import type { OpenReference, References } from './integrity-references.ts';

/** @returns at most one finding for a record and a rule; those of a rule in the order of the records */
export async function findProblems(
  { check, duplicates: duplicateRule }: IntegrityRules,
  records: readonly CheckedRecord[],
  known: {
    readonly facts: BooksFacts;
    readonly references: References;
    /** By record. */
    readonly duplicates: ReadonlyMap<string, Duplicate>;
  },
): Promise<Finding[]> {
  const { facts, references, duplicates } = known;
  const read = new Set(facts.read);
  const found: { record: string; rule: IntegrityRule; message: string }[] = [];
  const open: OpenReference[] = [];
  let record = '';
  const judge: IntegrityJudge = {
    found: (rule, message) => void found.push({ record, rule, message }),
    refers(rule, id) {
      if (read.has(rule.target) && !references.isKnown(rule.target, id)) open.push({ record, rule, id });
    },
    rates(rule, currency, rate) {
      const message = facts.currency && oddRateText(facts.currency, currency, rate);
      if (message) found.push({ record, rule, message });
    },
  };
  for (const { id, text } of records) {
    record = id;
    const document = parseExactJson(text);
    if (typeof document === 'object' && document !== null) check(document, judge);
    const duplicate = duplicates.get(id);
    if (duplicateRule !== undefined && duplicate !== undefined)
      judge.found(duplicateRule, duplicateText(duplicateRule, duplicate.value, duplicate.records));
  }
  if (open.length > 0)
    for (const { record: id, rule, id: target } of await references.dangling(open))
      found.push({ record: id, rule, message: missingText(rule, target) });
  const ofRecords = Map.groupBy(found, (finding) => `${finding.rule.id} ${finding.record}`);
  return [...ofRecords.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const message = [...new Set(same.map((finding) => finding.message))].sort().join(' ');
    return [{ id: first.record, ruleId: first.rule.id, severity: first.rule.severity, message }];
  });
}
