/** Typed columns of data types, and those that several of them have. */

/** Kind of a typed column beside the document. */
export type ColumnKind = 'text' | 'numeric' | 'localDate' | 'instant' | 'boolean';

/** A searchable property that gets a typed column: SQL name, dotted path in the document, kind. */
export type ColumnDefinition = { readonly name: string; readonly path: string; readonly kind: ColumnKind };

export const text = (name: string, path: string): ColumnDefinition => ({ name, path, kind: 'text' });
export const numeric = (name: string, path: string): ColumnDefinition => ({ name, path, kind: 'numeric' });
export const day = (name: string, path: string): ColumnDefinition => ({ name, path, kind: 'localDate' });
export const flag = (name: string, path: string): ColumnDefinition => ({ name, path, kind: 'boolean' });
export const moment = (name: string, path: string): ColumnDefinition => ({ name, path, kind: 'instant' });

export const currency = [text('currency', 'currency'), numeric('currency_rate', 'currencyRate')];
export const customerRef = [
  text('customer_id', 'customerRef.id'),
  text('customer_name', 'customerRef.companyName'),
];
export const supplierRef = [
  text('supplier_id', 'supplierRef.id'),
  text('supplier_name', 'supplierRef.supplierName'),
];
export const accountRef = [text('account_id', 'accountRef.id'), text('account_name', 'accountRef.name')];
export const party = [
  text('contact_name', 'contactName'),
  text('email_address', 'emailAddress'),
  text('phone', 'phone'),
  text('registration_number', 'registrationNumber'),
  text('tax_number', 'taxNumber'),
  text('default_currency', 'defaultCurrency'),
  text('status', 'status'),
];
