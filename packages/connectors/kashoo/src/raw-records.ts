import { elementId, ownElementId } from '@tributary/connector-kit';
import { rawMembers } from './wire.ts';

export { elementId };

/** How listings find the id of an element. */
export const byId = { idMember: rawMembers.id, idOf: elementId } as const;

/** The element's own id; undefined when it has none. */
export const ownId = (raw: string): string | undefined => ownElementId(raw);
