import { Decimal, lineCents, percentOfCents, scaleCents } from '../exact/decimal.ts';
import type { Json } from '../exact/json.ts';
import type { Book } from './chart.ts';

export type SaleType = 'INVOICE' | 'BILL';
export type PaymentType = 'INVOICE_PAYMENT' | 'BILL_PAYMENT';
export type JournalType = 'ADJUSTMENT' | 'YEAR_END_ADJUSTMENT';
export type RecordType = SaleType | PaymentType | JournalType | 'TRANSFER' | 'OPENING_BALANCE';

export const RECORD_TYPES: readonly RecordType[] = [
  'INVOICE',
  'TRANSFER',
  'ADJUSTMENT',
  'BILL',
  'BILL_PAYMENT',
  'INVOICE_PAYMENT',
  'YEAR_END_ADJUSTMENT',
  'OPENING_BALANCE',
];

/** Members that all records share on the wire. Amounts in cents; `date` is a calendar day; `creation` and `lastModified` are ISO instants. */
export interface Head {
  id: bigint;
  business: bigint;
  number: string;
  /** Absent, null and 0 all mean: no customer or supplier. */
  contact?: bigint | null | undefined;
  contactName?: string | null | undefined;
  date: string;
  currency: string;
  homeCurrency: string;
  /** Home units for one unit of `currency`. */
  exchangeRate: Decimal;
  description: string;
  memo: string;
  removed: boolean;
  readOnly: boolean;
  foreignCurrency: boolean;
  creation: string;
  lastModified: string;
}

interface LineItem {
  id: bigint;
  item?: bigint | undefined;
  description: string;
  account?: bigint | undefined;
  quantity: Decimal;
  /** Major units. */
  rate: Decimal;
  /** Cents, before tax. */
  amount: bigint;
  taxCode: string;
  /** Cents, where they were given and not computed. */
  taxAmount?: bigint | undefined;
  discountCode: string;
}

export interface PaymentIn {
  record: bigint;
  amount: bigint;
  date: string;
}

export interface SaleRecord extends Head {
  type: SaleType;
  account: bigint;
  terms: string;
  dueDate: string;
  poNumber: string;
  totalBeforeTaxes: bigint;
  totalDue: bigint;
  totalLocalDue: bigint;
  balanceDue: bigint;
  totalPaid: bigint;
  totalPaidImmediately: bigint;
  totalPaidLater: bigint;
  paid: boolean;
  income: boolean;
  lineItems: LineItem[];
  taxAmounts: { taxCode: string; name: string; amount: bigint }[];
  payments: PaymentIn[];
  attachments: never[];
  links: never[];
}

interface AllocationOut {
  record: bigint;
  amount: bigint;
}

export interface PaymentRecord extends Head {
  type: PaymentType;
  /** The bank account. */
  account: bigint;
  /** Where an unallocated rest is held. */
  creditAccount: bigint;
  amount: bigint;
  unallocatedAmount: bigint;
  allocations: AllocationOut[];
  method: string;
  byCheck: boolean;
}

export interface AdjustmentRecord extends Head {
  type: JournalType;
  lines: { account: bigint; debit: bigint; credit: bigint; description: string }[];
}

export interface TransferRecord extends Head {
  type: 'TRANSFER';
  fromAccount: bigint;
  toAccount: bigint;
  amount: bigint;
}

export type BookRecord = SaleRecord | PaymentRecord | AdjustmentRecord | TransferRecord;

export type LineDraft = Omit<LineItem, 'amount' | 'discountCode'>;
export type SaleDraft = Head &
  Pick<SaleRecord, 'type' | 'terms' | 'dueDate' | 'poNumber'> & { lineItems: readonly LineDraft[] };
export type PaymentDraft = Head &
  Pick<PaymentRecord, 'type' | 'account' | 'amount' | 'allocations' | 'method'>;

export const isSale = (record: BookRecord): record is SaleRecord =>
  record.type === 'INVOICE' || record.type === 'BILL';
export const isPayment = (record: BookRecord): record is PaymentRecord =>
  record.type === 'INVOICE_PAYMENT' || record.type === 'BILL_PAYMENT';

const NONE = new Decimal(0n, 0);

/**
 * Tax by code and component: on the sum of the lines that carry the code, rounded once per component. Where lines came with a tax of
 * their own, that is what the code comes to; the last component takes what the others leave of it.
 */
function taxAmountsOf(lines: readonly LineItem[], book: Book): SaleRecord['taxAmounts'] {
  const bases = new Map<string, { base: bigint; given: bigint; isGiven: boolean }>();
  for (const { taxCode, amount, taxAmount } of lines) {
    if (taxCode === '') continue;
    const { base, given, isGiven } = bases.get(taxCode) ?? { base: 0n, given: 0n, isGiven: false };
    bases.set(taxCode, {
      base: base + amount,
      given: given + (taxAmount ?? percentOfCents(amount, book.taxes.get(taxCode)?.rate ?? NONE)),
      isGiven: isGiven || taxAmount !== undefined,
    });
  }
  return [...bases].flatMap(([taxCode, { base, given, isGiven }]) => {
    let charged = 0n;
    const components = book.taxes.get(taxCode)?.components ?? [];
    return components.map((component, index) => {
      const isLast = index === components.length - 1;
      const amount =
        isGiven && isLast
          ? given - charged
          : percentOfCents(component.compound ? base + charged : base, component.rate);
      charged += amount;
      return { taxCode, name: component.name, amount };
    });
  });
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

/** Completes an invoice or bill: every total follows from its lines, the taxes of the book and the payments that are allocated to it. */
export function saleRecord(draft: SaleDraft, payments: readonly PaymentIn[], book: Book): SaleRecord {
  const lineItems = draft.lineItems.map(
    (line): LineItem => ({
      id: line.id,
      item: line.item,
      description: line.description,
      account: line.account,
      quantity: line.quantity,
      rate: line.rate,
      amount: lineCents(line.quantity, line.rate),
      taxCode: line.taxCode,
      taxAmount: line.taxAmount,
      discountCode: '',
    }),
  );
  const taxAmounts = taxAmountsOf(lineItems, book);
  const totalBeforeTaxes = sum(lineItems.map(({ amount }) => amount));
  const totalDue = totalBeforeTaxes + sum(taxAmounts.map(({ amount }) => amount));
  const totalPaid = sum(payments.map(({ amount }) => amount));
  const totalPaidImmediately = sum(
    payments.filter(({ date }) => date === draft.date).map(({ amount }) => amount),
  );
  return {
    ...headOf(draft),
    type: draft.type,
    account: draft.type === 'INVOICE' ? book.accountOf.receivable : book.accountOf.payable,
    terms: draft.terms,
    dueDate: draft.dueDate,
    poNumber: draft.poNumber,
    totalBeforeTaxes,
    totalDue,
    totalLocalDue: scaleCents(totalDue, draft.exchangeRate),
    balanceDue: totalDue - totalPaid,
    totalPaid,
    totalPaidImmediately,
    totalPaidLater: totalPaid - totalPaidImmediately,
    paid: totalDue === totalPaid,
    income: draft.type === 'INVOICE',
    lineItems,
    taxAmounts,
    payments: payments.map(({ record, amount, date }) => ({ record, amount, date })),
    attachments: [],
    links: [],
  };
}

/** Completes a payment: what its allocations leave over is unallocated. */
export function paymentRecord(draft: PaymentDraft, book: Book): PaymentRecord {
  return {
    ...headOf(draft),
    type: draft.type,
    account: draft.account,
    creditAccount:
      draft.type === 'INVOICE_PAYMENT' ? book.accountOf.clientCredit : book.accountOf.vendorPrepaid,
    amount: draft.amount,
    unallocatedAmount: draft.amount - sum(draft.allocations.map(({ amount }) => amount)),
    allocations: draft.allocations.map(({ record, amount }) => ({ record, amount })),
    method: draft.method,
    byCheck: draft.method === 'CHECK',
  };
}

/** The shared members alone, in wire order. */
function headOf(head: Head): Head {
  return {
    id: head.id,
    business: head.business,
    number: head.number,
    contact: head.contact,
    contactName: head.contactName,
    date: head.date,
    currency: head.currency,
    homeCurrency: head.homeCurrency,
    exchangeRate: head.exchangeRate,
    description: head.description,
    memo: head.memo,
    removed: head.removed,
    readOnly: head.readOnly,
    foreignCurrency: head.foreignCurrency,
    creation: head.creation,
    lastModified: head.lastModified,
  };
}

const asDecimal = (value: Decimal | bigint): Decimal =>
  value instanceof Decimal ? value : new Decimal(value, 0);

/** A record from its parsed wire text, where a decimal that happens to be whole came as an integer. */
export function revivedRecord(json: Json): BookRecord {
  // Only the builders of this module write records, so that what was written has these very shapes.
  const record = json as unknown as BookRecord;
  const head = { exchangeRate: asDecimal(record.exchangeRate) };
  if (!isSale(record)) return { ...record, ...head };
  const lineItems = record.lineItems.map((line) => ({
    ...line,
    quantity: asDecimal(line.quantity),
    rate: asDecimal(line.rate),
  }));
  return { ...record, ...head, lineItems };
}
