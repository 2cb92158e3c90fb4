/**
 * Books of any size within a minute: invoices that a real sync read and mapped are multiplied by one statement, each with an id, a
 * number, a customer and dates of its own. Tables, typed columns and counters are what a sync of as many would have left behind.
 */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';

/** Whose books. */
export interface Books {
  readonly clientId: string;
  readonly companyId: string;
  readonly connectionId: string;
}

/**
 * What filters find in filled books of a million: `PartiallyPaid`, `Void` (marked deleted) and one customer's are one invoice in a
 * hundred each, and so is what changed a month after the first sync; dates rise with the order of storing, a thousand days in all.
 */
export const found = {
  rareStatus: 'PartiallyPaid',
  commonStatus: 'Paid',
  customer: 'customer-0',
  changedFrom: '2026-02-01T00:00:00Z',
  /** The last ten days, ten days in the middle, and the second half. */
  lastDays: '2025-09-17',
  middleDays: ['2024-06-01', '2024-06-11'],
  secondHalf: '2024-05-15',
} as const;

/** A company with a Linked connection and no data. */
export async function createBooks(pool: Pool, clientId: string, name: string): Promise<Books> {
  const books = { clientId, companyId: randomUUID(), connectionId: randomUUID() };
  await pool.query('INSERT INTO companies (id, client_id, name) VALUES ($1, $2, $3)', [
    books.companyId,
    clientId,
    name,
  ]);
  await pool.query(
    `INSERT INTO connections (id, client_id, company_id, platform_key, status, linked_at, last_sync_at)
     VALUES ($1, $2, $3, 'ksho', 'Linked', now(), now())`,
    [books.connectionId, clientId, books.companyId],
  );
  return books;
}

/**
 * Stores invoices 1 to `count` of books that have none. Nobody else may use the database meanwhile.
 * @param templates books whose invoices a sync has read
 */
export async function fillInvoices(pool: Pool, templates: Books, books: Books, count: number): Promise<void> {
  const scopes = [books.companyId, books.connectionId, templates.companyId, templates.connectionId];
  const client = await pool.connect();
  try {
    await client.query(
      `INSERT INTO datasets (client_id, company_id, connection_id, data_type, mapping_version, latest_run_id, latest_successful_run_id,
         last_successful_sync_at, last_seq, record_count, deleted_count)
       SELECT $6, $1, $2, 'invoices', mapping_version, latest_run_id, latest_successful_run_id, last_successful_sync_at, $5, $5, $5::bigint / 100
       FROM datasets WHERE company_id = $3 AND connection_id = $4 AND data_type = 'invoices'`,
      [...scopes, count, books.clientId],
    );
    // Indexes are made faster of what is there than kept while it comes.
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
       WHERE indrelid = 'invoices'::regclass AND NOT indisprimary`,
    );
    for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
    // The statement's two keys look like one to the planner: merged by the first, each invoice would meet every template of its status.
    await client.query('SET enable_mergejoin = off');
    await client.query(fillStatement, [...scopes, count]);
    for (const { definition } of indexes) await client.query(definition);
    await client.query('VACUUM ANALYZE invoices');
  } finally {
    // Its settings are not those of the others.
    client.release(true);
  }
}

/** Small enough for every status that the sandbox's books have. */
const templatesOfAStatus = 16;

/** What a filled invoice keeps of its template: everything behind the dates. Documents begin with the members that are replaced. */
const fillStatement = `
  WITH template AS MATERIALIZED (
    SELECT regexp_replace(document::text, '^.*?"dueDate":"[^"]*"', '') AS rest, status, row_number() OVER (PARTITION BY status ORDER BY seq) - 1 AS place,
      paid_on_date, currency, currency_rate, sub_total, total_discount, total_tax_amount,
      total_amount, amount_due, note
    FROM invoices WHERE company_id = $3 AND connection_id = $4 AND length(document::text) < 1800
  ), planned AS (
    SELECT number, (CASE number % 100 WHEN 0 THEN '${found.rareStatus}' WHEN 1 THEN 'Void' WHEN 2 THEN 'Submitted' WHEN 3 THEN 'Submitted' ELSE '${found.commonStatus}' END) AS status,
      CASE WHEN number % 100 = 2 THEN '${found.customer}' ELSE 'customer-' || (1 + number * 7919 % 4000) END AS customer,
      timestamp '2023-01-01' + interval '1 day' * ((number - 1) * 1000 / $5::bigint) AS issued_on,
      CASE WHEN number % 100 = 4 THEN timestamptz '${found.changedFrom}' ELSE timestamptz '2026-01-01T00:00:00Z' END + interval '1 millisecond' * number AS modified_at
    FROM generate_series(1, $5::bigint) AS number
  )
  INSERT INTO invoices (company_id, connection_id, id, seq, document, content_hash, modified_at, source_modified_at, is_deleted,
    invoice_number, customer_id, customer_name, issue_date, due_date, paid_on_date, currency, currency_rate, sub_total, total_discount,
    total_tax_amount, total_amount, amount_due, status, note)
  SELECT $1, $2, (21000000000 + number)::text, number,
    ('{"id":"' || 21000000000 + number || '","invoiceNumber":"INV-' || number || '","customerRef":{"id":"' || customer || '","companyName":"Customer '
      || customer || '"},"issueDate":"' || to_char(issued_on, 'YYYY-MM-DD"T"HH24:MI:SS') || '","dueDate":"'
      || to_char(issued_on + interval '30 days', 'YYYY-MM-DD"T"HH24:MI:SS') || '"' || rest)::json,
    md5(number::text)::uuid, planned.modified_at, planned.modified_at, planned.status = 'Void',
    'INV-' || number, customer, 'Customer ' || customer, issued_on, issued_on + interval '30 days', paid_on_date, currency, currency_rate,
    sub_total, total_discount, total_tax_amount, total_amount, amount_due, planned.status, note
  FROM planned JOIN template ON template.status = planned.status AND template.place = planned.number % ${templatesOfAStatus}`;
