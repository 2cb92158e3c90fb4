/** Every served operation that reads: from the books and the arguments to the rows of its answer. */
import { parseJson } from '../exact/json.ts';
import { accountBalance } from '../kashoo/books/accounts.ts';
import type { BookStore } from '../kashoo/books/store.ts';
import {
  type BookRecord,
  isPayment,
  isSale,
  type PaymentRecord,
  revivedRecord,
  type SaleRecord,
} from '../kashoo/records.ts';
import { balanceSheetText, kindOf, profitAndLossText } from './statements.ts';
import {
  accountOfBank,
  type Body,
  bankId,
  bodyOf,
  CURRENCIES,
  contactMembers,
  currencyId,
  customerText,
  longId,
  METHODS,
  numberOf,
  paymentMembers,
  saleMembers,
  shortId,
  supplierText,
  textIn,
} from './view.ts';
import { contactByCode } from './write-contacts.ts';
import { subProductRow, subProducts } from './write-items.ts';
import { saleByNumber } from './write-sales.ts';
import { anyRow, dateTime, element, type Members, money, row } from './xml.ts';

/** What an operation has to say. `single`: the content of one record, undefined when there is none. */
export type Outcome =
  | { readonly rows: readonly string[]; readonly extra?: string }
  | { readonly single: string | undefined; readonly missing: string };

export interface Request {
  readonly store: BookStore;
  text(name: string): string;
  whole(name: string): bigint;
  /** The calendar date of an argument. */
  date(name: string): string;
  /** Which rows of a paged listing are asked for. */
  readonly page: { readonly offset: number; readonly limit: number };
}

const MONEY_TYPES: ReadonlySet<string> = new Set(['BANK', 'CREDIT_CARD', 'CASH']);
const THE_LAST = 100;

const shown = ({ book }: BookStore) => book.accounts.filter(({ removed = false }) => !removed);

function nominalMembers(store: BookStore, account: ReturnType<typeof shown>[number]): Members {
  return {
    id: shortId(store, account.id),
    Code: account.number,
    Name: account.name,
    debit: '0.0000',
    credit: '0.0000',
    balance: money(accountBalance(store, account.id) ?? 0n),
  };
}

/** Records of a type that are not removed, in the order of their ids. */
function records<T extends BookRecord>(
  store: BookStore,
  is: (record: BookRecord | undefined) => record is T,
  where: string,
  ...values: (string | bigint)[]
): T[] {
  return store
    .all(
      `SELECT b.body FROM records r JOIN bodies b ON b.id = r.id WHERE r.removed = 0 AND ${where} ORDER BY r.id`,
      ...values,
    )
    .map((found) => revivedRecord(parseJson(String(found['body']))))
    .filter(is);
}

const isSaleRecord = (record: BookRecord | undefined): record is SaleRecord =>
  record !== undefined && isSale(record);
const isPaymentRecord = (record: BookRecord | undefined): record is PaymentRecord =>
  record !== undefined && isPayment(record);
const sales = (store: BookStore, where: string, ...values: (string | bigint)[]): SaleRecord[] =>
  records(store, isSaleRecord, where, ...values);
const saleRow = (store: BookStore) => (record: SaleRecord) => row('Invoice', saleMembers(store, record));

const inner = (rowText: string): string => rowText.slice(rowText.indexOf('>') + 1, rowText.lastIndexOf('</'));

function single(store: BookStore, record: SaleRecord | undefined, missing: string): Outcome {
  return { single: record === undefined ? undefined : inner(saleRow(store)(record)), missing };
}

/** Payments of records of a type, with the number of what each was for. */
function paymentRows(store: BookStore, payments: readonly PaymentRecord[], only?: bigint): string[] {
  return payments.flatMap((payment) =>
    paymentMembers(store, payment).flatMap(({ of, ...members }) => {
      if (only !== undefined && of !== only) return [];
      const paid = store.get('SELECT number, removed FROM records WHERE id = ?', of);
      if (paid === undefined) return [];
      return [row('Payment', { ...members, PayInvoice: numberOf(String(paid['number'])) })];
    }),
  );
}

function paymentsOf(store: BookStore, type: 'INVOICE' | 'BILL', number: bigint): Outcome {
  const sale = saleByNumber(store, type, number);
  if (sale === undefined) return { single: undefined, missing: type === 'BILL' ? 'receipt' : 'invoice' };
  const payments = sale.payments.map(({ record }) => store.record(record)).filter(isPaymentRecord);
  return { rows: paymentRows(store, payments, sale.id) };
}

function contacts(store: BookStore, type: 'CUSTOMER' | 'VENDOR') {
  return store
    .all('SELECT id, body FROM contacts WHERE removed = 0 AND type = ? ORDER BY id', type)
    .map((found) => ({ id: found['id'] as bigint, body: bodyOf(found['body']) }));
}

function contact(store: BookStore, type: 'CUSTOMER' | 'VENDOR', id: bigint) {
  return contacts(store, type).find((found) => found.id === longId(store, id));
}

function items(store: BookStore, nominal: bigint): string[] {
  return subProducts(store)
    .filter(({ body }) => body['creditAccount'] === longId(store, nominal))
    .map(({ id, body }) => subProductRow(store, id, body));
}

function item(store: BookStore, is: (found: { id: bigint; body: Body }) => boolean): Outcome {
  const found = subProducts(store).find(is);
  return { single: found && inner(subProductRow(store, found.id, found.body)), missing: 'product' };
}

function journals(store: BookStore): string[] {
  const found = store.all(
    "SELECT b.body FROM records r JOIN bodies b ON b.id = r.id WHERE r.removed = 0 AND r.type IN ('ADJUSTMENT', 'YEAR_END_ADJUSTMENT') ORDER BY r.id",
  );
  return found.flatMap((one, index) => {
    const record = revivedRecord(parseJson(String(one['body'])));
    if (!('lines' in record)) return [];
    return [
      row('JournalEntry', {
        DBID: shortId(store, record.id),
        JournalNumber: index + 1,
        JournalDate: dateTime(record.date),
        Comment: record.description,
        Lines: record.lines.map((line) =>
          anyRow('JournalLine', {
            NominalID: shortId(store, line.account),
            Amount: money(line.debit - line.credit),
            Comment: line.description,
          }),
        ),
      }),
    ];
  });
}

function company({ book: { profile } }: BookStore): Members {
  return {
    CompanyName: profile.name,
    Address1: profile.address.street,
    Address3: profile.address.city,
    Address4: profile.address.province,
    Postcode: profile.address.postalCode,
    PrimaryEmail: 'owner@sandbox.example',
    VatRegistered: 'Yes',
    VatRegistrationNumber: 'GB123456789',
    PaymentTerms: 30,
    CurrencyPosition: 'Left',
    UsDate: 'No',
    CurrencyId: currencyId(profile.homeCurrency),
    CurrencyName: profile.homeCurrency,
  };
}

export const HANDLERS: Readonly<Record<string, (request: Request) => Outcome>> = {
  GetCompanyDetails: ({ store }) => ({
    single: inner(row('CompanyDetails', company(store))),
    missing: 'company',
  }),
  GetCurrencies: ({ store }) => ({
    rows: CURRENCIES.map((code) =>
      row('Currencies', {
        CurrencyId: currencyId(code),
        CurrencyCode: code,
        ExchangeRate: '1.0000',
        isDefault: code === store.book.profile.homeCurrency ? 1 : 0,
      }),
    ),
  }),
  GetVATRates: ({ store }) => ({
    rows: [
      ...[...store.book.taxes.values()]
        .filter(({ removed }) => !removed)
        .map((tax) =>
          row('BasicDataset', { ID: shortId(store, tax.id), Name: tax.name, Value: tax.rate.toString() }),
        ),
      row('BasicDataset', { ID: 999_999, Name: 'N/A', Value: '-1.0000' }),
    ],
  }),
  GetNominalCodes: ({ store }) => ({
    rows: shown(store).map((account) => row('NominalCode', nominalMembers(store, account))),
  }),
  GetNominalCodesExtended: ({ store }) => ({
    rows: shown(store).map((account) =>
      row('NominalCodeExtended', {
        ...nominalMembers(store, account),
        TypeID: 1,
        TypeName: kindOf(account.type),
        ClassificationID: 1,
        ClassificationName: account.type,
        Archived: account.archived ?? false,
      }),
    ),
  }),
  GetBankAccounts: ({ store }) => ({
    rows: shown(store)
      .filter(({ type }) => MONEY_TYPES.has(type))
      .map(({ id, name, number }) =>
        row('BankAccount', { AccountID: bankId(store, id), AccountName: name, AccountCode: number }),
      ),
  }),
  GetBankTransactions: ({ store, whole }) => ({
    rows: store
      .all(
        'SELECT e.id, e.date, e.debit, e.credit, r.type, r.number FROM entries e JOIN records r ON r.id = e.record WHERE e.account = ? ORDER BY e.id',
        accountOfBank(store, whole('AccountID')),
      )
      .map((entry) =>
        row('BankTransaction', {
          ID: shortId(store, entry['id'] as bigint),
          accid: whole('AccountID'),
          TransactionDate: dateTime(String(entry['date'])),
          moneyin: money(entry['debit'] as bigint),
          moneyout: money(entry['credit'] as bigint),
          Comment: `${entry['type']} ${entry['number']}`,
        }),
      ),
  }),
  GetCustomers: ({ store }) => ({
    rows: contacts(store, 'CUSTOMER').map(({ id, body }) =>
      element('Customer', customerText(store, id, body)),
    ),
  }),
  GetCustomersModifiedSince: ({ store, text }) => {
    const sinceMs = Date.parse(`${text('ModifiedSince').replace(/Z$/, '')}Z`);
    const changed = contacts(store, 'CUSTOMER').filter(
      ({ id, body }) => contactMembers(store, id, body).updatedMs >= sinceMs,
    );
    return { rows: changed.map(({ id, body }) => element('Customer', customerText(store, id, body))) };
  },
  GetCustomer: ({ store, text }) => {
    const found = contactByCode(store, 'CUSTOMER', text('CustomerCode'));
    return { single: found && customerText(store, found.id, found.body), missing: 'customer' };
  },
  GetCustomerByID: ({ store, whole }) => {
    const found = contact(store, 'CUSTOMER', whole('CustomerID'));
    return { single: found && customerText(store, found.id, found.body), missing: 'customer' };
  },
  GetSuppliers: ({ store }) => ({
    rows: contacts(store, 'VENDOR').map(({ id, body }) => element('Supplier', supplierText(store, id, body))),
  }),
  GetSupplierByID: ({ store, whole }) => {
    const found = contact(store, 'VENDOR', whole('SupplierID'));
    return { single: found && supplierText(store, found.id, found.body), missing: 'supplier' };
  },
  GetProducts: ({ store }) => ({
    rows: shown(store)
      .filter(({ type }) => type === 'INCOME')
      .map(({ id, name, number }) =>
        row('Product', {
          ProductID: shortId(store, id),
          ProductName: name,
          ProductCode: number,
          ProductPrice: '0.0000',
        }),
      ),
  }),
  GetSubProducts: ({ store, whole }) => ({ rows: items(store, whole('NominalID')) }),
  GetSubProductByCode: ({ store, text }) =>
    item(store, ({ body }) => textIn(body, 'sku').toLowerCase() === text('ProductCode').toLowerCase()),
  GetSubProductByID: ({ store, whole }) => item(store, ({ id }) => id === longId(store, whole('ProductID'))),
  GetInvoice: ({ store, whole }) =>
    single(store, saleByNumber(store, 'INVOICE', whole('InvoiceNumber')), 'invoice'),
  GetInvoiceByID: ({ store, whole }) =>
    single(
      store,
      sales(store, "r.type = 'INVOICE' AND r.id = ?", longId(store, whole('InvoiceID')))[0],
      'invoice',
    ),
  GetInvoices_Unpaid: ({ store }) => ({
    rows: sales(store, "r.type = 'INVOICE'")
      .filter(({ paid }) => !paid)
      .map(saleRow(store)),
  }),
  GetInvoicesByDateRange: ({ store, date }) => ({
    rows: sales(
      store,
      "r.type = 'INVOICE' AND r.date >= ? AND r.date <= ?",
      date('StartDate'),
      date('EndDate'),
    ).map(saleRow(store)),
  }),
  GetInvoicesForCustomer: ({ store, whole }) => ({
    rows: sales(store, "r.type = 'INVOICE' AND r.contact = ?", longId(store, whole('CustID'))).map(
      saleRow(store),
    ),
  }),
  GetInvPayMethods: () => ({
    rows: METHODS.map(([MethodID, MethodName]) => row('PaymentMethod', { MethodID, MethodName })),
  }),
  GetInvoicePayment: ({ store, whole }) => paymentsOf(store, 'INVOICE', whole('InvoiceNumber')),
  GetInvoicePaymentsByDateRange: ({ store, date, page }) => {
    const payments = records(
      store,
      isPaymentRecord,
      "r.type = 'INVOICE_PAYMENT' AND r.date >= ? AND r.date <= ?",
      date('StartDate'),
      date('EndDate'),
    );
    return { rows: paymentRows(store, payments).slice(page.offset, page.offset + page.limit) };
  },
  GetReceipt: ({ store, whole }) =>
    single(store, saleByNumber(store, 'BILL', whole('ReceiptNumber')), 'receipt'),
  GetReceiptsForSupplier: ({ store, whole }) => ({
    rows: sales(store, "r.type = 'BILL' AND r.contact = ?", longId(store, whole('SupplierID'))).map(
      saleRow(store),
    ),
  }),
  GetReceipts: ({ store }) => ({
    rows: sales(store, "r.type = 'BILL'").slice(-THE_LAST).map(saleRow(store)),
  }),
  GetReceiptsWithPaging: ({ store, page: { offset, limit } }) => {
    const total = Number(
      store.get("SELECT count(*) AS n FROM records WHERE type = 'BILL' AND removed = 0")?.['n'],
    );
    const found = store.all(
      "SELECT id FROM records WHERE type = 'BILL' AND removed = 0 ORDER BY id LIMIT ? OFFSET ?",
      BigInt(limit),
      BigInt(offset),
    );
    const receipts = found.map(({ id }) => store.record(id as bigint)).filter(isSaleRecord);
    const extra = [
      element('PageNumber', String(Math.floor(offset / limit) + 1)),
      element('TotalPages', String(Math.ceil(total / limit))),
      element('TotalRecords', String(total)),
    ];
    return { rows: receipts.map(saleRow(store)), extra: extra.join('') };
  },
  GetReceiptPayment: ({ store, whole }) => paymentsOf(store, 'BILL', whole('ReceiptNumber')),
  GetJournals: ({ store }) => ({ rows: journals(store) }),
  GetBalanceSheet: ({ store, date }) => ({
    single: balanceSheetText(store, date('Date')),
    missing: 'balance sheet',
  }),
  GetProfitAndLoss: ({ store, date }) => ({
    single: profitAndLossText(store, date('StartDate'), date('EndDate')),
    missing: 'profit and loss',
  }),
};
