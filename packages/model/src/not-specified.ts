/** Id of a reference to a party or account that the platform's record does not name. */
export const NULL_ID = 'NullId';

/** `customerRef` of sales and receipts that name nobody. */
export const CUSTOMER_NOT_SPECIFIED = { id: NULL_ID, companyName: 'Customer not specified' } as const;

/** `supplierRef` of purchases, and of payments for them, that name nobody. */
export const SUPPLIER_NOT_SPECIFIED = { id: NULL_ID, supplierName: 'Supplier not specified' } as const;

/** `accountRef` of a line without an account. */
export const ACCOUNT_NOT_SPECIFIED = { id: NULL_ID, name: 'Account not specified' } as const;
