import { scaleCents } from '../exact/decimal.ts';
import type { Book } from './chart.ts';
import type { AdjustmentRecord, BookRecord, PaymentRecord, SaleRecord, TransferRecord } from './records.ts';

/** One side of a record's double entry, in home-currency cents: a debit when positive, a credit when negative. */
export interface Posting {
  account: bigint;
  amount: bigint;
}

/** One allocation with the home-currency cents that it clears from receivables or payables. */
export interface LocalAllocation {
  record: bigint;
  amount: bigint;
  localAmount: bigint;
}

function merged(postings: readonly Posting[]): Posting[] {
  const byAccount = new Map<bigint, bigint>();
  for (const { account, amount } of postings) byAccount.set(account, (byAccount.get(account) ?? 0n) + amount);
  return [...byAccount]
    .filter(([, amount]) => amount !== 0n)
    .map(([account, amount]) => ({ account, amount }));
}

const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** Converted lines may miss the converted total by a cent or two: the largest line takes the difference. */
function salePostings(record: SaleRecord, book: Book): Posting[] {
  const parts = record.lineItems.map((line) => ({
    account: line.account ?? book.accountOf.suspense,
    amount: scaleCents(line.amount, record.exchangeRate),
  }));
  for (const tax of record.taxAmounts) {
    const component = book.taxes.get(tax.taxCode)?.components.find(({ name }) => name === tax.name);
    parts.push({
      account: component?.account ?? book.accountOf.salesTax,
      amount: scaleCents(tax.amount, record.exchangeRate),
    });
  }
  const largest = parts.reduce<Posting | undefined>(
    (best, part) => (best === undefined || magnitude(part.amount) > magnitude(best.amount) ? part : best),
    undefined,
  );
  if (largest)
    largest.amount += record.totalLocalDue - parts.reduce((total, { amount }) => total + amount, 0n);
  const direction = record.type === 'INVOICE' ? -1n : 1n;
  return merged([
    { account: record.account, amount: -direction * record.totalLocalDue },
    ...parts.map(({ account, amount }) => ({ account, amount: direction * amount })),
  ]);
}

/** Receivables are cleared at the rate they were booked at; what the payment's own rate differs by is a gain or loss on exchange. */
function paymentPostings(
  record: PaymentRecord,
  allocations: readonly LocalAllocation[],
  book: Book,
): Posting[] {
  const incoming = record.type === 'INVOICE_PAYMENT';
  const direction = incoming ? 1n : -1n;
  const paid = scaleCents(record.amount, record.exchangeRate);
  const cleared = allocations.reduce((total, { localAmount }) => total + localAmount, 0n);
  const kept = scaleCents(record.unallocatedAmount, record.exchangeRate);
  return merged([
    { account: record.account, amount: direction * paid },
    { account: incoming ? book.accountOf.receivable : book.accountOf.payable, amount: -direction * cleared },
    { account: record.creditAccount, amount: -direction * kept },
    { account: book.accountOf.exchange, amount: -direction * (paid - cleared - kept) },
  ]);
}

function transferPostings(record: TransferRecord): Posting[] {
  const local = scaleCents(record.amount, record.exchangeRate);
  return merged([
    { account: record.toAccount, amount: local },
    { account: record.fromAccount, amount: -local },
  ]);
}

function adjustmentPostings(record: AdjustmentRecord): Posting[] {
  return merged(record.lines.map(({ account, debit, credit }) => ({ account, amount: debit - credit })));
}

/**
 * The double entry of a record. A removed record posts nothing.
 * Throws when debits and credits differ: such a record must never reach the books.
 */
export function postingsOf(
  record: BookRecord,
  allocations: readonly LocalAllocation[],
  book: Book,
): Posting[] {
  if (record.removed) return [];
  const postings = rawPostings(record, allocations, book);
  const difference = postings.reduce((total, { amount }) => total + amount, 0n);
  if (difference !== 0n) throw new RangeError(`record ${record.id} is out of balance by ${difference} cents`);
  return postings;
}

function rawPostings(record: BookRecord, allocations: readonly LocalAllocation[], book: Book): Posting[] {
  switch (record.type) {
    case 'INVOICE':
    case 'BILL':
      return salePostings(record, book);
    case 'INVOICE_PAYMENT':
    case 'BILL_PAYMENT':
      return paymentPostings(record, allocations, book);
    case 'TRANSFER':
      return transferPostings(record);
    default:
      return adjustmentPostings(record);
  }
}

/**
 * Home-currency cents that an allocation of `amount` clears, when `earlier` allocations have cleared a part already.
 * The allocation that settles the record takes what is left, so that nothing of a settled record stays behind.
 */
export function clearedLocally(
  sale: Pick<SaleRecord, 'totalDue' | 'totalLocalDue' | 'exchangeRate'>,
  amount: bigint,
  earlier: { amount: bigint; localAmount: bigint },
): bigint {
  return earlier.amount + amount === sale.totalDue
    ? sale.totalLocalDue - earlier.localAmount
    : scaleCents(amount, sale.exchangeRate);
}
