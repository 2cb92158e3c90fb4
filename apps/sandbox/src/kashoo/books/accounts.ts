import { writeJson } from '../../exact/json.ts';
import { CREDIT_TYPES } from '../chart.ts';
import type { BookStore } from './store.ts';

const bigintOf = (value: unknown): bigint => (typeof value === 'bigint' ? value : 0n);

/**
 * Balance of an account in home-currency cents at the end of a day (`undefined`: now), positive in its normal direction.
 * Its opening balance, which TrulySmall keeps beside the entries, is part of it. `undefined` when there is no such account.
 */
export function accountBalance(store: BookStore, account: bigint, date?: string): bigint | undefined {
  const row = store.get('SELECT type, opening_date, opening_amount FROM accounts WHERE id = ?', account);
  if (!row) return undefined;
  const until = date ?? '9999-12-31';
  const sums = store.get(
    'SELECT sum(debit) AS debit, sum(credit) AS credit FROM entries WHERE account = ? AND date <= ?',
    account,
    until,
  );
  const difference = bigintOf(sums?.['debit']) - bigintOf(sums?.['credit']);
  const openingDate = row['opening_date'];
  const opening =
    typeof openingDate === 'string' && openingDate <= until ? bigintOf(row['opening_amount']) : 0n;
  return opening + (CREDIT_TYPES.has(String(row['type'])) ? -difference : difference);
}

export interface EntryQuery {
  account: bigint;
  startDate?: string | undefined;
  endDate?: string | undefined;
  descending: boolean;
  offset: number;
  limit: number;
}

/** One page of an account's journal entries as JSON texts, by date and id. Amounts are home-currency cents. */
export function journalEntries(store: BookStore, query: EntryQuery): string[] {
  const order = query.descending ? 'DESC' : 'ASC';
  const rows = store.all(
    `SELECT e.id, e.record, r.type, r.number, r.contact, e.date, e.debit, e.credit FROM (
       SELECT id, record, date, debit, credit FROM entries WHERE account = ? AND date >= ? AND date <= ?
       ORDER BY date ${order}, id ${order} LIMIT ? OFFSET ?
     ) e JOIN records r ON r.id = e.record ORDER BY e.date ${order}, e.id ${order}`,
    query.account,
    query.startDate ?? '',
    query.endDate ?? '9999-12-31',
    query.limit,
    query.offset,
  );
  const currency = store.book.profile.homeCurrency;
  return rows.map((row) =>
    writeJson({
      id: row['id'],
      record: row['record'],
      recordType: row['type'],
      account: query.account,
      date: row['date'],
      memo: `${row['type']} ${row['number']}`,
      debit: row['debit'],
      credit: row['credit'],
      contact: row['contact'],
      currency,
    }),
  );
}

/** Opening balances of one account: TrulySmall has them, Classic posts adjustments instead. */
export function openingBalances(store: BookStore, account: bigint): string[] {
  const row = store.get(
    'SELECT opening_date, opening_amount FROM accounts WHERE id = ? AND opening_date IS NOT NULL',
    account,
  );
  return row ? [writeJson({ account, date: row['opening_date'], amount: row['opening_amount'] })] : [];
}
