/** Elements as JSON text: how KashFlow's records are kept, hashed and handed to mapping. Every value stays the text that it was. */
import { createHash } from 'node:crypto';
import type { WireRecord } from '@tributary/connector-kit';
import { addDecimal, parseDecimal } from '@tributary/model';
import { childOf, textOf, type XmlElement } from './xml.ts';

/** Members that are lists, however many elements they hold. */
const LISTS: ReadonlySet<string> = new Set([
  'Lines',
  'FixedAssets',
  'CurrentAssets',
  'CurrentLiabilities',
  'CapitalReserves',
  'Turnover',
  'CostOfSales',
  'Expenses',
]);

export type JsonMember = null | string | readonly JsonMember[] | { readonly [name: string]: JsonMember };

/** An element's value: text, its elements by name, or a list; null when it is nil. */
export function jsonOf(element: XmlElement): JsonMember {
  if (element.isNil) return null;
  if (LISTS.has(element.name)) return element.elements.map(jsonOf);
  if (element.elements.length === 0) return textOf(element);
  // Without a prototype, so that no name of the platform's means anything else.
  const members: Record<string, JsonMember> = Object.create(null);
  for (const child of element.elements) members[child.name] = jsonOf(child);
  return members;
}

const USABLE_ID = /^[1-9][0-9]{0,19}$/;

/** The id that an element gives itself; undefined when it has none: absent, empty, 0 or no number. */
export function ownId(element: XmlElement, member: string): string | undefined {
  const child = childOf(element, member);
  const id = child === undefined ? '' : textOf(child).trim();
  return USABLE_ID.test(id) ? id : undefined;
}

/**
 * A record as the engine takes it. One without a usable id gets an id made from its text: the same text keeps it, so that its
 * quarantine entry is found again.
 */
export function wireRecord(id: string | undefined, json: JsonMember): WireRecord {
  const raw = JSON.stringify(json);
  return { id: id ?? `unidentified-${createHash('sha256').update(raw).digest('hex').slice(0, 24)}`, raw };
}

/** Records of a result's elements, an id once: of a repeated one the last counts. */
export function recordsOf(elements: readonly XmlElement[], idMember: string): WireRecord[] {
  return distinct(elements.map((element) => wireRecord(ownId(element, idMember), jsonOf(element))));
}

export function distinct(records: readonly WireRecord[]): WireRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

/** A negative invoice or receipt is a credit note. What has no readable amount stays with the invoices, where mapping tells why. */
export function isCredit(element: XmlElement): boolean {
  try {
    const net = parseDecimal(memberText(element, 'NetAmount') || '0');
    return addDecimal(net, parseDecimal(memberText(element, 'VATAmount') || '0')).unscaled < 0n;
  } catch {
    return false;
  }
}

export function memberText(element: XmlElement, name: string): string {
  const child = childOf(element, name);
  return child === undefined ? '' : textOf(child).trim();
}
