import { randomUUID } from 'node:crypto';
import type { Tenant, Tenants } from './tenants.ts';

/** A company with a linked connection whose data was written to the database, not synced. */
export interface Books {
  readonly companyId: string;
  readonly connectionId: string;
}

const invoiceText = `'{"id":"' || number || '","invoiceNumber":"INV-' || lpad(number::text, 6, '0')
  || '","customerRef":{"id":"c' || number % 500 || '","companyName":' || to_json(customer)
  || '},"issueDate":"' || to_char(issued_on, 'YYYY-MM-DD"T"HH24:MI:SS') || '","currency":"' || currency
  || '","totalTaxAmount":0,"totalAmount":' || amount || ',"amountDue":' || amount || ',"status":"' || status || '"}'`;

/**
 * A company with so many invoices, stored as a sync would have left them. The first ones are hard to write: a huge amount, a negative
 * one, one without decimals, a name from right to left, a very long name, and one that is deleted.
 */
export async function createBooks(
  { store }: Tenants,
  tenant: Tenant,
  { name, invoices }: { name: string; invoices: number },
): Promise<Books> {
  const books = { companyId: randomUUID(), connectionId: randomUUID() };
  const scope = [books.companyId, books.connectionId, tenant.clientId];
  const { pool } = store;
  await pool.query('INSERT INTO companies (id, client_id, name) VALUES ($1, $2, $3)', [
    books.companyId,
    tenant.clientId,
    name,
  ]);
  await pool.query(
    `INSERT INTO connections (id, client_id, company_id, platform_key, status, linked_at) VALUES ($2, $3, $1, 'ksho', 'Linked', now())`,
    scope,
  );
  if (invoices === 0) return books;
  const runId = randomUUID();
  await pool.query(
    `INSERT INTO pull_operations (id, company_id, connection_id, client_id, data_type, trigger, status, progress, completed_at, pages, records_read, inserted)
     VALUES ($4, $1, $2, $3, 'invoices', 'request', 'Complete', 100, now(), 1, $5, $5)`,
    [...scope, runId, invoices],
  );
  await pool.query(
    `INSERT INTO datasets (company_id, connection_id, client_id, data_type, mapping_version, latest_run_id, latest_successful_run_id,
       last_successful_sync_at, last_seq, record_count, deleted_count)
     VALUES ($1, $2, $3, 'invoices', 1, $4, $4, now(), $5, $5, 1)`,
    [...scope, runId, invoices],
  );
  await pool.query(
    `WITH numbered AS (
       SELECT number, timestamp '2015-01-01' + interval '1 day' * (number % 4000) AS issued_on,
         CASE number WHEN 4 THEN 'شركة النور للتجارة' WHEN 5 THEN repeat('Very long name ', 40) ELSE 'Customer ' || number % 500 END AS customer,
         CASE number WHEN 3 THEN 'JPY' ELSE 'GBP' END AS currency,
         CASE number WHEN 1 THEN 99999999999999.99 WHEN 2 THEN -1234.5 WHEN 3 THEN 5000 ELSE number % 9000 + 0.25 END AS amount,
         CASE WHEN number = 6 THEN 'Void' WHEN number % 10 = 0 THEN 'Submitted' ELSE 'Paid' END AS status
       FROM generate_series(1, $3::int) AS number
     )
     INSERT INTO invoices (company_id, connection_id, id, seq, document, content_hash, modified_at, is_deleted, invoice_number,
       customer_id, customer_name, issue_date, currency, total_tax_amount, total_amount, amount_due, status)
     SELECT $1, $2, number::text, number, (${invoiceText})::json, md5(number::text)::uuid, now(), number = 6,
       'INV-' || lpad(number::text, 6, '0'), 'c' || number % 500, customer, issued_on, currency, 0, amount, amount, status
     FROM numbered`,
    [books.companyId, books.connectionId, invoices],
  );
  await pool.query('ANALYZE invoices');
  return books;
}
