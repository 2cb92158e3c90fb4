/** The books of the sandbox as KashFlow's records. Ids are numbered within a business, so that they fit the platform's 32 bits. */

import { percentOfCents } from '../exact/decimal.ts';
import { type Json, parseJson } from '../exact/json.ts';
import type { BookStore } from '../kashoo/books/store.ts';
import type { PaymentRecord, SaleRecord } from '../kashoo/records.ts';
import { anyRow, dateTime, type Members, membersOf, money } from './xml.ts';

/** Bank accounts have other ids than their nominal codes. */
const BANK_OFFSET = 600_000_000n;
/** A payment that settles several invoices is one payment each here. */
const ALLOCATION_STEP = 100_000_000n;
/** Numbers with letters (cancellations of a dataset) are numbers here all the same. */
export const LETTERED_OFFSET = 900_000_000n;

export const CURRENCIES: readonly string[] = ['GBP', 'USD', 'EUR', 'CAD', 'JPY'];
const NO_VAT = '-1.0000';

/** How invoices are paid: KashFlow's number and name, and what the books call it. */
export const METHODS = [
  [1, 'Other', ''],
  [2, 'Bank transfer', 'BANK_TRANSFER'],
  [3, 'Cheque', 'CHECK'],
  [4, 'Card', 'CREDIT_CARD'],
  [5, 'Cash', 'CASH'],
] as const;
const methodId = (method: string): number => METHODS.find(([, , name]) => name === method)?.[0] ?? 1;

export const shortId = (store: BookStore, id: bigint): bigint => id - store.book.profile.idBase;
export const longId = (store: BookStore, id: bigint): bigint => id + store.book.profile.idBase;
export const bankId = (store: BookStore, account: bigint): bigint => shortId(store, account) + BANK_OFFSET;
export const accountOfBank = (store: BookStore, bank: bigint): bigint => longId(store, bank - BANK_OFFSET);

export function numberOf(number: string): bigint {
  const digits = BigInt(number.replaceAll(/\D/g, '') || '0');
  return /^\d+$/.test(number) ? digits : digits + LETTERED_OFFSET;
}

export function currencyId(code: string): number {
  return CURRENCIES.indexOf(code) + 1;
}

/** An invoice; of a bill, a receipt. */
export function saleMembers(store: BookStore, record: SaleRecord): Members {
  const vat = record.taxAmounts.reduce((total, { amount }) => total + amount, 0n);
  return {
    InvoiceDBID: shortId(store, record.id),
    InvoiceNumber: numberOf(record.number),
    InvoiceDate: dateTime(record.date),
    DueDate: dateTime(record.dueDate),
    Customer: record.contact ? `C${shortId(store, record.contact)}` : '',
    CustomerID: record.contact ? shortId(store, record.contact) : 0,
    Paid: record.paid ? 1 : 0,
    CustomerReference: /^\d+$/.test(record.number) ? record.poNumber : record.number,
    CurrencyCode: record.currency,
    ExchangeRate: record.exchangeRate.toString(),
    Lines: lines(store, record, vat),
    NetAmount: money(record.totalBeforeTaxes),
    VATAmount: money(vat),
    AmountPaid: money(record.totalPaid),
    CustomerName: record.contactName ?? '',
    UseCustomDeliveryAddress: false,
  };
}

function lines(store: BookStore, record: SaleRecord, vat: bigint): string[] {
  const rates = record.lineItems.map(({ taxCode }) => store.book.taxes.get(taxCode)?.rate);
  const taxes = record.lineItems.map(({ amount, taxAmount }, index) => {
    if (taxAmount !== undefined) return taxAmount;
    const rate = rates[index];
    return rate === undefined ? 0n : percentOfCents(amount, rate);
  });
  // What rounding line by line leaves over goes to the last line that is taxed.
  const last = rates.findLastIndex((rate) => rate !== undefined);
  if (last >= 0) taxes[last] = (taxes[last] ?? 0n) + vat - taxes.reduce((total, tax) => total + tax, 0n);
  return record.lineItems.map((line, index) =>
    anyRow('InvoiceLine', {
      Quantity: line.quantity.toString(),
      Description: line.description,
      Rate: line.rate.toString(),
      ChargeType: line.account ? shortId(store, line.account) : 0,
      VatRate: rates[index]?.toString() ?? NO_VAT,
      VatAmount: money(taxes[index] ?? 0n),
      ProductID: line.item ? shortId(store, line.item) : 0,
      Sort: index + 1,
      LineID: shortId(store, line.id),
    }),
  );
}

/** The payments that a payment record is, one for each invoice or bill that it settles. */
export function paymentMembers(
  store: BookStore,
  record: PaymentRecord,
): (Members & { readonly of: bigint })[] {
  return record.allocations.map((allocation, index) => ({
    of: allocation.record,
    PayID: shortId(store, record.id) + BigInt(index) * ALLOCATION_STEP,
    PayDate: dateTime(record.date),
    PayNote: record.memo,
    PayMethod: methodId(record.method),
    PayAccount: bankId(store, record.account),
    PayAmount: money(allocation.amount),
  }));
}

/** Member of a contact's or item's body that holds what the books have no other place for, by KashFlow's names. */
export const KEPT = 'kashFlow';

export type Body = Readonly<Record<string, Json | undefined>>;

/** A row's JSON text. */
export const bodyOf = (value: unknown): Body => (typeof value === 'string' ? (parseJson(value) as Body) : {});
export const textIn = (body: Body, name: string): string => {
  const value = body[name];
  return typeof value === 'string' ? value : '';
};

/** What customers and suppliers have in common. */
export function contactMembers(
  store: BookStore,
  id: bigint,
  body: Body,
): Members & { readonly updatedMs: number } {
  const information = (body['contactInformation'] ?? {}) as Body;
  const address = (information['address'] ?? {}) as Body;
  const updatedMs = Math.floor(Number(body['lastModified'] ?? 0n) / 1000) * 1000;
  const updated = new Date(updatedMs).toISOString().slice(0, 19);
  const kept = (body[KEPT] ?? {}) as Members;
  return {
    updatedMs,
    Code: `C${shortId(store, id)}`,
    Name: textIn(body, 'name'),
    Contact: textIn(body, 'name'),
    Telephone: textIn(body, 'phoneNumbers'),
    Email: textIn(body, 'email'),
    Address1: textIn(address, 'street'),
    Address3: textIn(address, 'city'),
    Address4: textIn(address, 'province'),
    Created: updated,
    Updated: updated,
    CurrencyID: currencyId(textIn(body, 'currency')),
    PaymentTerms: 30,
    ...kept,
    postalCode: textIn(address, 'postalCode'),
    country: textIn(address, 'country'),
  };
}

export function customerText(store: BookStore, id: bigint, body: Body): string {
  const { updatedMs: _updatedMs, postalCode, country, ...members } = contactMembers(store, id, body);
  return membersOf('Customer', {
    ...members,
    CustomerID: shortId(store, id),
    CountryName: country,
    CountryCode: members['CountryCode'] ?? country,
    Postcode: postalCode,
    ShowDiscount: members['ShowDiscount'] ?? false,
  });
}

export function supplierText(store: BookStore, id: bigint, body: Body): string {
  const {
    updatedMs: _updatedMs,
    postalCode,
    country: _country,
    ...members
  } = contactMembers(store, id, body);
  return membersOf('Supplier', { ...members, SupplierID: shortId(store, id), PostCode: postalCode });
}
