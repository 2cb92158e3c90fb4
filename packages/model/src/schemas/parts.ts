import { z } from 'zod';
import {
  currencyCode,
  type DecimalSchema,
  idText,
  instantText,
  localDateText,
  nonEmptyText,
  text,
} from './values.ts';

/** Reference to an account. */
export const accountRef = z.strictObject({ id: idText, name: text.optional() });

/** Reference to a customer. */
export const customerRef = z.strictObject({ id: idText, companyName: text.optional() });

/** Reference to a supplier. */
export const supplierRef = z.strictObject({ id: idText, supplierName: text.optional() });

/** Reference to an item, a project, a tracking category or a payment method. */
export const namedRef = z.strictObject({ id: idText, name: text.optional() });

/** Reference to a record of any data type. */
export const recordRef = z.strictObject({ id: idText.optional(), dataType: text.optional() });

/** Reference to a tax rate, with its rate in percent. */
export function taxRateRef<Decimal extends DecimalSchema>(decimal: Decimal) {
  return z.strictObject({ id: idText, name: text.optional(), effectiveTaxRate: decimal.optional() });
}

/** Postal address. */
export const address = z.strictObject({
  type: z.enum(['Unknown', 'Billing', 'Delivery']),
  line1: text.optional(),
  line2: text.optional(),
  city: text.optional(),
  region: text.optional(),
  country: text.optional(),
  postalCode: text.optional(),
});

/** Telephone number. */
export const phoneNumber = z.strictObject({
  number: text,
  type: z.enum(['Primary', 'Landline', 'Mobile', 'Fax', 'Unknown']),
});

/** Web address of a business. */
export const webLink = z.strictObject({
  type: z.enum(['Website', 'Social', 'Unknown']).optional(),
  url: text.optional(),
});

/** Where a record of this type may be referred to, by data type and property. */
export const validDatatypeLink = z.strictObject({
  property: text.optional(),
  links: z.array(text).optional(),
});

/** Tax kept back by the payer. */
export function withholdingTax<Decimal extends DecimalSchema>(decimal: Decimal) {
  return z.strictObject({ name: nonEmptyText, amount: decimal });
}

/** One payment's share in an invoice or a bill. */
export function paymentAllocation<Decimal extends DecimalSchema>(decimal: Decimal) {
  return z.strictObject({
    payment: z.strictObject({
      id: idText.optional(),
      note: text.optional(),
      reference: text.optional(),
      accountRef: accountRef.optional(),
      currency: currencyCode.optional(),
      currencyRate: decimal.optional(),
      paidOnDate: localDateText.optional(),
      totalAmount: decimal.optional(),
    }),
    allocation: z.strictObject({
      currency: currencyCode.optional(),
      currencyRate: decimal.optional(),
      allocatedOnDate: localDateText.optional(),
      totalAmount: decimal.optional(),
    }),
  });
}

/** Person at a customer. */
export const contact = z.strictObject({
  name: text.optional(),
  email: text.optional(),
  phone: z.array(phoneNumber).optional(),
  address: address.optional(),
  status: z.enum(['Unknown', 'Active', 'Archived']),
  modifiedDate: instantText.optional(),
});
