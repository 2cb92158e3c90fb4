/**
 * Books of any size for the sandbox, in seconds: the sandbox generates small ones, and each of their invoices is copied often
 * enough. This writes into the sandbox's own files (`apps/sandbox/src/kashoo/books/schema.ts`) while it is not running.
 */
import { DatabaseSync } from 'node:sqlite';

/** Copies take ids from here on, counted from the lowest id of the business: far from what the sandbox gives out. */
const copiesFrom = 400_000_000n;

interface Template {
  readonly id: bigint;
  readonly number: string;
  readonly body: string;
  readonly contact: bigint | null;
  readonly date: string;
  readonly created_ms: bigint;
  readonly modified_ms: bigint;
  readonly total: bigint;
}

/** Fills the books of one business up to so many invoices. Changes are spread evenly over the two years before yesterday. */
export function multiplyInvoices(path: string, wanted: number): void {
  const books = new DatabaseSync(path);
  try {
    const all = (sql: string) => {
      const statement = books.prepare(sql);
      statement.setReadBigInts(true);
      return statement.all();
    };
    const templates = all(
      `SELECT r.id, r.number, r.contact, r.date, r.created_ms, r.modified_ms, r.total, b.body
       FROM records r JOIN bodies b USING (id) WHERE r.type = 'INVOICE' AND r.removed = 0 AND r.id % 1000000000 < 400000000`,
    ) as unknown as Template[];
    const stored = Number(all(`SELECT count(*) AS n FROM records WHERE type = 'INVOICE'`)[0]?.['n'] ?? 0n);
    const [first] = templates;
    if (first === undefined) throw new Error('The books hold no invoice to copy.');
    const base = first.id - (first.id % 1_000_000_000n) + copiesFrom;
    const endMs = Date.now() - 86_400_000;
    const missing = Math.max(0, wanted - stored);
    const stepMs = (2 * 365 * 86_400_000) / Math.max(1, missing);
    books.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN');
    const putRecord = books.prepare(`INSERT INTO records VALUES (?, 'INVOICE', ?, ?, ?, ?, ?, 0, ?, 0)`);
    const putBody = books.prepare('INSERT INTO bodies VALUES (?, ?)');
    for (let copy = 0; copy < missing; copy += 1) {
      const template = templates[copy % templates.length] ?? first;
      const id = base + BigInt(copy);
      const modifiedMs = Math.round(endMs - (missing - copy) * stepMs);
      const number = `C${copy}`;
      const body = template.body
        .replace(`{"id":${template.id},`, `{"id":${id},`)
        .replace(`"number":"${template.number}"`, `"number":"${number}"`)
        .replace(/"lastModified":"[^"]*"/, `"lastModified":"${new Date(modifiedMs).toISOString()}"`);
      putRecord.run(
        id,
        number,
        template.contact,
        template.date,
        template.created_ms,
        modifiedMs,
        template.total,
      );
      putBody.run(id, body);
    }
    books.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE); ANALYZE');
  } finally {
    books.close();
  }
}

/** Somebody edits the newest of so many invoices: another memo, a change of now. The sandbox may be running. */
export function editInvoices(path: string, count: number): void {
  const books = new DatabaseSync(path);
  try {
    books.exec('PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE');
    const nowMs = Date.now();
    const rows = books
      .prepare(
        `SELECT r.id, b.body FROM records r JOIN bodies b USING (id) WHERE r.type = 'INVOICE' ORDER BY r.id DESC LIMIT ?`,
      )
      .all(count);
    const putBody = books.prepare('UPDATE bodies SET body = ? WHERE id = ?');
    const putRecord = books.prepare('UPDATE records SET modified_ms = ? WHERE id = ?');
    for (const [index, row] of rows.entries()) {
      const body = String(row['body'])
        .replace(/"memo":"[^"]*"/, `"memo":"edited ${nowMs}"`)
        .replace(/"lastModified":"[^"]*"/, `"lastModified":"${new Date(nowMs + index).toISOString()}"`);
      putBody.run(body, row['id'] ?? null);
      putRecord.run(nowMs + index, row['id'] ?? null);
    }
    books.exec('COMMIT');
  } finally {
    books.close();
  }
}
