import { type ExactNumber, exactNumber } from './exact-number.ts';

/** An exact decimal: `unscaled / 10^scale`; `scale` is never negative. `{ unscaled: 1250n, scale: 2 }` is 12.50. */
export type Decimal = { readonly unscaled: bigint; readonly scale: number };

const ZERO = 48;
const NINE = 57;
const POINT = 46;
const PLUS = 43;
const MINUS = 45;
/** Up to this many digits an integer fits a double exactly, which is faster to build than a bigint from text. */
const SAFE_DIGITS = 15;

/** Powers of ten that a double holds exactly as an integer. */
const SAFE_POWERS: readonly number[] = Array.from(
  { length: SAFE_DIGITS + 1 },
  (_, exponent) => 10 ** exponent,
);

/** Whole numbers that records are full of: quantities, discounts of nothing. Raw JSON is frozen, so that records can share it. */
const SMALL_WHOLES: readonly ExactNumber[] = Array.from({ length: 101 }, (_, whole) =>
  JSON.rawJSON(String(whole)),
);

const SMALL_POWERS: readonly bigint[] = Array.from({ length: 40 }, (_, exponent) => 10n ** BigInt(exponent));

function powerOfTen(exponent: number): bigint {
  return SMALL_POWERS[exponent] ?? 10n ** BigInt(exponent);
}

/**
 * Reads a plain decimal (`-12.50`); the number of digits after the point becomes the scale.
 * @throws RangeError on anything else: blanks, exponents, `.5`, `5.`, no digits
 */
export function parseDecimal(text: string): Decimal {
  const length = text.length;
  const first = text.charCodeAt(0);
  const start = first === MINUS || first === PLUS ? 1 : 0;
  let point = -1;
  let small = 0;
  for (let index = start; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) {
      small = small * 10 + (code - ZERO);
    } else if (code === POINT && point < 0) {
      point = index;
    } else {
      throw notDecimal(text);
    }
  }
  const wholeEnd = point < 0 ? length : point;
  if (wholeEnd === start || point === length - 1) throw notDecimal(text);
  const scale = point < 0 ? 0 : length - point - 1;
  if (length - start <= SAFE_DIGITS) return { unscaled: BigInt(first === MINUS ? -small : small), scale };
  const digits = point < 0 ? text.slice(start) : text.slice(start, point) + text.slice(point + 1);
  const magnitude = BigInt(digits);
  return { unscaled: first === MINUS ? -magnitude : magnitude, scale };
}

function notDecimal(text: string): RangeError {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return new RangeError(`Not a plain decimal: ${JSON.stringify(shown)}`);
}

/** Plain decimal text with exactly `scale` digits after the point; the inverse of {@link parseDecimal}. */
export function formatDecimal(decimal: Decimal): string {
  const { unscaled, scale } = decimal;
  if (scale === 0) return unscaled.toString();
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const split = digits.length - scale;
  return `${negative ? '-' : ''}${digits.slice(0, split)}.${digits.slice(split)}`;
}

/** Exact sum; its scale is the greater of the two. */
export function addDecimal(a: Decimal, b: Decimal): Decimal {
  if (a.scale === b.scale) return { unscaled: a.unscaled + b.unscaled, scale: a.scale };
  return a.scale > b.scale
    ? { unscaled: a.unscaled + b.unscaled * powerOfTen(a.scale - b.scale), scale: a.scale }
    : { unscaled: a.unscaled * powerOfTen(b.scale - a.scale) + b.unscaled, scale: b.scale };
}

/** Exact difference `a - b`; its scale is the greater of the two. */
export function subtractDecimal(a: Decimal, b: Decimal): Decimal {
  return addDecimal(a, { unscaled: -b.unscaled, scale: b.scale });
}

/** Exact product; its scale is the sum of both. */
export function multiplyDecimal(a: Decimal, b: Decimal): Decimal {
  return { unscaled: a.unscaled * b.unscaled, scale: a.scale + b.scale };
}

/**
 * Quotient `a / b` with `scale` digits after the point, half away from zero.
 * @throws RangeError when `b` is zero or `scale` is not a whole number of digits
 */
export function divideDecimal(a: Decimal, b: Decimal, scale: number): Decimal {
  requireScale(scale);
  if (b.unscaled === 0n) throw new RangeError('Division of a decimal by zero');
  const shift = scale + b.scale - a.scale;
  const numerator = shift >= 0 ? a.unscaled * powerOfTen(shift) : a.unscaled;
  const denominator = shift >= 0 ? b.unscaled : b.unscaled * powerOfTen(-shift);
  return { unscaled: divideHalfAwayFromZero(numerator, denominator), scale };
}

/**
 * The decimal with exactly `scale` digits after the point: padded with zeros, or rounded half away from zero.
 * @throws RangeError when `scale` is not a whole number of digits
 */
export function roundDecimal(decimal: Decimal, scale: number): Decimal {
  if (decimal.scale === scale) return decimal;
  requireScale(scale);
  if (decimal.scale < scale) {
    return { unscaled: decimal.unscaled * powerOfTen(scale - decimal.scale), scale };
  }
  return { unscaled: divideHalfAwayFromZero(decimal.unscaled, powerOfTen(decimal.scale - scale)), scale };
}

function requireScale(scale: number): void {
  if (!Number.isInteger(scale) || scale < 0) throw new RangeError(`Not a decimal scale: ${scale}`);
}

function divideHalfAwayFromZero(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return quotient;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  if (twice < (denominator < 0n ? -denominator : denominator)) return quotient;
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n;
}

/** Negative when `a < b`, zero when equal in value (`1.0` and `1.00` are), positive when `a > b`. */
export function compareDecimal(a: Decimal, b: Decimal): number {
  const left = a.scale >= b.scale ? a.unscaled : a.unscaled * powerOfTen(b.scale - a.scale);
  const right = b.scale >= a.scale ? b.unscaled : b.unscaled * powerOfTen(a.scale - b.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Hundredths of a unit as a decimal of scale 2. */
export function centsToDecimal(cents: bigint): Decimal {
  return { unscaled: cents, scale: 2 };
}

/** Hundredths of a unit as an exact JSON number of units: `1250n` becomes `12.5`. */
export function centsToExactNumber(cents: bigint): ExactNumber {
  return unscaledToExactNumber(cents, 2);
}

/** The exact JSON number of a decimal, without trailing zeros after the point. */
export function decimalToExactNumber(decimal: Decimal): ExactNumber {
  return unscaledToExactNumber(decimal.unscaled, decimal.scale);
}

function unscaledToExactNumber(unscaled: bigint, scale: number): ExactNumber {
  const power = SAFE_POWERS[scale];
  // Nearly every amount fits a double as an integer; only integers are computed with, so it stays exact.
  return power !== undefined && unscaled > -9007199254740991n && unscaled < 9007199254740991n
    ? safeToExactNumber(Number(unscaled), scale, power)
    : exactNumber(formatDecimal({ unscaled, scale }));
}

/** @param power ten to the power of `scale` */
function safeToExactNumber(unscaled: number, scale: number, power: number): ExactNumber {
  const magnitude = unscaled < 0 ? -unscaled : unscaled;
  let fraction = magnitude % power;
  const units = (magnitude - fraction) / power;
  const sign = unscaled < 0 ? '-' : '';
  if (fraction === 0) return (unscaled < 0 ? undefined : SMALL_WHOLES[units]) ?? JSON.rawJSON(sign + units);
  let digits = scale;
  while (fraction % 10 === 0) {
    fraction /= 10;
    digits -= 1;
  }
  return JSON.rawJSON(`${sign}${units}.${String(fraction).padStart(digits, '0')}`);
}

/** Hundredths of a unit, rounded half away from zero. */
export function decimalToCents(decimal: Decimal): bigint {
  return decimal.scale === 2 ? decimal.unscaled : roundDecimal(decimal, 2).unscaled;
}
