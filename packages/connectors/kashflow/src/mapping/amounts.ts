/** The arithmetic of invoices and receipts: exact decimals, as many places as KashFlow gave. */
import {
  addDecimal,
  compareDecimal,
  type Decimal,
  multiplyDecimal,
  roundDecimal,
  subtractDecimal,
} from '@tributary/model';
import { decimalOrNone, isTrue, type WireInvoice } from '../wire.ts';
import type { MappingContext } from './context.ts';

export const ZERO: Decimal = { unscaled: 0n, scale: 0 };
const ONE: Decimal = { unscaled: 1n, scale: 0 };
/** KashFlow's amounts have four places. */
const PLACES = 4;

export interface LineAmounts {
  readonly unitAmount: Decimal;
  readonly quantity: Decimal;
  /** Before tax. */
  readonly subTotal: Decimal;
  readonly tax: Decimal;
  readonly total: Decimal;
}

export interface DocumentAmounts {
  readonly lines: readonly LineAmounts[];
  readonly subTotal: Decimal;
  readonly tax: Decimal;
  readonly total: Decimal;
  readonly due: Decimal;
  readonly state: 'Paid' | 'PartiallyPaid' | 'Open';
}

export function documentAmounts(record: WireInvoice, context: MappingContext): DocumentAmounts {
  const lines = (record.Lines ?? []).map((line): LineAmounts => {
    const unitAmount = decimalOrNone(line.Rate) ?? ZERO;
    const quantity = decimalOrNone(line.Quantity) ?? ONE;
    const subTotal = shortened(multiplyDecimal(unitAmount, quantity));
    const tax = decimalOrNone(line.VatAmount) ?? ZERO;
    return { unitAmount, quantity, subTotal, tax, total: addDecimal(subTotal, tax) };
  });
  const subTotal = decimalOrNone(record.NetAmount) ?? sum(lines.map((line) => line.subTotal));
  const tax = decimalOrNone(record.VATAmount) ?? sum(lines.map((line) => line.tax));
  const total = addDecimal(subTotal, tax);
  warnOfDifference(lines, total, context);
  const paid = decimalOrNone(record.AmountPaid) ?? ZERO;
  const due = subtractDecimal(total, paid);
  return { lines, subTotal, tax, total, due, state: stateOf(record, paid, due, context) };
}

/** The platform's own totals stand. Rounding line by line differs from them by a hundredth a line at most. */
function warnOfDifference(lines: readonly LineAmounts[], total: Decimal, context: MappingContext): void {
  if (lines.length === 0) return;
  const difference = magnitude(subtractDecimal(sum(lines.map((line) => line.total)), total));
  const tolerance: Decimal = { unscaled: BigInt(lines.length), scale: 2 };
  if (compareDecimal(difference, tolerance) > 0)
    context.warn('lines-do-not-add-up', 'The lines do not add up to the total that KashFlow gives');
}

function stateOf(
  record: WireInvoice,
  paid: Decimal,
  due: Decimal,
  context: MappingContext,
): DocumentAmounts['state'] {
  const isSettled = due.unscaled === 0n;
  if (isTrue(record.Paid) && !isSettled)
    context.warn('paid-amount-differs', 'KashFlow calls it paid, though not all of it has been paid');
  if (isSettled || isTrue(record.Paid)) return 'Paid';
  return paid.unscaled === 0n ? 'Open' : 'PartiallyPaid';
}

export function sum(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce(addDecimal, ZERO);
}

export function negated({ unscaled, scale }: Decimal): Decimal {
  return { unscaled: -unscaled, scale };
}

function magnitude(decimal: Decimal): Decimal {
  return decimal.unscaled < 0n ? negated(decimal) : decimal;
}

function shortened(decimal: Decimal): Decimal {
  return decimal.scale > PLACES ? roundDecimal(decimal, PLACES) : decimal;
}
