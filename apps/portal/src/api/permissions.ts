import { useSession } from './session.ts';
import type { Role } from './types.ts';

/** What the portal offers beyond looking. The server decides; this only keeps from offering what it would refuse. */
export type Permission =
  | 'manageCompanies'
  | 'deleteCompanies'
  | 'syncCompanies'
  | 'manageIntegrations'
  | 'manageSettings'
  | 'seeUsers'
  | 'inviteUsers'
  | 'manageUsers';

const least: Readonly<Record<Permission, Role>> = {
  manageCompanies: 'operator',
  deleteCompanies: 'admin',
  syncCompanies: 'operator',
  manageIntegrations: 'admin',
  manageSettings: 'admin',
  seeUsers: 'admin',
  inviteUsers: 'admin',
  manageUsers: 'owner',
};

const rank: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2, owner: 3 };

export const roleNames: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  admin: 'Administrator',
  operator: 'Operator',
  viewer: 'Viewer',
};

function mayDo(role: Role, permission: Permission): boolean {
  return rank[role] >= rank[least[permission]];
}

/** Why the user may not do something, in words; undefined when they may. */
function refusalOf(role: Role, permission: Permission): string | undefined {
  if (mayDo(role, permission)) return undefined;
  const needed = roleNames[least[permission]].toLowerCase();
  return `Your role (${roleNames[role].toLowerCase()}) may look here. Ask an ${needed} to do this for you, or to change your role.`;
}

export function useRefusal(permission: Permission): string | undefined {
  return refusalOf(useSession().user.role, permission);
}
