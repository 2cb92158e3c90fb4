import { createHash } from 'node:crypto';
import { jsonMemberText } from '@tributary/connector-kit';
import { rawMembers } from './wire.ts';

const WHOLE = /^-?[0-9]+$/;

/** How listings find the id of an element. */
export const byId = { idMember: rawMembers.id, idOf: elementId } as const;

/**
 * The id of one element of a listing, with every digit that the platform wrote. An element without a usable id gets one made from its
 * text: the same text keeps it, so that its quarantine entry is found again.
 * @param member source text of the member that holds the id, where it is known
 */
export function elementId(raw: string, member?: string): string {
  return ownId(raw, member) ?? `unidentified-${createHash('sha256').update(raw).digest('hex').slice(0, 24)}`;
}

/** The element's own id; undefined when it has none. */
export function ownId(raw: string, member?: string): string | undefined {
  const text = member ?? jsonMemberText(raw, rawMembers.id);
  if (text === undefined || text === '0') return undefined;
  if (WHOLE.test(text)) return text;
  if (!text.startsWith('"')) return undefined;
  try {
    const id: unknown = JSON.parse(text);
    return typeof id === 'string' && id.trim() !== '' && id.trim() !== '0' ? id.trim() : undefined;
  } catch {
    return undefined;
  }
}
