/** Where records of each data type are written, read one by one, and listed. */
import type { AnyDataTypeKey, DataTypeKey } from '@tributary/model';
import { parameters, paths } from '../wire.ts';

export interface Place {
  /** Where what is written is stored. */
  readonly storedAs: DataTypeKey;
  readonly collection: (business: string) => string;
  readonly one: (business: string, id: string) => string;
  /** Narrows the listing of the collection. */
  readonly query: Readonly<Record<string, string | boolean>>;
  /** The listing takes `modifiedSince` and is paged; otherwise everything is listed, `paged` or at once. */
  readonly listing: 'modifiedSince' | 'paged' | 'atOnce';
  /** `type` of its records, where a place holds several. */
  readonly type?: string;
  /** Members that two records of one origin would share, although the platform may have written the others in its own way. */
  readonly likeness: readonly string[];
}

const record = (id: string) => paths.record(id);
const ofRecords = {
  one: (_business: string, id: string) => record(id),
  query: parameters.records,
  listing: 'modifiedSince',
} as const;
const ofContacts = {
  collection: paths.contacts,
  one: (_business: string, id: string) => paths.contact(id),
  listing: 'paged',
  likeness: ['name'],
} as const;

const PLACES: Readonly<Partial<Record<AnyDataTypeKey, Place>>> = {
  customers: { ...ofContacts, storedAs: 'customers', query: parameters.customers, type: 'CUSTOMER' },
  suppliers: { ...ofContacts, storedAs: 'suppliers', query: parameters.suppliers, type: 'VENDOR' },
  invoices: {
    ...ofRecords,
    storedAs: 'invoices',
    collection: paths.invoices,
    type: 'INVOICE',
    likeness: ['date', 'contact'],
  },
  bills: {
    ...ofRecords,
    storedAs: 'bills',
    collection: paths.bills,
    type: 'BILL',
    likeness: ['date', 'contact'],
  },
  payments: {
    ...ofRecords,
    storedAs: 'payments',
    collection: paths.invoicePayments,
    type: 'INVOICE_PAYMENT',
    likeness: ['date', 'amount'],
  },
  billPayments: {
    ...ofRecords,
    storedAs: 'billPayments',
    collection: paths.billPayments,
    type: 'BILL_PAYMENT',
    likeness: ['date', 'amount'],
  },
  items: {
    storedAs: 'items',
    collection: paths.items,
    one: paths.item,
    query: {},
    listing: 'atOnce',
    likeness: ['name'],
  },
  journals: adjustments(),
  journalEntries: adjustments(),
  transfers: {
    ...ofRecords,
    storedAs: 'transfers',
    collection: paths.records,
    query: { ...parameters.records, ...parameters.transfers },
    type: 'TRANSFER',
    likeness: ['date', 'amount'],
  },
  chartOfAccounts: {
    storedAs: 'chartOfAccounts',
    collection: paths.accounts,
    one: (_business, id) => paths.account(id),
    query: {},
    listing: 'paged',
    likeness: ['name'],
  },
};

function adjustments(): Place {
  return {
    ...ofRecords,
    storedAs: 'journalEntries',
    collection: paths.records,
    query: { ...parameters.records, ...parameters.adjustments },
    type: 'ADJUSTMENT',
    likeness: ['date'],
  };
}

export function placeOf(dataType: AnyDataTypeKey): Place {
  const place = PLACES[dataType];
  if (place === undefined) throw new TypeError(`Kashoo takes no ${dataType}`);
  return place;
}
