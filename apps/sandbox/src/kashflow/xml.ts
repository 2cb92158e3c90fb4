/** XML as the platform writes it: elements in the order of the service description, values as text. */
import { TYPES } from './types.ts';

/** A value of a record's member: a list holds finished elements. */
type Value = string | number | bigint | boolean | readonly string[] | undefined;
export type Members = Readonly<Record<string, Value>>;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot carry
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN, '')
    .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
}

export function element(name: string, content: string, attributes = ''): string {
  return content === '' ? `<${name}${attributes} />` : `<${name}${attributes}>${content}</${name}>`;
}

/** The members of one record of a type. Texts without a value are empty elements; what the type lacks is refused. */
export function membersOf(type: string, values: Members): string {
  const members = TYPES[type];
  if (members === undefined) throw new RangeError(`no type is called ${type}`);
  const unknown = Object.keys(values).find((name) => !members.some(([member]) => member === name));
  if (unknown !== undefined) throw new RangeError(`${type} has no member ${unknown}`);
  return members
    .map(([name, kind]) => {
      const value = values[name];
      if (Array.isArray(value)) return element(name, value.join(''));
      if (value === undefined)
        return element(name, kind === 's:string' || kind.startsWith('tns:') ? '' : '0');
      return element(name, escapeXml(String(value)));
    })
    .join('');
}

/** One record in a list of its own type. */
export const row = (type: string, values: Members): string => element(type, membersOf(type, values));

/** One record in a list of any type. */
export const anyRow = (type: string, values: Members): string =>
  element('anyType', membersOf(type, values), ` xsi:type="${type}"`);

/** Hundredths of a unit with four places, as the platform writes amounts. */
export function money(cents: bigint): string {
  const magnitude = cents < 0n ? -cents : cents;
  return `${cents < 0n ? '-' : ''}${magnitude / 100n}.${String(magnitude % 100n).padStart(2, '0')}00`;
}

export const dateTime = (date: string): string => `${date}T00:00:00`;
