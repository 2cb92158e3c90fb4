import { z } from 'zod';
import { address, contact } from './parts.ts';
import { currencyCode, idText, instantText, supplementedSpine, text } from './values.ts';

const status = z.enum(['Unknown', 'Active', 'Archived']);

const customerShape = {
  id: idText,
  customerName: text.optional(),
  contactName: text.optional(),
  emailAddress: text.optional(),
  defaultCurrency: currencyCode.optional(),
  phone: text.optional(),
  addresses: z.array(address).optional(),
  contacts: z.array(contact).optional(),
  registrationNumber: text.optional(),
  taxNumber: text.optional(),
  status,
  sourceModifiedDate: instantText.optional(),
};

/** Customer as mappings produce it and the store keeps it. */
export const customer = z.strictObject(customerShape);
/** Customer as a client reads it. */
export const customerResponse = z.strictObject({ ...customerShape, ...supplementedSpine });
export type Customer = z.infer<typeof customer>;

const supplierShape = {
  id: idText,
  supplierName: text.optional(),
  contactName: text.optional(),
  emailAddress: text.optional(),
  phone: text.optional(),
  addresses: z.array(address).optional(),
  registrationNumber: text.optional(),
  taxNumber: text.optional(),
  status,
  defaultCurrency: currencyCode.optional(),
  sourceModifiedDate: instantText.optional(),
};

/** Supplier as mappings produce it and the store keeps it. */
export const supplier = z.strictObject(supplierShape);
/** Supplier as a client reads it. */
export const supplierResponse = z.strictObject({ ...supplierShape, ...supplementedSpine });
export type Supplier = z.infer<typeof supplier>;
