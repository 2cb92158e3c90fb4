import { type BillPayment, centsToExactNumber, type Payment } from '@tributary/model';
import type { WirePayment } from '../wire.ts';
import { textOrNone } from '../wire-values.ts';
import { type MappingContext, requiredDate, type SourceModified } from './context.ts';
import { type CurrencyFacts, currencyOf } from './currency.ts';
import { type PaymentPart, payerId, paymentParts } from './payment-lines.ts';
import { accountRef, customerRef, noteOf, supplierRef } from './references.ts';

/** An INVOICE_PAYMENT record as a payment by a customer. */
export function mapPayment(
  record: WirePayment,
  context: MappingContext,
  modified: SourceModified | undefined,
): Payment {
  return {
    ...commonMembers(record, context, 'Invoice'),
    customerRef: customerRef(record),
    sourceModifiedDate: modified?.text,
  };
}

/** A BILL_PAYMENT record as a payment to a supplier. */
export function mapBillPayment(
  record: WirePayment,
  context: MappingContext,
  modified: SourceModified | undefined,
): BillPayment {
  return {
    ...commonMembers(record, context, 'Bill'),
    supplierRef: supplierRef(record),
    sourceModifiedDate: modified?.text,
  };
}

function commonMembers<LinkType extends 'Invoice' | 'Bill'>(
  record: WirePayment,
  context: MappingContext,
  linkType: LinkType,
) {
  const currency = currencyOf(record, context);
  const { total, parts } = paymentParts(record, context);
  const date = requiredDate(record.date, 'date');
  return {
    id: context.id,
    accountRef: accountRef(record.account, context),
    paymentMethodRef: paymentMethodRef(record),
    totalAmount: centsToExactNumber(total),
    currency: currency.currency,
    currencyRate: currency.currencyRate,
    date,
    note: noteOf(record),
    reference: textOrNone(record.number),
    lines: parts.map((part) => ({
      amount: centsToExactNumber(part.amount),
      links: [linkOf(part, linkType, payerId(record), currency)],
      allocatedOnDate: date,
    })),
  };
}

/** A link's amount is negative: it takes that much off what the linked record has open. */
function linkOf<LinkType extends 'Invoice' | 'Bill'>(
  part: PaymentPart,
  linkType: LinkType,
  payer: string,
  currency: CurrencyFacts,
) {
  const isInPaymentCurrency = part.amount === part.linkedAmount;
  return {
    type: part.recordId === undefined ? ('PaymentOnAccount' as const) : linkType,
    id: part.recordId ?? payer,
    amount: centsToExactNumber(-part.linkedAmount),
    currencyRate: isInPaymentCurrency ? currency.currencyRate : undefined,
  };
}

function paymentMethodRef(record: WirePayment): { id: string; name: string } | undefined {
  const method = textOrNone(record.method);
  if (method !== undefined) return { id: method, name: method };
  return record.byCheck === true ? { id: 'CHECK', name: 'Check' } : undefined;
}
