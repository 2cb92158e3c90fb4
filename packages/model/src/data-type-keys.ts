/** Every data type name of the published API, served here or not, in its order. */
export const allDataTypeKeys = [
  'accountTransactions',
  'balanceSheet',
  'bankAccounts',
  'bankTransactions',
  'billCreditNotes',
  'billPayments',
  'bills',
  'cashFlowStatement',
  'chartOfAccounts',
  'company',
  'creditNotes',
  'customers',
  'directCosts',
  'directIncomes',
  'invoices',
  'itemReceipts',
  'items',
  'journalEntries',
  'journals',
  'paymentMethods',
  'payments',
  'profitAndLoss',
  'purchaseOrders',
  'salesOrders',
  'suppliers',
  'taxRates',
  'trackingCategories',
  'transfers',
  'banking-accountBalances',
  'banking-accounts',
  'banking-transactionCategories',
  'banking-transactions',
  'commerce-companyInfo',
  'commerce-customers',
  'commerce-disputes',
  'commerce-locations',
  'commerce-orders',
  'commerce-paymentMethods',
  'commerce-payments',
  'commerce-productCategories',
  'commerce-products',
  'commerce-taxComponents',
  'commerce-transactions',
] as const;

/** Name of a data type of the published API, served here or not. */
export type AnyDataTypeKey = (typeof allDataTypeKeys)[number];

const byLowerCase: ReadonlyMap<string, AnyDataTypeKey> = new Map(
  allDataTypeKeys.map((key) => [key.toLowerCase(), key]),
);

/**
 * The data type that a text names, in any case: `billpayments` is `billPayments`; undefined when there is none.
 * Only keys count: `accounts` is a route segment, its key is `chartOfAccounts`.
 */
export function parseDataTypeKey(text: string): AnyDataTypeKey | undefined {
  return byLowerCase.get(text.toLowerCase());
}

/** A data type that a client defined itself, as runs and datasets name it. */
export type CustomDataTypeKey = `custom/${string}`;

const customMark = 'custom/';

export function customDataTypeKey(identifier: string): CustomDataTypeKey {
  return `${customMark}${identifier}`;
}

/** The client's own identifier in such a key; undefined for every other data type. */
export function customIdentifierOf(dataType: string): string | undefined {
  return dataType.startsWith(customMark) ? dataType.slice(customMark.length) : undefined;
}
