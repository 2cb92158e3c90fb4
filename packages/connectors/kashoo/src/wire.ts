/**
 * Kashoo's wire format: every path, parameter and member name that the connector relies on, and nothing else.
 *
 * Source: Kashoo's API documentation 1.0.0, in a copy that has lost the paths and several names of members. What had to be guessed
 * is marked `[assumed]`; to correct an assumption, change its line here (for a member: `called('itsRealName', …)`).
 * Amounts are cents, ids 64-bit integers, dates `YYYY-MM-DD`.
 */
import { z } from 'zod';
import { called, wireObject } from './wire-object.ts';
import { cents, decimal, flag, identifier, moment, text } from './wire-values.ts';

const segment = encodeURIComponent;

/** Paths below the API base. */
export const paths = {
  businesses: '/users/me/businesses',
  business: (business: string) => `/businesses/${segment(business)}`,
  accounts: (business: string) => `/businesses/${segment(business)}/accounts`,
  account: (id: string) => `/accounts/${segment(id)}`,
  accountBalance: (id: string) => `/accounts/${segment(id)}/balances`,
  contacts: (business: string) => `/businesses/${segment(business)}/contacts`, // [assumed]
  contact: (id: string) => `/contacts/${segment(id)}`,
  items: (business: string) => `/businesses/${segment(business)}/items`,
  item: (business: string, id: string) => `/businesses/${segment(business)}/items/${segment(id)}`,
  taxes: (business: string) => `/businesses/${segment(business)}/taxes`,
  invoices: (business: string) => `/businesses/${segment(business)}/records/invoices`,
  bills: (business: string) => `/businesses/${segment(business)}/records/bills`,
  invoicePayments: (business: string) => `/businesses/${segment(business)}/records/invoicePayments`,
  billPayments: (business: string) => `/businesses/${segment(business)}/records/billPayments`,
  records: (business: string) => `/businesses/${segment(business)}/records`,
  record: (id: string) => `/records/${segment(id)}`,
  journalLines: (account: string) => `/accounts/${segment(account)}/journalEntries`,
  openingBalances: (account: string) => `/accounts/${segment(account)}/openingBalances`,
} as const;

/** Query parameters with fixed values. */
export const parameters = {
  taxes: { version: 2 },
  accountBalance: { primary: true },
  customers: { type: 'CUSTOMER', includeRemoved: true }, // [assumed: includeRemoved of contacts]
  suppliers: { type: 'VENDOR', includeRemoved: true }, // [assumed: includeRemoved of contacts]
  // Kashoo promises no order; asking for the oldest first keeps new records out of pages already read. [assumed: values]
  records: { includeRemoved: true, sortColumn: 'date', sortOrder: 'asc' },
  transfers: { type: 'TRANSFER' },
  adjustments: { type: 'ADJUSTMENT' },
  journalLines: { sortColumn: 'date' },
} as const;

/** Query parameters of records listings that a pull fills in. */
export const recordFilters = (filter: {
  modifiedSinceMs: number | undefined;
  fromDate: string | undefined;
}) => ({
  modifiedSince: filter.modifiedSinceMs,
  startDate: filter.fromDate,
});

/** Members that are read from raw text before anything is parsed. */
export const rawMembers = { id: 'id', type: 'type', removed: 'removed' } as const;

/** `site` of a business that uses TrulySmall Accounting (Kashoo 2.0); any other means Kashoo Classic. [assumed] */
export const TRULY_SMALL_SITE = 'app.trulysmall.com';

const address = wireObject({ street: text, city: text, province: text, postalCode: text, country: text }); // [assumed]

/** [assumed] A phone is a text, or an object with its kind. */
const phone = z.union([z.string(), wireObject({ number: text, type: text })]);

const contactInformation = wireObject({
  name: text,
  address: z.union([z.string(), address]).nullish(), // [assumed]
  phones: z.array(phone).nullish(), // [assumed]
  email: text, // [assumed]
});

export const business = wireObject({
  id: identifier,
  name: text,
  contactInformation: contactInformation.nullish(),
  homeCurrency: text, // [assumed]
  fiscalYearEnd: text, // [assumed] MM-DD
  site: text, // [assumed]
});

export const account = wireObject({
  id: identifier,
  name: text,
  type: text,
  number: text,
  description: text,
  parent: identifier,
  archived: flag,
  removed: flag,
  normalBalanceCredit: flag,
  currency: text, // [assumed]
  lastModified: moment,
});

/** Above zero on the side, debit or credit, on which such an account grows. [assumed] */
export const accountBalance = wireObject({ balance: cents });

export const contact = wireObject({
  id: identifier,
  type: text,
  name: text,
  contactInformation: contactInformation.nullish(),
  email: text,
  phoneNumbers: text,
  address: text,
  currency: text,
  removed: flag,
  archived: flag,
  lastModified: moment,
});

export const item = wireObject({
  id: identifier,
  itemId: text,
  name: text,
  sku: text,
  description: text,
  defaultTaxCode: text,
  defaultBuyRate: decimal,
  defaultSellRate: decimal,
  inventoryAccount: identifier,
  cogsAccount: identifier,
  creditAccount: identifier,
  debitAccount: identifier,
  removed: flag,
  tracked: flag,
  archived: flag,
  lastModified: moment,
});

/** [assumed] `version=2` of taxes. Rates in per cent. */
export const tax = wireObject({
  id: identifier,
  code: text,
  name: text,
  rate: decimal,
  removed: flag,
  components: z.array(wireObject({ name: text, rate: decimal, compound: flag })).nullish(),
});

/** What invoices, bills and payments have in common. */
const recordHead = {
  id: identifier,
  type: text,
  number: text,
  contact: identifier,
  contactName: text,
  date: text,
  currency: text,
  homeCurrency: text,
  exchangeRate: decimal,
  foreignCurrency: flag,
  description: text,
  memo: text,
  removed: flag,
  lastModified: moment,
};

const lineItem = wireObject({
  account: identifier,
  quantity: decimal,
  rate: decimal,
  taxCode: text,
  item: identifier, // [assumed]
  description: text, // [assumed]
  amount: cents, // [assumed]
  discountCode: text, // [assumed]
});

/** An invoice or a bill. */
export const sale = wireObject({
  ...recordHead,
  dueDate: text,
  poNumber: text,
  totalBeforeTaxes: cents,
  totalDue: cents,
  totalLocalDue: cents,
  balanceDue: cents,
  totalPaid: cents,
  paid: flag,
  lineItems: z.array(lineItem).nullish(),
  taxAmounts: z.array(wireObject({ taxCode: text, name: text, amount: cents })).nullish(), // [assumed]
  payments: z
    .array(wireObject({ payment: called('record', identifier), amount: cents, date: text }))
    .nullish(), // [assumed]
});

/** An invoice payment or a bill payment. */
export const payment = wireObject({
  ...recordHead,
  amount: cents,
  unallocatedAmount: cents,
  allocations: z.array(wireObject({ record: identifier, amount: cents })).nullish(),
  account: identifier,
  method: text,
  byCheck: flag,
});

/** Money moved between two accounts. [assumed: its own members] */
export const transfer = wireObject({
  ...recordHead,
  fromAccount: identifier,
  toAccount: identifier,
  amount: cents,
});

/** A journal. [assumed: its own members] */
export const adjustment = wireObject({
  ...recordHead,
  lines: z
    .array(wireObject({ account: identifier, debit: cents, credit: cents, description: text }))
    .nullish(),
});

/** What every record has that the ledger needs of it. */
export const anyRecord = wireObject(recordHead);

/** A line of an account's journal entries, in home currency. [assumed members] */
export const journalLine = wireObject({
  id: identifier,
  record: identifier,
  recordType: text,
  date: text,
  memo: text,
  debit: cents,
  credit: cents,
  contact: identifier,
  currency: text,
});

/** Record type that closes a year into retained earnings. */
export const YEAR_END_ADJUSTMENT = 'YEAR_END_ADJUSTMENT';

/** Opening balance of an account of TrulySmall, signed as {@link accountBalance}. [assumed members] */
export const openingBalance = wireObject({ date: text, amount: cents });

export type WireBusiness = z.infer<typeof business>;
export type WireAccount = z.infer<typeof account>;
export type WireContact = z.infer<typeof contact>;
export type WireItem = z.infer<typeof item>;
export type WireTax = z.infer<typeof tax>;
export type WireSale = z.infer<typeof sale>;
export type WireLine = NonNullable<WireSale['lineItems']>[number];
export type WirePayment = z.infer<typeof payment>;
export type WireTransfer = z.infer<typeof transfer>;
export type WireJournalLine = z.infer<typeof journalLine>;
