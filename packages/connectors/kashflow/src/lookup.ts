/** What mapping needs beside a record, loaded once per run. */
import { fingerprintOf, type PlatformSession } from '@tributary/connector-kit';
import { cleanText, type DataTypeKey, type Decimal } from '@tributary/model';
import { readPeriod } from './pull-invoices.ts';
import { isCredit, jsonOf } from './raw-records.ts';
import { call } from './soap.ts';
import { allPeriods } from './windows.ts';
import * as wire from './wire.ts';

export interface LookupAccount {
  readonly name: string | undefined;
  readonly code: string | undefined;
  readonly balance: Decimal | undefined;
}

export interface LookupTax {
  readonly id: string;
  readonly name: string | undefined;
}

/** An invoice as payments refer to it. */
export interface LookupInvoice {
  readonly id: string;
  readonly isCredit: boolean;
  readonly customerId: string | undefined;
  readonly customerName: string | undefined;
  readonly currency: string | undefined;
  readonly rate: Decimal | undefined;
}

export interface LookupContents {
  readonly homeCurrency?: string | undefined;
  /** By KashFlow's number. */
  readonly currencies?: ReadonlyMap<string, string>;
  readonly accounts?: ReadonlyMap<string, LookupAccount>;
  /** Codes of bank accounts by their id, which is another one than that of their nominal code. */
  readonly bankCodes?: ReadonlyMap<string, string>;
  /** By rate in per cent, without trailing zeros. */
  readonly taxes?: ReadonlyMap<string, LookupTax>;
  /** By number. */
  readonly invoices?: ReadonlyMap<string, LookupInvoice>;
  /** Of everything above that mapping the data type at hand reads. */
  readonly fingerprint?: string | undefined;
}

export class KashFlowLookup {
  readonly homeCurrency: string | undefined;
  readonly currencies: ReadonlyMap<string, string>;
  readonly accounts: ReadonlyMap<string, LookupAccount>;
  readonly accountIdByCode: ReadonlyMap<string, string>;
  readonly bankCodes: ReadonlyMap<string, string>;
  readonly taxes: ReadonlyMap<string, LookupTax>;
  readonly invoices: ReadonlyMap<string, LookupInvoice>;
  readonly fingerprint: string | undefined;

  constructor(contents: LookupContents = {}) {
    this.homeCurrency = contents.homeCurrency;
    this.currencies = contents.currencies ?? new Map();
    this.accounts = contents.accounts ?? new Map();
    this.accountIdByCode = idsByCode(this.accounts);
    this.bankCodes = contents.bankCodes ?? new Map();
    this.taxes = contents.taxes ?? new Map();
    this.invoices = contents.invoices ?? new Map();
    this.fingerprint = contents.fingerprint;
  }
}

/** Of several accounts with one code the last of the list counts. */
function idsByCode(accounts: ReadonlyMap<string, LookupAccount>): Map<string, string> {
  return new Map([...accounts].flatMap(([id, { code }]) => (code === undefined ? [] : [[code, id]])));
}

type Part = 'currencies' | 'accounts' | 'bankCodes' | 'taxes' | 'invoices';

const SALES: readonly Part[] = ['currencies', 'accounts', 'taxes'];
const NEEDS: Readonly<Partial<Record<DataTypeKey, readonly Part[]>>> = {
  company: ['currencies'],
  chartOfAccounts: ['currencies', 'bankCodes'],
  bankAccounts: ['currencies', 'accounts'],
  customers: ['currencies'],
  suppliers: ['currencies'],
  items: ['accounts', 'taxes'],
  invoices: SALES,
  creditNotes: SALES,
  bills: SALES,
  billCreditNotes: SALES,
  payments: ['currencies', 'accounts', 'bankCodes', 'invoices'],
  billPayments: ['currencies', 'accounts', 'bankCodes'],
  journalEntries: ['currencies', 'accounts'],
};

/** Loads what a data type needs. Entries that cannot be read are left out: a name is missing then. */
export async function loadLookup(
  session: PlatformSession,
  dataType: DataTypeKey,
  nowMs: number,
): Promise<KashFlowLookup> {
  const needs = new Set(NEEDS[dataType]);
  const contents: LookupContents = {
    ...(needs.has('currencies') ? await readCurrencies(session) : {}),
    ...(needs.has('accounts') ? { accounts: await readAccounts(session) } : {}),
    ...(needs.has('bankCodes') ? { bankCodes: await readBankCodes(session) } : {}),
    ...(needs.has('taxes') ? { taxes: await readTaxes(session) } : {}),
    ...(needs.has('invoices') ? { invoices: await readInvoices(session, nowMs) } : {}),
  };
  return new KashFlowLookup({ ...contents, fingerprint: fingerprintFor(dataType, contents) });
}

/** Balances move with every posting, and are read for bank accounts alone. */
function fingerprintFor(dataType: DataTypeKey, { accounts, ...others }: LookupContents): string {
  if (accounts === undefined) return fingerprintOf(others);
  const read =
    dataType === 'bankAccounts'
      ? accounts
      : new Map([...accounts].map(([id, { name, code }]) => [id, { name, code }]));
  return fingerprintOf({ ...others, accounts: read, accountIdByCode: idsByCode(accounts) });
}

const nameOf = (value: wire.WireText): string | undefined => {
  const name = wire.textOrNone(value);
  return name === undefined ? undefined : cleanText(name).text;
};

async function readCurrencies(session: PlatformSession) {
  const { result } = await call(session, 'GetCurrencies');
  const currencies = new Map<string, string>();
  let homeCurrency: string | undefined;
  for (const element of result?.elements ?? []) {
    const found = wire.currency.safeParse(jsonOf(element)).data;
    const id = wire.idOrNone(found?.CurrencyId);
    const code = nameOf(found?.CurrencyCode);
    if (code === undefined) continue;
    if (id !== undefined) currencies.set(id, code);
    if (wire.isTrue(found?.isDefault)) homeCurrency ??= code;
  }
  return { currencies, homeCurrency };
}

export async function readAccounts(session: PlatformSession): Promise<Map<string, LookupAccount>> {
  const { result } = await call(session, 'GetNominalCodesExtended');
  const accounts = new Map<string, LookupAccount>();
  for (const element of result?.elements ?? []) {
    const found = wire.nominalCode.safeParse(jsonOf(element)).data;
    const id = wire.idOrNone(found?.id);
    if (found === undefined || id === undefined) continue;
    const code = wire.textOrNone(found.Code)?.trim();
    accounts.set(id, { name: nameOf(found.Name), code, balance: wire.decimalOrNone(found.balance) });
  }
  return accounts;
}

export async function readBankCodes(session: PlatformSession): Promise<Map<string, string>> {
  const { result } = await call(session, 'GetBankAccounts', [], 'nothing');
  const codes = new Map<string, string>();
  for (const element of result?.elements ?? []) {
    const found = wire.bankAccount.safeParse(jsonOf(element)).data;
    const id = wire.idOrNone(found?.AccountID);
    const code = wire.idOrNone(found?.AccountCode);
    if (id !== undefined && code !== undefined) codes.set(id, code);
  }
  return codes;
}

/** Of several rates with one percentage the first stands for all: invoices name the percentage only. */
async function readTaxes(session: PlatformSession): Promise<Map<string, LookupTax>> {
  const { result } = await call(session, 'GetVATRates', [], 'nothing');
  const taxes = new Map<string, LookupTax>();
  for (const element of result?.elements ?? []) {
    const found = wire.vatRate.safeParse(jsonOf(element)).data;
    const id = wire.idOrNone(found?.ID);
    const value = found === undefined ? undefined : wire.decimalOrNone(found.Value);
    if (id === undefined || value === undefined) continue;
    const key = rateKey(value);
    if (!taxes.has(key)) taxes.set(key, { id, name: nameOf(found?.Name) });
  }
  return taxes;
}

/** A percentage as taxes are looked up by it. */
export function rateKey({ unscaled, scale }: Decimal): string {
  let digits = unscaled;
  let places = scale;
  while (places > 0 && digits % 10n === 0n) {
    digits /= 10n;
    places -= 1;
  }
  return `${digits}e-${places}`;
}

/** Every invoice by its number: payments tell no more of it. */
async function readInvoices(session: PlatformSession, nowMs: number): Promise<Map<string, LookupInvoice>> {
  const invoices = new Map<string, LookupInvoice>();
  for (const period of allPeriods(nowMs, undefined)) {
    const { result } = await readPeriod(session, period);
    for (const element of result?.elements ?? []) {
      const found = wire.invoice.safeParse(jsonOf(element)).data;
      const id = wire.idOrNone(found?.InvoiceDBID);
      const number = wire.idOrNone(found?.InvoiceNumber);
      if (found === undefined || id === undefined || number === undefined) continue;
      invoices.set(number, {
        id,
        isCredit: isCredit(element),
        customerId: wire.idOrNone(found.CustomerID),
        customerName: nameOf(found.CustomerName),
        currency: nameOf(found.CurrencyCode),
        rate: wire.decimalOrNone(found.ExchangeRate),
      });
    }
  }
  return invoices;
}
