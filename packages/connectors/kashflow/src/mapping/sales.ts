/** Invoices, bills and credit notes: one wire record, four documents. */
import {
  type Bill,
  type BillCreditNote,
  type CreditNote,
  CUSTOMER_NOT_SPECIFIED,
  decimalToExactNumber,
  type ExactNumber,
  exactNumber,
  type Invoice,
  SUPPLIER_NOT_SPECIFIED,
} from '@tributary/model';
import { decimalOrNone, idOrNone, textOrNone, type WireInvoice, type WireInvoiceLine } from '../wire.ts';
import { type DocumentAmounts, documentAmounts, type LineAmounts, negated } from './amounts.ts';
import { type MappingContext, optionalDate, requiredDate } from './context.ts';
import { lineAccountRef, taxRateRef } from './references.ts';

const number = decimalToExactNumber;
const NOTHING = exactNumber('0');

export function mapInvoice(record: WireInvoice, context: MappingContext): Invoice {
  const amounts = documentAmounts(record, context);
  return {
    id: context.id,
    invoiceNumber: idOrNone(record.InvoiceNumber),
    customerRef: customerRef(record),
    issueDate: requiredDate(record.InvoiceDate, 'InvoiceDate'),
    dueDate: optionalDate(record.DueDate, 'DueDate', context),
    ...currencyOf(record, context),
    lineItems: linesOf(record, amounts, context).map((line) => ({ ...line, isDirectIncome: false })),
    subTotal: number(amounts.subTotal),
    totalTaxAmount: number(amounts.tax),
    totalAmount: number(amounts.total),
    amountDue: number(amounts.due),
    status: amounts.state === 'Open' ? 'Submitted' : amounts.state,
  };
}

export function mapBill(record: WireInvoice, context: MappingContext): Bill {
  const amounts = documentAmounts(record, context);
  return {
    id: context.id,
    reference: idOrNone(record.InvoiceNumber),
    supplierRef: supplierRef(record),
    issueDate: requiredDate(record.InvoiceDate, 'InvoiceDate'),
    dueDate: optionalDate(record.DueDate, 'DueDate', context),
    ...currencyOf(record, context),
    lineItems: linesOf(record, amounts, context).map((line, index) => ({
      lineNumber: String(index + 1),
      ...line,
      isDirectCost: false,
    })),
    status: amounts.state,
    subTotal: number(amounts.subTotal),
    taxAmount: number(amounts.tax),
    totalAmount: number(amounts.total),
    amountDue: number(amounts.due),
  };
}

/** A negative invoice: what it credits is positive here, its lines stay as they were entered. */
export function mapCreditNote(record: WireInvoice, context: MappingContext): CreditNote {
  const amounts = documentAmounts(record, context);
  return {
    ...credit(record, amounts, context),
    creditNoteNumber: idOrNone(record.InvoiceNumber),
    customerRef: customerRef(record),
    remainingCredit: number(negated(amounts.due)),
    lineItems: linesOf(record, amounts, context).map((line) => ({ ...line, isDirectIncome: false })),
  };
}

/** A negative receipt. */
export function mapBillCreditNote(record: WireInvoice, context: MappingContext): BillCreditNote {
  const amounts = documentAmounts(record, context);
  return {
    ...credit(record, amounts, context),
    billCreditNoteNumber: idOrNone(record.InvoiceNumber),
    supplierRef: supplierRef(record),
    remainingCredit: number(negated(amounts.due)),
    lineItems: linesOf(record, amounts, context),
  };
}

function credit(record: WireInvoice, amounts: DocumentAmounts, context: MappingContext) {
  return {
    id: context.id,
    issueDate: requiredDate(record.InvoiceDate, 'InvoiceDate'),
    ...currencyOf(record, context),
    totalAmount: number(negated(amounts.total)),
    totalDiscount: NOTHING,
    subTotal: number(negated(amounts.subTotal)),
    totalTaxAmount: number(negated(amounts.tax)),
    discountPercentage: NOTHING,
    status: amounts.state === 'Open' ? ('Submitted' as const) : amounts.state,
  };
}

function linesOf(record: WireInvoice, amounts: DocumentAmounts, context: MappingContext) {
  return (record.Lines ?? []).flatMap((line, index) => {
    const computed = amounts.lines[index];
    return computed === undefined ? [] : [lineOf(line, computed, context)];
  });
}

function lineOf(line: WireInvoiceLine, amounts: LineAmounts, context: MappingContext) {
  const item = idOrNone(line.ProductID);
  return {
    description: textOrNone(line.Description),
    unitAmount: number(amounts.unitAmount),
    quantity: number(amounts.quantity),
    subTotal: number(amounts.subTotal),
    taxAmount: number(amounts.tax),
    totalAmount: number(amounts.total),
    accountRef: lineAccountRef(line.ChargeType, context),
    taxRateRef: taxRateRef(line.VatRate, context),
    itemRef: item === undefined ? undefined : { id: item },
  };
}

/** Home units for one unit of the currency, as KashFlow keeps it. [assumed] */
export function currencyOf(
  record: Pick<WireInvoice, 'CurrencyCode' | 'ExchangeRate'>,
  context: MappingContext,
): { currency?: string; currencyRate?: ExactNumber } {
  const home = context.lookup.homeCurrency;
  const currency = textOrNone(record.CurrencyCode) ?? home;
  const given = decimalOrNone(record.ExchangeRate);
  if (currency === undefined) return {};
  if (given !== undefined && given.unscaled !== 0n) return { currency, currencyRate: number(given) };
  return currency === home ? { currency, currencyRate: exactNumber('1') } : { currency };
}

/** The NullId rule: without a customer the reference says so, whatever the name holds. */
function customerRef({ CustomerID, CustomerName }: WireInvoice): { id: string; companyName?: string } {
  const id = idOrNone(CustomerID);
  if (id === undefined) return CUSTOMER_NOT_SPECIFIED;
  const companyName = textOrNone(CustomerName);
  return companyName === undefined ? { id } : { id, companyName };
}

/** The same for receipts, whose `CustomerID` is the supplier's. */
export function supplierRef({ CustomerID, CustomerName }: Pick<WireInvoice, 'CustomerID' | 'CustomerName'>): {
  id: string;
  supplierName?: string;
} {
  const id = idOrNone(CustomerID);
  if (id === undefined) return SUPPLIER_NOT_SPECIFIED;
  const supplierName = textOrNone(CustomerName);
  return supplierName === undefined ? { id } : { id, supplierName };
}
