/** Signing in to the portal, and out. */
import {
  createPortalSession,
  endPortalSession,
  findPortalSession,
  findPortalUserSecret,
  type PortalSession,
  type PortalUserSecret,
  replacePassword,
  type SessionLifetime,
} from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';
import { type ApiError, refused, signInNeeded } from '../errors.ts';
import { createSignInAttempts } from './attempts.ts';
import { passwordChecks } from './password-checks.ts';
import { csrfTokenOf, hashToken, makeToken } from './tokens.ts';

/** Twelve hours without use, seven days in all. */
export const sessionLifetime: SessionLifetime = { idleSeconds: 43_200, longestSeconds: 604_800 };

/** A session as its own browser sees it. */
interface SessionView extends Pick<PortalSession, 'user' | 'client'> {
  readonly csrfToken: string;
}

/** A session that was just made. */
interface NewSession {
  /** For the cookie; shown this once. */
  readonly token: string;
  readonly view: SessionView;
}

export interface PortalSessions {
  /**
   * @param request.previousToken of the session that the browser had; it ends
   * @throws ApiError 401 when address and password do not belong together, 429 after too many attempts
   */
  signIn(request: {
    email: string;
    password: string;
    ip: string;
    previousToken: string | undefined;
  }): Promise<NewSession>;
  /** Signs in somebody who has shown who they are. @throws ApiError 401 when that has changed meanwhile */
  open(user: Pick<PortalUserSecret, 'id' | 'passwordHash'>): Promise<NewSession>;
  find(token: string): Promise<PortalSession | undefined>;
  signOut(token: string): Promise<void>;
  /** Ends the user's other sessions. @throws ApiError 400 for a wrong current password, 429 after too many attempts */
  changePassword(
    session: PortalSession,
    request: { currentPassword: string; newPassword: string; ip: string },
  ): Promise<void>;
}

export function createPortalSessions({ store, newId }: AppDependencies): PortalSessions {
  const { pool } = store;
  const attempts = createSignInAttempts(store);

  async function find(token: string): Promise<PortalSession | undefined> {
    return findPortalSession(pool, hashToken(token), sessionLifetime);
  }

  async function open(user: Pick<PortalUserSecret, 'id' | 'passwordHash'>): Promise<NewSession> {
    const token = makeToken();
    const { id: userId, passwordHash } = user;
    const session = { id: newId(), userId, tokenHash: hashToken(token), passwordHash };
    await createPortalSession(pool, session, sessionLifetime);
    const found = await find(token);
    // The user was removed or disabled meanwhile, or has another password.
    if (found === undefined) throw wrongPassword();
    return { token, view: sessionView(found, token) };
  }

  return {
    find,
    open,

    async signIn({ email, password, ip, previousToken }) {
      await attempts.take(email, ip);
      const user = await findPortalUserSecret(pool, email);
      const isRight = await passwordChecks.verify(password, user?.passwordHash);
      if (user === undefined || !isRight || user.isDisabled) throw wrongPassword();
      await attempts.forget(email, ip);
      if (previousToken !== undefined) await endPortalSession(pool, hashToken(previousToken));
      return open(user);
    },

    async signOut(token) {
      await endPortalSession(pool, hashToken(token));
    },

    async changePassword({ id, user }, { currentPassword, newPassword, ip }) {
      await attempts.take(user.email, ip);
      const secret = await findPortalUserSecret(pool, user.email);
      if (!(await passwordChecks.verify(currentPassword, secret?.passwordHash)))
        throw refused('body.currentPassword', 'is not your password', 'CurrentPassword');
      await attempts.forget(user.email, ip);
      await replacePassword(pool, user.id, await passwordChecks.hash(newPassword), id);
    },
  };
}

/** What the browser is told of its session. */
export function sessionView({ user, client }: PortalSession, token: string): SessionView {
  return { user, client, csrfToken: csrfTokenOf(token) };
}

function wrongPassword(): ApiError {
  return signInNeeded('The e-mail address or the password is wrong.');
}
