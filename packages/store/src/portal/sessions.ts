import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../pool.ts';
import type { PortalRole } from './users.ts';

/** A signed-in browser, and whom it acts for, as they are now. */
export interface PortalSession {
  readonly id: string;
  readonly user: {
    readonly id: string;
    readonly email: string;
    readonly name: string;
    readonly role: PortalRole;
  };
  readonly client: { readonly id: string; readonly name: string };
}

/** How long sessions last, in seconds. */
export interface SessionLifetime {
  /** Without use. */
  readonly idleSeconds: number;
  /** In all. */
  readonly longestSeconds: number;
}

/**
 * Stores a new session of a user, and that they signed in.
 * @param session.passwordHash of the password that was right; one that was replaced meanwhile opens nothing any more
 * @returns false when the user is gone or disabled, or has another password by now
 */
export async function createPortalSession(
  client: ClientBase | Pool,
  session: { id: string; userId: string; tokenHash: Buffer; passwordHash: string },
  { idleSeconds, longestSeconds }: SessionLifetime,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `WITH signed_in AS (
       UPDATE portal_users SET last_sign_in_at = now() WHERE id = $2 AND password_hash = $6 AND NOT is_disabled RETURNING id
     )
     INSERT INTO portal_sessions (id, user_id, token_hash, idle_until, expires_at)
     SELECT $1, id, $3, now() + $4 * interval '1 s', now() + $5 * interval '1 s' FROM signed_in`,
    [session.id, session.userId, session.tokenHash, idleSeconds, longestSeconds, session.passwordHash],
  );
  return rowCount === 1;
}

/** A session is written at most so often while it is used. */
const touchEverySeconds = 60;

/**
 * The session of a token. Its user and their role are read anew each time: who is disabled is out at once. The time without use
 * starts again.
 * @returns undefined for a token that is unknown or has expired, and for a disabled user
 */
export async function findPortalSession(
  pool: Pool,
  tokenHash: Buffer,
  { idleSeconds }: SessionLifetime,
): Promise<PortalSession | undefined> {
  const { rows } = await pool.query<PortalSession & { isToBeTouched: boolean }>({
    name: 'find-portal-session',
    text: `SELECT session.id, session.idle_until < least(session.expires_at, now() + ($2 - ${touchEverySeconds}) * interval '1 s') AS "isToBeTouched",
             json_build_object('id', portal_user.id, 'email', email, 'name', portal_user.name, 'role', role) AS "user",
             json_build_object('id', client.id, 'name', client.name) AS client
           FROM portal_sessions AS session
           JOIN portal_users AS portal_user ON portal_user.id = session.user_id AND NOT portal_user.is_disabled
           JOIN clients AS client ON client.id = portal_user.client_id
           WHERE session.token_hash = $1 AND session.idle_until > now() AND session.expires_at > now()`,
    values: [tokenHash, idleSeconds],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const { isToBeTouched, ...session } = row;
  if (isToBeTouched)
    await pool.query(
      `UPDATE portal_sessions SET idle_until = greatest(idle_until, least(expires_at, now() + $2 * interval '1 s')) WHERE id = $1`,
      [session.id, idleSeconds],
    );
  return session;
}

/** Ends the session of a token, if there is one. */
export async function endPortalSession(pool: Pool, tokenHash: Buffer): Promise<void> {
  await pool.query('DELETE FROM portal_sessions WHERE token_hash = $1', [tokenHash]);
}

/** Sign-in tries under one key within a window. */
export interface AttemptLimit {
  /** Hash of whom or where the tries are counted for. */
  readonly id: Buffer;
  readonly most: number;
}

/**
 * Counts a try before it is made: of tries at the same moment, no more go through than one after the other. A try that one key
 * refuses is not counted under those behind it, so that whoever is refused here uses up nothing of others.
 * @param limits from the narrowest to the widest, as in every call: two tries then never wait for each other
 * @returns 0 when it may be made, or else the seconds until it may
 */
export function takeSignInAttempt(
  pool: Pool,
  limits: readonly AttemptLimit[],
  windowSeconds: number,
): Promise<number> {
  return inTransaction(pool, async (client) => {
    for (const { id, most } of limits) {
      const { rows } = await client.query<{ attempts: number; waitSeconds: number }>(
        `INSERT INTO portal_sign_in_attempts AS kept (id, attempts, window_ends_at) VALUES ($1, 1, now() + $2 * interval '1 s')
         ON CONFLICT (id) DO UPDATE SET
           attempts = CASE WHEN kept.window_ends_at <= now() THEN 1 ELSE least(kept.attempts, $3) + 1 END,
           window_ends_at = CASE WHEN kept.window_ends_at <= now() THEN excluded.window_ends_at ELSE kept.window_ends_at END
         RETURNING attempts, ceil(extract(epoch FROM window_ends_at - now()))::int AS "waitSeconds"`,
        [id, windowSeconds, most],
      );
      const [row] = rows;
      if (row !== undefined && row.attempts > most) return Math.max(row.waitSeconds, 1);
    }
    return 0;
  });
}

/** Forgets tries: the right password was among them. */
export async function forgetSignInAttempts(pool: Pool, ids: readonly Buffer[]): Promise<void> {
  await pool.query('DELETE FROM portal_sign_in_attempts WHERE id = ANY ($1::bytea[])', [ids]);
}
