import { canonicalDecimalText, type ExactNumber, exactNumber, isExactNumber } from './exact-number.ts';

/**
 * Where a number token with an exponent may end. That the token has to end there keeps hexadecimal text inside
 * strings (`4e1f`) from causing the slow path often. Cannot backtrack over more than one run of digits.
 */
const EXPONENT = /[0-9][eE][+-]?[0-9]+(?=[,}\]\s]|$)/;

/** A double keeps any 15 significant digits; a run of digits and points of this length may hold 16. */
const SUSPECT_RUN = 16;

/** Whether some number's digits might not survive a double. Errs on the careful side only. */
function hasSuspectNumber(text: string): boolean {
  return hasLongNumber(text) || EXPONENT.test(text);
}

/**
 * Whether a run of at least {@link SUSPECT_RUN} digits and points stands where a number may stand. Such a run,
 * beginning anywhere after a character that is neither, covers the sixteenth position from there: one look in
 * sixteen characters finds them all.
 */
function hasLongNumber(text: string): boolean {
  const length = text.length;
  let position = SUSPECT_RUN - 1;
  while (position < length) {
    if (!isDigitOrPoint(text.charCodeAt(position))) {
      position += SUSPECT_RUN;
      continue;
    }
    let start = position;
    while (start > 0 && isDigitOrPoint(text.charCodeAt(start - 1))) start -= 1;
    let end = position + 1;
    while (end < length && isDigitOrPoint(text.charCodeAt(end))) end += 1;
    if (end - start >= SUSPECT_RUN && mayPrecedeNumber(text.charCodeAt(start - 1))) return true;
    position = end + SUSPECT_RUN;
  }
  return false;
}

function isDigitOrPoint(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 46;
}

/** Start of the text (NaN), blank, minus, comma, bracket or colon; a quote is not among them, nor is a letter. */
function mayPrecedeNumber(code: number): boolean {
  return Number.isNaN(code) || code <= 32 || code === 45 || code === 44 || code === 91 || code === 58;
}

/** Powers of ten beyond this are no amounts; expanding them would let a few characters claim unbounded memory. */
const MAX_EXPONENT = 400;

/**
 * Parses JSON without losing digits: integers beyond ±(2^53 − 1) become `bigint`, decimals that a double
 * does not hold exactly in its shortest form become {@link ExactNumber}; every other number stays a number.
 * As fast as `JSON.parse` where no number is suspect.
 * @throws SyntaxError on malformed JSON, RangeError on an exponent beyond ±400
 */
export function parseExactJson(text: string): unknown {
  return hasSuspectNumber(text) ? JSON.parse(text, reviveNumber) : JSON.parse(text);
}

function reviveNumber(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context.source === undefined) return value;
  const exact = expandExponent(context.source);
  const isWhole = !exact.includes('.');
  if (isWhole && !Number.isSafeInteger(value)) return BigInt(exact);
  if (Number.isFinite(value) && numberText(value) === exact) return value;
  return isWhole ? BigInt(exact) : exactNumber(exact);
}

/**
 * The canonical plain decimal of a number that came off the wire: the very digits of the source, without
 * exponent, leading `+` or trailing zeros. Numbers give their shortest text that reads back as the same double.
 * @throws RangeError on NaN, infinities, text that is no decimal, and exponents beyond ±400
 */
export function wireDecimalText(value: number | bigint | ExactNumber | string): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`Not a decimal: ${value}`);
    return numberText(value);
  }
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return expandExponent(value);
  if (isExactNumber(value)) return expandExponent(value.rawJSON);
  throw new RangeError(`Not a decimal: ${typeof value}`);
}

function numberText(value: number): string {
  const text = String(value === 0 ? 0 : value);
  return text.includes('e') ? expandExponent(text) : text;
}

/** Canonical plain decimal of a decimal that may carry an exponent. */
function expandExponent(text: string): string {
  const lower = text.indexOf('e');
  const at = lower >= 0 ? lower : text.indexOf('E');
  if (at < 0) return canonicalDecimalText(text);
  const mantissa = canonicalDecimalText(text.slice(0, at));
  const exponentText = text.slice(at + 1);
  if (!/^[+-]?[0-9]+$/.test(exponentText))
    throw new RangeError(`Not a decimal: ${JSON.stringify(text.slice(0, 40))}`);
  if (mantissa === '0') return '0';
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) {
    throw new RangeError(`Exponent out of range: ${JSON.stringify(text.slice(0, 40))}`);
  }
  return shiftPoint(mantissa, exponent);
}

/** Moves the point of a canonical decimal by `places` to the right (left when negative). */
function shiftPoint(decimal: string, places: number): string {
  const negative = decimal.startsWith('-');
  const magnitude = negative ? decimal.slice(1) : decimal;
  const point = magnitude.indexOf('.');
  const whole = point < 0 ? magnitude : magnitude.slice(0, point);
  const fraction = point < 0 ? '' : magnitude.slice(point + 1);
  const digits = whole + fraction;
  const position = whole.length + places;
  const padded = position <= 0 ? '0'.repeat(1 - position) + digits : digits.padEnd(position, '0');
  const split = position <= 0 ? 1 : position;
  const wholeText = padded.slice(0, split).replace(/^0+(?=[0-9])/, '');
  const fractionText = padded.slice(split);
  const text = fractionText === '' ? wholeText : `${wholeText}.${fractionText}`;
  return canonicalDecimalText(negative ? `-${text}` : text);
}
