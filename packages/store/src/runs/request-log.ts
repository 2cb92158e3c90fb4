import type { ClientBase, Pool } from 'pg';

/** One attempt of one call to a platform. `path` and `excerpt` are redacted already. */
export interface UpstreamRequestRow {
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly bytes: number;
  readonly attempt: number;
  readonly records: number | undefined;
  readonly failure: string | undefined;
  readonly excerpt: string | undefined;
}

/** Adds to the request log of a run; of one that was erased meanwhile nothing is kept (an erasure under way is waited for). */
export function logRequests(
  queryable: Pool | ClientBase,
  run: { readonly id: string; readonly companyId: string },
  rows: readonly UpstreamRequestRow[],
): Promise<void> {
  return addRequests(queryable, 'pull_operations', run, rows);
}

/** The same for a write. */
export function logPushRequests(
  queryable: Pool | ClientBase,
  push: { readonly id: string; readonly companyId: string },
  rows: readonly UpstreamRequestRow[],
): Promise<void> {
  return addRequests(queryable, 'push_operations', push, rows);
}

async function addRequests(
  queryable: Pool | ClientBase,
  table: 'pull_operations' | 'push_operations',
  run: { readonly id: string; readonly companyId: string },
  rows: readonly UpstreamRequestRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await queryable.query(
    `INSERT INTO upstream_requests (company_id, run_id, method, path, status, started_at, duration_ms, bytes, attempt, records, failure, excerpt)
     SELECT $1, $2, method, path, status, to_timestamp(started / 1000), duration, bytes, attempt, records, failure, excerpt
     FROM (SELECT FROM ${table} WHERE id = $2 FOR KEY SHARE) AS run,
       unnest($3::text[], $4::text[], $5::int[], $6::float8[], $7::int[], $8::bigint[], $9::int[], $10::int[], $11::text[], $12::text[])
       AS input (method, path, status, started, duration, bytes, attempt, records, failure, excerpt)`,
    [
      run.companyId,
      run.id,
      rows.map((row) => row.method),
      rows.map((row) => row.path),
      rows.map((row) => row.status ?? null),
      rows.map((row) => row.startedAtMs),
      rows.map((row) => Math.round(row.durationMs)),
      rows.map((row) => row.bytes),
      rows.map((row) => row.attempt),
      rows.map((row) => row.records ?? null),
      rows.map((row) => withoutNul(row.failure)),
      rows.map((row) => withoutNul(row.excerpt)),
    ],
  );
}

/** PostgreSQL's text holds no NUL; a platform's error page may. */
function withoutNul(text: string | undefined): string | null {
  return text === undefined ? null : text.replaceAll('\u0000', '').toWellFormed();
}

/** A logged request as it is shown. */
export interface StoredUpstreamRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly bytes: number;
  readonly attempt: number;
  readonly records: number | null;
  readonly failure: string | null;
  readonly excerpt: string | null;
}

/** One page of a run's request log, oldest first. */
export async function listUpstreamRequests(
  pool: Pool,
  companyId: string,
  runId: string,
  { page, pageSize }: { page: number; pageSize: number },
): Promise<{ rows: StoredUpstreamRequest[]; total: number }> {
  const { rows } = await pool.query<StoredUpstreamRequest>(
    `SELECT method, path, status, started_at AS "startedAt", duration_ms AS "durationMs", bytes::float8, attempt, records, failure, excerpt
     FROM upstream_requests WHERE run_id = $1 AND company_id = $2 ORDER BY id LIMIT $3 OFFSET $4::bigint`,
    [runId, companyId, pageSize, (page - 1) * pageSize],
  );
  const count = await pool.query<{ total: number }>(
    'SELECT count(*)::float8 AS total FROM upstream_requests WHERE run_id = $1 AND company_id = $2',
    [runId, companyId],
  );
  return { rows, total: count.rows[0]?.total ?? 0 };
}
