/** What portal users may do: each role may do what the roles before it may. */
import { type PortalRole, portalRoles } from '@tributary/store';
import { z } from 'zod';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The least role of a portal user whom this route serves. Groups of routes have one for reading and one for changing
     * (routes/index.ts); what has none is for owners.
     */
    role?: PortalRole;
    /** Portal users only: an API key does not open it. */
    sessionOnly?: boolean;
  }
}

/** Whether the role may do what needs the other one. */
export function reaches(role: PortalRole, needed: PortalRole): boolean {
  return portalRoles.indexOf(role) >= portalRoles.indexOf(needed);
}

/** The least roles for reading, and for changing something. */
export interface LeastRoles {
  readonly read: PortalRole;
  readonly write: PortalRole;
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether the method changes nothing. */
export function isSafe(method: string): boolean {
  return safeMethods.has(method);
}

export const roleName = z.enum(portalRoles).meta({
  id: 'PortalRole',
  description:
    'What somebody may do in the portal: `viewer` reads, `operator` also works with companies and syncs, `admin` also deletes companies and changes settings, `owner` also manages users.',
});
