/** Rules that several data types have. */
import { NULL_ID } from '../not-specified.ts';
import { amountOf } from './amounts.ts';
import type { IntegrityJudge, IntegrityRule, ReferenceRule } from './judge.ts';

const currencies: ReadonlySet<unknown> = new Set(Intl.supportedValuesOf('currency'));

export function checkCurrency(judge: IntegrityJudge, rule: IntegrityRule, currency: unknown): void {
  if (typeof currency === 'string' && !currencies.has(currency))
    judge.found(rule, `${currency} is no ISO 4217 currency.`);
}

export function checkRate(
  judge: IntegrityJudge,
  rule: IntegrityRule,
  { currency, currencyRate }: { readonly currency?: unknown; readonly currencyRate?: unknown },
): void {
  if (typeof currency === 'string') judge.rates(rule, currency, amountOf(currencyRate));
}

export function checkReference(
  judge: IntegrityJudge,
  rule: ReferenceRule,
  reference: { readonly id?: unknown } | null | undefined,
): void {
  const id = reference?.id;
  if (typeof id === 'string' && id !== NULL_ID) judge.refers(rule, id);
}

/** Local dates compare as texts. */
export function checkYear(judge: IntegrityJudge, rule: IntegrityRule, date: unknown): void {
  if (typeof date === 'string' && (date < '1900' || date >= '2100'))
    judge.found(rule, `The date ${dayOf(date)} lies outside the years 1900 to 2099.`);
}

/** The day of a local date. */
export function dayOf(date: string): string {
  return date.slice(0, 10);
}
