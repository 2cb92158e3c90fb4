import {
  type Decimal,
  decimalToExactNumber,
  divideDecimal,
  type ExactNumber,
  exactNumber,
  roundDecimal,
} from '@tributary/model';
import {
  type Cents,
  centsOrNone,
  decimalOrNone,
  textOrNone,
  type WireDecimalValue,
  type WireText,
} from '../wire-values.ts';
import type { MappingContext } from './context.ts';
import { magnitude } from './rounding.ts';

/** Digits after the point of a currency rate. */
const RATE_SCALE = 9;
const ONE: Decimal = { unscaled: 1n, scale: 0 };
const RATE_AT_HOME = exactNumber('1');

export interface CurrencyFacts {
  readonly currency: string | undefined;
  /** Home units for one unit of `currency`. */
  readonly currencyRate: ExactNumber | undefined;
  readonly isHome: boolean;
}

interface CurrencyMembers {
  readonly currency?: WireText;
  readonly homeCurrency?: WireText;
  readonly exchangeRate?: WireDecimalValue;
  readonly totalDue?: Cents;
  readonly totalLocalDue?: Cents;
}

/**
 * Currency and rate of a record: base = foreign × rate, 1 for the home currency.
 * The platform's `exchangeRate` is read that way round. If the record's total in home currency contradicts it but fits the
 * inverse, the inverse is used, with a warning.
 */
export function currencyOf(record: CurrencyMembers, context: MappingContext): CurrencyFacts {
  const home = textOrNone(record.homeCurrency) ?? context.lookup.homeCurrency;
  const currency = textOrNone(record.currency) ?? home;
  if (currency !== undefined && currency === home)
    return { currency, currencyRate: RATE_AT_HOME, isHome: true };
  return { currency, currencyRate: foreignRate(record, context), isHome: false };
}

function foreignRate(record: CurrencyMembers, context: MappingContext): ExactNumber | undefined {
  const told = decimalOrNone(record.exchangeRate);
  const foreignTotal = centsOrNone(record.totalDue) ?? 0n;
  const homeTotal = centsOrNone(record.totalLocalDue) ?? 0n;
  const canCheck = foreignTotal !== 0n && homeTotal !== 0n;
  if (told === undefined || told.unscaled <= 0n) {
    context.warn('exchange-rate-missing', 'The record is in a foreign currency and tells no exchange rate');
    if (!canCheck) return undefined;
    return rateNumber(
      divideDecimal({ unscaled: homeTotal, scale: 0 }, { unscaled: foreignTotal, scale: 0 }, RATE_SCALE),
    );
  }
  if (!canCheck || agrees(foreignTotal, told, homeTotal)) return rateNumber(told);
  // home × rate ≈ foreign is what the inverse would give, without dividing first.
  if (agrees(homeTotal, told, foreignTotal)) {
    context.warn(
      'exchange-rate-inverted',
      'exchangeRate is foreign units for one home unit here; its inverse was used',
    );
    return rateNumber(divideDecimal(ONE, told, RATE_SCALE));
  }
  context.warn('exchange-rate-doubtful', 'exchangeRate does not agree with the total in home currency');
  return rateNumber(told);
}

/** Whether `from × rate` is `to`, to a thousandth and two cents of rounding. */
function agrees(from: bigint, rate: Decimal, to: bigint): boolean {
  const converted = roundDecimal({ unscaled: from * rate.unscaled, scale: rate.scale }, 0).unscaled;
  const difference = magnitude(converted - to);
  return difference * 1000n <= magnitude(to) + 2000n;
}

function rateNumber(rate: Decimal): ExactNumber {
  return decimalToExactNumber(rate.scale > RATE_SCALE ? roundDecimal(rate, RATE_SCALE) : rate);
}
