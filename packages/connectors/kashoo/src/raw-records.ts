import { elementId as idOf, ownElementId } from '@tributary/connector-kit';
import { rawMembers } from './wire.ts';

/** How listings find the id of an element. */
export const byId = { idMember: rawMembers.id } as const;

/** The id of one element of a listing; one without a usable id gets one made from its text. */
export const elementId = (raw: string): string => idOf(raw, rawMembers.id);

/** The element's own id; undefined when it has none. */
export const ownId = (raw: string): string | undefined => ownElementId(raw, rawMembers.id);
