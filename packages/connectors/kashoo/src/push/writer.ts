/** The steps of a write to Kashoo: see `RecordWriter` of the connector kit. */
import {
  type Clock,
  type PlatformResponse,
  type PlatformSession,
  type PreparedWrite,
  type RecordWriter,
  type WireRecord,
  type WriteProblem,
  WriteRefusedError,
  type WriteRequest,
  type Written,
} from '@tributary/connector-kit';
import { instant, parseExactJson } from '@tributary/model';
import { accountsOf, homeCurrencyOf, readable, taxesOf } from '../load-lookup.ts';
import { businessOf } from '../pull.ts';
import { ownId } from '../raw-records.ts';
import * as wire from '../wire.ts';
import type { Moment } from '../wire-values.ts';
import { type BodyFacts, bodyOf } from './bodies.ts';
import { createFinder, unreadable } from './find.ts';
import { type Place, placeOf } from './places.ts';
import { writtenOf } from './read-back.ts';
import { validate } from './rules.ts';
import { listOf, type Members, membersOf, referenceId, textOf } from './unified.ts';

/** Refusals whose body may tell why. */
const REFUSALS = [400, 409, 422];
const LONGEST_REASON = 300;

export function createKashooWriter(clock: Clock): RecordWriter {
  return {
    updates: new Set(['customers', 'suppliers', 'invoices', 'bills']),
    validate,
    prepare,
    readWritten,
    findWritten: createFinder(clock),
  };
}

async function prepare(session: PlatformSession, request: WriteRequest): Promise<PreparedWrite> {
  const place = placeOf(request.dataType);
  const business = businessOf(session);
  const existing = request.id === undefined ? undefined : await existingRecord(session, place, request);
  const problems: WriteProblem[] = [];
  const facts = await factsFor(session, request, problems);
  if (problems.length > 0)
    throw new WriteRefusedError(problems.map(({ message }) => message).join(' '), problems);
  const changes = bodyOf(request, facts);
  if (existing === undefined || request.id === undefined) {
    const body = textOfJson(changes);
    return {
      call: { method: 'POST', path: place.collection(business), body, accept: REFUSALS },
      memory: { body, lastModified: null },
    };
  }
  const body = textOfJson(laidOver(existing.members, changes));
  return {
    call: { method: 'PUT', path: place.one(business, request.id), body, accept: REFUSALS },
    memory: { body: textOfJson(changes), lastModified: existing.lastModified },
  };
}

/** The record to be changed, as it is now. @throws WriteRefusedError when it is not there, or not as the client has seen it */
async function existingRecord(
  session: PlatformSession,
  place: Place,
  { id = '', dataType, expectedModifiedMs }: WriteRequest,
): Promise<{ members: Members; lastModified: string }> {
  const path = place.one(businessOf(session), id);
  const answer = await session.request({ method: 'GET', path, accept: [404] });
  const members = answer.status === 404 ? undefined : membersOf(parseExactJson(answer.text));
  const type = textOf(members?.['type'])?.toUpperCase();
  if (
    members === undefined ||
    members['removed'] === true ||
    (place.type !== undefined && type !== place.type)
  )
    throw refused('not-found', `Kashoo has no such record of ${dataType}.`);
  const modified = modifiedMs(members['lastModified'] as Moment);
  if (expectedModifiedMs !== undefined && modified !== undefined && modified !== expectedModifiedMs)
    throw refused(
      'changed-since',
      'The record has changed at Kashoo since it was last read: sync it and look at it again, or send the write with forceUpdate=true.',
    );
  return { members, lastModified: String(members['lastModified'] ?? '') };
}

/** Members of objects that the platform has beside those that are written stay as they are. */
function laidOver(existing: Members, changes: Members): Members {
  const merged: Record<string, unknown> = { ...existing };
  for (const [name, value] of Object.entries(changes)) {
    const isObject =
      typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
    merged[name] = isObject ? laidOver(membersOf(existing[name]), membersOf(value)) : value;
  }
  return merged;
}

/** Looks up what the record refers to; what is not there becomes a problem. */
async function factsFor(
  session: PlatformSession,
  { record }: WriteRequest,
  problems: WriteProblem[],
): Promise<BodyFacts> {
  const refuse = (itemId: string, message: string, validatorName: string) =>
    problems.push({ itemId, message, validatorName });
  const references = referencesIn(record);
  const accounts = references.some(({ kind }) => kind === 'account') ? await accountsOf(session) : undefined;
  for (const { kind, place, id } of references)
    if (kind === 'account' && accounts?.has(id) === false)
      refuse(place, `${place}: the business has no account ${id}.`, 'unknown-reference');
  const codes = new Map<string, string>();
  if (references.some(({ kind }) => kind === 'taxRate'))
    for (const [code, { id }] of await taxesOf(session))
      codes.set(id, code).set(code, codes.get(code) ?? code);
  for (const { kind, place, id } of references)
    if (kind === 'taxRate' && !codes.has(id))
      refuse(place, `${place}: the business has no tax rate ${id}.`, 'unknown-reference');
  for (const { kind, place, id } of references) {
    if (kind !== 'contact') continue;
    const answer = await session.request({ method: 'GET', path: wire.paths.contact(id), accept: [404] });
    if (answer.status === 404 || readable(wire.contact, answer.text)?.removed === true)
      refuse(place, `${place}: the business has no contact ${id}.`, 'unknown-reference');
  }
  const currency = textOf(record['currency']);
  const homeCurrency = currency === undefined ? undefined : await homeCurrencyOf(session);
  if (currency !== undefined && currency !== homeCurrency && record['currencyRate'] === undefined)
    refuse(
      'currencyRate',
      `currencyRate is needed: the business keeps its books in ${homeCurrency ?? 'another currency'}.`,
      'required',
    );
  return { homeCurrency, taxCodeOf: (id) => codes.get(id) ?? '' };
}

interface Reference {
  readonly kind: 'account' | 'taxRate' | 'contact';
  readonly place: string;
  readonly id: string;
}

const KINDS: Readonly<Record<string, Reference['kind']>> = {
  accountRef: 'account',
  taxRateRef: 'taxRate',
  customerRef: 'contact',
  supplierRef: 'contact',
};

/** Every reference of a record, by its place. */
function referencesIn(value: unknown, place = ''): Reference[] {
  if (Array.isArray(value))
    return listOf(value).flatMap((element, index) => referencesIn(element, `${place}[${index}]`));
  return Object.entries(membersOf(value)).flatMap(([name, member]) => {
    const at = place === '' ? name : `${place}.${name}`;
    const kind = KINDS[name];
    const id = kind && referenceId(member);
    if (kind !== undefined) return id === undefined ? [] : [{ kind, place: at, id }];
    return typeof member === 'object' && member !== null ? referencesIn(member, at) : [];
  });
}

async function readWritten(
  session: PlatformSession,
  request: WriteRequest,
  answer: PlatformResponse,
): Promise<Written> {
  if (REFUSALS.includes(answer.status)) {
    const reason = reasonIn(answer.text);
    throw refused(
      'platform',
      `Kashoo refused the record with status ${answer.status}${reason === undefined ? '' : `: ${reason}`}.`,
    );
  }
  const place = placeOf(request.dataType);
  const change = request.action === 'create' ? 'Created' : 'Modified';
  return writtenOf(session, place, change, await answeredRecord(session, place, request, answer));
}

/** The record that comes back, or that whose place is told. */
async function answeredRecord(
  session: PlatformSession,
  place: Place,
  request: WriteRequest,
  answer: PlatformResponse,
): Promise<WireRecord> {
  const own = answer.text.trim().startsWith('{') ? ownId(answer.text) : undefined;
  if (own !== undefined) return { id: own, raw: answer.text };
  // Only the id is taken from it, never the host.
  const id = request.id ?? /\/([1-9][0-9]*)\/?(?:[?#].*)?$/.exec(answer.location ?? '')?.[1];
  if (id === undefined) throw unreadable('the answer to the write names no record');
  const { text } = await session.request({ method: 'GET', path: place.one(businessOf(session), id) });
  return { id, raw: text };
}

/** Bodies of errors are undocumented: where one says something in words, they are passed on. */
function reasonIn(text: string): string | undefined {
  try {
    const { message, error } = membersOf(JSON.parse(text));
    return (textOf(message) ?? textOf(error))?.slice(0, LONGEST_REASON);
  } catch {
    return undefined;
  }
}

function refused(validatorName: string, message: string): WriteRefusedError {
  return new WriteRefusedError(message, [{ itemId: 'record', message, validatorName }]);
}

function modifiedMs(moment: Moment): number | undefined {
  if (moment === undefined || moment === null) return undefined;
  try {
    return Date.parse(instant(moment));
  } catch {
    return undefined;
  }
}

/** JSON text with every digit. */
function textOfJson(members: Members): string {
  return JSON.stringify(members, (_name, value: unknown) =>
    typeof value === 'bigint' ? JSON.rawJSON(value.toString()) : value,
  );
}
