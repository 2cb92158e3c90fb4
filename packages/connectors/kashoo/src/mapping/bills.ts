import { type Bill, type BillLineItem, centsToExactNumber, decimalToExactNumber } from '@tributary/model';
import type { WireLine, WireSale } from '../wire.ts';
import { textOrNone } from '../wire-values.ts';
import { type MappingContext, optionalDate, requiredDate, type SourceModified } from './context.ts';
import { currencyOf } from './currency.ts';
import { itemRef, lineAccountRef, noteOf, supplierRef, taxRateRef } from './references.ts';
import { type LineAmounts, type PaidState, paidState, saleAmounts } from './sale-amounts.ts';
import { paymentAllocationsOf } from './sale-payments.ts';

const STATUS: Readonly<Record<PaidState, Bill['status']>> = {
  Void: 'Void',
  Paid: 'Paid',
  PartiallyPaid: 'PartiallyPaid',
  Outstanding: 'Open',
};

/** A BILL record as a purchase bill. */
export function mapBill(
  record: WireSale,
  context: MappingContext,
  modified: SourceModified | undefined,
): Bill {
  const amounts = saleAmounts(record, context);
  const currency = currencyOf(record, context);
  const purchaseOrderNumber = textOrNone(record.poNumber);
  return {
    id: context.id,
    reference: textOrNone(record.number),
    supplierRef: supplierRef(record),
    purchaseOrderRefs: purchaseOrderNumber === undefined ? undefined : [{ purchaseOrderNumber }],
    issueDate: requiredDate(record.date, 'date'),
    dueDate: optionalDate(record.dueDate, 'dueDate', context),
    currency: currency.currency,
    currencyRate: currency.currencyRate,
    lineItems: amounts.lines.map((line, index) =>
      billLine(record.lineItems?.[index] ?? {}, line, index, context),
    ),
    status: STATUS[paidState(record, amounts.total, amounts.due)],
    subTotal: centsToExactNumber(amounts.subTotal),
    taxAmount: centsToExactNumber(amounts.tax),
    totalAmount: centsToExactNumber(amounts.total),
    amountDue: centsToExactNumber(amounts.due),
    note: noteOf(record),
    paymentAllocations: paymentAllocationsOf(record, currency, context).allocations,
    sourceModifiedDate: modified?.text,
  };
}

function billLine(
  line: WireLine,
  amounts: LineAmounts,
  index: number,
  context: MappingContext,
): BillLineItem {
  const subTotal = centsToExactNumber(amounts.subTotal);
  return {
    lineNumber: String(index + 1),
    description: textOrNone(line.description),
    unitAmount: decimalToExactNumber(amounts.unitAmount),
    quantity: decimalToExactNumber(amounts.quantity),
    discountAmount: centsToExactNumber(amounts.discount),
    subTotal,
    taxAmount: centsToExactNumber(amounts.tax),
    totalAmount: amounts.tax === 0n ? subTotal : centsToExactNumber(amounts.subTotal + amounts.tax),
    accountRef: lineAccountRef(line.account, context),
    taxRateRef: taxRateRef(line.taxCode, context),
    itemRef: itemRef(line.item, context),
    isDirectCost: false,
  };
}
