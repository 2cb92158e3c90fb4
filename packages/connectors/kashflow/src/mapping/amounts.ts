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
const HUNDREDTHS = 2;

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
  const lines = record.Lines ?? [];
  const net = decimalOrNone(record.NetAmount);
  const vat = decimalOrNone(record.VATAmount);
  const units = lines.map((line) => decimalOrNone(line.Rate) ?? ZERO);
  const quantities = lines.map((line) => decimalOrNone(line.Quantity) ?? ONE);
  const subTotals = settled(
    units.map((unit, index) => roundDecimal(multiplyDecimal(unit, quantities[index] ?? ONE), placesOf(net))),
    net,
  );
  const taxes = settled(
    lines.map((line) => decimalOrNone(line.VatAmount) ?? ZERO),
    vat,
  );
  const subTotal = net ?? sum(subTotals);
  const tax = vat ?? sum(taxes);
  const total = addDecimal(subTotal, tax);
  if (lines.length > 0 && compareDecimal(sum([...subTotals, ...taxes]), total) !== 0)
    context.warn('lines-do-not-add-up', 'The lines do not add up to the total that KashFlow gives');
  const paid = decimalOrNone(record.AmountPaid) ?? ZERO;
  const due = subtractDecimal(total, paid);
  return {
    lines: lines.map((_line, index) => {
      const [lineSubTotal, lineTax] = [subTotals[index] ?? ZERO, taxes[index] ?? ZERO];
      return {
        unitAmount: units[index] ?? ZERO,
        quantity: quantities[index] ?? ONE,
        subTotal: lineSubTotal,
        tax: lineTax,
        total: addDecimal(lineSubTotal, lineTax),
      };
    }),
    subTotal,
    tax,
    total,
    due,
    state: stateOf(record, paid, due, context),
  };
}

/** Hundredths, or as many places as the total really has. */
function placesOf(total: Decimal | undefined): number {
  let { unscaled, scale } = total ?? ZERO;
  while (scale > HUNDREDTHS && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale -= 1;
  }
  return Math.max(HUNDREDTHS, scale);
}

/**
 * The platform's own total stands. What rounding line by line leaves over, a hundredth a line at most, goes to the largest line; a
 * greater difference is left for all to see.
 */
function settled(amounts: readonly Decimal[], total: Decimal | undefined): readonly Decimal[] {
  if (total === undefined || amounts.length === 0) return amounts;
  const difference = subtractDecimal(total, sum(amounts));
  const tolerance: Decimal = { unscaled: BigInt(amounts.length), scale: HUNDREDTHS };
  if (difference.unscaled === 0n || compareDecimal(magnitude(difference), tolerance) > 0) return amounts;
  let largest = 0;
  for (const [index, amount] of amounts.entries()) {
    if (compareDecimal(magnitude(amount), magnitude(amounts[largest] ?? ZERO)) > 0) largest = index;
  }
  return amounts.with(largest, addDecimal(amounts[largest] ?? ZERO, difference));
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
