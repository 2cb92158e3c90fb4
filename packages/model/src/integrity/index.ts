export type { Amount } from './amounts.ts';
export type { DuplicateRule, IntegrityJudge, IntegrityRule, IntegrityRules, ReferenceRule } from './judge.ts';
export { integrityRules } from './rules.ts';
export { duplicateText, missingText, oddRateText } from './texts.ts';
