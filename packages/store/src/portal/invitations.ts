import type { Pool } from 'pg';
import { inTransaction } from '../pool.ts';
import { type NewAuditEntry, writeAuditEntry } from './audit.ts';
import { createPortalUser, normalEmail, type PortalRole, type PortalUser } from './users.ts';

/** An invitation that waits to be accepted. */
export interface PortalInvitation {
  readonly id: string;
  readonly email: string;
  readonly role: PortalRole;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly inviterName: string;
}

/** What an invitation's token leads to. */
export type FoundInvitation =
  | { readonly state: 'open'; readonly email: string; readonly role: PortalRole; readonly clientName: string }
  | { readonly state: 'unknown' | 'accepted' | 'expired' };

const isOpen = 'invitation.accepted_at IS NULL AND invitation.expires_at > now()';
const columns = `invitation.id, invitation.email, invitation.role, invitation.created_at AS "createdAt",
  invitation.expires_at AS "expiresAt", inviter.name AS "inviterName"`;

/** Invitations of a client that can be accepted, oldest first. */
export async function listPortalInvitations(pool: Pool, clientId: string): Promise<PortalInvitation[]> {
  const { rows } = await pool.query<PortalInvitation>(
    `SELECT ${columns} FROM portal_invitations AS invitation JOIN portal_users AS inviter ON inviter.id = invitation.invited_by
     WHERE invitation.client_id = $1 AND ${isOpen} ORDER BY invitation.created_at, invitation.id`,
    [clientId],
  );
  return rows;
}

/**
 * Invites somebody; an earlier invitation of the same address that was not accepted is replaced.
 * @returns undefined when the client has a user with the address
 */
export function createPortalInvitation(
  pool: Pool,
  invitation: {
    id: string;
    clientId: string;
    email: string;
    role: PortalRole;
    tokenHash: Buffer;
    invitedBy: string;
    lastsSeconds: number;
  },
): Promise<PortalInvitation | undefined> {
  const { id, clientId, role, tokenHash, invitedBy, lastsSeconds } = invitation;
  const email = normalEmail(invitation.email);
  return inTransaction(pool, async (client) => {
    await client.query('SELECT FROM clients WHERE id = $1 FOR UPDATE', [clientId]);
    await client.query(
      'DELETE FROM portal_invitations WHERE client_id = $1 AND email = $2 AND accepted_at IS NULL',
      [clientId, email],
    );
    const { rows } = await client.query<PortalInvitation>(
      `WITH invitation AS (
         INSERT INTO portal_invitations (id, client_id, email, role, token_hash, invited_by, expires_at)
         SELECT $1, $2, $3, $4, $5, $6, now() + $7 * interval '1 s'
         WHERE NOT EXISTS (SELECT FROM portal_users WHERE client_id = $2 AND email = $3)
         RETURNING *
       )
       SELECT ${columns} FROM invitation JOIN portal_users AS inviter ON inviter.id = invitation.invited_by`,
      [id, clientId, email, role, tokenHash, invitedBy, lastsSeconds],
    );
    return rows[0];
  });
}

/** @returns the role that was offered; undefined when the client has no such invitation that is open */
export async function findInvitationRole(
  pool: Pool,
  clientId: string,
  id: string,
): Promise<PortalRole | undefined> {
  const { rows } = await pool.query<{ role: PortalRole }>(
    `SELECT role FROM portal_invitations AS invitation WHERE client_id = $1 AND id = $2 AND ${isOpen}`,
    [clientId, id],
  );
  return rows[0]?.role;
}

/** Takes an invitation back. @returns false when the client has no such invitation that was not accepted */
export async function deletePortalInvitation(pool: Pool, clientId: string, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    'DELETE FROM portal_invitations WHERE client_id = $1 AND id = $2 AND accepted_at IS NULL',
    [clientId, id],
  );
  return rowCount === 1;
}

/** What a token is worth at this moment. */
export async function findInvitation(pool: Pool, tokenHash: Buffer): Promise<FoundInvitation> {
  const { rows } = await pool.query<{
    email: string;
    role: PortalRole;
    clientName: string;
    state: 'open' | 'accepted' | 'expired';
  }>(
    `SELECT invitation.email, invitation.role, client.name AS "clientName",
       CASE WHEN accepted_at IS NOT NULL THEN 'accepted' WHEN expires_at <= now() THEN 'expired' ELSE 'open' END AS state
     FROM portal_invitations AS invitation JOIN clients AS client ON client.id = invitation.client_id
     WHERE invitation.token_hash = $1`,
    [tokenHash],
  );
  const [row] = rows;
  if (row === undefined) return { state: 'unknown' };
  const { state, ...invitation } = row;
  return state === 'open' ? { state, ...invitation } : { state };
}

/** @returns the new user; or why there is none: the invitation is not open (any more), or the address has a user */
export function acceptPortalInvitation(
  pool: Pool,
  acceptance: {
    tokenHash: Buffer;
    user: { id: string; name: string; passwordHash: string };
    entry: Pick<NewAuditEntry, 'id' | 'ip'>;
  },
): Promise<PortalUser | 'notOpen' | 'taken'> {
  const { tokenHash, user, entry } = acceptance;
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string; clientId: string; email: string; role: PortalRole }>(
      `SELECT id, client_id AS "clientId", email, role FROM portal_invitations AS invitation
       WHERE token_hash = $1 AND ${isOpen} FOR UPDATE`,
      [tokenHash],
    );
    const [invitation] = rows;
    if (invitation === undefined) return 'notOpen';
    const { clientId, email, role } = invitation;
    const created = await createPortalUser(client, { ...user, clientId, email, role });
    if (created === undefined) return 'taken';
    await client.query('UPDATE portal_invitations SET accepted_at = now() WHERE id = $1', [invitation.id]);
    const actor = { type: 'user', id: created.id, name: created.name } as const;
    const target = { type: 'portalUser', id: created.id };
    await writeAuditEntry(
      client,
      { ...entry, clientId, actor, action: 'accept-portal-invitation', target, detail: { email, role } },
      { isSettled: true },
    );
    return created;
  });
}
