/**
 * Values picked out of a platform's record by dotted names, such as `SalesTermRef.value`. Not an expression language: a path of
 * members, nothing else. The beginnings `$.` and `$[*].`, and a `[*]` behind the last name, are understood and mean nothing, because
 * clients write them.
 */
import { cleanText } from './text.ts';

/** A selector taken apart: the names of members from the record down. */
export type Selector = readonly string[];

const longestSelector = 500;
const deepest = 10;
const beginning = /^\$(?:\[\*\])?\./;
const end = /\[\*\]$/;
const memberName = /^[\p{L}\p{N}_@ :-]{1,100}$/u;

/** @returns undefined for a text that is no selector */
export function parseSelector(text: string): Selector | undefined {
  if (text.length > longestSelector) return undefined;
  const names = text.replace(beginning, '').replace(end, '').split('.');
  return names.length <= deepest && names.every((name) => memberName.test(name)) ? names : undefined;
}

/**
 * A platform's record, ready to be selected from: numbers keep the digits that they came with, and texts can be stored.
 * @throws SyntaxError when it is not JSON
 */
export function parseSelectable(raw: string): unknown {
  return JSON.parse(raw, (_name, value: unknown, { source }) => {
    if (typeof value === 'number' && source !== undefined) return JSON.rawJSON(source);
    return typeof value === 'string' ? cleanText(value).text : value;
  });
}

/** The value that a selector leads to; undefined where the record has none, or null. */
export function selectValue(record: unknown, selector: Selector): unknown {
  let value = record;
  for (const name of selector) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || JSON.isRawJSON(value))
      return undefined;
    if (!Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value ?? undefined;
}

/**
 * The members of a client's own object, by its names for them. What the record does not have is left out.
 * @param selectors texts that {@link parseSelector} took
 */
export function selectMembers(
  record: unknown,
  selectors: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const members = Object.entries(selectors).flatMap(([name, text]) => {
    const selector = parseSelector(text);
    const value = selector && selectValue(record, selector);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(members);
}
