/**
 * Looks for a write whose answer was lost. Kashoo keeps no mark of the caller's, so that a record is known by what was sent, and by
 * having appeared since: the engine lets no other write of the connection happen meanwhile.
 */
import {
  type Clock,
  elementsOf,
  type FindOutcome,
  type LostWrite,
  listByOffset,
  PlatformError,
  type PlatformSession,
  type WireRecord,
  type WriteRequest,
} from '@tributary/connector-kit';
import { instant, parseExactJson } from '@tributary/model';
import { businessOf, PAGE_LIMIT } from '../pull.ts';
import { byId, elementId } from '../raw-records.ts';
import { recordFilters } from '../wire.ts';
import type { Moment } from '../wire-values.ts';
import { isLike } from './likeness.ts';
import { type Place, placeOf } from './places.ts';
import { writtenOf } from './read-back.ts';
import { type Members, membersOf, textOf } from './unified.ts';

/** The platform's clock may differ from ours by so much and not tell. */
const UNKNOWN_SKEW_MS = 60_000;
/** Its clock is told in whole seconds. */
const CLOCK_GRAIN_MS = 2_000;
/** How far back is listed, before the platform's clock is known. */
const LISTED_BACK_MS = 15 * 60_000;

type Find = (session: PlatformSession, request: WriteRequest, lost: LostWrite) => Promise<FindOutcome>;

export function createFinder(clock: Clock): Find {
  return (session, request, lost) => {
    const { body, lastModified } = membersOf(lost.memory);
    const sent = typeof body === 'string' ? membersOf(parseExactJson(body)) : undefined;
    if (sent === undefined) throw unreadable('what was sent is not known any more');
    return request.action === 'update'
      ? findUpdate(session, request, { sent, lastModified: textOf(lastModified) })
      : findCreated(session, request, sent, { ...lost, clock });
  };
}

async function findUpdate(
  session: PlatformSession,
  { dataType, id = '' }: WriteRequest,
  { sent, lastModified }: { sent: Members; lastModified: string | undefined },
): Promise<FindOutcome> {
  const place = placeOf(dataType);
  const answer = await session.request({
    method: 'GET',
    path: place.one(businessOf(session), id),
    accept: [404],
  });
  if (answer.status === 404) return { kind: 'unknown', reason: 'the record is not there any more' };
  const found = membersOf(parseExactJson(answer.text));
  if (isLike(sent, found))
    return { kind: 'found', ...(await writtenOf(session, place, 'Modified', { id, raw: answer.text })) };
  if (String(found['lastModified'] ?? '') === (lastModified ?? '')) return { kind: 'absent' };
  return { kind: 'unknown', reason: 'the record has changed since, and is not as it was written' };
}

async function findCreated(
  session: PlatformSession,
  request: WriteRequest,
  sent: Members,
  lost: LostWrite & { readonly clock: Clock },
): Promise<FindOutcome> {
  const place = placeOf(request.dataType);
  const appeared = await appearedSince(session, place, lost);
  const others = await lost.others(
    place.storedAs,
    appeared.map(({ record }) => record.id),
  );
  const candidates = appeared.filter(({ record }) => !others.has(record.id));
  const same = candidates.filter(({ members }) => isLike(sent, members));
  const [only] = same;
  if (only !== undefined && same.length === 1)
    return { kind: 'found', ...(await writtenOf(session, place, 'Created', only.record)) };
  const alike =
    same.length > 0
      ? same
      : candidates.filter(({ members }) => place.likeness.every((name) => isLike(sent[name], members[name])));
  if (alike.length === 0) return { kind: 'absent' };
  const ids = alike.slice(0, 5).map(({ record }) => record.id);
  return {
    kind: 'unknown',
    reason: `${alike.length === 1 ? 'a record' : `${alike.length} records`} like it appeared since (${ids.join(', ')}), and cannot be told from it`,
  };
}

interface Appeared {
  readonly record: WireRecord;
  readonly members: Members;
}

/** Records of a place that were made, or where the platform does not tell that: changed, since a write was sent. */
async function appearedSince(
  session: PlatformSession,
  place: Place,
  { sentAtMs, clock }: LostWrite & { readonly clock: Clock },
): Promise<Appeared[]> {
  const appeared = new Map<string, Appeared>();
  let sinceMs: number | undefined;
  for await (const { records, platformTimeMs } of listed(session, place, sentAtMs - LISTED_BACK_MS)) {
    sinceMs ??=
      platformTimeMs === undefined
        ? sentAtMs - UNKNOWN_SKEW_MS
        : sentAtMs + (platformTimeMs - clock.now()) - CLOCK_GRAIN_MS;
    for (const record of records) {
      const members = membersOf(parseExactJson(record.raw));
      const type = textOf(members['type'])?.toUpperCase();
      if (place.type !== undefined && type !== undefined && type !== place.type) continue;
      const madeMs = millisecondsOf((members['creation'] ?? members['lastModified']) as Moment);
      // What does not tell its age may be the one.
      if (madeMs === undefined || madeMs >= sinceMs) appeared.set(record.id, { record, members });
    }
  }
  return [...appeared.values()];
}

async function* listed(
  session: PlatformSession,
  place: Place,
  modifiedSinceMs: number,
): AsyncGenerator<{ records: readonly WireRecord[]; platformTimeMs: number | undefined }, void, void> {
  const path = place.collection(businessOf(session));
  if (place.listing === 'atOnce') {
    const answer = await session.request({ method: 'GET', path, query: place.query });
    const records = elementsOf(answer, path).map((raw) => ({ id: elementId(raw), raw }));
    yield { records, platformTimeMs: answer.platformTimeMs };
    return;
  }
  const since =
    place.listing === 'modifiedSince' ? recordFilters({ modifiedSinceMs, fromDate: undefined }) : {};
  const pages = listByOffset({
    session,
    path,
    query: { ...place.query, ...since },
    limit: PAGE_LIMIT,
    checkpoint: undefined,
    ...byId,
  });
  for await (const page of pages) {
    if (page.warnings.length > 0)
      throw unreadable('the listing of the platform repeats itself and proves nothing');
    yield page;
  }
}

/** What another attempt would meet again. */
export function unreadable(what: string): PlatformError {
  return new PlatformError('unexpected', what);
}

function millisecondsOf(moment: Moment): number | undefined {
  if (moment === undefined || moment === null || moment === '' || moment === 0) return undefined;
  try {
    return Date.parse(instant(moment));
  } catch {
    return undefined;
  }
}
