/** Reads members of a record of the unified model that a client has sent. What it should be has been checked before (see `options.ts`). */
import { dateOf } from '@tributary/connector-kit';
import {
  type Decimal,
  decimalToCents,
  type ExactNumber,
  NULL_ID,
  parseDecimal,
  wireDecimalText,
} from '@tributary/model';

export type Members = Readonly<Record<string, unknown>>;

/** An object of the record; empty when it is not there. */
export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

export function listOf(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.map(membersOf) : [];
}

/** Text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Calendar date `YYYY-MM-DD`. */
export function dayOf(value: unknown): string | undefined {
  return typeof value === 'string' ? dateOf(value) : undefined;
}

/** The id that a reference names. The NullId rule: `NullId`, like nothing at all, refers to nobody. */
export function referenceId(reference: unknown): string | undefined {
  const id = textOf(membersOf(reference)['id'])?.trim();
  return id === NULL_ID ? undefined : id;
}

export function decimalOf(value: unknown): Decimal | undefined {
  if (value === undefined || value === null || typeof value === 'string') return undefined;
  return parseDecimal(wireDecimalText(value as number | bigint | ExactNumber));
}

/** Whole cents; undefined when the amount has a smaller part, or is none. */
export function centsOf(value: unknown): bigint | undefined {
  const decimal = decimalOf(value);
  if (decimal === undefined) return undefined;
  const reduced = reduce(decimal);
  return reduced.scale > 2 ? undefined : decimalToCents(reduced);
}

function reduce(decimal: Decimal): Decimal {
  let { unscaled, scale } = decimal;
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale -= 1;
  }
  return { unscaled, scale };
}
