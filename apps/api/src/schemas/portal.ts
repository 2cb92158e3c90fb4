import { instantText } from '@tributary/model';
import { z } from 'zod';
import { storedText } from '../http/text.ts';
import { roleName } from '../portal/roles.ts';

const longestEmail = 254;
const longestPassword = 1024;
const shortestPassword = 12;

/** An address as people write it; whether mail arrives there is for the mail to show. */
export const email = z
  .string({ error: 'must be an e-mail address' })
  .trim()
  .max(longestEmail, { error: `must have at most ${longestEmail} characters`, abort: true })
  .regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u, { error: 'must be an e-mail address' })
  .refine((text) => text.isWellFormed(), { error: 'must be an e-mail address' });

const password = z
  .string({ error: 'must be text' })
  .min(1, { error: 'must not be empty', abort: true })
  .max(longestPassword, { error: `must have at most ${longestPassword} characters` });

const newPassword = password.min(shortestPassword, {
  error: `must have at least ${shortestPassword} characters`,
});

const personName = storedText({ maximum: 200 });

const token = z.string({ error: 'must be text' }).max(200, { error: 'is no token of an invitation' });

export const signInRequest = z
  .object({
    email: z
      .string({ error: 'must be text' })
      .trim()
      .max(longestEmail, { error: `must have at most ${longestEmail} characters` }),
    password,
  })
  .meta({ id: 'PortalSignIn' });

export const portalSession = z
  .object({
    user: z.object({ id: z.uuid(), email: z.string(), name: z.string(), role: roleName }),
    client: z.object({ id: z.uuid(), name: z.string() }),
    csrfToken: z
      .string()
      .describe('Goes into the header `X-CSRF-Token` of every request that changes something.'),
  })
  .meta({ id: 'PortalSession', description: 'Who is signed in.' });

export const passwordChange = z
  .object({ currentPassword: password, newPassword })
  .meta({ id: 'ChangePortalPassword' });

export const portalUser = z
  .object({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    role: roleName,
    isDisabled: z.boolean(),
    lastSignIn: instantText.optional(),
    created: instantText,
  })
  .meta({ id: 'PortalUser' });

export const portalUserChange = z
  .object({ name: personName.optional(), role: roleName.optional(), isDisabled: z.boolean().optional() })
  .meta({ id: 'UpdatePortalUser', description: 'What is left out stays as it is.' });

export const portalInvitation = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role: roleName,
    created: instantText,
    expiresOn: instantText,
    invitedBy: z.string().describe('Name of the user who invited.'),
  })
  .meta({ id: 'PortalInvitation' });

export const createdPortalInvitation = portalInvitation
  .extend({ url: z.url().describe('For the invited person; shown this once. It works once.') })
  .meta({ id: 'CreatedPortalInvitation' });

export const newPortalInvitation = z.object({ email, role: roleName }).meta({ id: 'CreatePortalInvitation' });

export const invitationToken = z.object({ token }).meta({ id: 'PortalInvitationToken' });

export const openInvitation = z
  .object({ email: z.string(), role: roleName, clientName: z.string() })
  .meta({ id: 'OpenPortalInvitation' });

export const invitationAcceptance = z
  .object({ token, name: personName, password: newPassword })
  .meta({ id: 'AcceptPortalInvitation' });
