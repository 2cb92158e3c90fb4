import {
  centsToExactNumber,
  decimalToExactNumber,
  type Invoice,
  type InvoiceLineItem,
} from '@tributary/model';
import type { WireLine, WireSale } from '../wire.ts';
import { textOrNone } from '../wire-values.ts';
import { type MappingContext, optionalDate, requiredDate, type SourceModified } from './context.ts';
import { currencyOf } from './currency.ts';
import { customerRef, itemRef, lineAccountRef, noteOf, taxRateRef } from './references.ts';
import { type LineAmounts, type PaidState, paidState, saleAmounts } from './sale-amounts.ts';
import { paymentAllocationsOf } from './sale-payments.ts';

const STATUS: Readonly<Record<PaidState, Invoice['status']>> = {
  Void: 'Void',
  Paid: 'Paid',
  PartiallyPaid: 'PartiallyPaid',
  Outstanding: 'Submitted',
};

/** An INVOICE record as a sales invoice. A negative one stays an invoice. */
export function mapInvoice(
  record: WireSale,
  context: MappingContext,
  modified: SourceModified | undefined,
): Invoice {
  const amounts = saleAmounts(record, context);
  const currency = currencyOf(record, context);
  const { allocations, lastPaidOn } = paymentAllocationsOf(record, currency, context);
  const status = STATUS[paidState(record, amounts.total, amounts.due)];
  return {
    id: context.id,
    invoiceNumber: textOrNone(record.number),
    customerRef: customerRef(record),
    issueDate: requiredDate(record.date, 'date'),
    dueDate: optionalDate(record.dueDate, 'dueDate', context),
    paidOnDate: status === 'Paid' ? lastPaidOn : undefined,
    currency: currency.currency,
    currencyRate: currency.currencyRate,
    lineItems: amounts.lines.map((line, index) =>
      invoiceLine(record.lineItems?.[index] ?? {}, line, context),
    ),
    paymentAllocations: allocations,
    totalDiscount: centsToExactNumber(amounts.totalDiscount),
    subTotal: centsToExactNumber(amounts.subTotal),
    totalTaxAmount: centsToExactNumber(amounts.tax),
    totalAmount: centsToExactNumber(amounts.total),
    amountDue: centsToExactNumber(amounts.due),
    status,
    note: noteOf(record),
    sourceModifiedDate: modified?.text,
  };
}

function invoiceLine(line: WireLine, amounts: LineAmounts, context: MappingContext): InvoiceLineItem {
  const subTotal = centsToExactNumber(amounts.subTotal);
  return {
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
    isDirectIncome: false,
  };
}
