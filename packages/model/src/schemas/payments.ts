import { z } from 'zod';
import { accountRef, customerRef, namedRef, supplierRef } from './parts.ts';
import {
  currencyCode,
  type DecimalSchema,
  exactDecimal,
  idText,
  instantText,
  jsonDecimal,
  localDateText,
  supplementedSpine,
  text,
} from './values.ts';

const paymentLinkType = z.enum([
  'Unknown',
  'Unlinked',
  'Invoice',
  'CreditNote',
  'Other',
  'Refund',
  'Payment',
  'PaymentOnAccount',
  'ManualJournal',
  'Discount',
]);

const billPaymentLinkType = z.enum([
  'Unknown',
  'Unlinked',
  'Bill',
  'Other',
  'CreditNote',
  'BillPayment',
  'PaymentOnAccount',
  'Refund',
  'ManualJournal',
  'Discount',
]);

function line<
  Decimal extends DecimalSchema,
  LinkType extends typeof paymentLinkType | typeof billPaymentLinkType,
>(decimal: Decimal, linkType: LinkType) {
  const link = z.strictObject({
    type: linkType,
    id: idText.optional(),
    amount: decimal.optional(),
    currencyRate: decimal.optional(),
  });
  return z.strictObject({
    amount: decimal,
    links: z.array(link).optional(),
    allocatedOnDate: localDateText.optional(),
  });
}

function paymentShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    id: idText,
    customerRef: customerRef.optional(),
    accountRef: accountRef.optional(),
    paymentMethodRef: namedRef.optional(),
    totalAmount: decimal.optional(),
    currency: currencyCode.optional(),
    currencyRate: decimal.optional(),
    date: localDateText,
    note: text.optional(),
    lines: z.array(line(decimal, paymentLinkType)).optional(),
    reference: text.optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** Payment by a customer as mappings produce it and the store keeps it. */
export const payment = z.strictObject(paymentShape(exactDecimal));
/** Payment by a customer as a client reads it. */
export const paymentResponse = z.strictObject({ ...paymentShape(jsonDecimal), ...supplementedSpine });
export type Payment = z.infer<typeof payment>;
export type PaymentLine = NonNullable<Payment['lines']>[number];

function billPaymentShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    id: idText,
    supplierRef: supplierRef.optional(),
    accountRef: accountRef.optional(),
    totalAmount: decimal.optional(),
    currency: currencyCode.optional(),
    currencyRate: decimal.optional(),
    date: localDateText,
    note: text.optional(),
    paymentMethodRef: namedRef.optional(),
    lines: z.array(line(decimal, billPaymentLinkType)).optional(),
    reference: text.optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** Payment to a supplier as mappings produce it and the store keeps it. */
export const billPayment = z.strictObject(billPaymentShape(exactDecimal));
/** Payment to a supplier as a client reads it. */
export const billPaymentResponse = z.strictObject({ ...billPaymentShape(jsonDecimal), ...supplementedSpine });
export type BillPayment = z.infer<typeof billPayment>;
export type BillPaymentLine = NonNullable<BillPayment['lines']>[number];
