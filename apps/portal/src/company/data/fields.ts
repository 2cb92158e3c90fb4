/**
 * What tables and filters of each data type offer. Longer than a module should be: it is one table, an entry for each data type.
 * That every path is one of the API's is tested against the unified model.
 */

export type FieldKind = 'text' | 'choice' | 'money' | 'number' | 'percent' | 'day' | 'instant' | 'flag';

export interface Field {
  /** Dotted, as the API's query language has it. */
  readonly path: string;
  readonly label: string;
  readonly kind: FieldKind;
  /** Of a choice: the values of the API. */
  readonly choices?: readonly string[];
  /** Of an amount: where the record has its currency. */
  readonly currency?: string;
  /** Not among the columns until somebody asks for it. */
  readonly isExtra?: boolean;
  /** Can be filtered by, but is no column: it lies in a list of the record. */
  readonly isFilterOnly?: boolean;
  /** Rem. */
  readonly width?: number;
}

type Extra = Partial<Pick<Field, 'isExtra' | 'isFilterOnly' | 'width' | 'currency'>>;

const text = (path: string, label: string, extra: Extra = {}): Field => ({
  path,
  label,
  kind: 'text',
  ...extra,
});
const choice = (path: string, label: string, choices: readonly string[], extra: Extra = {}): Field => ({
  path,
  label,
  kind: 'choice',
  choices,
  ...extra,
});
const money = (path: string, label: string, extra: Extra = {}): Field => ({
  path,
  label,
  kind: 'money',
  currency: 'currency',
  ...extra,
});
const percent = (path: string, label: string, extra: Extra = {}): Field => ({
  path,
  label,
  kind: 'percent',
  ...extra,
});
const day = (path: string, label: string, extra: Extra = {}): Field => ({
  path,
  label,
  kind: 'day',
  ...extra,
});
const instant = (path: string, label: string, extra: Extra = {}): Field => ({
  path,
  label,
  kind: 'instant',
  ...extra,
});
const flag = (path: string, label: string, extra: Extra = {}): Field => ({
  path,
  label,
  kind: 'flag',
  ...extra,
});

const extra = { isExtra: true } as const;
const filterOnly = { isFilterOnly: true } as const;

const id = text('id', 'Id', extra);
const currency = text('currency', 'Currency', { ...extra, width: 6 });
const spine = [
  instant('modifiedDate', 'Changed here', extra),
  instant('sourceModifiedDate', 'Changed at the platform', extra),
  flag('metadata.isDeleted', 'Deleted', { ...extra, width: 6 }),
];
const customer = [
  text('customerRef.companyName', 'Customer', { width: 11 }),
  text('customerRef.id', 'Customer id', extra),
];
const supplier = [
  text('supplierRef.supplierName', 'Supplier', { width: 11 }),
  text('supplierRef.id', 'Supplier id', extra),
];
const account = [text('accountRef.name', 'Account'), text('accountRef.id', 'Account id', extra)];
const partyStatus = ['Unknown', 'Active', 'Archived'];
const creditStatus = ['Unknown', 'Draft', 'Submitted', 'PartiallyPaid', 'Paid', 'Void'];
/** What credit to customers and from suppliers have in common, behind number and party. */
const credit = [
  day('issueDate', 'Issued', { width: 7 }),
  choice('status', 'Status', creditStatus, { width: 7 }),
  money('totalAmount', 'Total'),
  money('remainingCredit', 'Remaining'),
  money('subTotal', 'Net', extra),
  money('totalTaxAmount', 'Tax', extra),
  text('note', 'Note', extra),
  currency,
  id,
  ...spine,
];

const party = [
  text('contactName', 'Contact'),
  text('emailAddress', 'E-mail', { width: 16 }),
  text('phone', 'Phone'),
  choice('status', 'Status', partyStatus, { width: 7 }),
  text('defaultCurrency', 'Currency', { ...extra, width: 6 }),
  text('registrationNumber', 'Registration number', extra),
  text('taxNumber', 'Tax number', extra),
];

const fieldsByType: Readonly<Record<string, readonly Field[]>> = {
  chartOfAccounts: [
    text('name', 'Name', { width: 16 }),
    text('nominalCode', 'Code', { width: 7 }),
    choice('type', 'Type', ['Unknown', 'Asset', 'Expense', 'Income', 'Liability', 'Equity'], { width: 7 }),
    text('fullyQualifiedCategory', 'Category', { width: 14 }),
    money('currentBalance', 'Balance'),
    choice('status', 'Status', [...partyStatus, 'Pending'], { width: 7 }),
    flag('isBankAccount', 'Bank account', { width: 7 }),
    currency,
    id,
    ...spine,
  ],
  bankAccounts: [
    text('accountName', 'Name', { width: 16 }),
    choice('accountType', 'Type', ['Unknown', 'Credit', 'Debit'], { width: 7 }),
    text('institution', 'Bank'),
    text('sortCode', 'Sort code', { width: 7 }),
    text('accountNumber', 'Number'),
    money('balance', 'Balance'),
    money('availableBalance', 'Available', extra),
    money('overdraftLimit', 'Overdraft limit', extra),
    text('iBan', 'IBAN', extra),
    text('nominalCode', 'Code', extra),
    choice('status', 'Status', [...partyStatus, 'Pending'], extra),
    currency,
    id,
    ...spine,
  ],
  customers: [text('customerName', 'Name', { width: 16 }), ...party, id, ...spine],
  suppliers: [text('supplierName', 'Name', { width: 16 }), ...party, id, ...spine],
  invoices: [
    text('invoiceNumber', 'Number', { width: 9 }),
    ...customer,
    day('issueDate', 'Issued', { width: 7 }),
    day('dueDate', 'Due', { width: 7 }),
    choice('status', 'Status', ['Unknown', 'Draft', 'Submitted', 'PartiallyPaid', 'Paid', 'Void'], {
      width: 7,
    }),
    money('totalAmount', 'Total'),
    money('amountDue', 'Due amount'),
    day('paidOnDate', 'Paid on', extra),
    money('subTotal', 'Net', extra),
    money('totalTaxAmount', 'Tax', extra),
    money('totalDiscount', 'Discount', extra),
    text('note', 'Note', extra),
    text('lineItems.description', 'Line: description', filterOnly),
    text('lineItems.itemRef.id', 'Line: item id', filterOnly),
    text('lineItems.accountRef.id', 'Line: account id', filterOnly),
    currency,
    id,
    ...spine,
  ],
  bills: [
    text('reference', 'Reference', { width: 9 }),
    ...supplier,
    day('issueDate', 'Issued', { width: 7 }),
    day('dueDate', 'Due', { width: 7 }),
    choice('status', 'Status', ['Unknown', 'Open', 'PartiallyPaid', 'Paid', 'Void', 'Draft'], { width: 7 }),
    money('totalAmount', 'Total'),
    money('amountDue', 'Due amount'),
    money('subTotal', 'Net', extra),
    money('taxAmount', 'Tax', extra),
    text('note', 'Note', extra),
    text('lineItems.description', 'Line: description', filterOnly),
    text('lineItems.accountRef.id', 'Line: account id', filterOnly),
    currency,
    id,
    ...spine,
  ],
  payments: [
    day('date', 'Date', { width: 7 }),
    ...customer,
    money('totalAmount', 'Amount'),
    ...account,
    text('reference', 'Reference'),
    text('note', 'Note', extra),
    text('lines.links.id', 'Line: invoice id', filterOnly),
    currency,
    id,
    ...spine,
  ],
  billPayments: [
    day('date', 'Date', { width: 7 }),
    ...supplier,
    money('totalAmount', 'Amount'),
    ...account,
    text('reference', 'Reference'),
    text('note', 'Note', extra),
    text('lines.links.id', 'Line: bill id', filterOnly),
    currency,
    id,
    ...spine,
  ],
  items: [
    text('name', 'Name', { width: 16 }),
    text('code', 'Code', { width: 7 }),
    choice('type', 'Type', ['Unknown', 'Inventory', 'NonInventory', 'Service'], { width: 8 }),
    choice('itemStatus', 'Status', partyStatus, { width: 7 }),
    money('invoiceItem.unitPrice', 'Sales price'),
    money('billItem.unitPrice', 'Purchase price'),
    flag('isInvoiceItem', 'Sold', extra),
    flag('isBillItem', 'Bought', extra),
    id,
    ...spine,
  ],
  taxRates: [
    text('name', 'Name', { width: 16 }),
    text('code', 'Code', { width: 8 }),
    choice('status', 'Status', partyStatus, { width: 7 }),
    percent('effectiveTaxRate', 'Effective rate', { width: 8 }),
    percent('totalTaxRate', 'Total rate', { width: 8 }),
    id,
    ...spine,
  ],
  journalEntries: [
    day('postedOn', 'Posted', { width: 7 }),
    text('description', 'Description', { width: 20 }),
    text('journalRef.name', 'Journal'),
    text('recordRef.dataType', 'Made by'),
    text('recordRef.id', 'Made by, id', extra),
    instant('createdOn', 'Created', extra),
    instant('updatedOn', 'Updated', extra),
    text('journalLines.accountRef.id', 'Line: account id', filterOnly),
    id,
    ...spine,
  ],
  journals: [
    text('name', 'Name', { width: 16 }),
    text('journalCode', 'Code', { width: 7 }),
    text('type', 'Type', { width: 8 }),
    choice('status', 'Status', partyStatus, { width: 7 }),
    instant('createdOn', 'Created', extra),
    text('parentId', 'Parent id', extra),
    id,
    ...spine,
  ],
  transfers: [
    day('date', 'Date', { width: 7 }),
    text('description', 'Description', { width: 18 }),
    money('from.amount', 'From', { currency: 'from.currency' }),
    money('to.amount', 'To', { currency: 'to.currency' }),
    choice('status', 'Status', ['Unknown', 'Unreconciled', 'Reconciled', 'Void'], { width: 8 }),
    text('from.accountRef.id', 'From account', extra),
    text('to.accountRef.id', 'To account', extra),
    id,
    ...spine,
  ],
  accountTransactions: [
    day('date', 'Date', { width: 7 }),
    text('bankAccountRef.name', 'Bank account', { width: 14 }),
    text('note', 'Note', { width: 16 }),
    money('totalAmount', 'Amount'),
    choice('status', 'Status', ['Unknown', 'Unreconciled', 'Reconciled', 'Void'], { width: 8 }),
    text('transactionId', 'Transaction', extra),
    currency,
    id,
    ...spine,
  ],
  creditNotes: [text('creditNoteNumber', 'Number', { width: 9 }), ...customer, ...credit],
  billCreditNotes: [text('billCreditNoteNumber', 'Number', { width: 9 }), ...supplier, ...credit],
  bankTransactions: [
    day('clearedOnDate', 'Cleared', { width: 7 }),
    text('description', 'Description', { width: 20 }),
    text('transactionType', 'Type', { width: 8 }),
    money('amount', 'Amount'),
    money('balance', 'Balance'),
    flag('reconciled', 'Reconciled', { width: 7 }),
    id,
    instant('modifiedDate', 'Changed here', extra),
    instant('sourceModifiedDate', 'Changed at the platform', extra),
  ],
};

/** Data types whose records are shown in tables. */
export const tableTypes = Object.keys(fieldsByType);

/** The fields of a data type; none of one that has no table. */
export function fieldsOfType(dataType: string): readonly Field[] {
  return fieldsByType[dataType] ?? [];
}

/** Path of the API's list, below `…/data/`. @param accountId of bank transactions, which are listed by account */
export function listPathOf(dataType: string, accountId?: string): string {
  if (dataType === 'chartOfAccounts') return 'accounts';
  if (dataType === 'bankTransactions') {
    return `bankAccounts/${encodeURIComponent(accountId ?? '')}/bankTransactions`;
  }
  return dataType;
}

const nouns: Readonly<Record<string, string>> = {
  chartOfAccounts: 'account',
  company: 'company information',
  taxRates: 'tax rate',
  journalEntries: 'journal entry',
};

/** One record of a data type, in words: `billPayments` is “bill payment”. */
export function recordNoun(dataType: string): string {
  const words = dataType.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return nouns[dataType] ?? words.replace(/s$/, '');
}
