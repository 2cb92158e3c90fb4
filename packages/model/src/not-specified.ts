/** Id of a reference to a party or account that the platform's record does not name. */
export const NULL_ID = 'NullId';

/** `customerRef` of an invoice or payment without a customer. */
export const CUSTOMER_NOT_SPECIFIED = { id: NULL_ID, companyName: 'Customer not specified' } as const;

/** `supplierRef` of a bill or bill payment without a supplier. */
export const SUPPLIER_NOT_SPECIFIED = { id: NULL_ID, supplierName: 'Supplier not specified' } as const;

/** `accountRef` of a line without an account. */
export const ACCOUNT_NOT_SPECIFIED = { id: NULL_ID, name: 'Account not specified' } as const;
