/** What is built from the lines of the ledger that are in force. */
import { type CashMovement, OPENING_BALANCES, type StatementSection } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import type { RecordScope } from './spine.ts';

/** Types of the records that have lines. */
export async function postingRecordTypes(pool: Pool, scope: RecordScope): Promise<string[]> {
  const { rows } = await pool.query<{ type: string }>(
    'SELECT DISTINCT record_type AS type FROM journal_lines WHERE company_id = $1 AND connection_id = $2 ORDER BY type',
    [scope.companyId, scope.connectionId],
  );
  return rows.map((row) => row.type);
}

/** Where a walk over the lines stands. */
export interface LinePosition {
  readonly recordId: string;
  readonly accountId: string;
  readonly id: string;
}

/** A line of a bank account; `raw` is what mapping takes. */
export interface BankLine extends LinePosition {
  readonly raw: string;
}

/** The stamp of the lines that were put in force last, epoch milliseconds; undefined before the first reading. */
export async function lastLineChangeMs(pool: Pool, scope: RecordScope): Promise<number | undefined> {
  const { rows } = await pool.query<{ at: number }>(
    `SELECT (extract(epoch from lines_changed_at) * 1000)::float8 AS at FROM ledgers
     WHERE company_id = $1 AND connection_id = $2`,
    [scope.companyId, scope.connectionId],
  );
  return rows[0]?.at;
}

/**
 * Lines of bank accounts, a batch at a time.
 * @param request.changedAfterMs stamp in epoch milliseconds; undefined: all of them
 */
export async function bankLines(
  pool: Pool,
  scope: RecordScope,
  request: {
    readonly changedAfterMs: number | undefined;
    readonly after: LinePosition | undefined;
    readonly limit: number;
  },
): Promise<BankLine[]> {
  const { after } = request;
  const { rows } = await pool.query<BankLine>(
    `SELECT line.record_id AS "recordId", line.account_id AS "accountId", line.id,
       json_build_object('id', line.id, 'account', line.account_id, 'line', line.raw)::text AS raw
     FROM journal_lines AS line
     JOIN ledger_accounts AS account
       ON account.company_id = $1 AND account.connection_id = $2 AND account.id = line.account_id AND account.is_bank
     WHERE line.company_id = $1 AND line.connection_id = $2
       AND (line.record_id, line.account_id, line.id) > ($3, $4, $5)
       AND ($6::float8 IS NULL OR line.changed_at > to_timestamp($6::float8 / 1000))
     ORDER BY line.record_id, line.account_id, line.id LIMIT $7`,
    [
      scope.companyId,
      scope.connectionId,
      after?.recordId ?? '',
      after?.accountId ?? '',
      after?.id ?? '',
      request.changedAfterMs ?? null,
      request.limit,
    ],
  );
  return rows;
}

/** Marks account transactions whose line is no longer in force as deleted, in the caller's transaction. @returns how many */
export async function deleteVanishedTransactions(client: ClientBase, scope: RecordScope): Promise<number> {
  // Fresh rows have no statistics: a plan made for a few of them would compare each with every line.
  await client.query('SET LOCAL enable_nestloop = off');
  const { rowCount } = await client.query(
    `UPDATE account_transactions AS stored SET is_deleted = true, modified_at = clock_timestamp()
     WHERE stored.company_id = $1 AND stored.connection_id = $2 AND NOT stored.is_deleted
       AND NOT EXISTS (
         SELECT FROM journal_lines AS line
         JOIN ledger_accounts AS account
           ON account.company_id = $1 AND account.connection_id = $2 AND account.id = line.account_id AND account.is_bank
         WHERE line.company_id = $1 AND line.connection_id = $2 AND line.record_id = stored.transaction_id
           AND line.account_id = stored.bank_account_id AND line.id = stored.id)`,
    [scope.companyId, scope.connectionId],
  );
  await client.query('SET LOCAL enable_nestloop TO DEFAULT');
  return rowCount ?? 0;
}

/** What was posted to an account in a month: debit less credit, in cents. */
export interface AccountMonth {
  readonly accountId: string;
  readonly name: string | undefined;
  readonly section: StatementSection;
  /** `YYYY-MM` */
  readonly month: string;
  readonly cents: bigint;
  /** The same without closings of years. */
  readonly operatingCents: bigint;
  /** Opening balances kept beside the ledger that came into force in the month. */
  readonly openingCents: bigint;
}

type AccountMonthRow = Omit<AccountMonth, 'name' | 'cents' | 'operatingCents' | 'openingCents'> & {
  readonly name: string | null;
  readonly cents: string;
  readonly operatingCents: string;
  readonly openingCents: string;
};

/** Every account's months with postings or opening balances, months in order, accounts in that of the platform's list. */
export async function accountMonths(pool: Pool, scope: RecordScope): Promise<AccountMonth[]> {
  const { rows } = await pool.query<AccountMonthRow>(
    `SELECT account.id AS "accountId", account.name, account.section, movement.month, sum(movement.cents)::text AS cents,
       sum(movement.operating)::text AS "operatingCents", sum(movement.opening)::text AS "openingCents"
     FROM (
       SELECT account_id, to_char(date, 'YYYY-MM') AS month, sum(cents) AS cents,
         coalesce(sum(cents) FILTER (WHERE NOT is_closing), 0) AS operating, 0 AS opening
       FROM journal_lines WHERE company_id = $1 AND connection_id = $2 GROUP BY 1, 2
       UNION ALL
       SELECT account_id, to_char(date, 'YYYY-MM'), 0, 0, sum(cents)
       FROM ledger_openings WHERE company_id = $1 AND connection_id = $2 GROUP BY 1, 2
     ) AS movement
     JOIN ledger_accounts AS account
       ON account.company_id = $1 AND account.connection_id = $2 AND account.id = movement.account_id
     GROUP BY account.id, account.name, account.section, account.position, movement.month
     ORDER BY movement.month, account.position, account.id`,
    [scope.companyId, scope.connectionId],
  );
  return rows.map((row) => ({
    ...row,
    name: row.name ?? undefined,
    cents: BigInt(row.cents),
    operatingCents: BigInt(row.operatingCents),
    openingCents: BigInt(row.openingCents),
  }));
}

/** What a month brought into the cash accounts or took out of them, by the account on the other side. */
export interface CashMonth extends CashMovement {
  /** `YYYY-MM` */
  readonly month: string;
}

type CashMonthRow = Omit<CashMonth, 'accountId' | 'name' | 'cents'> & {
  readonly accountId: string | null;
  readonly name: string | null;
  readonly cents: string;
};

/**
 * Movements of cash (bank accounts and cash in hand, which are assets; cards are debts), months in order, accounts in that of the
 * platform's list. Postings that leave cash as it was, such as transfers, do not appear. A month's movements add up to what its
 * cash accounts gained: what a posting's other lines of the month do not explain is a line without an account, and so are opening
 * balances kept beside the ledger.
 */
export async function cashMonths(pool: Pool, scope: RecordScope): Promise<CashMonth[]> {
  const { rows } = await pool.query<CashMonthRow>(
    `WITH account AS (
       SELECT id, name, position, is_bank AND section = 'asset' AS is_cash
       FROM ledger_accounts WHERE company_id = $1 AND connection_id = $2
     ), line AS (
       SELECT record_id, to_char(date, 'YYYY-MM') AS month, account_id, cents, coalesce(account.is_cash, false) AS is_cash
       FROM journal_lines LEFT JOIN account ON account.id = account_id
       WHERE company_id = $1 AND connection_id = $2
     ), posting AS (
       SELECT record_id, month, sum(cents) > 0 AS is_receipt, sum(cents) AS cents
       FROM line WHERE is_cash GROUP BY record_id, month HAVING sum(cents) <> 0
     ), part AS (
       SELECT month, is_receipt, line.account_id, -sum(line.cents) AS cents
       FROM posting JOIN line USING (record_id, month) WHERE NOT line.is_cash GROUP BY month, is_receipt, line.account_id
     ), movement AS (
       SELECT month, is_receipt, account_id, NULL AS label, cents FROM part
       UNION ALL SELECT month, is_receipt, NULL, NULL, cents FROM posting
       UNION ALL SELECT month, is_receipt, NULL, NULL, -cents FROM part
       UNION ALL SELECT to_char(date, 'YYYY-MM'), cents > 0, NULL, $3, cents
       FROM ledger_openings JOIN account ON account.id = account_id AND account.is_cash
       WHERE company_id = $1 AND connection_id = $2
     )
     SELECT month, is_receipt AS "isReceipt", account_id AS "accountId", coalesce(account.name, label) AS name, sum(cents)::text AS cents
     FROM movement LEFT JOIN account ON account.id = account_id
     GROUP BY month, is_receipt, account_id, account.name, label, account.position HAVING sum(cents) <> 0
     ORDER BY month, account.position, account_id, label`,
    [scope.companyId, scope.connectionId, OPENING_BALANCES],
  );
  return rows.map((row) => ({
    ...row,
    accountId: row.accountId ?? undefined,
    name: row.name ?? undefined,
    cents: BigInt(row.cents),
  }));
}
