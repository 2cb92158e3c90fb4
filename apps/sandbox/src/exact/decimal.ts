/**
 * An exact decimal number: `digits` × 10^-`scale`. The scale is kept as written, so `5.0` is shown as `5.0`.
 * Rates, quantities and exchange rates are decimals; amounts are integer cents (`bigint`). Neither ever becomes a float.
 */
export class Decimal {
  readonly digits: bigint;
  readonly scale: number;

  constructor(digits: bigint, scale: number) {
    this.digits = digits;
    this.scale = scale;
  }

  toString(): string {
    if (this.scale === 0) return this.digits.toString();
    const negative = this.digits < 0n;
    const text = (negative ? -this.digits : this.digits).toString().padStart(this.scale + 1, '0');
    const split = text.length - this.scale;
    return `${negative ? '-' : ''}${text.slice(0, split)}.${text.slice(split)}`;
  }
}

export const ONE = new Decimal(1n, 0);

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads `12`, `-0.005`, `1e-3`. Returns `undefined` for anything else. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const magnitude = BigInt(whole + fraction);
  const digits = sign === '-' ? -magnitude : magnitude;
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? new Decimal(digits, scale) : new Decimal(digits * 10n ** BigInt(-scale), 0);
}

/** `numerator / denominator` rounded to an integer, halves away from zero. `denominator` is positive. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  const rounded = (magnitude * 2n + denominator) / (denominator * 2n);
  return negative ? -rounded : rounded;
}

/** The cents of `quantity × rate` (rate in major units), rounded once, halves away from zero. */
export function lineCents(quantity: Decimal, rate: Decimal): bigint {
  return divideRounded(quantity.digits * rate.digits * 100n, 10n ** BigInt(quantity.scale + rate.scale));
}

/** Cents multiplied by a decimal factor, rounded to cents, halves away from zero. */
export function scaleCents(cents: bigint, factor: Decimal): bigint {
  return factor.scale === 0
    ? cents * factor.digits
    : divideRounded(cents * factor.digits, 10n ** BigInt(factor.scale));
}

/** `percent` % of an amount in cents. */
export function percentOfCents(cents: bigint, percent: Decimal): bigint {
  return divideRounded(cents * percent.digits, 10n ** BigInt(percent.scale) * 100n);
}
