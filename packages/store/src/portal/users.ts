import type { ClientBase, Pool } from 'pg';
import type { PortalRole, PortalUser as PortalUserRow } from '../generated/client.ts';
import { inTransaction } from '../pool.ts';

export type { PortalRole };

/** What each role may do the later ones may too. */
export const portalRoles = ['viewer', 'operator', 'admin', 'owner'] as const satisfies readonly PortalRole[];

/** Somebody of a client who signs in to the portal; without the password's hash. */
export type PortalUser = Pick<
  PortalUserRow,
  'id' | 'email' | 'name' | 'role' | 'isDisabled' | 'lastSignInAt' | 'createdAt'
>;

/** What is needed to check a password. */
export interface PortalUserSecret {
  readonly id: string;
  readonly clientId: string;
  readonly passwordHash: string;
  readonly isDisabled: boolean;
}

export interface PortalUserChange {
  readonly name?: string | undefined;
  readonly role?: PortalRole | undefined;
  readonly isDisabled?: boolean | undefined;
}

/** The change would leave the client without an owner who can sign in. */
export class LastOwnerError extends Error {
  override readonly name = 'LastOwnerError';
}

/** Addresses are compared in this form. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

const columns = `id, email, name, role, is_disabled AS "isDisabled", last_sign_in_at AS "lastSignInAt", created_at AS "createdAt"`;

/** The users of a client, oldest first. */
export async function listPortalUsers(pool: Pool, clientId: string): Promise<PortalUser[]> {
  const { rows } = await pool.query<PortalUser>(
    `SELECT ${columns} FROM portal_users WHERE client_id = $1 ORDER BY created_at, id`,
    [clientId],
  );
  return rows;
}

/** The user whose address it is, whichever client they belong to. */
export async function findPortalUserSecret(pool: Pool, email: string): Promise<PortalUserSecret | undefined> {
  const { rows } = await pool.query<PortalUserSecret>(
    `SELECT id, client_id AS "clientId", password_hash AS "passwordHash", is_disabled AS "isDisabled"
     FROM portal_users WHERE email = $1`,
    [normalEmail(email)],
  );
  return rows[0];
}

/** @returns undefined when the address belongs to a user already (of whichever client) */
export async function createPortalUser(
  client: ClientBase | Pool,
  user: { id: string; clientId: string; email: string; name: string; role: PortalRole; passwordHash: string },
): Promise<PortalUser | undefined> {
  const { rows } = await client.query<PortalUser>(
    `INSERT INTO portal_users (id, client_id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (email) DO NOTHING RETURNING ${columns}`,
    [user.id, user.clientId, normalEmail(user.email), user.name, user.role, user.passwordHash],
  );
  return rows[0];
}

/** Makes the first owner of a client. @returns undefined when it has one already, or the address is taken */
export function createFirstOwner(
  pool: Pool,
  user: { id: string; clientId: string; email: string; name: string; passwordHash: string },
): Promise<PortalUser | undefined> {
  return inTransaction(pool, async (client) => {
    await lockUsers(client, user.clientId);
    const { rowCount } = await client.query(
      `SELECT FROM portal_users WHERE client_id = $1 AND role = 'owner' LIMIT 1`,
      [user.clientId],
    );
    return rowCount === 0 ? createPortalUser(client, { ...user, role: 'owner' }) : undefined;
  });
}

/**
 * Changes a user. Sessions of one who is disabled end; so do the invitations of one who may not invite any more.
 * @returns undefined when the client has no such user
 * @throws LastOwnerError
 */
export function changePortalUser(
  pool: Pool,
  clientId: string,
  userId: string,
  change: PortalUserChange,
): Promise<PortalUser | undefined> {
  return inTransaction(pool, async (client) => {
    await lockUsers(client, clientId);
    const { rows } = await client.query<PortalUser>(
      `UPDATE portal_users SET name = coalesce($3, name), role = coalesce($4::portal_role, role), is_disabled = coalesce($5, is_disabled)
       WHERE client_id = $1 AND id = $2 RETURNING ${columns}`,
      [clientId, userId, change.name ?? null, change.role ?? null, change.isDisabled ?? null],
    );
    const [user] = rows;
    if (user === undefined) return undefined;
    await requireOwner(client, clientId);
    if (user.isDisabled) await endSessionsOf(client, userId);
    await client.query(
      `DELETE FROM portal_invitations WHERE invited_by = $1 AND accepted_at IS NULL
         AND ($2 OR $3::portal_role < 'admin' OR (role = 'owner' AND $3::portal_role < 'owner'))`,
      [userId, user.isDisabled, user.role],
    );
    return user;
  });
}

/** Removes a user with their sessions and invitations. @returns false when the client has no such user @throws LastOwnerError */
export function deletePortalUser(pool: Pool, clientId: string, userId: string): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    await lockUsers(client, clientId);
    const { rowCount } = await client.query('DELETE FROM portal_users WHERE client_id = $1 AND id = $2', [
      clientId,
      userId,
    ]);
    if (rowCount === 0) return false;
    await requireOwner(client, clientId);
    return true;
  });
}

/** Gives a user a new password and ends their sessions, but for one that is named. @returns false when there is no such user */
export function replacePassword(
  pool: Pool,
  userId: string,
  passwordHash: string,
  keptSessionId?: string,
): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query('UPDATE portal_users SET password_hash = $2 WHERE id = $1', [
      userId,
      passwordHash,
    ]);
    await endSessionsOf(client, userId, keptSessionId);
    return rowCount === 1;
  });
}

async function endSessionsOf(client: ClientBase, userId: string, exceptId?: string): Promise<void> {
  await client.query('DELETE FROM portal_sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2::uuid', [
    userId,
    exceptId ?? null,
  ]);
}

/** Changes of who may do what wait for each other, so that two cannot each take the other's owner away. */
async function lockUsers(client: ClientBase, clientId: string): Promise<void> {
  await client.query('SELECT FROM clients WHERE id = $1 FOR UPDATE', [clientId]);
}

async function requireOwner(client: ClientBase, clientId: string): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM portal_users WHERE client_id = $1 AND role = 'owner' AND NOT is_disabled LIMIT 1`,
    [clientId],
  );
  if (rowCount === 0) throw new LastOwnerError('the client would have no owner');
}
