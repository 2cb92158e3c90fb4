/**
 * The general ledger as lines (see the connector interface). A run stages what it reads; when it has read everything it wanted, one
 * transaction puts the lines of balanced records in force and notes which records' entries are to be built again. What is in
 * force therefore adds up to nothing, record by record, at any moment.
 */
import type { StatementSection } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import type { RecordScope } from './spine.ts';

/** A line as a run has read it. */
export interface JournalLineRow {
  readonly recordId: string;
  readonly id: string;
  readonly recordType: string;
  /** Calendar date `YYYY-MM-DD`. */
  readonly date: string;
  /** A debit is positive. */
  readonly cents: bigint;
  readonly isClosing: boolean;
  /** Exact JSON text as received. */
  readonly raw: string;
  /** Hash of `raw`: 32 hexadecimal digits. */
  readonly contentHash: string;
}

interface LedgerAccountRow {
  readonly id: string;
  readonly name: string | undefined;
  readonly section: StatementSection;
  readonly isBank: boolean;
}

interface LedgerOpeningRow {
  readonly accountId: string;
  readonly date: string;
  readonly cents: bigint;
}

/** How far a connection's ledger has been read. Instants are epoch milliseconds. */
export interface LedgerState {
  readonly homeCurrency: string | null;
  readonly fullyReadAtMs: number;
  /** Modification, in epoch milliseconds, by record id. */
  readonly recentChanges: Readonly<Record<string, number>>;
}

/** Undefined before it was read for the first time. */
export async function readLedgerState(pool: Pool, scope: RecordScope): Promise<LedgerState | undefined> {
  const { rows } = await pool.query<LedgerState>(
    `SELECT home_currency AS "homeCurrency", (extract(epoch from fully_read_at) * 1000)::float8 AS "fullyReadAtMs",
       recent_changes AS "recentChanges"
     FROM ledgers WHERE company_id = $1 AND connection_id = $2`,
    [scope.companyId, scope.connectionId],
  );
  return rows[0];
}

/** Whether a complete reading of the ledger ended after a run was asked for. */
export async function isLedgerReadSince(pool: Pool, runId: string): Promise<boolean> {
  const { rows } = await pool.query<{ fresh: boolean }>(
    `SELECT coalesce(ledger.read_at >= run.requested_at, false) AS fresh
     FROM pull_operations AS run
     LEFT JOIN ledgers AS ledger ON ledger.company_id = run.company_id AND ledger.connection_id = run.connection_id
     WHERE run.id = $1`,
    [runId],
  );
  return rows[0]?.fresh ?? false;
}

/** Ids of all accounts that the ledger has had. */
export async function ledgerAccountIds(pool: Pool, scope: RecordScope): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM ledger_accounts WHERE company_id = $1 AND connection_id = $2 ORDER BY position, id',
    [scope.companyId, scope.connectionId],
  );
  return rows.map((row) => row.id);
}

/** The earliest date, `YYYY-MM-DD`, on which any of these records has a line in force. */
export async function earliestLineDate(
  pool: Pool,
  scope: RecordScope,
  recordIds: readonly string[],
): Promise<string | undefined> {
  const { rows } = await pool.query<{ date: string | null }>(
    `SELECT min(date)::text AS date FROM journal_lines
     WHERE company_id = $1 AND connection_id = $2 AND record_id = ANY($3::text[])`,
    [scope.companyId, scope.connectionId, recordIds],
  );
  return rows[0]?.date ?? undefined;
}

/** Keeps lines of one account beside the run; of two with one key the last counts. */
export async function stageLines(
  client: ClientBase,
  run: RecordScope & { readonly id: string },
  accountId: string,
  lines: readonly JournalLineRow[],
): Promise<void> {
  if (lines.length === 0) return;
  const rows = [...new Map(lines.map((line) => [JSON.stringify([line.recordId, line.id]), line])).values()];
  await client.query({
    name: 'stage-journal-lines',
    text: `
      INSERT INTO staged_journal_lines (company_id, connection_id, run_id, account_id, record_id, id, record_type, date, cents, is_closing, raw, content_hash)
      SELECT $1, $2, $3, $4, input.* FROM (
        SELECT record_id, id, record_type, date, cents, is_closing, raw::json, content_hash
        FROM unnest($5::text[], $6::text[], $7::text[], $8::date[], $9::numeric[], $10::boolean[], $11::text[], $12::uuid[])
          AS input (record_id, id, record_type, date, cents, is_closing, raw, content_hash)
      ) AS input
      ON CONFLICT (company_id, connection_id, run_id, record_id, account_id, id) DO UPDATE
      SET record_type = excluded.record_type, date = excluded.date, cents = excluded.cents, is_closing = excluded.is_closing,
          raw = excluded.raw, content_hash = excluded.content_hash`,
    values: [
      run.companyId,
      run.connectionId,
      run.id,
      accountId,
      rows.map((row) => row.recordId),
      rows.map((row) => row.id),
      rows.map((row) => row.recordType),
      rows.map((row) => row.date),
      rows.map((row) => row.cents.toString()),
      rows.map((row) => row.isClosing),
      rows.map((row) => row.raw),
      rows.map((row) => row.contentHash),
    ],
  });
}

/** Forgets what runs of a connection have staged, but for one. */
export async function dropStagedLines(
  pool: Pool,
  scope: RecordScope,
  exceptRunId: string | undefined,
): Promise<void> {
  await pool.query(
    `DELETE FROM staged_journal_lines WHERE company_id = $1 AND connection_id = $2 AND run_id IS DISTINCT FROM $3::uuid`,
    [scope.companyId, scope.connectionId, exceptRunId ?? null],
  );
}

/** A complete reading, ready to be put in force. */
export interface LedgerReading {
  readonly runId: string;
  /** What was read of the lines: nothing, everything, or all from a calendar date on. */
  readonly lines: 'none' | 'all' | { readonly from: string };
  /** Records that the platform calls removed: that they have no lines needs no other proof. */
  readonly removedIds: readonly string[];
  readonly homeCurrency: string | undefined;
  readonly accounts: readonly LedgerAccountRow[];
  /** Undefined: they were not read. */
  readonly openings: readonly LedgerOpeningRow[] | undefined;
  readonly recentChanges: Readonly<Record<string, number>>;
  /** Whether records may lose all their lines without the platform having called them removed. */
  readonly mayVanish: (records: number) => boolean;
}

export interface LedgerChangeCounts {
  /** Records whose lines vanished and were kept. */
  readonly kept: number;
  /** Records whose lines do not add up. */
  readonly unbalanced: number;
}

/** Puts a reading in force, in the caller's transaction. Repeating it changes nothing. */
export async function applyReading(
  client: ClientBase,
  scope: RecordScope,
  reading: LedgerReading,
): Promise<LedgerChangeCounts> {
  const stamp = await nextStamp(client, scope);
  const counts =
    reading.lines === 'none' ? { kept: 0, unbalanced: 0 } : await applyLines(client, scope, reading, stamp);
  await applyChart(client, scope, reading, stamp);
  await client.query(
    `INSERT INTO ledgers (company_id, connection_id, home_currency, read_at, fully_read_at, lines_changed_at, recent_changes)
     VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp(), $6::timestamptz, $4::json)
     ON CONFLICT (company_id, connection_id) DO UPDATE
     SET home_currency = excluded.home_currency, read_at = excluded.read_at, recent_changes = excluded.recent_changes,
         lines_changed_at = excluded.lines_changed_at,
         fully_read_at = CASE WHEN $5 THEN excluded.fully_read_at ELSE ledgers.fully_read_at END`,
    [
      scope.companyId,
      scope.connectionId,
      reading.homeCurrency ?? null,
      JSON.stringify(reading.recentChanges),
      reading.lines === 'all',
      stamp,
    ],
  );
  return counts;
}

/** What marks the lines that a reading changes: later than all before, even when the clock goes back. */
async function nextStamp(client: ClientBase, scope: RecordScope): Promise<string> {
  const { rows } = await client.query<{ stamp: string }>(
    `SELECT greatest(
       date_trunc('milliseconds', clock_timestamp()),
       (SELECT lines_changed_at + interval '1 ms' FROM ledgers WHERE company_id = $1 AND connection_id = $2)
     )::text AS stamp`,
    [scope.companyId, scope.connectionId],
  );
  const stamp = rows[0]?.stamp;
  if (stamp === undefined) throw new Error('the statement returned no stamp');
  return stamp;
}

/** Lines in force that a reading speaks of. */
const inRange = (line: string) => `($4::date IS NULL OR ${line}.date >= $4::date)`;
/** That two aliases stand for one line. */
export const sameLine = (a: string, b: string) =>
  `${a}.company_id = ${b}.company_id AND ${a}.connection_id = ${b}.connection_id AND ${a}.record_id = ${b}.record_id AND ${a}.account_id = ${b}.account_id AND ${a}.id = ${b}.id`;

async function applyLines(
  client: ClientBase,
  scope: RecordScope,
  reading: LedgerReading,
  stamp: string,
): Promise<LedgerChangeCounts> {
  const from = typeof reading.lines === 'object' ? reading.lines.from : null;
  const range = [scope.companyId, scope.connectionId, reading.runId, from];
  // Each of these statements goes over a whole reading. Fresh rows have no statistics, and a plan made for a few of them (nested
  // loops) takes hours for many.
  await client.query('SET LOCAL enable_nestloop = off');
  const { rows } = await client.query<{ vanished: number; unbalanced: number }>(judgement, [
    ...range,
    reading.removedIds,
  ]);
  const { vanished = 0, unbalanced = 0 } = rows[0] ?? {};
  const isKept = vanished > 0 && !reading.mayVanish(vanished);
  await client.query(
    isKept
      ? `DELETE FROM stale_journal_entries WHERE company_id = $1 AND connection_id = $2 AND state = 'vanished'`
      : `UPDATE stale_journal_entries SET state = 'changed' WHERE company_id = $1 AND connection_id = $2 AND state = 'vanished'`,
    [scope.companyId, scope.connectionId],
  );
  await client.query(
    `DELETE FROM journal_lines AS line USING stale_journal_entries AS stale
     WHERE line.company_id = $1 AND line.connection_id = $2 AND ${inRange('line')}
       AND stale.company_id = $1 AND stale.connection_id = $2 AND stale.id = line.record_id AND stale.state = 'changed'
       AND NOT EXISTS (SELECT FROM staged_journal_lines AS staged WHERE staged.run_id = $3 AND ${sameLine('staged', 'line')})`,
    range,
  );
  await client.query(
    `INSERT INTO journal_lines AS line (company_id, connection_id, record_id, account_id, id, record_type, date, cents, is_closing, raw, content_hash, changed_at)
     SELECT staged.company_id, staged.connection_id, record_id, account_id, staged.id, record_type, staged.date, cents, is_closing, raw, content_hash, $4::timestamptz
     FROM staged_journal_lines AS staged
     JOIN stale_journal_entries AS stale
       ON stale.company_id = $1 AND stale.connection_id = $2 AND stale.id = staged.record_id AND stale.state = 'changed'
     WHERE staged.company_id = $1 AND staged.connection_id = $2 AND staged.run_id = $3
     ON CONFLICT (company_id, connection_id, record_id, account_id, id) DO UPDATE
     SET record_type = excluded.record_type, date = excluded.date, cents = excluded.cents, is_closing = excluded.is_closing,
         raw = excluded.raw, content_hash = excluded.content_hash, changed_at = excluded.changed_at
     WHERE line.content_hash <> excluded.content_hash`,
    [...range.slice(0, 3), stamp],
  );
  await client.query(
    `DELETE FROM staged_journal_lines AS staged
     WHERE company_id = $1 AND connection_id = $2 AND run_id = $3
       AND NOT EXISTS (
         SELECT FROM stale_journal_entries AS stale
         WHERE stale.company_id = $1 AND stale.connection_id = $2 AND stale.id = staged.record_id AND stale.state = 'unbalanced')`,
    range.slice(0, 3),
  );
  await client.query('SET LOCAL enable_nestloop TO DEFAULT');
  return { kept: isKept ? vanished : 0, unbalanced };
}

/**
 * Notes every record whose lines differ from those in force, or that is in quarantine, and what to make of it. A record is judged by
 * what was read of it together with lines in force that lie before what was read.
 */
const judgement = `
  WITH staged AS MATERIALIZED (
    SELECT record_id, account_id, id, cents, date, content_hash FROM staged_journal_lines
    WHERE company_id = $1 AND connection_id = $2 AND run_id = $3
  ), stored AS MATERIALIZED (
    SELECT record_id, account_id, id, content_hash FROM journal_lines AS line
    WHERE company_id = $1 AND connection_id = $2 AND ${inRange('line')}
  ), different AS (
    SELECT DISTINCT coalesce(staged.record_id, stored.record_id) AS record_id
    FROM staged FULL JOIN stored
      ON stored.record_id = staged.record_id AND stored.account_id = staged.account_id AND stored.id = staged.id
        AND stored.content_hash = staged.content_hash
    WHERE staged.id IS NULL OR stored.id IS NULL
  ), read_again AS (
    SELECT quarantined.id AS record_id FROM quarantined_records AS quarantined
    JOIN (SELECT record_id FROM staged UNION SELECT record_id FROM stored) AS known ON known.record_id = quarantined.id
    WHERE company_id = $1 AND connection_id = $2 AND data_type = 'journalEntries'
  ), candidate AS (
    SELECT record_id FROM different UNION SELECT record_id FROM read_again
  ), line AS (
    SELECT staged.record_id, staged.cents, staged.date FROM candidate JOIN staged USING (record_id)
    UNION ALL
    SELECT earlier.record_id, earlier.cents, earlier.date FROM candidate
    JOIN journal_lines AS earlier
      ON earlier.company_id = $1 AND earlier.connection_id = $2 AND earlier.record_id = candidate.record_id AND earlier.date < $4::date
    WHERE NOT EXISTS (
      SELECT FROM staged
      WHERE staged.record_id = earlier.record_id AND staged.account_id = earlier.account_id AND staged.id = earlier.id)
  ), judged AS (
    SELECT candidate.record_id,
      CASE
        WHEN coalesce(sum(line.cents), 0) <> 0 THEN 'unbalanced'
        WHEN count(line.cents) = 0 AND count(removed.record_id) = 0 THEN 'vanished'
        ELSE 'changed'
      END AS state, min(line.date) AS date
    FROM candidate LEFT JOIN line USING (record_id)
    LEFT JOIN (SELECT DISTINCT unnest($5::text[]) AS record_id) AS removed ON removed.record_id = candidate.record_id
    GROUP BY candidate.record_id
  ), noted AS (
    INSERT INTO stale_journal_entries AS stale (company_id, connection_id, id, state, run_id, date, attempts)
    SELECT $1, $2, record_id, state, $3, date, 1 FROM judged
    ON CONFLICT (company_id, connection_id, id) DO UPDATE
    SET state = excluded.state, run_id = excluded.run_id, date = excluded.date,
        attempts = CASE WHEN stale.run_id = excluded.run_id THEN stale.attempts ELSE stale.attempts + 1 END
    RETURNING state
  )
  SELECT (count(*) FILTER (WHERE state = 'vanished'))::int AS vanished, (count(*) FILTER (WHERE state = 'unbalanced'))::int AS unbalanced
  FROM noted`;

async function applyChart(
  client: ClientBase,
  scope: RecordScope,
  reading: LedgerReading,
  stamp: string,
): Promise<void> {
  const { accounts, openings } = reading;
  // Lines of an account that becomes a bank account, or ceases to be one, count as changed.
  await client.query(
    `WITH input AS (
       SELECT * FROM unnest($3::text[], $4::int[], $5::text[], $6::text[], $7::boolean[]) AS input (id, position, name, section, is_bank)
     ), turned AS (
       UPDATE journal_lines AS line SET changed_at = $8::timestamptz
       FROM input JOIN ledger_accounts AS stored
         ON stored.company_id = $1 AND stored.connection_id = $2 AND stored.id = input.id AND stored.is_bank <> input.is_bank
       WHERE line.company_id = $1 AND line.connection_id = $2 AND line.account_id = input.id
     )
     INSERT INTO ledger_accounts (company_id, connection_id, id, position, name, section, is_bank)
     SELECT $1, $2, id, position, name, section, is_bank FROM input
     ON CONFLICT (company_id, connection_id, id) DO UPDATE
     SET position = excluded.position, name = excluded.name, section = excluded.section, is_bank = excluded.is_bank`,
    [
      scope.companyId,
      scope.connectionId,
      accounts.map((account) => account.id),
      accounts.map((_account, index) => index),
      accounts.map((account) => account.name ?? null),
      accounts.map((account) => account.section),
      accounts.map((account) => account.isBank),
      stamp,
    ],
  );
  if (openings === undefined) return;
  await client.query('DELETE FROM ledger_openings WHERE company_id = $1 AND connection_id = $2', [
    scope.companyId,
    scope.connectionId,
  ]);
  await client.query(
    `INSERT INTO ledger_openings (company_id, connection_id, account_id, date, cents)
     SELECT $1, $2, input.* FROM unnest($3::text[], $4::date[], $5::numeric[]) AS input`,
    [
      scope.companyId,
      scope.connectionId,
      openings.map((opening) => opening.accountId),
      openings.map((opening) => opening.date),
      openings.map((opening) => opening.cents.toString()),
    ],
  );
}
