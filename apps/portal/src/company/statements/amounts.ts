/** Exact amounts. What charts draw is rounded to the width of a pixel anyway; what tables say never is. */
import { wireDecimalText } from '@tributary/model/exact-json';
import { addDecimal, formatDecimal, parseDecimal } from '@tributary/model/money';
import type { WireAmount } from '../../format/money.ts';

/** The sum to its last digit, as decimal text. */
export function exactSum(amounts: readonly WireAmount[]): string {
  const sum = amounts
    .map((amount) => parseDecimal(wireDecimalText(amount)))
    .reduce(addDecimal, { unscaled: 0n, scale: 0 });
  return formatDecimal(sum);
}

/** Near enough for a bar or a line. */
export function drawn(amount: WireAmount): number {
  return Number(wireDecimalText(amount));
}

export function isZero(amount: WireAmount): boolean {
  return /^-?0(\.0*)?$/.test(wireDecimalText(amount));
}
