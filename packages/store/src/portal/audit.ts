/** The log of changes: who changed what, of each client. */
import { hash } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';

/** Who changed something. */
export interface AuditActor {
  readonly type: 'user' | 'apiKey' | 'companyToken' | 'integrationKey' | 'system';
  /** Of the user, the key or the company. */
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

export interface AuditTarget {
  readonly type: string;
  readonly id?: string | undefined;
}

/** A change, as it is written down. `detail` holds no secret and nothing of a small business's books. */
export interface NewAuditEntry {
  readonly id: string;
  readonly clientId: string;
  readonly actor: AuditActor;
  readonly ip?: string | undefined;
  /** The id of the operation in the OpenAPI document, or a word of the same form. */
  readonly action: string;
  readonly target?: AuditTarget | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  /** False: it was begun, and whether it happened was not written down. */
  readonly isSettled: boolean;
  readonly actorType: AuditActor['type'];
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly ip: string | null;
  readonly action: string;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

/** @param isSettled true when it is written in the transaction of the change, or after it */
export async function writeAuditEntry(
  client: ClientBase | Pool,
  entry: NewAuditEntry,
  { isSettled }: { isSettled: boolean },
): Promise<void> {
  const { id, clientId, actor, ip, action, target, detail } = entry;
  await client.query({
    name: 'write-audit-entry',
    text: `INSERT INTO audit_log (id, client_id, is_settled, actor_type, actor_id, actor_name, ip, action, target_type, target_id, detail)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    values: [
      id,
      clientId,
      isSettled,
      actor.type,
      actor.id ?? null,
      actor.name ?? null,
      ip ?? null,
      action,
      target?.type ?? null,
      target?.id ?? null,
      detail === undefined ? null : JSON.stringify(detail),
    ],
  });
}

/** The change happened. @param target what it made, where that was not known before */
export async function settleAuditEntry(
  pool: Pool,
  id: string,
  target: AuditTarget | undefined,
): Promise<void> {
  await pool.query({
    name: 'settle-audit-entry',
    text: `UPDATE audit_log SET is_settled = true, target_type = coalesce($2, target_type), target_id = coalesce($3, target_id) WHERE id = $1`,
    values: [id, target?.type ?? null, target?.id ?? null],
  });
}

/** Nothing was changed. */
export async function dropAuditEntry(pool: Pool, id: string): Promise<void> {
  await pool.query({
    name: 'drop-audit-entry',
    text: 'DELETE FROM audit_log WHERE id = $1 AND NOT is_settled',
    values: [id],
  });
}

/**
 * Takes the id of what is erased out of the log, so that the erasure leaves no trace: who did what, and when, stays. In its place
 * stands a part of its hash, by which somebody who knows the id finds the entries.
 */
export async function forgetInAuditLog(
  client: ClientBase,
  clientId: string,
  erasedId: string,
): Promise<void> {
  await client.query(
    `UPDATE audit_log SET detail = NULL,
       actor_id = CASE WHEN actor_id = $2 THEN $3 ELSE actor_id END,
       target_id = CASE WHEN target_id = $2 THEN $3 WHEN target_type IN ('company', 'connection') THEN target_id END
     WHERE client_id = $1
       AND (target_id = $2 OR actor_id = $2 OR detail ->> 'companyId' = $2 OR detail ->> 'connectionId' = $2)`,
    [clientId, erasedId, `erased-${hash('sha256', erasedId).slice(0, 16)}`],
  );
}

/** One page of a client's log, newest first. `page` counts from 1. */
export async function listAuditLog(
  pool: Pool,
  clientId: string,
  { page, pageSize }: { page: number; pageSize: number },
): Promise<{ rows: AuditEntry[]; total: number }> {
  const [found, count] = await Promise.all([
    pool.query<AuditEntry>(
      `SELECT id, at, is_settled AS "isSettled", actor_type AS "actorType", actor_id AS "actorId", actor_name AS "actorName", ip, action,
         target_type AS "targetType", target_id AS "targetId", detail
       FROM audit_log WHERE client_id = $1 ORDER BY at DESC, id LIMIT $2 OFFSET $3`,
      [clientId, pageSize, (page - 1) * pageSize],
    ),
    pool.query<{ total: number }>('SELECT count(*)::float8 AS total FROM audit_log WHERE client_id = $1', [
      clientId,
    ]),
  ]);
  return { rows: found.rows, total: count.rows[0]?.total ?? 0 };
}
