import type { EntryQuery } from '../books/accounts.ts';
import { RECORD_SORTS, type RecordQuery } from '../books/listing.ts';
import { isDate } from '../calendar.ts';
import { badRequest } from '../errors.ts';
import { RECORD_TYPES, type RecordType } from '../records.ts';

/** The platform sends no more than this unless told otherwise, whatever was asked for, and says nothing about it. */
export const MOST_PER_PAGE = 1_000;

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The values of a parameter that may come several times, or once with commas. */
export function valuesOf(query: Query, name: string): string[] {
  const given = query[name];
  const list = given === undefined ? [] : typeof given === 'string' ? [given] : [...given];
  return list
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

function single(query: Query, name: string): string | undefined {
  const values = query[name];
  const value = typeof values === 'string' ? values : values?.[0];
  return value === '' ? undefined : value;
}

function integer(query: Query, name: string): bigint | undefined {
  const text = single(query, name);
  if (text === undefined) return undefined;
  if (!/^-?\d{1,18}$/.test(text)) throw badRequest(`${name}: not an integer: ${text}`);
  return BigInt(text);
}

function natural(query: Query, name: string, fallback: number): number {
  const value = integer(query, name);
  if (value === undefined) return fallback;
  if (value < 0n || value > 2_000_000_000n) throw badRequest(`${name}: out of range: ${value}`);
  return Number(value);
}

export function dateIn(query: Query, name: string): string | undefined {
  const text = single(query, name);
  if (text !== undefined && !isDate(text)) throw badRequest(`${name}: not a day as YYYY-MM-DD: ${text}`);
  return text;
}

export function flagIn(query: Query, name: string): boolean | undefined {
  const text = single(query, name)?.toLowerCase();
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false') throw badRequest(`${name}: neither true nor false: ${text}`);
  return text === 'true';
}

/** `limit` 0 or none is `fallback`; more than the most is the most. */
export function pageIn(query: Query, fallback: number, most: number): { offset: number; limit: number } {
  const limit = natural(query, 'limit', 0);
  return {
    offset: natural(query, 'offset', 0),
    limit: Math.min(limit === 0 ? fallback : limit, most),
  };
}

function descendingIn(query: Query): boolean {
  const order = single(query, 'sortOrder')?.toLowerCase();
  if (order === undefined || order === 'asc' || order === 'ascending') return false;
  if (order === 'desc' || order === 'descending') return true;
  throw badRequest(`sortOrder: neither asc nor desc: ${order}`);
}

/** Record types in any case. */
export function typesIn(query: Query): RecordType[] {
  return valuesOf(query, 'type').map((text) => {
    const type = RECORD_TYPES.find((known) => known === text.toUpperCase());
    if (!type) throw badRequest(`type: unknown record type ${text}`);
    return type;
  });
}

/** What a list of records was asked for. Without a sort column: by change when `modifiedSince` is given, else by id. */
export function recordQuery(query: Query, types: readonly RecordType[], most: number): RecordQuery {
  const modifiedSinceMs = integer(query, 'modifiedSince');
  const column = single(query, 'sortColumn');
  const sort =
    column === undefined ? (modifiedSinceMs === undefined ? 'id' : 'modified_ms') : RECORD_SORTS[column];
  if (sort === undefined)
    throw badRequest(`sortColumn: ${column} is none of ${Object.keys(RECORD_SORTS).join(', ')}`);
  return {
    types,
    sort,
    modifiedSinceMs,
    descending: descendingIn(query),
    includeRemoved: flagIn(query, 'includeRemoved') ?? false,
    startDate: dateIn(query, 'startDate'),
    endDate: dateIn(query, 'endDate'),
    contact: integer(query, 'contactId'),
    ...pageIn(query, 50, most),
  };
}

/** What a list of journal entries was asked for; it can be sorted by date only. */
export function entryQuery(query: Query, account: bigint, most: number): EntryQuery {
  const column = single(query, 'sortColumn') ?? 'date';
  if (column !== 'date') throw badRequest(`sortColumn: ${column} is not date`);
  return {
    account,
    startDate: dateIn(query, 'startDate'),
    endDate: dateIn(query, 'endDate'),
    descending: descendingIn(query),
    ...pageIn(query, 100, most),
  };
}
