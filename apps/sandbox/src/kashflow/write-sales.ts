/** Invoices, receipts and their payments, as KashFlow takes them: everything goes through the ledger of the books. */
import { type Decimal, divideRounded, lineCents } from '../exact/decimal.ts';
import type { Json } from '../exact/json.ts';
import type { BookStore } from '../kashoo/books/store.ts';
import { createLedger } from '../kashoo/edits/ledger.ts';
import { badRequest } from '../kashoo/errors.ts';
import { isSale, type SaleRecord } from '../kashoo/records.ts';
import type { Received } from './received.ts';
import {
  accountOfBank,
  bodyOf,
  CURRENCIES,
  LETTERED_OFFSET,
  longId,
  METHODS,
  numberOf,
  shortId,
} from './view.ts';
import { taxCodeOf } from './write-items.ts';

type SaleType = 'INVOICE' | 'BILL';

const PARTIES = {
  INVOICE: { type: 'CUSTOMER', word: 'customer' },
  BILL: { type: 'VENDOR', word: 'supplier' },
} as const;
const WORDS = { INVOICE: 'invoice', BILL: 'receipt' } as const;
/** The most that the platform's column of an amount holds, in cents. */
const MOST_CENTS = 92_233_720_368_547_758n;
const MONEY_TYPES: ReadonlySet<string> = new Set(['BANK', 'CREDIT_CARD', 'CASH']);

const cents = ({ digits, scale }: Decimal): bigint => divideRounded(digits * 100n, 10n ** BigInt(scale));

/** Adds an invoice or receipt. @returns its number */
export function insertSale(store: BookStore, nowMs: number, type: SaleType, record: Received): bigint {
  const wanted = record.whole('InvoiceNumber');
  const { taken, highest } = numbers(store, type);
  if (wanted < 0n) throw badRequest('The number cannot be negative');
  if (taken.has(wanted)) throw badRequest(`The number ${wanted} is already in use`);
  const number = wanted === 0n ? highest + 1n : wanted;
  createLedger(store, () => nowMs).create(type, {
    ...headOf(store, type, record, undefined),
    number: String(number),
    lineItems: linesOf(store, record),
  });
  return number;
}

/** Writes an invoice or receipt anew; its lines too, unless only the header is meant. */
export function updateSale(
  store: BookStore,
  nowMs: number,
  type: SaleType,
  record: Received,
  what: 'all' | 'header',
): bigint {
  const existing = saleOf(store, type, record);
  createLedger(store, () => nowMs).update(existing.id, {
    ...headOf(store, type, record, existing),
    ...(what === 'all' ? { lineItems: linesOf(store, record) } : {}),
  });
  return shortId(store, existing.id);
}

function saleOf(store: BookStore, type: SaleType, record: Received): SaleRecord {
  const id = record.whole('InvoiceDBID');
  const found =
    id === 0n ? saleByNumber(store, type, record.whole('InvoiceNumber')) : store.record(longId(store, id));
  if (found === undefined || !isSale(found) || found.type !== type || found.removed)
    throw badRequest(`There is no ${WORDS[type]} with that number`);
  return found;
}

/** A sale by the platform's number, which is not always the books' own. */
export function saleByNumber(store: BookStore, type: SaleType, number: bigint): SaleRecord | undefined {
  const found = store
    .all('SELECT id, number FROM records WHERE removed = 0 AND type = ?', type)
    .find((candidate) => numberOf(String(candidate['number'])) === number);
  const record = found === undefined ? undefined : store.record(found['id'] as bigint);
  return record !== undefined && isSale(record) ? record : undefined;
}

function numbers(store: BookStore, type: SaleType): { taken: Set<bigint>; highest: bigint } {
  const taken = new Set(
    store
      .all('SELECT number FROM records WHERE type = ?', type)
      .map(({ number }) => numberOf(String(number))),
  );
  let highest = 0n;
  for (const number of taken) if (number < LETTERED_OFFSET && number > highest) highest = number;
  return { taken, highest };
}

function headOf(
  store: BookStore,
  type: SaleType,
  record: Received,
  existing: SaleRecord | undefined,
): Readonly<Record<string, Json>> {
  const date = record.date('InvoiceDate');
  if (date === undefined) throw badRequest('The date is missing');
  const dueDate = record.date('DueDate');
  const home = store.book.profile.homeCurrency;
  const currency = record.text('CurrencyCode').trim() || home;
  if (!CURRENCIES.includes(currency)) throw badRequest(`${currency} is not one of your currencies`);
  const rate = record.decimal('ExchangeRate');
  if (currency !== home && rate.digits <= 0n) throw badRequest(`The exchange rate of ${currency} is missing`);
  return {
    ...partyOf(store, type, record.whole('CustomerID'), existing),
    date,
    ...(dueDate === undefined ? {} : { dueDate }),
    currency,
    ...(currency === home ? {} : { exchangeRate: rate }),
    poNumber: record.text('CustomerReference'),
  };
}

/** Who bought or sold. What has nobody yet, which only the books themselves can bring about, may stay so. */
function partyOf(
  store: BookStore,
  type: SaleType,
  id: bigint,
  existing: SaleRecord | undefined,
): { contact?: bigint } {
  if (id === 0n && existing !== undefined && !existing.contact) return {};
  const party = PARTIES[type];
  const contact = longId(store, id);
  if (
    id === 0n ||
    !store.get('SELECT 1 FROM contacts WHERE id = ? AND type = ? AND removed = 0', contact, party.type)
  )
    throw badRequest(`There is no ${party.word} with that ID`);
  return { contact };
}

function linesOf(store: BookStore, record: Received): Json[] {
  const lines = record.list('Lines', 'InvoiceLine').map((line) => {
    const [quantity, rate, vat] = [
      line.decimal('Quantity'),
      line.decimal('Rate'),
      cents(line.decimal('VatAmount')),
    ];
    const amount = lineCents(quantity, rate);
    if ([amount, vat].some((part) => part > MOST_CENTS || part < -MOST_CENTS))
      throw badRequest('Arithmetic overflow error converting numeric to data type money');
    const item = itemOf(store, line.whole('ProductID'));
    const account = accountOf(store, line.whole('ChargeType')) ?? item?.account;
    const taxCode = taxCodeOf(store, line.decimal('VatRate'));
    if (taxCode === '' && vat !== 0n) throw badRequest('VAT was given where none applies');
    return {
      amount,
      line: {
        description: line.text('Description'),
        quantity,
        rate,
        taxCode,
        ...(taxCode === '' ? {} : { taxAmount: vat }),
        ...(item === undefined ? {} : { item: item.id }),
        ...(account === undefined ? {} : { account }),
      },
    };
  });
  const total = lines.reduce((sum, { amount }) => sum + amount, 0n);
  if (total > MOST_CENTS || total < -MOST_CENTS)
    throw badRequest('Arithmetic overflow error converting numeric to data type money');
  return lines.map(({ line }) => line);
}

function itemOf(store: BookStore, id: bigint): { id: bigint; account: bigint | undefined } | undefined {
  if (id === 0n) return undefined;
  const item = longId(store, id);
  const found = store.get('SELECT body FROM items WHERE id = ? AND removed = 0', item);
  if (found === undefined) throw badRequest('There is no product with that ID');
  const account = bodyOf(found['body'])['creditAccount'];
  return { id: item, account: typeof account === 'bigint' ? account : undefined };
}

function accountOf(store: BookStore, id: bigint): bigint | undefined {
  if (id === 0n) return undefined;
  const account = longId(store, id);
  if (!store.get('SELECT 1 FROM accounts WHERE id = ? AND removed = 0', account))
    throw badRequest('There is no nominal code with that ID');
  return account;
}

/** Adds a payment of one invoice or receipt. @returns its id */
export function insertPayment(store: BookStore, nowMs: number, of: SaleType, record: Received): bigint {
  const sale = saleByNumber(store, of, record.whole('PayInvoice'));
  if (sale === undefined) throw badRequest(`There is no ${WORDS[of]} with that number`);
  const bank = accountOfBank(store, record.whole('PayAccount'));
  if (
    !store.book.accounts.some(
      ({ id, type, removed = false }) => id === bank && MONEY_TYPES.has(type) && !removed,
    )
  )
    throw badRequest('There is no bank account with that ID');
  const method = METHODS.find(([id]) => BigInt(id) === record.whole('PayMethod'));
  if (method === undefined) throw badRequest('There is no payment method with that ID');
  const date = record.date('PayDate');
  if (date === undefined) throw badRequest('The date is missing');
  const amount = cents(record.decimal('PayAmount'));
  if (amount === 0n || amount > 0n !== sale.balanceDue > 0n)
    throw badRequest(`The amount is more than is outstanding on ${WORDS[of]} ${numberOf(sale.number)}`);
  const { contact, contactName, currency, exchangeRate, id } = sale;
  const payment = createLedger(store, () => nowMs).create(`${of}_PAYMENT`, {
    ...(contact ? { contact } : {}),
    ...(contactName ? { contactName } : {}),
    date,
    currency,
    exchangeRate,
    memo: record.text('PayNote'),
    account: bank,
    amount,
    allocations: [{ record: id, amount }],
    method: method[2],
  });
  return shortId(store, payment.id);
}
