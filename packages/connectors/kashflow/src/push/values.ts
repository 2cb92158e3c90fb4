/** Values of a record that a client wants to write, by the names of the unified model. */
import type { WriteProblem } from '@tributary/connector-kit';
import {
  type Decimal,
  isExactNumber,
  localDate,
  NULL_ID,
  parseDecimal,
  wireDecimalText,
} from '@tributary/model';
import { xmlText } from '../xml.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Digits before the point that KashFlow's amounts can have, and places after it. */
const MOST_DIGITS = 15;
const MOST_PLACES = 4;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listIn(fields: Fields, name: string): Fields[] {
  const value = fields[name];
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** Text as XML can carry it; undefined when it says nothing. */
export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  const text = typeof value === 'string' ? xmlText(value).trim() : '';
  return text === '' ? undefined : text;
}

/** Undefined for what is no number. */
export function decimalIn(fields: Fields, name: string): Decimal | undefined {
  const value = fields[name];
  if (typeof value !== 'number' && typeof value !== 'bigint' && !isExactNumber(value)) return undefined;
  try {
    return parseDecimal(wireDecimalText(value));
  } catch {
    return undefined;
  }
}

/** A calendar date; undefined for what is none. */
export function dateIn(fields: Fields, name: string): string | undefined {
  try {
    return localDate(textIn(fields, name)?.slice(0, 10) ?? '').slice(0, 10);
  } catch {
    return undefined;
  }
}

/** Id of a reference; undefined when there is none, and for the NullId, which names nobody. */
export function refIn(fields: Fields, name: string): string | undefined {
  const id = textIn(fieldsOf(fields[name]), 'id');
  return id === NULL_ID ? undefined : id;
}

/** The record says itself that it has none. */
export function isNullRef(fields: Fields, name: string): boolean {
  return textIn(fieldsOf(fields[name]), 'id') === NULL_ID;
}

/** KashFlow's ids are whole numbers of 32 bits. */
export function isWireId(id: string): boolean {
  return /^[1-9][0-9]{0,9}$/.test(id) && BigInt(id) < 2n ** 31n;
}

export const problem = (itemId: string, validatorName: string, message: string): WriteProblem => ({
  itemId,
  validatorName,
  message,
});

/** What KashFlow could not keep of a number. */
export function amountProblems(fields: Fields, name: string, path: string): WriteProblem[] {
  if (fields[name] === undefined || fields[name] === null) return [];
  const decimal = decimalIn(fields, name);
  if (decimal === undefined) return [problem(path, 'number', 'Must be a number.')];
  const digits = String(decimal.unscaled).replace('-', '').length - decimal.scale;
  if (digits > MOST_DIGITS)
    return [problem(path, 'too-large', `Must have at most ${MOST_DIGITS} digits before the point.`)];
  if (decimal.scale > MOST_PLACES)
    return [
      problem(path, 'too-precise', `Must have at most ${MOST_PLACES} decimals: KashFlow keeps no more.`),
    ];
  return [];
}

export function dateProblems(fields: Fields, name: string): WriteProblem[] {
  if (fields[name] === undefined || fields[name] === null || dateIn(fields, name) !== undefined) return [];
  return [problem(name, 'date', 'Must be a calendar date such as 2026-03-31.')];
}

/** An id that cannot be one of KashFlow's is known to be unknown before anything is asked. */
export function refProblems(fields: Fields, name: string, path: string): WriteProblem[] {
  const id = refIn(fields, name);
  if (id === undefined || isWireId(id)) return [];
  return [unknownReference(path, id)];
}

export function unknownReference(path: string, id: string): WriteProblem {
  return problem(
    path,
    'unknown-reference',
    `${JSON.stringify(id.slice(0, 60))} is not in the business’s books at KashFlow; use an id that was read from there.`,
  );
}
