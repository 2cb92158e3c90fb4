/**
 * Kinds of values on Kashoo's wire, as zod schemas, and how each is read.
 * They expect JSON parsed by `parseExactJson`: whole numbers beyond 2^53 are `bigint`, decimals that a double does not hold are exact.
 */
import {
  type Decimal,
  type ExactNumber,
  isExactNumber,
  parseDecimal,
  wireDecimalText,
} from '@tributary/model';
import { z } from 'zod';

type WireWhole = number | bigint | string;
type WireDecimal = number | bigint | string | ExactNumber;

const WHOLE = /^-?[0-9]{1,30}$/;
const PLAIN_DECIMAL = /^-?[0-9]{1,30}(?:\.[0-9]{1,30})?$/;

const isWhole = (value: unknown): value is WireWhole =>
  typeof value === 'number'
    ? Number.isSafeInteger(value)
    : typeof value === 'bigint' || (typeof value === 'string' && WHOLE.test(value));

const isDecimal = (value: unknown): value is WireDecimal =>
  typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'bigint' ||
      isExactNumber(value) ||
      (typeof value === 'string' && PLAIN_DECIMAL.test(value));

/** Absent or null: the platform uses both. */
const optionally = <Value>(check: (value: unknown) => value is Value, expected: string) =>
  z
    .custom<Value | null | undefined>(
      (value) => value === undefined || value === null || check(value),
      `expected ${expected}`,
    )
    .optional();

/** A 64-bit id. Kashoo also writes 0 or nothing where it means none. */
export const identifier = optionally(
  (value): value is WireWhole =>
    typeof value === 'string' ||
    typeof value === 'bigint' ||
    (typeof value === 'number' && Number.isSafeInteger(value)),
  'an id',
);
/** An amount in cents (int64). */
export const cents = optionally(isWhole, 'whole cents');
/** A number in major units. */
export const decimal = optionally(isDecimal, 'a decimal number');
export const text = optionally((value): value is string => typeof value === 'string', 'text');
export const flag = optionally((value): value is boolean => typeof value === 'boolean', 'true or false');
/** ISO instant, or epoch milliseconds, depending on the record. */
export const moment = optionally(
  (value): value is string | number =>
    typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value)),
  'an instant',
);

export type Identifier = z.infer<typeof identifier>;
export type Cents = z.infer<typeof cents>;
export type WireDecimalValue = z.infer<typeof decimal>;
export type WireText = z.infer<typeof text>;
export type Moment = z.infer<typeof moment>;

/** The id as text; undefined when it is absent, null, 0 or empty, which all mean none. */
export function idOrNone(value: Identifier): string | undefined {
  if (value === undefined || value === null || value === 0 || value === '' || value === '0' || value === 0n)
    return undefined;
  if (typeof value !== 'string') return String(value);
  const id = value.trim();
  return id === '' ? undefined : id;
}

/** Text that says something; undefined when it is absent, null or blank. Otherwise unchanged. */
export function textOrNone(value: WireText): string | undefined {
  return value === undefined || value === null || isBlank(value) ? undefined : value;
}

function isBlank(value: string): boolean {
  const first = value.charCodeAt(0);
  // No need to trim what begins with a printable character of ASCII.
  return !(first > 32 && first < 127) && value.trim() === '';
}

/** Exact cents; undefined when absent or null. */
export function centsOrNone(value: Cents): bigint | undefined {
  return value === undefined || value === null ? undefined : BigInt(value);
}

/** Exact decimal; undefined when absent or null. */
export function decimalOrNone(value: WireDecimalValue): Decimal | undefined {
  if (value === undefined || value === null) return undefined;
  return Number.isSafeInteger(value)
    ? { unscaled: BigInt(value as number), scale: 0 }
    : parseDecimal(wireDecimalText(value));
}
