import type { Pool } from 'pg';

/** A connection whose tokens have not been renewed for long. */
export interface IdleCredential {
  readonly id: string;
  readonly clientId: string;
  readonly companyId: string;
  readonly platformKey: string;
  readonly version: number;
}

/**
 * Linked connections whose tokens were not renewed for `idleMs`, and whose access token has expired; each is handed out once per
 * `idleMs`, to one caller.
 */
export async function claimIdleCredentials(
  pool: Pool,
  request: { idleMs: number; limit: number },
): Promise<IdleCredential[]> {
  const { rows } = await pool.query<IdleCredential>(
    `WITH idle AS (
       SELECT credential.connection_id FROM connection_credentials AS credential
       JOIN connections AS connection ON connection.id = credential.connection_id AND connection.status = 'Linked'
       WHERE credential.expires_at < now() AND credential.updated_at < now() - $1 * interval '1 ms' AND credential.state <> 'refreshing'
       ORDER BY credential.expires_at LIMIT $2 FOR UPDATE OF credential SKIP LOCKED
     )
     UPDATE connection_credentials AS credential SET updated_at = now()
     FROM idle JOIN connections AS connection ON connection.id = idle.connection_id
     WHERE credential.connection_id = idle.connection_id
     RETURNING connection.id, connection.client_id AS "clientId", connection.company_id AS "companyId",
       connection.platform_key AS "platformKey", credential.version`,
    [request.idleMs, request.limit],
  );
  return rows;
}

/** A sealed value and where it lives. */
export interface SealedRow {
  readonly row: string;
  readonly clientId: string;
  readonly sealed: string;
}

/** Sealed tokens, by connection id; `after` is the last id of the batch before. */
export async function sealedCredentials(
  pool: Pool,
  after: string | undefined,
  limit: number,
): Promise<SealedRow[]> {
  const { rows } = await pool.query<SealedRow>(
    `SELECT credential.connection_id AS row, connection.client_id AS "clientId", credential.sealed
     FROM connection_credentials AS credential JOIN connections AS connection ON connection.id = credential.connection_id
     WHERE $1::uuid IS NULL OR credential.connection_id > $1 ORDER BY credential.connection_id LIMIT $2`,
    [after ?? null, limit],
  );
  return rows;
}

/** Replaces a sealed value unless it changed meanwhile. @returns whether it was replaced */
export async function resealCredential(
  pool: Pool,
  connectionId: string,
  from: string,
  to: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'UPDATE connection_credentials SET sealed = $3 WHERE connection_id = $1 AND sealed = $2',
    [connectionId, from, to],
  );
  return rowCount === 1;
}
