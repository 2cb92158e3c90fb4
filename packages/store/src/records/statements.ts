/** Monthly statements: stored one record a month, the month (`YYYY-MM`) being its id. */
import { dataTypes } from '@tributary/model';
import type { Pool } from 'pg';
import type { RecordScope } from './spine.ts';

export type StatementType = 'balanceSheet' | 'profitAndLoss' | 'cashFlowStatement';

/** Months that are stored, in order. */
export async function statementMonths(
  pool: Pool,
  scope: RecordScope,
  dataType: StatementType,
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM ${dataTypes[dataType].table} WHERE company_id = $1 AND connection_id = $2 ORDER BY id`,
    [scope.companyId, scope.connectionId],
  );
  return rows.map((row) => row.id);
}

/** What a client is told beside the reports. */
export interface StatementFrame {
  readonly currency: string | undefined;
  /** First and last month, `YYYY-MM`; undefined while there is none. */
  readonly earliest: string | undefined;
  readonly mostRecent: string | undefined;
}

export async function statementFrame(
  pool: Pool,
  scope: RecordScope,
  dataType: StatementType,
): Promise<StatementFrame> {
  const { rows } = await pool.query<{
    currency: string | null;
    earliest: string | null;
    latest: string | null;
  }>(
    // Where the platform itself gives statements there is no ledger; the business tells its currency.
    `SELECT coalesce(
         (SELECT home_currency FROM ledgers WHERE company_id = $1 AND connection_id = $2),
         (SELECT base_currency FROM company_info WHERE company_id = $1 AND connection_id = $2 LIMIT 1)
       ) AS currency,
       min(id) AS earliest, max(id) AS latest
     FROM ${dataTypes[dataType].table} WHERE company_id = $1 AND connection_id = $2`,
    [scope.companyId, scope.connectionId],
  );
  const row = rows[0];
  return {
    currency: row?.currency ?? undefined,
    earliest: row?.earliest ?? undefined,
    mostRecent: row?.latest ?? undefined,
  };
}

/**
 * The balance sheet in force at the end of each of `months`, as JSON text: that of the month or of the last one before it with a
 * posting; undefined before the first.
 */
export async function balanceSheetsAt(
  pool: Pool,
  scope: RecordScope,
  months: readonly string[],
): Promise<(string | undefined)[]> {
  const { rows } = await pool.query<{ document: string | null }>(
    `SELECT sheet.document::text AS document
     FROM unnest($3::text[]) WITH ORDINALITY AS wanted (month, position)
     LEFT JOIN LATERAL (
       SELECT document FROM balance_sheets
       WHERE company_id = $1 AND connection_id = $2 AND id <= wanted.month ORDER BY id DESC LIMIT 1
     ) AS sheet ON true
     ORDER BY wanted.position`,
    [scope.companyId, scope.connectionId, months],
  );
  return rows.map((row) => row.document ?? undefined);
}

/** The stored months of a statement of movements from `first` to `last`, both included: month and JSON text, in order. */
export async function statementsBetween(
  pool: Pool,
  scope: RecordScope,
  dataType: 'profitAndLoss' | 'cashFlowStatement',
  first: string,
  last: string,
): Promise<{ month: string; document: string }[]> {
  const { rows } = await pool.query<{ month: string; document: string }>(
    `SELECT id AS month, document::text AS document FROM ${dataTypes[dataType].table}
     WHERE company_id = $1 AND connection_id = $2 AND id BETWEEN $3 AND $4 ORDER BY id`,
    [scope.companyId, scope.connectionId, first, last],
  );
  return rows;
}
