/** What a rule of sound books says, and to whom. */
import type { DataTypeKey } from '../data-types.ts';
import type { Amount } from './amounts.ts';

/**
 * Ids follow the published examples, of which two rules are known: `accounting-bill-030` (lines against the total, an error) and
 * `accounting-bill-032` (lines against the sub-total, a warning). The same number means the same kind of rule everywhere:
 * 03x amounts, 04x currencies, 05x references that lead nowhere, 06x duplicates, 07x dates.
 */
export interface IntegrityRule {
  readonly id: string;
  readonly severity: 'error' | 'warning';
}

/** A reference has to lead to a stored record, deleted or not, once its data type has been read. */
export interface ReferenceRule extends IntegrityRule {
  readonly target: DataTypeKey;
  /** The reference in a message, such as `The customer`. */
  readonly what: string;
}

/** A column that is to have another value in every record that is not deleted. */
export interface DuplicateRule extends IntegrityRule {
  /** The value in a message, such as `The number`. */
  readonly what: string;
  readonly column: string;
  /** Only records that have the same here too are duplicates; an absent value counts as one. */
  readonly also?: string;
  /** Records of this status are no duplicates. */
  readonly exceptStatus?: string;
}

/** Hears what the rules say of one record. What a record alone cannot tell, the judge has to find out. */
export interface IntegrityJudge {
  found(rule: IntegrityRule, message: string): void;
  /** The record refers to another, which may be missing: {@link missingText}. */
  refers(rule: ReferenceRule, id: string): void;
  /** The currency and its rate have to suit the currency of the books: {@link oddRateText}. */
  rates(rule: IntegrityRule, currency: string, rate: Amount | undefined): void;
}

/** Tells the judge what the rules find in one record, mapped or parsed exactly from its document; it must not be deleted. */
export type IntegrityCheck = (record: object, judge: IntegrityJudge) => void;

export interface IntegrityRules {
  readonly check: IntegrityCheck;
  readonly duplicates?: DuplicateRule;
}

export function ruleOf(
  subject: string,
  number: string,
  severity: IntegrityRule['severity'] = 'warning',
): IntegrityRule {
  return { id: `accounting-${subject}-${number}`, severity };
}

export function referenceRule(
  subject: string,
  number: string,
  target: DataTypeKey,
  what: string,
): ReferenceRule {
  return { ...ruleOf(subject, number), target, what };
}
