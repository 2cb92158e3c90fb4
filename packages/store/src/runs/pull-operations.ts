/**
 * Runs (pull operations) as rows with a state machine.
 *
 *   Queued ─claim─▶ Fetching ─listing read─▶ Processing ─▶ Complete
 *     ▲                │ platform busy or away (not_before is set), shutdown, another client's turn: lease dropped
 *     └────────────────┘
 *   any active status ─▶ FetchError | MapError | AuthError | RateLimitError | PermissionsError | NotSupported | InternalError | Cancelled
 *
 * A worker owns a run while its lease lasts. Each claim raises `fence`; every later write names the fence it was claimed with
 * and is refused when that is no longer the row's: a worker that lost its lease can write nothing more.
 */
import type { DatasetStatus, DataTypeKey } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import { type DatasetState, lockDataset } from './datasets.ts';

export type RunTrigger = 'firstLink' | 'request' | 'schedule';
export type RunListing = 'initial' | 'full' | 'incremental';

/** What a worker needs to know of a run that it has claimed. Instants are epoch milliseconds. */
export interface ClaimedRun {
  readonly id: string;
  readonly clientId: string;
  readonly companyId: string;
  readonly connectionId: string;
  readonly platformKey: string;
  readonly connectionStatus: 'PendingAuth' | 'Linked' | 'Unlinked' | 'Deauthorized';
  readonly businessId: string | null;
  readonly connectionInfo: Record<string, string> | null;
  readonly dataType: DataTypeKey;
  readonly trigger: RunTrigger;
  /** Ties the run to the request that asked for it, in every log. */
  readonly traceId: string | null;
  /** The worker that had it before let its lease run out. */
  readonly isTakenOver: boolean;
  readonly fence: number;
  readonly attempts: number;
  /** How long rate limits have put it off, in all. */
  readonly rateLimitedMs: number;
  readonly startedAtMs: number;
  readonly checkpoint: unknown;
  readonly listing: RunListing | null;
  readonly modifiedSinceMs: number | null;
  readonly fromDate: string | null;
  readonly platformStartedAtMs: number | null;
  readonly greatestModifiedAtMs: number | null;
  readonly pages: number;
  readonly recordsRead: number;
  readonly warnings: number;
}

/** A worker wrote with a fence that is no longer the run's: another worker took over, or the run was cancelled. */
export class LeaseLostError extends Error {
  constructor(runId: string) {
    super(`lost the lease of run ${runId}`);
    this.name = 'LeaseLostError';
  }
}

const milliseconds = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

/**
 * Takes a run that nobody works on.
 * @returns undefined when it is finished, someone else's, or not to be started yet
 */
export async function claimRun(
  pool: Pool,
  request: { runId: string; owner: string; leaseMs: number },
): Promise<ClaimedRun | undefined> {
  const { rows } = await pool.query<ClaimedRun>(
    `UPDATE pull_operations AS run
     SET lease_owner = $2, lease_until = now() + $3 * interval '1 ms', fence = run.fence + 1, status = 'Fetching',
         status_description = NULL, not_before = NULL, started_at = coalesce(run.started_at, now())
     FROM connections AS connection, pull_operations AS before
     WHERE run.id = $1 AND before.id = run.id AND connection.id = run.connection_id AND run.completed_at IS NULL
       AND (run.lease_until IS NULL OR run.lease_until < now()) AND (run.not_before IS NULL OR run.not_before <= now() + interval '1 s')
     RETURNING run.id, run.client_id AS "clientId", run.company_id AS "companyId", run.connection_id AS "connectionId",
       connection.platform_key AS "platformKey", connection.status AS "connectionStatus", connection.business_id AS "businessId",
       connection.connection_info AS "connectionInfo", run.data_type AS "dataType", run."trigger",
       run.trace_id AS "traceId", before.lease_owner IS NOT NULL AS "isTakenOver", run.fence, run.attempts,
       run.rate_limited_ms::float8 AS "rateLimitedMs",
       ${milliseconds('run.started_at')} AS "startedAtMs", run.checkpoint, run.listing,
       ${milliseconds('run.modified_since')} AS "modifiedSinceMs", run.from_date::text AS "fromDate",
       ${milliseconds('run.platform_started_at')} AS "platformStartedAtMs",
       ${milliseconds('run.greatest_modified_at')} AS "greatestModifiedAtMs", run.pages, run.records_read AS "recordsRead", run.warnings`,
    [request.runId, request.owner, request.leaseMs],
  );
  return rows[0];
}

/**
 * Status of a run as it may be shown: one whose worker let the lease run out is not being worked on, whatever its worker wrote last.
 * @param run alias of the run's row
 */
export const shownStatusSql = (run: string): string =>
  `CASE WHEN ${run}.completed_at IS NULL AND ${run}.status <> 'Queued' AND (${run}.lease_until IS NULL OR ${run}.lease_until < now())
    THEN 'Queued' ELSE ${run}.status END`;

type Fenced = { readonly id: string; readonly fence: number };

async function fenced(
  queryable: Pool | ClientBase,
  run: Fenced,
  assignments: string,
  values: readonly unknown[],
): Promise<void> {
  const { rowCount } = await queryable.query(
    `UPDATE pull_operations SET ${assignments} WHERE id = $1 AND fence = $2 AND completed_at IS NULL`,
    [run.id, run.fence, ...values],
  );
  if (rowCount !== 1) throw new LeaseLostError(run.id);
}

/** Keeps the lease alive. @throws LeaseLostError */
export async function extendLease(pool: Pool, run: Fenced, leaseMs: number): Promise<void> {
  await fenced(pool, run, `lease_until = now() + $3 * interval '1 ms'`, [leaseMs]);
}

/** Records how this run lists, so that whoever takes it over goes on in the same way. @throws LeaseLostError */
export async function recordPlan(
  pool: Pool,
  run: Fenced,
  plan: { listing: RunListing; modifiedSinceMs: number | undefined; fromDate: string | undefined },
): Promise<void> {
  await fenced(
    pool,
    run,
    `listing = $3, modified_since = to_timestamp($4::float8 / 1000), from_date = $5::date`,
    [plan.listing, plan.modifiedSinceMs ?? null, plan.fromDate ?? null],
  );
}

/** Locks the run's row for this transaction and checks the fence. @throws LeaseLostError */
export async function lockRun(client: ClientBase, run: Fenced): Promise<void> {
  const { rowCount } = await client.query(
    'SELECT 1 FROM pull_operations WHERE id = $1 AND fence = $2 AND completed_at IS NULL FOR UPDATE',
    [run.id, run.fence],
  );
  if (rowCount !== 1) throw new LeaseLostError(run.id);
}

/**
 * Locks what a transaction that writes a run's records needs: its dataset, then the run, whose fence is checked.
 * @throws LeaseLostError, DatasetGoneError
 */
export async function lockForWriting(
  client: ClientBase,
  run: Fenced & Pick<ClaimedRun, 'companyId' | 'connectionId' | 'dataType'>,
): Promise<DatasetState> {
  const [dataset] = await Promise.all([lockDataset(client, run, run.dataType), lockRun(client, run)]);
  return dataset;
}

/**
 * Checks the fence and keeps the run from being erased while a long transaction works for it. Unlike {@link lockRun} it leaves the
 * heartbeat free, so that another worker may still take over: the transaction ends with a fenced write.
 * @throws LeaseLostError
 */
export async function holdRun(client: ClientBase, run: Fenced): Promise<void> {
  const { rowCount } = await client.query(
    'SELECT 1 FROM pull_operations WHERE id = $1 AND fence = $2 AND completed_at IS NULL FOR KEY SHARE',
    [run.id, run.fence],
  );
  if (rowCount !== 1) throw new LeaseLostError(run.id);
}

/** What one page adds to a run. */
export interface PageProgress {
  readonly checkpoint: unknown;
  readonly platformStartedAtMs: number | undefined;
  readonly greatestModifiedAtMs: number | undefined;
  readonly read: number;
  readonly inserted: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly quarantined: number;
  readonly warnings: number;
  /** 0 to 99. */
  readonly progress: number;
  /** What its records were mapped with; undefined: nobody knows. */
  readonly mappedWith?: string | undefined;
}

/** Commits the checkpoint with the page's records, in the caller's transaction, and extends the lease. @throws LeaseLostError */
export async function recordPage(
  client: ClientBase,
  run: Fenced,
  page: PageProgress,
  leaseMs: number,
): Promise<void> {
  await fenced(
    client,
    run,
    `checkpoint = $3::jsonb, platform_started_at = coalesce(platform_started_at, to_timestamp($4::float8 / 1000)),
     greatest_modified_at = greatest(greatest_modified_at, to_timestamp($5::float8 / 1000)),
     pages = pages + 1, records_read = records_read + $6, inserted = inserted + $7, changed = changed + $8,
     unchanged = unchanged + $9, quarantined = quarantined + $10, warnings = warnings + $11, progress = greatest(progress, $12),
     lease_until = now() + $13 * interval '1 ms',
     mapped_with = CASE WHEN pages = 0 OR mapped_with = $14::uuid THEN $14::uuid END`,
    [
      JSON.stringify(page.checkpoint ?? null),
      page.platformStartedAtMs ?? null,
      page.greatestModifiedAtMs ?? null,
      page.read,
      page.inserted,
      page.changed,
      page.unchanged,
      page.quarantined,
      page.warnings,
      page.progress,
      leaseMs,
      page.mappedWith ?? null,
    ],
  );
}

/** The listing is read; what follows (deletions, bookkeeping) touches only our own database and single reads. @throws LeaseLostError */
export async function recordListingRead(pool: Pool, run: Fenced, leaseMs: number): Promise<void> {
  await fenced(
    pool,
    run,
    `status = 'Processing', progress = greatest(progress, 96), lease_until = now() + $3 * interval '1 ms'`,
    [leaseMs],
  );
}

/** Adds deletions and warnings found after the listing. @throws LeaseLostError */
export async function recordDeletions(
  client: ClientBase,
  run: Fenced,
  counts: { deleted: number; warnings: number },
): Promise<void> {
  await fenced(client, run, 'deleted = deleted + $3, warnings = warnings + $4', [
    counts.deleted,
    counts.warnings,
  ]);
}

/** Why a run is put off: failures and rate limits have a budget, what is planned has none. */
export type PostponementReason = 'failure' | 'rateLimit' | 'planned';

/** Puts a run off: the lease is dropped, the checkpoint stays. @throws LeaseLostError */
export async function postponeRun(
  pool: Pool,
  run: Fenced,
  request: { delayMs: number; description: string; reason: PostponementReason },
): Promise<void> {
  await fenced(
    pool,
    run,
    `status = 'Queued', lease_owner = NULL, lease_until = NULL, not_before = now() + $3 * interval '1 ms', enqueued_at = now() + $3 * interval '1 ms',
     status_description = $4, attempts = attempts + $5, rate_limited_ms = rate_limited_ms + $6::bigint`,
    [
      request.delayMs,
      request.description,
      request.reason === 'failure' ? 1 : 0,
      request.reason === 'rateLimit' ? Math.round(request.delayMs) : 0,
    ],
  );
}

/**
 * Gives a run back at once; the caller puts a job on the queue, with which any worker continues from the checkpoint.
 * @throws LeaseLostError
 */
export async function releaseRun(pool: Pool, run: Fenced): Promise<void> {
  await fenced(
    pool,
    run,
    `status = 'Queued', lease_owner = NULL, lease_until = NULL, enqueued_at = now()`,
    [],
  );
}

export type FailureStatus = Exclude<
  DatasetStatus,
  | 'Initial'
  | 'Queued'
  | 'Fetching'
  | 'MapQueued'
  | 'Mapping'
  | 'Complete'
  | 'ProcessingQueued'
  | 'Processing'
  | 'ValidationQueued'
  | 'Validating'
>;

/** Ends a run without success; what it stored stays. @throws LeaseLostError */
export async function failRun(
  client: ClientBase,
  run: Fenced,
  failure: { status: FailureStatus; errorMessage: string },
): Promise<void> {
  await fenced(
    client,
    run,
    `status = $3, error_message = $4, status_description = NULL, completed_at = now(), lease_owner = NULL, lease_until = NULL`,
    [failure.status, failure.errorMessage],
  );
  await client.query('DELETE FROM run_seen_records WHERE run_id = $1', [run.id]);
}

/** A run that was ended from outside. */
export interface EndedRun {
  readonly id: string;
  readonly clientId: string;
  readonly companyId: string;
  readonly connectionId: string;
  readonly status: FailureStatus;
  readonly dataType: DataTypeKey;
  readonly trigger: RunTrigger;
  /** Since its first claim; null when no worker ever had it. */
  readonly durationMs: number | null;
}

/** What statements that end runs return. */
export const endedRunSql = `id, client_id AS "clientId", company_id AS "companyId", connection_id AS "connectionId", status, data_type AS "dataType", "trigger", ${milliseconds('(now() - started_at)')} AS "durationMs"`;

/** Locks the active runs of a connection, in the order that datasets.ts lays down. */
export async function lockActiveRunsOf(client: ClientBase, connectionId: string): Promise<void> {
  await client.query(
    'SELECT FROM pull_operations WHERE connection_id = $1 AND completed_at IS NULL ORDER BY id FOR UPDATE',
    [connectionId],
  );
}

/** Ends every active run of a connection; their workers notice at their next write. */
export async function endActiveRuns(
  queryable: Pool | ClientBase,
  connectionId: string,
  end: { status: FailureStatus; errorMessage: string },
): Promise<EndedRun[]> {
  const { rows } = await queryable.query<EndedRun>(
    `WITH active AS (
       SELECT id AS active_id FROM pull_operations WHERE connection_id = $1 AND completed_at IS NULL ORDER BY id FOR UPDATE
     )
     UPDATE pull_operations
     SET status = $2, error_message = $3, status_description = NULL, completed_at = now(), fence = fence + 1,
         lease_owner = NULL, lease_until = NULL
     FROM active WHERE id = active_id AND completed_at IS NULL RETURNING ${endedRunSql}`,
    [connectionId, end.status, end.errorMessage],
  );
  return rows;
}

/** The published history has no member for counts: what a complete run read, and what it found, is told in its description. */
const resultToldSql = `status_description = format('Complete: %s records read, %s new, %s changed, %s deleted',
    records_read, inserted, changed, deleted)
  || CASE WHEN warnings + quarantined > 0 THEN format('; %s data errors and warnings', warnings + quarantined) ELSE '' END`;

/**
 * Completes a run and moves its dataset forward, in one transaction of the caller.
 * @throws LeaseLostError, DatasetGoneError
 * @param outcome.cursorMs lower bound of the next incremental read; undefined keeps the old one
 * @param outcome.hasMappedAll every stored record is what its pages made of it, or is known not to be: the dataset was mapped with what the
 *   pages were mapped with
 */
export async function completeRun(
  client: ClientBase,
  run: ClaimedRun,
  outcome: {
    cursorMs: number | undefined;
    fromDate: string | undefined;
    mappingVersion: number;
    hasMappedAll?: boolean;
  },
): Promise<void> {
  await lockDataset(client, run, run.dataType);
  await fenced(
    client,
    run,
    `status = 'Complete', progress = 100, completed_at = now(), ${resultToldSql}, lease_owner = NULL, lease_until = NULL`,
    [],
  );
  await client.query(
    `UPDATE datasets
     SET latest_successful_run_id = $4, last_successful_sync_at = now(), mapping_version = $5,
         cursor_at = coalesce(to_timestamp($6::float8 / 1000), cursor_at), cursor_from_date = $7::date,
         mapped_with = CASE WHEN $8 THEN (SELECT run.mapped_with FROM pull_operations AS run WHERE run.id = $4) ELSE mapped_with END
     WHERE company_id = $1 AND connection_id = $2 AND data_type = $3`,
    [
      run.companyId,
      run.connectionId,
      run.dataType,
      run.id,
      outcome.mappingVersion,
      outcome.cursorMs ?? null,
      outcome.fromDate ?? null,
      outcome.hasMappedAll ?? false,
    ],
  );
  await client.query('UPDATE connections SET last_sync_at = now() WHERE id = $1', [run.connectionId]);
  await client.query('DELETE FROM run_seen_records WHERE run_id = $1', [run.id]);
}
