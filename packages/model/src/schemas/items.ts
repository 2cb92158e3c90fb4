import { z } from 'zod';
import { accountRef, taxRateRef, validDatatypeLink } from './parts.ts';
import {
  type DecimalSchema,
  exactDecimal,
  idText,
  instantText,
  jsonDecimal,
  responseSpine,
  text,
} from './values.ts';

function side<Decimal extends DecimalSchema>(decimal: Decimal) {
  return z.strictObject({
    description: text.optional(),
    unitPrice: decimal.optional(),
    accountRef: accountRef.optional(),
    taxRateRef: taxRateRef(decimal).optional(),
  });
}

function itemShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    id: idText,
    name: text.optional(),
    code: text.optional(),
    itemStatus: z.enum(['Unknown', 'Active', 'Archived']),
    type: z.enum(['Unknown', 'Inventory', 'NonInventory', 'Service']),
    isBillItem: z.boolean(),
    billItem: side(decimal).optional(),
    isInvoiceItem: z.boolean(),
    invoiceItem: side(decimal).optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** Product or service as mappings produce it and the store keeps it. */
export const item = z.strictObject(itemShape(exactDecimal));
/** Product or service as a client reads it. */
export const itemResponse = z.strictObject({ ...itemShape(jsonDecimal), ...responseSpine });
export type Item = z.infer<typeof item>;

function taxRateShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    id: idText,
    name: text.optional(),
    code: text.optional(),
    status: z.enum(['Unknown', 'Active', 'Archived']).optional(),
    effectiveTaxRate: decimal.optional(),
    totalTaxRate: decimal.optional(),
    components: z
      .array(z.strictObject({ name: text.optional(), rate: decimal.optional(), isCompound: z.boolean() }))
      .optional(),
    validDatatypeLinks: z.array(validDatatypeLink).optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** Tax rate, in percent, as mappings produce it and the store keeps it. */
export const taxRate = z.strictObject(taxRateShape(exactDecimal));
/** Tax rate as a client reads it. */
export const taxRateResponse = z.strictObject({ ...taxRateShape(jsonDecimal), ...responseSpine });
export type TaxRate = z.infer<typeof taxRate>;
