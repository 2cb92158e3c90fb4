/** Ids of records as a JSON platform wrote them. */
import { createHash } from 'node:crypto';
import { type JsonSource, jsonMemberText } from './json-text.ts';

const WHOLE = /^-?[0-9]+$/;

/**
 * The id of one element of a listing, with every digit that the platform wrote. An element without a usable id gets one made from its
 * text: the same text keeps it, so that its quarantine entry is found again.
 * @param member the one that holds the id
 */
export function elementId(raw: string, member = 'id'): string {
  return idOfElement(raw, jsonMemberText(raw, member));
}

/** The same, where the source text of the member that holds the id is known. */
export function idOfElement(raw: JsonSource, memberText: string | undefined): string {
  return ownId(memberText) ?? `unidentified-${createHash('sha256').update(raw).digest('hex').slice(0, 24)}`;
}

/** The element's own id; undefined when it has none: absent, empty, 0 or neither number nor text. */
export function ownElementId(raw: string, member = 'id'): string | undefined {
  return ownId(jsonMemberText(raw, member));
}

function ownId(text: string | undefined): string | undefined {
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
