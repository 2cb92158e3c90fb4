/** Users of the portal, and how they come to be: by invitation. */
import { instant } from '@tributary/model';
import {
  acceptPortalInvitation,
  changePortalUser,
  createPortalInvitation,
  deletePortalInvitation,
  deletePortalUser,
  findInvitation,
  findInvitationRole,
  LastOwnerError,
  listPortalInvitations,
  listPortalUsers,
  type PortalInvitation,
  type PortalRole,
  type PortalSession,
  type PortalUser,
  type PortalUserChange,
} from '@tributary/store';
import type { z } from 'zod';
import type { AppDependencies } from '../dependencies.ts';
import { ApiError, conflict, forbidden, notFound, notFoundBecause } from '../errors.ts';
import type {
  createdPortalInvitation,
  openInvitation,
  portalInvitation,
  portalUser,
} from '../schemas/portal.ts';
import { passwordChecks } from './password-checks.ts';
import { reaches } from './roles.ts';
import { hashToken, makeToken } from './tokens.ts';

const invitationSeconds = 604_800;

export interface PortalUsers {
  list(clientId: string): Promise<z.input<typeof portalUser>[]>;
  /** @throws ApiError 409 when the client would have no owner */
  change(clientId: string, userId: string, change: PortalUserChange): Promise<z.input<typeof portalUser>>;
  delete(clientId: string, userId: string): Promise<void>;
  invitations(clientId: string): Promise<z.input<typeof portalInvitation>[]>;
  /** @throws ApiError 403 when the inviter may not give the role, 409 when the address has a user already */
  invite(
    session: PortalSession,
    invitation: { email: string; role: PortalRole },
  ): Promise<z.input<typeof createdPortalInvitation>>;
  withdraw(session: PortalSession, invitationId: string): Promise<void>;
  /** @throws ApiError 404 for a token that is unknown, 410 for an invitation that is over */
  lookUp(token: string): Promise<z.input<typeof openInvitation>>;
  /** Makes the invited user. @throws ApiError as above, and 409 when the address has a user already */
  accept(acceptance: {
    token: string;
    name: string;
    password: string;
    ip: string;
  }): Promise<{ id: string; passwordHash: string }>;
}

export function createPortalUsers({ store, newId, publicUrl }: AppDependencies): PortalUsers {
  const { pool } = store;

  async function lookUp(token: string) {
    const found = await findInvitation(pool, hashToken(token));
    if (found.state === 'open') return found;
    if (found.state === 'unknown')
      throw notFoundBecause('This invitation is not known. Check the link, or ask for a new invitation.');
    throw overBecause(found.state);
  }

  return {
    async list(clientId) {
      return (await listPortalUsers(pool, clientId)).map(userView);
    },

    async change(clientId, userId, change) {
      const user = await unlessLastOwner(() => changePortalUser(pool, clientId, userId, change));
      if (user === undefined) throw notFound('user');
      return userView(user);
    },

    async delete(clientId, userId) {
      if (!(await unlessLastOwner(() => deletePortalUser(pool, clientId, userId)))) throw notFound('user');
    },

    async invitations(clientId) {
      return (await listPortalInvitations(pool, clientId)).map(invitationView);
    },

    async invite({ user, client }, { email, role }) {
      if (!reaches(user.role, role)) throw forbidden('Only an owner can invite an owner.');
      const token = makeToken();
      const invitation = await createPortalInvitation(pool, {
        id: newId(),
        clientId: client.id,
        email,
        role,
        tokenHash: hashToken(token),
        invitedBy: user.id,
        lastsSeconds: invitationSeconds,
      });
      if (invitation === undefined)
        throw conflict('There is a user with this e-mail address already. Change that one instead.');
      return { ...invitationView(invitation), url: `${publicUrl}/portal/invitations/${token}` };
    },

    async withdraw({ user, client }, invitationId) {
      const role = await findInvitationRole(pool, client.id, invitationId);
      if (role === undefined) throw notFound('invitation');
      if (!reaches(user.role, role))
        throw forbidden('Only an owner can take back the invitation of an owner.');
      if (!(await deletePortalInvitation(pool, client.id, invitationId))) throw notFound('invitation');
    },

    async lookUp(token) {
      const { email, role, clientName } = await lookUp(token);
      return { email, role, clientName };
    },

    async accept({ token, name, password, ip }) {
      // Hashing is dear: only for tokens that are good.
      await lookUp(token);
      const user = { id: newId(), name, passwordHash: await passwordChecks.hash(password) };
      const entry = { id: newId(), ip };
      const accepted = await acceptPortalInvitation(pool, { tokenHash: hashToken(token), user, entry });
      if (accepted === 'notOpen') throw overBecause('accepted');
      if (accepted === 'taken')
        throw conflict(
          'There is a user with this e-mail address already: sign in, or ask for an invitation to another address.',
        );
      return user;
    },
  };
}

function overBecause(state: 'accepted' | 'expired'): ApiError {
  const why = state === 'expired' ? 'has expired' : 'was used already';
  return new ApiError(410, `This invitation ${why}. Sign in, or ask for a new invitation.`);
}

async function unlessLastOwner<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LastOwnerError)
      throw conflict('This is the last owner who can sign in. Make somebody else an owner first.');
    throw error;
  }
}

function userView(user: PortalUser): z.input<typeof portalUser> {
  const { createdAt, lastSignInAt, ...others } = user;
  return {
    ...others,
    ...(lastSignInAt !== null && { lastSignIn: instant(lastSignInAt) }),
    created: instant(createdAt),
  };
}

function invitationView(invitation: PortalInvitation): z.input<typeof portalInvitation> {
  const { id, email, role, createdAt, expiresAt, inviterName } = invitation;
  return {
    id,
    email,
    role,
    created: instant(createdAt),
    expiresOn: instant(expiresAt),
    invitedBy: inviterName,
  };
}
