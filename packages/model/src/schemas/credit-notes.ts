import { z } from 'zod';
import { billLineItem } from './bills.ts';
import { invoiceLineItem } from './invoices.ts';
import { customerRef, paymentAllocation, supplierRef, withholdingTax } from './parts.ts';
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

/** What credit notes to customers and from suppliers have in common. Amounts are positive: what is credited. */
function creditShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    id: idText,
    withholdingTax: z.array(withholdingTax(decimal)).optional(),
    totalAmount: decimal,
    totalDiscount: decimal,
    subTotal: decimal,
    totalTaxAmount: decimal,
    discountPercentage: decimal,
    status: z.enum(['Unknown', 'Draft', 'Submitted', 'Paid', 'Void', 'PartiallyPaid']),
    issueDate: localDateText.optional(),
    allocatedOnDate: localDateText.optional(),
    currency: currencyCode.optional(),
    currencyRate: decimal.optional(),
    paymentAllocations: z.array(paymentAllocation(decimal)).optional(),
    note: text.optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

function creditNoteShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    ...creditShape(decimal),
    creditNoteNumber: text.optional(),
    customerRef: customerRef.optional(),
    remainingCredit: decimal,
    additionalTaxAmount: decimal.optional(),
    additionalTaxPercentage: decimal.optional(),
    lineItems: z.array(invoiceLineItem(decimal)).optional(),
  };
}

/** Credit to a customer as mappings produce it and the store keeps it. */
export const creditNote = z.strictObject(creditNoteShape(exactDecimal));
/** Credit to a customer as a client reads it. */
export const creditNoteResponse = z.strictObject({ ...creditNoteShape(jsonDecimal), ...supplementedSpine });
export type CreditNote = z.infer<typeof creditNote>;

function billCreditNoteShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  const line = billLineItem(decimal).omit({
    lineNumber: true,
    purchaseOrderLineRef: true,
    isDirectCost: true,
  });
  return {
    ...creditShape(decimal),
    billCreditNoteNumber: text.optional(),
    supplierRef: supplierRef.optional(),
    remainingCredit: decimal.optional(),
    lineItems: z.array(line).optional(),
  };
}

/** Credit from a supplier as mappings produce it and the store keeps it. */
export const billCreditNote = z.strictObject(billCreditNoteShape(exactDecimal));
/** Credit from a supplier as a client reads it. */
export const billCreditNoteResponse = z.strictObject({
  ...billCreditNoteShape(jsonDecimal),
  ...supplementedSpine,
});
export type BillCreditNote = z.infer<typeof billCreditNote>;
