/** A decimal number as it was written. */
export class Exact {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
  toJSON(): string {
    return this.source;
  }
}

const pattern = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Decimal places that comparisons keep; more than any amount, rate or quantity of the walk has. */
const places = 30;

/**
 * A decimal as an integer: its value × 10^scale.
 * @throws {Error} when the text is no decimal number, or has more decimal places than the scale keeps
 */
export function scaled(value: Exact | string, scale: number): bigint {
  const source = value instanceof Exact ? value.source : value.trim();
  const match = pattern.exec(source);
  if (!match) throw new Error(`${JSON.stringify(source)} is no decimal number`);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const shift = scale - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  const size = 10n ** BigInt(Math.abs(shift));
  if (shift < 0 && digits % size !== 0n) throw new Error(`${source} has more than ${scale} decimal places`);
  const magnitude = shift < 0 ? digits / size : digits * size;
  return sign === '-' ? -magnitude : magnitude;
}

/** Whole cents. @throws {Error} for fractions of a cent */
export function cents(value: Exact | string): bigint {
  return scaled(value, 2);
}

/** Negative, zero or positive, as numbers are ordered. */
export function compare(left: Exact | string, right: Exact | string): number {
  const difference = scaled(left, places) - scaled(right, places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** quantity × price in cents, halves away from zero. */
export function lineCents(quantity: string, price: string): bigint {
  const scale = 12;
  const product = scaled(quantity, scale) * scaled(price, scale);
  const unit = 10n ** BigInt(2 * scale - 2);
  const half = unit / 2n;
  return product < 0n ? -((-product + half) / unit) : (product + half) / unit;
}

/** Cents as an amount with two decimal places. */
export function amount(centsValue: bigint): string {
  const digits = (centsValue < 0n ? -centsValue : centsValue).toString().padStart(3, '0');
  return `${centsValue < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
