import {
  type BillPayment,
  CUSTOMER_NOT_SPECIFIED,
  decimalToExactNumber,
  exactNumber,
  type Payment,
} from '@tributary/model';
import { z } from 'zod';
import { withoutMark } from '../push/mark.ts';
import { decimalOrNone, idOrNone, invoice, payment, textOrNone, type WirePayment } from '../wire.ts';
import { negated, ZERO } from './amounts.ts';
import { type MappingContext, requiredDate } from './context.ts';
import { bankAccountRef } from './references.ts';
import { currencyOf, supplierRef } from './sales.ts';

const number = decimalToExactNumber;
const SAME_CURRENCY = exactNumber('1');

/** A payment of a customer. KashFlow tells the number of the invoice; everything else about it comes from the lookup. */
export function mapPayment(record: WirePayment, context: MappingContext): Payment {
  const invoiceNumber = idOrNone(record.PayInvoice);
  const paid = invoiceNumber === undefined ? undefined : context.lookup.invoices.get(invoiceNumber);
  if (invoiceNumber !== undefined && paid === undefined)
    context.warn('payment-invoice-unknown', 'The invoice that the payment was for is not among the invoices');
  const amount = decimalOrNone(record.PayAmount) ?? ZERO;
  const currency = paid?.currency ?? context.lookup.homeCurrency;
  const customerName = paid?.customerName;
  return {
    ...common(record, context),
    ...(paid === undefined
      ? {}
      : {
          customerRef:
            paid.customerId === undefined
              ? CUSTOMER_NOT_SPECIFIED
              : { id: paid.customerId, ...(customerName === undefined ? {} : { companyName: customerName }) },
        }),
    currency,
    currencyRate:
      paid?.rate !== undefined && paid.rate.unscaled !== 0n
        ? number(paid.rate)
        : currency === context.lookup.homeCurrency && currency !== undefined
          ? SAME_CURRENCY
          : undefined,
    totalAmount: number(amount),
    lines: [
      {
        amount: number(amount),
        links:
          paid === undefined
            ? undefined
            : [
                {
                  type: paid.isCredit ? 'CreditNote' : 'Invoice',
                  id: paid.id,
                  amount: number(negated(amount)),
                  currencyRate: SAME_CURRENCY,
                },
              ],
      },
    ],
  };
}

/** A payment to a supplier, kept together with the receipt that it was for. */
export const billPaymentRecord = z.object({ payment, receipt: invoice });

export function mapBillPayment(
  { payment: record, receipt }: z.infer<typeof billPaymentRecord>,
  context: MappingContext,
): BillPayment {
  const amount = decimalOrNone(record.PayAmount) ?? ZERO;
  const receiptId = idOrNone(receipt.InvoiceDBID);
  const total = [receipt.NetAmount, receipt.VATAmount].map(decimalOrNone);
  const isCredit = total.some((part) => part !== undefined && part.unscaled < 0n);
  return {
    ...common(record, context),
    supplierRef: supplierRef(receipt),
    ...currencyOf(receipt, context),
    totalAmount: number(amount),
    lines: [
      {
        amount: number(amount),
        links:
          receiptId === undefined
            ? undefined
            : [
                {
                  type: isCredit ? 'CreditNote' : 'Bill',
                  id: receiptId,
                  amount: number(negated(amount)),
                  currencyRate: SAME_CURRENCY,
                },
              ],
      },
    ],
  };
}

/** Without the mark that pushed payments carry. */
function noteOf({ PayNote }: WirePayment): string | undefined {
  const note = textOrNone(PayNote);
  return note === undefined ? undefined : textOrNone(withoutMark(note));
}

function common(record: WirePayment, context: MappingContext) {
  const method = idOrNone(record.PayMethod);
  return {
    id: context.id,
    accountRef: bankAccountRef(record.PayAccount, context),
    paymentMethodRef: method === undefined ? undefined : { id: method },
    date: requiredDate(record.PayDate, 'PayDate'),
    note: noteOf(record),
  };
}
