/**
 * A decimal that keeps its digits: what `JSON.rawJSON(text)` returns. `JSON.stringify` writes the text as a
 * JSON number without going through a double. Source: ECMAScript proposal "JSON.parse source text access".
 */
export type ExactNumber = { readonly rawJSON: string };

declare global {
  // The compiler's library does not know these yet; Node 24 has them.
  interface JSON {
    rawJSON(text: string): ExactNumber;
    isRawJSON(value: unknown): value is ExactNumber;
    parse(
      text: string,
      reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

const ZERO = 48;
const NINE = 57;
const POINT = 46;
const PLUS = 43;
const MINUS = 45;

/**
 * Canonical text of a plain decimal: optional sign, digits without leading zeros, optional point with digits.
 * Drops a leading `+`, trailing zeros after the point and the sign of zero.
 * @throws RangeError when the text is anything else (exponents, blanks, `.5`, `5.`, `05`)
 */
export function canonicalDecimalText(text: string): string {
  const length = text.length;
  const first = text.charCodeAt(0);
  const start = first === MINUS || first === PLUS ? 1 : 0;
  let point = -1;
  let lastSignificant = -1;
  for (let index = start; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === POINT && point < 0) {
      point = index;
    } else if (code < ZERO || code > NINE) {
      throw notDecimal(text);
    } else if (code !== ZERO) {
      lastSignificant = index;
    }
  }
  const wholeEnd = point < 0 ? length : point;
  if (wholeEnd === start || point === length - 1) throw notDecimal(text);
  if (text.charCodeAt(start) === ZERO && wholeEnd - start > 1) throw notDecimal(text);
  if (lastSignificant < 0) return '0';
  const end = point < 0 || lastSignificant < point ? wholeEnd : lastSignificant + 1;
  const from = first === PLUS ? 1 : 0;
  return from === 0 && end === length ? text : text.slice(from, end);
}

function notDecimal(text: string): RangeError {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return new RangeError(`Not a plain decimal: ${JSON.stringify(shown)}`);
}

/**
 * An exact JSON number from a plain decimal such as `-12.50` (kept as `-12.5`).
 * @throws RangeError when the text is not a plain decimal
 */
export function exactNumber(text: string): ExactNumber {
  return JSON.rawJSON(canonicalDecimalText(text));
}

/** Whether a value is raw JSON that holds a number (raw JSON can also hold a string, a boolean or null). */
export function isExactNumber(value: unknown): value is ExactNumber {
  if (!JSON.isRawJSON(value)) return false;
  const code = value.rawJSON.charCodeAt(0);
  return code === MINUS || (code >= ZERO && code <= NINE);
}

/** The decimal digits of an exact number, as `JSON.stringify` writes them. */
export function decimalText(number: ExactNumber): string {
  return number.rawJSON;
}
