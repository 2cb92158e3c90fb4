/** Records whose journal entries are to be built again, and those that did not add up. */
import type { ClientBase, Pool } from 'pg';
import { sameLine } from './journal-lines.ts';
import type { RecordScope } from './spine.ts';

/** A record whose entry is to be built again. */
export interface StaleEntry {
  readonly id: string;
  /** Its lines as mapping takes them; null when it has none. */
  readonly raw: string | null;
}

/** The next of them after an id; the lines of unbalanced ones are those that the run has read. */
export async function staleEntries(
  pool: Pool,
  scope: RecordScope,
  request: {
    readonly runId: string;
    readonly from: string | undefined;
    readonly after: string;
    readonly limit: number;
  },
): Promise<StaleEntry[]> {
  const { rows } = await pool.query<StaleEntry>(
    `SELECT stale.id, CASE WHEN entry.lines IS NULL THEN NULL ELSE json_build_object('id', stale.id, 'lines', entry.lines)::text END AS raw
     FROM (
       SELECT id, state FROM stale_journal_entries
       WHERE company_id = $1 AND connection_id = $2 AND id > $5 AND (state = 'changed' OR run_id = $3)
       ORDER BY id LIMIT $6
     ) AS stale
     LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('account', account_id, 'line', raw) ORDER BY date, length(account_id), account_id, length(id), id) AS lines
       FROM (
         SELECT line.account_id, line.id, line.date, line.raw FROM journal_lines AS line
         WHERE line.company_id = $1 AND line.connection_id = $2 AND line.record_id = stale.id
           AND (stale.state = 'changed' OR line.date < $4::date AND NOT EXISTS (
             SELECT FROM staged_journal_lines AS staged WHERE staged.run_id = $3 AND ${sameLine('staged', 'line')}))
         UNION ALL
         SELECT account_id, id, date, raw FROM staged_journal_lines
         WHERE company_id = $1 AND connection_id = $2 AND run_id = $3 AND record_id = stale.id AND stale.state = 'unbalanced'
       ) AS line
     ) AS entry ON true
     ORDER BY stale.id`,
    [scope.companyId, scope.connectionId, request.runId, request.from ?? null, request.after, request.limit],
  );
  return rows;
}

/** Of these, the entries of changed records are up to date; unbalanced ones are not. */
export async function forgetStaleEntries(
  queryable: Pool | ClientBase,
  scope: RecordScope,
  ids: readonly string[],
): Promise<void> {
  await queryable.query(
    `DELETE FROM stale_journal_entries
     WHERE company_id = $1 AND connection_id = $2 AND id = ANY($3::text[]) AND state = 'changed'`,
    [scope.companyId, scope.connectionId, ids],
  );
}

/**
 * The earliest date from which records that did not add up are to be read again, `YYYY-MM-DD`. One that still does not after
 * `attempts` readings waits for the next reading of everything.
 */
export async function unbalancedSince(
  pool: Pool,
  scope: RecordScope,
  attempts: number,
): Promise<string | undefined> {
  const { rows } = await pool.query<{ date: string | null }>(
    `SELECT min(date)::text AS date FROM stale_journal_entries
     WHERE company_id = $1 AND connection_id = $2 AND state = 'unbalanced' AND attempts < $3`,
    [scope.companyId, scope.connectionId, attempts],
  );
  return rows[0]?.date ?? undefined;
}
