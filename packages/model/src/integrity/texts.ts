/** What findings say that need more than their record. */
import { dataTypes } from '../data-types.ts';
import { type Amount, amountText, isSame, signOf } from './amounts.ts';
import type { DuplicateRule, ReferenceRule } from './judge.ts';

/** Of a reference that leads nowhere. */
export function missingText({ target, what }: ReferenceRule, id: string): string {
  return `${what} ${id} is not among the ${dataTypes[target].title.plural}.`;
}

/** Of a value that several records have. */
export function duplicateText({ what }: DuplicateRule, value: string, records: number): string {
  return `${what} ${value} is that of ${records} records.`;
}

/** Of a rate that does not suit the currency of the books. @returns undefined when it does */
export function oddRateText(base: string, currency: string, rate: Amount | undefined): string | undefined {
  if (currency === base)
    return rate === undefined || isSame(rate, 100)
      ? undefined
      : `The rate is ${amountText(rate)} although the currency is that of the books.`;
  return rate !== undefined && signOf(rate) > 0
    ? undefined
    : `The currency is ${currency} and that of the books is ${base}, but there is no rate.`;
}
