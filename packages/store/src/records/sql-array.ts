/**
 * Arrays as parameters, written as PostgreSQL reads them. The driver writes them too, value by value, whatever they hold; a page has
 * some twenty arrays of a thousand values each, of which most need nothing done to them.
 */

import type { ColumnKind } from './spine.ts';

const special = /["\\]/;
const everySpecial = /["\\]/g;

/** An array of `text`. */
export function textArray(values: readonly (string | boolean | null)[]): string {
  return `{${values.map(quoted).join(',')}}`;
}

function quoted(value: string | boolean | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string' && special.test(value)) return `"${value.replace(everySpecial, '\\$&')}"`;
  return `"${value}"`;
}

/** An array of a type whose values are words of their own without quotes: hashes, numbers, dates, truths. */
export function plainArray(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** An array of a typed column's values. */
export function columnArray(kind: ColumnKind, values: readonly (string | boolean | null)[]): string {
  return kind === 'text' ? textArray(values) : plainArray(values);
}
