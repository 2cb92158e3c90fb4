/**
 * The books of one business: one SQLite file each. A record's narrow row holds what lists filter and sort by; its JSON text, as it
 * goes over the wire, lies in `bodies`, so that a page is a range of narrow rows plus one text per record, joined as they are.
 */
export const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE accounts (
    id INTEGER PRIMARY KEY, type TEXT NOT NULL, archived INTEGER NOT NULL, removed INTEGER NOT NULL,
    opening_date TEXT, opening_amount INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL
  );
  CREATE TABLE contacts (
    id INTEGER PRIMARY KEY, type TEXT NOT NULL, archived INTEGER NOT NULL, removed INTEGER NOT NULL,
    name TEXT NOT NULL, currency TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE TABLE items (id INTEGER PRIMARY KEY, removed INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE taxes (id INTEGER PRIMARY KEY, removed INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE records (
    id INTEGER PRIMARY KEY, type TEXT NOT NULL, number TEXT NOT NULL, contact INTEGER, date TEXT NOT NULL,
    created_ms INTEGER NOT NULL, modified_ms INTEGER NOT NULL, removed INTEGER NOT NULL, total INTEGER NOT NULL, open INTEGER NOT NULL
  );
  CREATE TABLE bodies (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE allocations (
    payment INTEGER NOT NULL, record INTEGER NOT NULL, amount INTEGER NOT NULL, local_amount INTEGER NOT NULL,
    PRIMARY KEY (payment, record)
  ) WITHOUT ROWID;
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY, record INTEGER NOT NULL, account INTEGER NOT NULL, date TEXT NOT NULL,
    debit INTEGER NOT NULL, credit INTEGER NOT NULL
  );
`;

/** Made after the bulk load. The indices of lists and balances hold all that their scans look at. */
export const INDICES = `
  CREATE INDEX records_by_type ON records (type, id, removed);
  CREATE INDEX records_by_change ON records (type, modified_ms, id, removed);
  CREATE INDEX records_by_date ON records (type, date, id, removed, modified_ms);
  CREATE INDEX records_by_contact ON records (contact, id);
  CREATE INDEX records_open ON records (type, id) WHERE open = 1;
  CREATE INDEX allocations_by_record ON allocations (record, payment);
  CREATE INDEX entries_by_account ON entries (account, date, id, debit, credit);
  CREATE INDEX entries_by_record ON entries (record);
`;
