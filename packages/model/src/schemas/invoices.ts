import { z } from 'zod';
import {
  accountRef,
  customerRef,
  namedRef,
  paymentAllocation,
  recordRef,
  taxRateRef,
  withholdingTax,
} from './parts.ts';
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

const billedTo = z.enum(['Unknown', 'NotApplicable', 'Project']);

const tracking = z.strictObject({
  categoryRefs: z.array(namedRef),
  customerRef: customerRef.optional(),
  projectRef: namedRef.optional(),
  isBilledTo: billedTo,
  isRebilledTo: billedTo,
  recordRef: recordRef.optional(),
});

/** A line of a sale. */
export function invoiceLineItem<Decimal extends DecimalSchema>(decimal: Decimal) {
  return z.strictObject({
    description: text.optional(),
    unitAmount: decimal,
    quantity: decimal,
    discountAmount: decimal.optional(),
    subTotal: decimal.optional(),
    taxAmount: decimal.optional(),
    totalAmount: decimal.optional(),
    accountRef: accountRef.optional(),
    discountPercentage: decimal.optional(),
    taxRateRef: taxRateRef(decimal).optional(),
    itemRef: namedRef.optional(),
    trackingCategoryRefs: z.array(namedRef).optional(),
    tracking: tracking.optional(),
    isDirectIncome: z.boolean().optional(),
  });
}

function shape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    id: idText,
    invoiceNumber: text.optional(),
    customerRef: customerRef.optional(),
    salesOrderRefs: z
      .array(z.strictObject({ id: idText.optional(), dataType: z.enum(['salesOrders']).optional() }))
      .optional(),
    issueDate: localDateText,
    dueDate: localDateText.optional(),
    paidOnDate: localDateText.optional(),
    currency: currencyCode.optional(),
    currencyRate: decimal.optional(),
    lineItems: z.array(invoiceLineItem(decimal)).optional(),
    paymentAllocations: z.array(paymentAllocation(decimal)).optional(),
    withholdingTax: z.array(withholdingTax(decimal)).optional(),
    totalDiscount: decimal.optional(),
    subTotal: decimal.optional(),
    additionalTaxAmount: decimal.optional(),
    additionalTaxPercentage: decimal.optional(),
    totalTaxAmount: decimal,
    totalAmount: decimal,
    amountDue: decimal,
    discountPercentage: decimal.optional(),
    status: z.enum(['Unknown', 'Draft', 'Submitted', 'PartiallyPaid', 'Paid', 'Void']),
    note: text.optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** Sales invoice as mappings produce it and the store keeps it. */
export const invoice = z.strictObject(shape(exactDecimal));
/** Sales invoice as a client reads it. */
export const invoiceResponse = z.strictObject({ ...shape(jsonDecimal), ...supplementedSpine });
export type Invoice = z.infer<typeof invoice>;
export type InvoiceLineItem = NonNullable<Invoice['lineItems']>[number];
