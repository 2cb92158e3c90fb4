import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { parseJson, writeJson } from '../../exact/json.ts';
import { type Book, firstFreeId } from '../chart.ts';
import type { LocalAllocation, Posting } from '../postings.ts';
import { type BookRecord, isPayment, isSale, revivedRecord } from '../records.ts';
import { INDICES, TABLES } from './schema.ts';

type Row = Record<string, SQLOutputValue>;

/** Ids of journal entries lie in the upper half of a business's ids. */
const ENTRY_OFFSET = 500_000_000n;

interface ContactRow {
  id: bigint;
  type: string;
  name: string;
  currency: string;
  archived: boolean;
  removed: boolean;
}

/** The books of one business on disk. All calls are synchronous; integers are read as `bigint`. */
export interface BookStore {
  readonly book: Book;
  /** Runs a query; the statement is prepared once per text. */
  all(sql: string, ...values: SQLInputValue[]): Row[];
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  run(sql: string, ...values: SQLInputValue[]): void;
  /** Runs `work` in one transaction; a throw undoes it. */
  transaction<T>(work: () => T): T;
  /** For the bulk load of a fresh file alone, which outlives one call. */
  begin(): void;
  commit(): void;
  nextId(): bigint;
  insertAccount(
    account: { id: bigint; type: string; archived: boolean; removed: boolean },
    body: object,
  ): void;
  setOpeningBalance(account: bigint, date: string, amountCents: bigint): void;
  insertContact(contact: ContactRow, body: object): void;
  insertItem(id: bigint, removed: boolean, body: object): void;
  insertTax(id: bigint, removed: boolean, body: object): void;
  /** Writes a record that is new. `postings` and `allocations` are empty for a removed one. */
  insertRecord(
    record: BookRecord,
    postings: readonly Posting[],
    allocations: readonly LocalAllocation[],
  ): void;
  /** Replaces a record with all that hangs on it. */
  replaceRecord(
    record: BookRecord,
    postings: readonly Posting[],
    allocations: readonly LocalAllocation[],
  ): void;
  record(id: bigint): BookRecord | undefined;
  /** Grows with every write: what was remembered about positions in a list is void after it. */
  readonly version: number;
  createIndices(): void;
  setMeta(key: string, value: string): void;
  close(): void;
}

const flag = (value: boolean): number => (value ? 1 : 0);

/** Amount by which lists sort and filter, and whether live edits may still pay the record. */
function summaryOf(record: BookRecord): { total: bigint; open: boolean } {
  if (isSale(record))
    return {
      total: record.totalDue,
      open: !record.removed && record.totalDue > 0n && record.balanceDue > 0n,
    };
  if (isPayment(record) || record.type === 'TRANSFER') return { total: record.amount, open: false };
  return { total: record.lines.reduce((sum, { debit }) => sum + debit, 0n), open: false };
}

export interface OpenOptions {
  path: string;
  book: Book;
  /** A new file is loaded without a journal, and thrown away when loading fails. */
  fresh: boolean;
}

/** Opens the books in `path`; a fresh file gets its tables. */
export function openBookStore({ path, book, fresh }: OpenOptions): BookStore {
  const db = new DatabaseSync(path);
  db.exec(
    fresh
      ? `PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -131072; ${TABLES}`
      : 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;',
  );
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known) return known;
    const made = db.prepare(sql);
    made.setReadBigInts(true);
    prepared.set(sql, made);
    return made;
  };
  const get: BookStore['get'] = (sql, ...values) => statement(sql).get(...values);
  const highest = (sql: string, least: bigint): bigint => {
    const value = get(sql)?.['id'];
    return typeof value === 'bigint' && value >= least ? value + 1n : least;
  };
  const idSources = ['accounts', 'contacts', 'items', 'taxes', 'records'].map(
    (table) => `SELECT max(id) AS id FROM ${table}`,
  );
  let nextId = highest(`SELECT max(id) AS id FROM (${idSources.join(' UNION ALL ')})`, firstFreeId(book));
  let nextEntry = highest('SELECT max(id) AS id FROM entries', book.profile.idBase + ENTRY_OFFSET);
  let version = 0;

  const putRecord = statement('INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const putBody = statement('INSERT OR REPLACE INTO bodies VALUES (?, ?)');
  const putEntry = statement('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)');
  const putAllocation = statement('INSERT INTO allocations VALUES (?, ?, ?, ?)');

  const insertRecord: BookStore['insertRecord'] = (record, postings, allocations) => {
    const { total, open } = summaryOf(record);
    putRecord.run(
      record.id,
      record.type,
      record.number,
      record.contact ? record.contact : null,
      record.date,
      Date.parse(record.creation),
      Date.parse(record.lastModified),
      flag(record.removed),
      total,
      flag(open),
    );
    putBody.run(record.id, writeJson(record));
    for (const { account, amount } of postings) {
      putEntry.run(
        nextEntry,
        record.id,
        account,
        record.date,
        amount > 0n ? amount : 0n,
        amount < 0n ? -amount : 0n,
      );
      nextEntry += 1n;
    }
    for (const allocation of allocations)
      putAllocation.run(record.id, allocation.record, allocation.amount, allocation.localAmount);
    version += 1;
  };

  return {
    book,
    get,
    all: (sql, ...values) => statement(sql).all(...values),
    run: (sql, ...values) => {
      statement(sql).run(...values);
      version += 1;
    },
    transaction: (work) => {
      db.exec('BEGIN');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    begin: () => db.exec('BEGIN'),
    commit: () => db.exec('COMMIT'),
    nextId: () => {
      const id = nextId;
      nextId += 1n;
      return id;
    },
    insertAccount: (account, body) => {
      statement(
        'INSERT OR REPLACE INTO accounts (id, type, archived, removed, body) VALUES (?, ?, ?, ?, ?)',
      ).run(account.id, account.type, flag(account.archived), flag(account.removed), writeJson(body));
    },
    setOpeningBalance: (account, date, amountCents) => {
      statement('UPDATE accounts SET opening_date = ?, opening_amount = ? WHERE id = ?').run(
        date,
        amountCents,
        account,
      );
    },
    insertContact: (contact, body) => {
      statement('INSERT OR REPLACE INTO contacts VALUES (?, ?, ?, ?, ?, ?, ?)').run(
        contact.id,
        contact.type,
        flag(contact.archived),
        flag(contact.removed),
        contact.name,
        contact.currency,
        writeJson(body),
      );
    },
    insertItem: (id, removed, body) => {
      statement('INSERT OR REPLACE INTO items VALUES (?, ?, ?)').run(id, flag(removed), writeJson(body));
    },
    insertTax: (id, removed, body) => {
      statement('INSERT OR REPLACE INTO taxes VALUES (?, ?, ?)').run(id, flag(removed), writeJson(body));
    },
    insertRecord,
    replaceRecord: (record, postings, allocations) => {
      statement('DELETE FROM entries WHERE record = ?').run(record.id);
      statement('DELETE FROM allocations WHERE payment = ?').run(record.id);
      insertRecord(record, postings, allocations);
    },
    record: (id) => {
      const body = get('SELECT body FROM bodies WHERE id = ?', id)?.['body'];
      return typeof body === 'string' ? revivedRecord(parseJson(body)) : undefined;
    },
    get version() {
      return version;
    },
    createIndices: () => db.exec(INDICES),
    setMeta: (key, value) => {
      statement('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(key, value);
    },
    close: () => db.close(),
  };
}

/** The recipe that the complete books in `path` were made from; `undefined` for no file, or one whose making was cut short. */
export function readRecipe(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const value = db.prepare("SELECT value FROM meta WHERE key = 'recipe'").get()?.['value'];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  } finally {
    db.close();
  }
}
