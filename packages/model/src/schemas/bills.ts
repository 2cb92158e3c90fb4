import { z } from 'zod';
import {
  accountRef,
  customerRef,
  namedRef,
  paymentAllocation,
  supplierRef,
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

const billedTo = z.enum(['Unknown', 'NotApplicable', 'Customer', 'Project']);

const tracking = z.strictObject({
  categoryRefs: z.array(namedRef),
  customerRef: customerRef.optional(),
  projectRef: namedRef.optional(),
  isBilledTo: billedTo,
  isRebilledTo: billedTo,
});

/** A line of a purchase. */
export function billLineItem<Decimal extends DecimalSchema>(decimal: Decimal) {
  return z.strictObject({
    lineNumber: text.optional(),
    description: text.optional(),
    unitAmount: decimal,
    quantity: decimal,
    unitOfMeasurement: text.optional(),
    discountAmount: decimal.optional(),
    subTotal: decimal.optional(),
    taxAmount: decimal.optional(),
    totalAmount: decimal.optional(),
    discountPercentage: decimal.optional(),
    accountRef: accountRef.optional(),
    taxRateRef: taxRateRef(decimal).optional(),
    itemRef: namedRef.optional(),
    purchaseOrderLineRef: z
      .strictObject({
        id: idText.optional(),
        dataType: z.enum(['purchaseOrders', 'bills']).optional(),
        lineNumber: text.optional(),
      })
      .optional(),
    trackingCategoryRefs: z.array(namedRef).optional(),
    tracking: tracking.optional(),
    isDirectCost: z.boolean().optional(),
  });
}

function shape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    id: idText,
    reference: text.optional(),
    supplierRef: supplierRef.optional(),
    purchaseOrderRefs: z
      .array(z.strictObject({ id: idText.optional(), purchaseOrderNumber: text.optional() }))
      .optional(),
    issueDate: localDateText,
    dueDate: localDateText.optional(),
    currency: currencyCode.optional(),
    currencyRate: decimal.optional(),
    lineItems: z.array(billLineItem(decimal)).optional(),
    withholdingTax: z.array(withholdingTax(decimal)).optional(),
    status: z.enum(['Unknown', 'Open', 'PartiallyPaid', 'Paid', 'Void', 'Draft']),
    subTotal: decimal,
    taxAmount: decimal,
    totalAmount: decimal,
    amountDue: decimal.optional(),
    note: text.optional(),
    paymentAllocations: z.array(paymentAllocation(decimal)).optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** Purchase bill as mappings produce it and the store keeps it. */
export const bill = z.strictObject(shape(exactDecimal));
/** Purchase bill as a client reads it. */
export const billResponse = z.strictObject({ ...shape(jsonDecimal), ...supplementedSpine });
export type Bill = z.infer<typeof bill>;
export type BillLineItem = NonNullable<Bill['lineItems']>[number];
