/** The arithmetic of invoices and bills, in whole cents: what lines, taxes and totals come to. */
import { type Decimal, divideDecimal, multiplyDecimal, roundDecimal } from '@tributary/model';
import type { WireLine, WireSale } from '../wire.ts';
import { centsOrNone, decimalOrNone, textOrNone } from '../wire-values.ts';
import type { MappingContext } from './context.ts';
import { indexOfLargest, sum } from './rounding.ts';

export interface LineAmounts {
  /** Price of one, before tax and discount, in major units. */
  readonly unitAmount: Decimal;
  readonly quantity: Decimal;
  readonly discount: bigint;
  /** After discount, before tax. */
  readonly subTotal: bigint;
  readonly tax: bigint;
}

export interface SaleAmounts {
  readonly lines: readonly LineAmounts[];
  readonly totalDiscount: bigint;
  readonly subTotal: bigint;
  readonly tax: bigint;
  readonly total: bigint;
  readonly due: bigint;
}

const ONE: Decimal = { unscaled: 1n, scale: 0 };
const HUNDRED: Decimal = { unscaled: 100n, scale: 0 };
/** Digits after the point of a unit price that had to be worked out. */
const UNIT_AMOUNT_SCALE = 6;

/**
 * All amounts of an invoice or bill. The platform's own totals stand; lines are made to add up to them where rounding is the
 * only difference, and a warning says so where it is not.
 */
export function saleAmounts(record: WireSale, context: MappingContext): SaleAmounts {
  const wireLines = record.lineItems ?? [];
  const lines = wireLines.map(lineBeforeTax);
  const stated = centsOrNone(record.totalDue);
  const statedTaxes = record.taxAmounts?.map(({ amount }) => centsOrNone(amount) ?? 0n);
  const subTotals = lines.map(({ subTotal }) => subTotal);
  const subTotal =
    centsOrNone(record.totalBeforeTaxes) ??
    (stated !== undefined && statedTaxes !== undefined ? stated - sum(statedTaxes) : sum(subTotals));
  settle(
    subTotals,
    subTotal - sum(subTotals),
    (index) => lines[index]?.isDerived === true,
    'before tax',
    context,
  );

  const taxes = subTotals.map((amount, index) => taxOf(amount, rateOf(wireLines[index]?.taxCode, context)));
  const total = stated ?? subTotal + (statedTaxes === undefined ? sum(taxes) : sum(statedTaxes));
  const tax = total - subTotal;
  shareRemainder(taxes, tax - sum(taxes), { wireLines, subTotals });

  return {
    lines: lines.map((line, index) => ({
      unitAmount: line.unitAmount,
      quantity: line.quantity,
      discount: line.discount,
      subTotal: subTotals[index] ?? 0n,
      tax: taxes[index] ?? 0n,
    })),
    totalDiscount: sum(lines.map(({ discount }) => discount)),
    subTotal,
    tax,
    total,
    due: amountDue(record, total),
  };
}

interface LineBeforeTax {
  readonly unitAmount: Decimal;
  readonly quantity: Decimal;
  readonly discount: bigint;
  readonly subTotal: bigint;
  /** The platform told no amount; it was worked out from quantity and rate. */
  readonly isDerived: boolean;
}

function lineBeforeTax(line: WireLine): LineBeforeTax {
  const quantity = decimalOrNone(line.quantity) ?? ONE;
  const rate = decimalOrNone(line.rate);
  const amount = centsOrNone(line.amount);
  if (rate === undefined) {
    return {
      unitAmount: unitAmountOf(amount ?? 0n, quantity),
      quantity,
      discount: 0n,
      subTotal: amount ?? 0n,
      isDerived: amount === undefined,
    };
  }
  if (amount !== undefined && textOrNone(line.discountCode) === undefined) {
    return { unitAmount: rate, quantity, discount: 0n, subTotal: amount, isDerived: false };
  }
  const gross = roundDecimal(multiplyDecimal(multiplyDecimal(quantity, rate), HUNDRED), 0).unscaled;
  if (amount === undefined)
    return { unitAmount: rate, quantity, discount: 0n, subTotal: gross, isDerived: true };
  return { unitAmount: rate, quantity, discount: gross - amount, subTotal: amount, isDerived: false };
}

function unitAmountOf(amount: bigint, quantity: Decimal): Decimal {
  const total: Decimal = { unscaled: amount, scale: 2 };
  return quantity.unscaled === 0n ? total : divideDecimal(total, quantity, UNIT_AMOUNT_SCALE);
}

/**
 * Puts a difference between lines and total on the largest line, when it can only come from rounding amounts that were worked out:
 * an amount that the platform stated is never changed.
 */
function settle(
  amounts: bigint[],
  difference: bigint,
  isDerived: (index: number) => boolean,
  what: string,
  context: MappingContext,
): void {
  if (difference === 0n) return;
  const index = indexOfLargest(amounts, isDerived);
  const atMost = BigInt(amounts.length);
  if (index >= 0 && difference <= atMost && difference >= -atMost) {
    amounts[index] = (amounts[index] ?? 0n) + difference;
  } else {
    context.warn(
      'lines-differ-from-total',
      `The lines and the total of the record differ ${what} by ${difference} hundredths`,
    );
  }
}

/**
 * What rounding by line leaves of the record's tax goes to the largest taxed line; to the largest line of all when no line names a tax,
 * so that lines always add up to the record's tax.
 */
function shareRemainder(
  taxes: bigint[],
  remainder: bigint,
  of: { readonly wireLines: readonly WireLine[]; readonly subTotals: readonly bigint[] },
): void {
  if (remainder === 0n || taxes.length === 0) return;
  const taxed = indexOfLargest(
    of.subTotals,
    (index) => textOrNone(of.wireLines[index]?.taxCode) !== undefined,
  );
  const index = taxed >= 0 ? taxed : indexOfLargest(of.subTotals, () => true);
  taxes[index] = (taxes[index] ?? 0n) + remainder;
}

function rateOf(taxCode: WireLine['taxCode'], context: MappingContext): Decimal | undefined {
  const code = textOrNone(taxCode);
  return code === undefined ? undefined : context.lookup.taxes.get(code)?.effectiveRate;
}

function taxOf(amount: bigint, percent: Decimal | undefined): bigint {
  if (percent === undefined || percent.unscaled === 0n) return 0n;
  return roundDecimal({ unscaled: amount * percent.unscaled, scale: percent.scale + 2 }, 0).unscaled;
}

function amountDue(record: WireSale, total: bigint): bigint {
  const stated = centsOrNone(record.balanceDue);
  if (stated !== undefined) return stated;
  if (record.paid === true) return 0n;
  const paid =
    centsOrNone(record.totalPaid) ??
    sum((record.payments ?? []).map(({ amount }) => centsOrNone(amount) ?? 0n));
  return total - paid;
}

export type PaidState = 'Void' | 'Paid' | 'PartiallyPaid' | 'Outstanding';

/** A negative document is paid when nothing of it is left to give back; it is never partly paid. */
export function paidState(
  record: { readonly removed?: boolean | null | undefined },
  total: bigint,
  due: bigint,
): PaidState {
  if (record.removed === true) return 'Void';
  if (total < 0n) return due >= 0n ? 'Paid' : 'Outstanding';
  if (due <= 0n) return 'Paid';
  return due < total ? 'PartiallyPaid' : 'Outstanding';
}
