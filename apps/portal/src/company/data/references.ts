/** Which other records a record leads to. */

const byName: Readonly<Record<string, string>> = {
  customerRef: 'customers',
  supplierRef: 'suppliers',
  accountRef: 'chartOfAccounts',
  bankAccountRef: 'chartOfAccounts',
  itemRef: 'items',
  taxRateRef: 'taxRates',
  journalRef: 'journals',
};

const byLinkType: Readonly<Record<string, string>> = {
  Invoice: 'invoices',
  Bill: 'bills',
  Payment: 'payments',
  BillPayment: 'billPayments',
};

/** The data type of the record that an object in a record names by its `id`. */
export function referredType(
  dataType: string,
  member: string,
  value: { readonly dataType?: unknown; readonly type?: unknown },
): string | undefined {
  if (typeof value.dataType === 'string' && /^[a-z]\w*$/i.test(value.dataType)) {
    return value.dataType === 'accounts' ? 'chartOfAccounts' : value.dataType;
  }
  const isPurchase = dataType === 'bills' || dataType === 'billCreditNotes';
  if (member === 'payment') return isPurchase ? 'billPayments' : 'payments';
  if (member === 'links' && value.type === 'CreditNote') {
    return dataType === 'billPayments' ? 'billCreditNotes' : 'creditNotes';
  }
  if (member === 'links' && typeof value.type === 'string') return byLinkType[value.type];
  return byName[member];
}

export interface RelatedList {
  readonly label: string;
  readonly dataType: string;
  /** Of the API's query language. */
  readonly query: string;
}

const lists: Readonly<
  Record<string, readonly (readonly [label: string, dataType: string, property: string])[]>
> = {
  customers: [
    ['Invoices', 'invoices', 'customerRef.id'],
    ['Payments', 'payments', 'customerRef.id'],
    ['Credit notes', 'creditNotes', 'customerRef.id'],
  ],
  suppliers: [
    ['Bills', 'bills', 'supplierRef.id'],
    ['Bill payments', 'billPayments', 'supplierRef.id'],
    ['Bill credit notes', 'billCreditNotes', 'supplierRef.id'],
  ],
  invoices: [
    ['Payments', 'payments', 'lines.links.id'],
    ['Postings', 'journalEntries', 'recordRef.id'],
  ],
  bills: [
    ['Payments', 'billPayments', 'lines.links.id'],
    ['Postings', 'journalEntries', 'recordRef.id'],
  ],
  payments: [['Postings', 'journalEntries', 'recordRef.id']],
  billPayments: [['Postings', 'journalEntries', 'recordRef.id']],
  chartOfAccounts: [
    ['Postings', 'journalEntries', 'journalLines.accountRef.id'],
    ['Sales lines', 'invoices', 'lineItems.accountRef.id'],
    ['Purchase lines', 'bills', 'lineItems.accountRef.id'],
  ],
  items: [
    ['Invoices', 'invoices', 'lineItems.itemRef.id'],
    ['Bills', 'bills', 'lineItems.itemRef.id'],
  ],
  journals: [['Entries', 'journalEntries', 'journalRef.id']],
};

/** Lists of other records that name this one. @param offered data types that the connection has */
export function relatedLists(
  dataType: string,
  recordId: string,
  offered: ReadonlySet<string>,
): RelatedList[] {
  const quoted = `"${recordId.replaceAll('"', '""')}"`;
  return (lists[dataType] ?? [])
    .filter(([, listed]) => offered.has(listed))
    .map(([label, listed, property]) => ({ label, dataType: listed, query: `${property}=${quoted}` }));
}
