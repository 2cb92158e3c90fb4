import { roleNames } from '../../api/permissions.ts';
import type { Role } from '../../api/types.ts';

const roles: readonly Role[] = ['viewer', 'operator', 'admin', 'owner'];

export const rolesAsOptions = roles.map((role) => ({ value: role, label: roleNames[role] }));
