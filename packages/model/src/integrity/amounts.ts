/**
 * Amounts as rules compare them: exact, and quick where they are what nearly all amounts are. One of at most two digits after the point
 * is a number of hundredths, a safe integer that only integers are computed with; every other one is a {@link Decimal}.
 */
import { wireDecimalText } from '../exact-json.ts';
import { canonicalDecimalText, isExactNumber } from '../exact-number.ts';
import {
  addDecimal,
  compareDecimal,
  type Decimal,
  formatDecimal,
  parseDecimal,
  roundDecimal,
} from '../money.ts';

/** Hundredths of a unit as a safe integer, or a decimal of any length. */
export type Amount = number | Decimal;

/** Below it a double divided by a hundred tells integers of hundredths apart, as decimals of 15 digits are. */
const mostHundredths = 1e15;
/** So long a text of digits, sign and point stays below it. */
const longestPlain = 13;

/**
 * The amount that a member of a record holds: an exact number of a mapped record, or a number as exact parsing leaves it.
 * @returns undefined for what is no number
 */
export function amountOf(value: unknown): Amount | undefined {
  if (typeof value === 'number') {
    const hundredths = Math.round(value * 100);
    // Two decimals of 15 digits never share a double: that it is this one proves the hundredths.
    if (hundredths / 100 === value && hundredths < mostHundredths && hundredths > -mostHundredths)
      return hundredths;
    return Number.isFinite(value) ? parseDecimal(wireDecimalText(value)) : undefined;
  }
  if (typeof value === 'bigint') return parseDecimal(value.toString());
  if (!isExactNumber(value)) return undefined;
  const text = value.rawJSON;
  const hundredths = hundredthsOf(text);
  return Number.isNaN(hundredths) ? parseDecimal(wireDecimalText(value)) : hundredths;
}

/** NaN for a text that has more than two digits after its point, is long, or is no plain decimal. */
function hundredthsOf(text: string): number {
  const length = text.length;
  if (length > longestPlain) return Number.NaN;
  const isNegative = text.charCodeAt(0) === 45;
  let digits = 0;
  let point = length;
  for (let index = isNegative ? 1 : 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) digits = digits * 10 + (code - 48);
    else if (code === 46 && point === length) point = index;
    else return Number.NaN;
  }
  const places = point === length ? 0 : length - point - 1;
  if (places > 2) return Number.NaN;
  const hundredths = places === 2 ? digits : places === 1 ? digits * 10 : digits * 100;
  return isNegative ? -hundredths : hundredths;
}

const asDecimal = (amount: Amount): Decimal =>
  typeof amount === 'number' ? { unscaled: BigInt(amount), scale: 2 } : amount;

export function plus(a: Amount, b: Amount): Amount {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return addDecimal(asDecimal(a), asDecimal(b));
}

export function negated(a: Amount): Amount {
  return typeof a === 'number' ? -a : { unscaled: -a.unscaled, scale: a.scale };
}

export function minus(a: Amount, b: Amount): Amount {
  return plus(a, negated(b));
}

/** Negative when `a < b`, zero when they are equal in value, positive when `a > b`. */
export function compareAmounts(a: Amount, b: Amount): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  return compareDecimal(asDecimal(a), asDecimal(b));
}

export function isSame(a: Amount, b: Amount): boolean {
  return compareAmounts(a, b) === 0;
}

/** -1, 0 or 1. */
export function signOf(a: Amount): number {
  return compareAmounts(a, 0);
}

export function absolute(a: Amount): Amount {
  return signOf(a) < 0 ? negated(a) : a;
}

/** To hundredths, half away from zero. */
export function rounded(a: Amount): Amount {
  return typeof a === 'number' ? a : roundDecimal(a, 2);
}

/** Digits as a person writes them, without zeros that say nothing. */
export function amountText(a: Amount): string {
  return canonicalDecimalText(formatDecimal(asDecimal(a)));
}
