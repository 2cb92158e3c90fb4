import { isCalendarDate } from './dates.ts';
import { canonicalDecimalText } from './exact-number.ts';
import type { ComparisonOperator, FieldDefinition } from './query-ast.ts';

/** A value as the query wrote it. */
export type RawValue = { readonly text: string; readonly quoted: boolean };

/** A normalised value, or what is wrong with the written one. */
export type ValueOutcome =
  | { readonly ok: true; readonly value: string | boolean | null }
  | { readonly ok: false; readonly problem: string };

const EQUALITY: readonly ComparisonOperator[] = ['=', '!='];

/** Why an operator cannot be used with a field, undefined when it can. */
export function operatorProblem(field: FieldDefinition, operator: ComparisonOperator): string | undefined {
  if (EQUALITY.includes(operator)) return undefined;
  const isText = field.kind === 'text' || field.kind === 'id' || field.kind === 'any';
  if (operator === '~')
    return isText || field.kind === 'enum'
      ? undefined
      : `"~" compares text only, and ${field.path} is ${nouns[field.kind]}`;
  const isOrdered =
    isText || field.kind === 'number' || field.kind === 'localDate' || field.kind === 'instant';
  return isOrdered ? undefined : `"${operator}" needs an order, and ${field.path} is ${nouns[field.kind]}`;
}

const nouns = {
  text: 'text',
  id: 'an id',
  enum: 'an enumeration',
  number: 'a number',
  boolean: 'true or false',
  localDate: 'a date',
  instant: 'an instant',
  any: 'of any kind',
} as const;

/** Normalises a written value for a field, as {@link QueryComparison} describes. */
export function readValue(field: FieldDefinition, operator: ComparisonOperator, raw: RawValue): ValueOutcome {
  if (!raw.quoted && raw.text.toLowerCase() === 'null') {
    return EQUALITY.includes(operator)
      ? { ok: true, value: null }
      : { ok: false, problem: 'null can be compared with "=" and "!=" only' };
  }
  // A part of a member is no member.
  const value = operator === '~' ? raw.text : normalise(field, raw.text);
  if (value !== undefined) return { ok: true, value };
  return { ok: false, problem: `${field.path} expects ${expectations[field.kind]}` };
}

const expectations = {
  text: 'text',
  id: 'text',
  enum: 'text',
  any: 'text',
  number: 'a plain decimal number',
  boolean: 'true or false',
  localDate: 'a date such as 2024-02-29',
  instant: 'a date or an instant such as 2024-02-29T13:00:00Z',
} as const;

function normalise(field: FieldDefinition, text: string): string | boolean | undefined {
  switch (field.kind) {
    case 'text':
    case 'id':
    case 'any':
      return text;
    case 'enum':
      return canonicalMember(field.values ?? [], text);
    case 'number':
      return normaliseDecimal(text.trim());
    case 'boolean':
      return readBoolean(text.trim().toLowerCase());
    case 'localDate':
      return normaliseLocalTime(text.trim());
    case 'instant':
      return normaliseInstant(text.trim());
  }
}

function canonicalMember(values: readonly string[], text: string): string {
  const wanted = text.toLowerCase();
  return values.find((value) => value.toLowerCase() === wanted) ?? text;
}

/** Canonical text of a plain decimal, undefined when the text is none. */
export function normaliseDecimal(text: string): string | undefined {
  try {
    return canonicalDecimalText(text);
  } catch {
    return undefined;
  }
}

function readBoolean(text: string): boolean | undefined {
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

/** Date, optional time, optional zone. A blank before an offset is a `+` that was not escaped in the URL. */
const TEMPORAL =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(?:([Zz])|([-+ ])([0-9]{2}):?([0-9]{2}))?)?$/;

type Temporal = { readonly seconds: string; readonly fraction: string; readonly offsetMinutes: number };

function readTemporal(text: string): Temporal | undefined {
  const match = TEMPORAL.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00'] = match;
  if (!isCalendarDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const [sign, offsetHour = '00', offsetMinute = '00'] = match.slice(9);
  if (Number(offsetHour) > 14 || Number(offsetMinute) > 59) return undefined;
  const offset = Number(offsetHour) * 60 + Number(offsetMinute);
  return {
    seconds: `${year}-${month}-${day}T${hour}:${minute}:${second}`,
    // PostgreSQL keeps microseconds; a finer value is cut, not rounded, so that it never passes what it was read from.
    fraction: (match[7] ?? '').slice(0, 6).replace(/0+$/, ''),
    offsetMinutes: sign === '-' ? -offset : offset,
  };
}

/** `YYYY-MM-DDTHH:MM:SS[.fraction]` as written on the clock, undefined when the text is no date. */
export function normaliseLocalTime(text: string): string | undefined {
  const temporal = readTemporal(text);
  if (temporal === undefined) return undefined;
  return temporal.fraction === '' ? temporal.seconds : `${temporal.seconds}.${temporal.fraction}`;
}

/** `YYYY-MM-DDTHH:MM:SS[.fraction]Z`; text without zone counts as UTC; undefined when the text is no instant. */
export function normaliseInstant(text: string): string | undefined {
  const temporal = readTemporal(text);
  if (temporal === undefined) return undefined;
  const shifted = new Date(Date.parse(`${temporal.seconds}Z`) - temporal.offsetMinutes * 60_000);
  const year = shifted.getUTCFullYear();
  if (year < 1 || year > 9999) return undefined;
  const seconds = shifted.toISOString().slice(0, 19);
  return temporal.fraction === '' ? `${seconds}Z` : `${seconds}.${temporal.fraction}Z`;
}
