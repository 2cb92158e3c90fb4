/** When a client's quota of a day was used up, and when it is over: each is found once, by one process. */
import type { Queryable } from './outbox.ts';

/** @returns true for the first who says so */
export async function noteExhaustedQuota(
  queryable: Queryable,
  clientId: string,
  day: string,
  quota: number,
): Promise<boolean> {
  const { rows } = await queryable.query<object>(
    `INSERT INTO client_usage (client_id, day, exhausted_at, quota) SELECT id, $2::date, now(), $3::bigint FROM clients WHERE id = $1::uuid
     ON CONFLICT (client_id, day) DO UPDATE SET exhausted_at = now(), quota = excluded.quota WHERE client_usage.exhausted_at IS NULL
     RETURNING day`,
    [clientId, day, quota],
  );
  return rows.length > 0;
}

/** A quota that was used up on a day that is over. */
export interface ResetQuota {
  readonly clientId: string;
  readonly quota: number;
  /** Requests of the client on the new day so far. */
  readonly used: number;
}

/** Takes quotas that were used up before `today` (`YYYY-MM-DD`, UTC) and whose end was not told; each is handed out once. */
export async function claimResetQuotas(
  queryable: Queryable,
  today: string,
  limit: number,
): Promise<ResetQuota[]> {
  const { rows } = await queryable.query<ResetQuota>(
    `WITH over AS (
       SELECT client_id, day FROM client_usage
       WHERE exhausted_at IS NOT NULL AND reset_told_at IS NULL AND day < $1::date ORDER BY day LIMIT $2 FOR UPDATE SKIP LOCKED
     ), told AS (
       UPDATE client_usage AS usage SET reset_told_at = now() FROM over
       WHERE usage.client_id = over.client_id AND usage.day = over.day RETURNING usage.client_id, usage.day, usage.quota
     )
     SELECT DISTINCT ON (told.client_id) told.client_id::text AS "clientId", told.quota::float8 AS quota,
       coalesce(current.requests, 0)::float8 AS used
     FROM told LEFT JOIN client_usage AS current ON current.client_id = told.client_id AND current.day = $1::date
     ORDER BY told.client_id, told.day DESC`,
    [today, limit],
  );
  return rows;
}
