import type { Pool } from 'pg';
import type { SealedRow } from '../credentials.ts';

/** Sealed signing secrets, by their id; `after` is the last id of the batch before. */
export async function sealedWebhookSecrets(
  pool: Pool,
  after: string | undefined,
  limit: number,
): Promise<SealedRow[]> {
  const { rows } = await pool.query<SealedRow>(
    `SELECT id AS row, client_id AS "clientId", sealed FROM webhook_secrets
     WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
    [after ?? null, limit],
  );
  return rows;
}

/** Replaces a sealed value unless it changed meanwhile. @returns whether it was replaced */
export async function resealWebhookSecret(
  pool: Pool,
  id: string,
  from: string,
  to: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'UPDATE webhook_secrets SET sealed = $3 WHERE id = $1 AND sealed = $2',
    [id, from, to],
  );
  return rowCount === 1;
}
