/** What a run has read and what became of it, in numbers. */
import type { Pool } from 'pg';

export interface RunFigures {
  /** `firstLink`, `request` or `schedule`. */
  readonly trigger: string;
  /** `initial`, `full` or `incremental`; null until the run has started. */
  readonly listing: string | null;
  readonly startedAt: Date | null;
  readonly pages: number;
  readonly recordsRead: number;
  readonly inserted: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly quarantined: number;
  readonly warnings: number;
}

/** The figures of one run; undefined when the client's company has no such run. */
export async function findRunFigures(
  pool: Pool,
  clientId: string,
  companyId: string,
  runId: string,
): Promise<RunFigures | undefined> {
  const { rows } = await pool.query<RunFigures>(
    `SELECT trigger, listing, started_at AS "startedAt", pages, records_read AS "recordsRead", inserted, changed, unchanged, deleted,
       quarantined, warnings
     FROM pull_operations WHERE client_id = $1 AND company_id = $2 AND id = $3`,
    [clientId, companyId, runId],
  );
  return rows[0];
}
