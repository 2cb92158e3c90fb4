/** Records that come with calls: read by the types of the service description, as strictly as the platform does. */
import { type Decimal, parseDecimal } from '../exact/decimal.ts';
import { isDate } from '../kashoo/calendar.ts';
import type { SoapElement } from './envelope.ts';
import { TYPES } from './types.ts';

/** The call cannot be read: a fault, whose message names the member. */
export class MalformedCall extends Error {
  override readonly name = 'MalformedCall';
}

export interface Received {
  /** Texts of the members that came in their place, by name. */
  readonly members: ReadonlyMap<string, string>;
  /** Empty for a member that did not come. */
  text(name: string): string;
  /** 0 for a member that did not come. */
  whole(name: string): bigint;
  decimal(name: string): Decimal;
  /** Calendar date; undefined for none, which is written as the first day of the first year. */
  date(name: string): string | undefined;
  /** Records of a list that can hold any type. */
  list(name: string, type: string): Received[];
}

const NO_DATE = '0001-01-01';
const INT_LIMIT = 2n ** 31n;
const DECIMAL = /^[+-]?\d{1,28}(?:\.\d{1,28})?$/;

/** @throws MalformedCall for a value that is none of its member's type */
export function received(type: string, element: SoapElement): Received {
  const found = inPlace(type, element);
  const members = new Map([...found].map(([name, { text }]) => [name, text]));
  for (const [name, kind] of TYPES[type] ?? []) check(name, kind, members.get(name));
  const text = (name: string): string => members.get(name) ?? '';
  return {
    members,
    text,
    whole: (name) => BigInt(text(name).trim() || '0'),
    decimal: (name) => parseDecimal(text(name).trim() || '0') ?? fail(name),
    date: (name) => {
      const day = text(name).trim().slice(0, 10);
      return day === '' || day === NO_DATE ? undefined : day;
    },
    list: (name, itemType) =>
      (found.get(name)?.elements ?? []).map((item) => {
        // Anything may stand in the list, so that each element says what it is.
        if (item.type !== itemType) throw new MalformedCall(`${name} holds something else than ${itemType}`);
        return received(itemType, item);
      }),
  };
}

/** What comes out of order, or is no member of the type, is dropped without a word. */
function inPlace(type: string, { elements }: SoapElement): Map<string, SoapElement> {
  const names = (TYPES[type] ?? []).map(([name]) => name);
  const found = new Map<string, SoapElement>();
  let reached = -1;
  for (const element of elements) {
    const place = names.indexOf(element.name);
    if (place <= reached) continue;
    reached = place;
    found.set(element.name, element);
  }
  return found;
}

function check(name: string, kind: string, value: string | undefined): void {
  if (value === undefined) return;
  const text = value.trim();
  if (kind === 's:int' && !isInt(text)) fail(name);
  if (kind === 's:decimal' && !DECIMAL.test(text)) fail(name);
  if (kind === 's:boolean' && !/^(?:true|false|0|1)$/.test(text)) fail(name);
  if (
    kind === 's:dateTime' &&
    !/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text)
  )
    fail(name);
  if (kind === 's:dateTime' && !text.startsWith(NO_DATE) && !isDate(text.slice(0, 10))) fail(name);
}

function isInt(text: string): boolean {
  if (!/^[+-]?\d{1,10}$/.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ''));
  return value < INT_LIMIT && value >= -INT_LIMIT;
}

function fail(name: string): never {
  throw new MalformedCall(`Input string was not in a correct format: ${name}`);
}
