/** What is outstanding at a day, from stored invoices and payments, or bills and bill payments. */
import { type AgedAmount, type AgedPeriods, dataTypes } from '@tributary/model';
import type { Pool } from 'pg';
import type { RecordScope } from './spine.ts';

/** Who owes, or is owed. */
export type AgedSide = 'debtors' | 'creditors';

const sides = {
  debtors: {
    documents: 'invoices',
    payments: 'payments',
    parties: 'customers',
    party: 'customer',
    link: 'Invoice',
  },
  creditors: {
    documents: 'bills',
    payments: 'billPayments',
    parties: 'suppliers',
    party: 'supplier',
    link: 'Bill',
  },
} as const;

/**
 * Outstanding amounts by party, currency, period and kind; parties by name.
 *
 * A document that was issued by the day stands at what is due on it now, and what was paid after the day is added back. A payment
 * that was made by the day counts against its party as far as it is on account, or allocated to what was issued only later.
 * Deleted, void and draft documents are left out, and so is what adds up to nothing.
 */
export async function agedAmounts(
  pool: Pool,
  scope: RecordScope,
  side: AgedSide,
  { reportDate, numberOfPeriods, periodLengthDays }: AgedPeriods,
): Promise<AgedAmount[]> {
  const { documents, payments, parties, party, link } = sides[side];
  const own = (alias: string) => `${alias}.company_id = $1 AND ${alias}.connection_id = $2`;
  const { rows } = await pool.query<{
    party_id: string;
    party_name: string | null;
    currency: string | null;
    period: number;
    kind: AgedAmount['kind'];
    amount: string;
  }>(
    `WITH base AS (
       SELECT max(base_currency) AS currency FROM company_info WHERE company_id = $1 AND connection_id = $2
     ), valid AS (
       SELECT id, ${party}_id AS party_id, ${party}_name AS party_name, currency, issue_date::date AS day, amount_due
       FROM ${dataTypes[documents].table} AS document
       WHERE ${own('document')} AND NOT is_deleted AND coalesce(status, '') NOT IN ('Void', 'Draft')
     ), later AS (
       SELECT id FROM valid WHERE day > $3::date
     ), paid_later AS (
       SELECT link ->> 'id' AS id, -sum((link ->> 'amount')::numeric) AS amount
       FROM ${dataTypes[payments].table} AS payment,
         json_array_elements(payment.document -> 'lines') AS line, json_array_elements(line -> 'links') AS link
       WHERE ${own('payment')} AND NOT payment.is_deleted AND payment.date >= $3::date + 1 AND link ->> 'type' = '${link}'
       GROUP BY 1
     ), outstanding AS (
       SELECT party_id, party_name, currency, day, 'documents' AS kind, coalesce(amount_due, 0) + coalesce(paid_later.amount, 0) AS amount
       FROM valid LEFT JOIN paid_later USING (id) WHERE day <= $3::date
       UNION ALL
       SELECT payment.${party}_id, payment.${party}_name, payment.currency, payment.date::date, 'payments', (link ->> 'amount')::numeric
       FROM ${dataTypes[payments].table} AS payment,
         json_array_elements(payment.document -> 'lines') AS line, json_array_elements(line -> 'links') AS link
       WHERE ${own('payment')} AND NOT payment.is_deleted AND payment.date < $3::date + 1
         -- Most payments are settled: those are told by their text, without being parsed.
         AND (payment.document::text LIKE '%"PaymentOnAccount"%' OR EXISTS (SELECT FROM later))
         AND (link ->> 'type' = 'PaymentOnAccount' OR (link ->> 'type' = '${link}' AND link ->> 'id' IN (SELECT id FROM later)))
     )
     SELECT coalesce(outstanding.party_id, 'NullId') AS party_id,
       coalesce(max(party.${party}_name), max(outstanding.party_name)) AS party_name,
       coalesce(outstanding.currency, base.currency) AS currency,
       least($4::int, ($3::date - day) / $5::int) AS period, kind, sum(amount)::text AS amount
     FROM outstanding CROSS JOIN base
     LEFT JOIN ${dataTypes[parties].table} AS party ON ${own('party')} AND party.id = outstanding.party_id
     WHERE amount <> 0
     GROUP BY 1, 3, 4, kind
     ORDER BY 2, 1, 3, 4, kind`,
    [scope.companyId, scope.connectionId, reportDate, numberOfPeriods, periodLengthDays],
  );
  return rows.map((row) => ({
    partyId: row.party_id,
    partyName: row.party_name ?? undefined,
    currency: row.currency ?? undefined,
    period: row.period,
    kind: row.kind,
    amount: row.amount,
  }));
}
