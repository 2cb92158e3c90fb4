import { randomBytes, randomUUID } from 'node:crypto';
import {
  createClientRepository,
  createPortalUser,
  findPortalUserSecret,
  hashPassword,
  type NewAuditEntry,
  type PortalRole,
  portalRoles,
  replacePassword,
  type Store,
  writeAuditEntry,
} from '@tributary/store';
import { CommandError } from './command-error.ts';

/** What both commands print. The password is shown this once: only its hash is stored. */
interface PortalUserWithPassword {
  readonly userId: string;
  readonly clientId: string;
  readonly email: string;
  readonly password: string;
}

const anyUuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
const anyEmail = /^[^\s@\p{Cc}]{1,200}@[^\s@\p{Cc}]{1,50}$/u;

/** A password that people may keep. */
export function makePortalPassword(): string {
  return randomBytes(18).toString('base64url');
}

/**
 * `portal-user CLIENT_ID EMAIL [ROLE]`: makes a user of the portal, an owner unless another role is named.
 * @throws {CommandError} for words that name no client, address or role, and for an address that is taken
 */
export async function addPortalUser(
  { pool, prisma }: Store,
  [clientId = '', email = '', role = 'owner', ...others]: readonly string[],
): Promise<PortalUserWithPassword & { role: PortalRole }> {
  const usage = 'npm run client -- portal-user CLIENT_ID EMAIL [ROLE]';
  if (!anyUuid.test(clientId) || others.length > 0)
    throw new CommandError(`The client id is a UUID: ${usage}`);
  if (!anyEmail.test(email)) throw new CommandError(`The user needs an e-mail address: ${usage}`);
  const known = portalRoles.find((one) => one === role);
  if (known === undefined) throw new CommandError(`The role is one of ${portalRoles.join(', ')}.`);
  if (!(await createClientRepository({ prisma, pool }).find(clientId)))
    throw new CommandError(`There is no client ${clientId}.`);
  const password = makePortalPassword();
  const passwordHash = await hashPassword(password);
  const user = { id: randomUUID(), clientId, email, name: email, role: known, passwordHash };
  const created = await createPortalUser(pool, user);
  if (created === undefined)
    throw new CommandError(`There is a user with the address ${email} already; see reset-password.`);
  await writeAuditEntry(pool, entryOf('create-portal-user', clientId, created.id), { isSettled: true });
  return { userId: created.id, clientId, email: created.email, role: known, password };
}

/**
 * `reset-password EMAIL`: gives a user a new password and ends their sessions.
 * @throws {CommandError} for an address that nobody has
 */
export async function resetPortalPassword(
  { pool }: Store,
  [email = '', ...others]: readonly string[],
): Promise<PortalUserWithPassword> {
  if (email === '' || others.length > 0)
    throw new CommandError('Whose password? npm run client -- reset-password EMAIL');
  const user = await findPortalUserSecret(pool, email);
  if (user === undefined) throw new CommandError(`There is no user with the address ${email}.`);
  const password = makePortalPassword();
  await replacePassword(pool, user.id, await hashPassword(password));
  await writeAuditEntry(pool, entryOf('reset-portal-password', user.clientId, user.id), { isSettled: true });
  return { userId: user.id, clientId: user.clientId, email: email.toLowerCase(), password };
}

function entryOf(action: string, clientId: string, userId: string): NewAuditEntry {
  const actor = { type: 'system', name: 'npm run client' } as const;
  return { id: randomUUID(), clientId, actor, action, target: { type: 'portalUser', id: userId } };
}
