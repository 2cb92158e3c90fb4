import { Decimal, divideRounded, ONE } from '../../exact/decimal.ts';
import type { Random } from '../../random.ts';

/** Rough values in Canadian dollars, in billionths: the middle that generated rates sway around. */
const IN_CANADIAN: Readonly<Record<string, bigint>> = {
  CAD: 1_000_000_000n,
  USD: 1_364_200_000n,
  EUR: 1_482_100_000n,
  GBP: 1_727_350_000n,
  JPY: 9_120_000n,
};

/** Home units for one unit of `currency`, 9 decimals, within 3 % of the middle; exactly 1 for the home currency. */
export function exchangeRate(random: Random, currency: string, homeCurrency: string): Decimal {
  if (currency === homeCurrency) return ONE;
  const middle = divideRounded(
    (IN_CANADIAN[currency] ?? 1_000_000_000n) * 1_000_000_000n,
    IN_CANADIAN[homeCurrency] ?? 1_000_000_000n,
  );
  return new Decimal((middle * BigInt(970_000 + random.int(0, 60_000))) / 1_000_000n, 9);
}
