/**
 * KashFlow's wire format: every operation, argument and member that the connector relies on, as zod schemas over records whose values
 * are the texts that the platform wrote (see `raw-records.ts`). Unknown members are kept and ignored.
 *
 * Source: KashFlow's service description (WSDL). What it does not say and had to be guessed is marked `[assumed]`.
 */
import { type Decimal, localDate, parseDecimal } from '@tributary/model';
import { z } from 'zod';

/** Absent, nil and empty all mean: no value. */
const optionally = (check: (text: string) => boolean, expected: string) =>
  z
    .custom<string | null | undefined>(
      (value) =>
        value === undefined ||
        value === null ||
        (typeof value === 'string' && (value.trim() === '' || check(value.trim()))),
      `expected ${expected}`,
    )
    .optional();

const whole = optionally((text) => /^-?[0-9]{1,20}$/.test(text), 'a whole number');
const decimal = optionally((text) => /^[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?$/.test(text), 'a decimal number');
const text = optionally(() => true, 'text');
const moment = optionally((value) => /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T|$)/.test(value), 'a date');
const flag = optionally((value) => /^(?:0|1|true|false)$/i.test(value), 'true, false, 1 or 0');

export type WireText = z.infer<typeof text>;

/** An empty list is an empty element. */
const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (value === '' || value === null ? [] : value), z.array(item)).optional();

export const companyDetails = z.looseObject({
  CompanyName: text,
  Address1: text,
  Address2: text,
  Address3: text,
  Address4: text,
  Postcode: text,
  Telephone: text,
  Mobile: text,
  VatRegistrationNumber: text,
});

export const currency = z.looseObject({ CurrencyId: whole, CurrencyCode: text, isDefault: flag });

export const customer = z.looseObject({
  CustomerID: whole,
  Name: text,
  Contact: text,
  Telephone: text,
  Mobile: text,
  Fax: text,
  Email: text,
  Address1: text,
  Address2: text,
  Address3: text,
  Address4: text,
  CountryName: text,
  Postcode: text,
  CustHasDeliveryAddress: flag,
  DeliveryAddress1: text,
  DeliveryAddress2: text,
  DeliveryAddress3: text,
  DeliveryAddress4: text,
  DeliveryCountryName: text,
  DeliveryPostcode: text,
  VATNumber: text,
  CurrencyID: whole,
  Updated: moment,
});

export const supplier = z.looseObject({
  SupplierID: whole,
  Name: text,
  Contact: text,
  Telephone: text,
  Mobile: text,
  Email: text,
  Address1: text,
  Address2: text,
  Address3: text,
  Address4: text,
  PostCode: text,
  VATNumber: text,
  CurrencyID: whole,
  Updated: moment,
});

export const nominalCode = z.looseObject({
  id: whole,
  Code: whole,
  Name: text,
  balance: decimal,
  TypeName: text,
  ClassificationName: text,
  Description: text,
  Archived: flag,
});

export const bankAccount = z.looseObject({ AccountID: whole, AccountName: text, AccountCode: whole });

export const bankTransaction = z.looseObject({
  ID: whole,
  TransactionDate: moment,
  moneyin: decimal,
  moneyout: decimal,
  Comment: text,
});

/** A VAT rate; `Value` in per cent, -1 for what VAT does not apply to. */
export const vatRate = z.looseObject({ ID: whole, Name: text, Value: decimal });

/** A product is a nominal code that sales are made under: its id is that of the code. */
export const product = z.looseObject({
  ProductID: whole,
  ProductName: text,
  ProductCode: whole,
  ProductDescription: text,
  ManageStockLevels: flag,
  ProductPrice: decimal,
});

export const subProduct = z.looseObject({
  id: whole,
  ParentID: whole,
  Name: text,
  Code: text,
  Description: text,
  Price: decimal,
  VatRate: decimal,
  WholesalePrice: decimal,
  Managed: flag,
});

const invoiceLine = z.looseObject({
  Quantity: decimal,
  Description: text,
  Rate: decimal,
  ChargeType: whole,
  VatRate: decimal,
  VatAmount: decimal,
  ProductID: whole,
});

/** An invoice, or a receipt (a purchase): there `CustomerID` is the supplier's. A negative one is a credit note. */
export const invoice = z.looseObject({
  InvoiceDBID: whole,
  InvoiceNumber: whole,
  InvoiceDate: moment,
  DueDate: moment,
  CustomerID: whole,
  CustomerName: text,
  Paid: flag,
  CurrencyCode: text,
  ExchangeRate: decimal,
  Lines: list(invoiceLine),
  NetAmount: decimal,
  VATAmount: decimal,
  AmountPaid: decimal,
});

/** `PayInvoice` is the number of the invoice or receipt, `PayAccount` the id of a bank account. */
export const payment = z.looseObject({
  PayID: whole,
  PayInvoice: whole,
  PayDate: moment,
  PayNote: text,
  PayMethod: whole,
  PayAccount: whole,
  PayAmount: decimal,
});

const journalLine = z.looseObject({ NominalID: whole, Amount: decimal, Comment: text });

export const journal = z.looseObject({
  DBID: whole,
  JournalDate: moment,
  Comment: text,
  Lines: list(journalLine),
});

const statementLine = z.looseObject({ id: whole, Name: text, balance: decimal });

export const balanceSheet = z.looseObject({
  FixedAssets: list(statementLine),
  FixedAssetsTotal: decimal,
  CurrentAssets: list(statementLine),
  CurrentAssetsTotal: decimal,
  CurrentLiabilities: list(statementLine),
  CurrentLiabilitiesTotal: decimal,
  CapitalReserves: list(statementLine),
  CapitalReservesTotal: decimal,
});

export const profitAndLoss = z.looseObject({
  Turnover: list(statementLine),
  CostOfSales: list(statementLine),
  GrossProfit: decimal,
  Expenses: list(statementLine),
  NetProfit: decimal,
});

export type WireCustomer = z.infer<typeof customer>;
export type WireSupplier = z.infer<typeof supplier>;
export type WireNominalCode = z.infer<typeof nominalCode>;
export type WireInvoice = z.infer<typeof invoice>;
export type WireInvoiceLine = z.infer<typeof invoiceLine>;
export type WirePayment = z.infer<typeof payment>;
export type WireStatementLine = z.infer<typeof statementLine>;

/** Text that says something, unchanged; undefined otherwise. */
export function textOrNone(value: WireText): string | undefined {
  return value === undefined || value === null || value.trim() === '' ? undefined : value;
}

/** An id; 0 and -1 mean none. */
export function idOrNone(value: WireText): string | undefined {
  const id = textOrNone(value)?.trim();
  return id === undefined || !/^[1-9]/.test(id) ? undefined : id;
}

export function decimalOrNone(value: WireText): Decimal | undefined {
  const digits = textOrNone(value)?.trim();
  return digits === undefined ? undefined : parseDecimal(digits);
}

export function isTrue(value: WireText): boolean {
  return /^(?:1|true)$/i.test(value?.trim() ?? '');
}

/** What the platform writes where there is no date. */
const NO_DATE = '0001-01-01';

/** A calendar date as the model writes it; undefined for none. @throws RangeError for what is no date */
export function dateOrNone(value: WireText): string | undefined {
  const day = textOrNone(value)?.trim().slice(0, 10);
  return day === undefined || day === NO_DATE ? undefined : localDate(day);
}

/**
 * A point in time, epoch milliseconds; undefined for none, and for what is no instant.
 * Times come without zone and are taken for UTC; British summer time would lie an hour behind, which makes cursors too early, never too late. [assumed]
 */
export function instantOrNone(value: WireText): number | undefined {
  const moment = textOrNone(value)?.trim();
  if (moment === undefined || moment.startsWith(NO_DATE)) return undefined;
  const ms = Date.parse(`${moment.length === 10 ? `${moment}T00:00:00` : moment.replace(/Z$/, '')}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
