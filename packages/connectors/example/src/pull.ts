/** What is asked of the example platform, page by page. */
import {
  elementsOf,
  listByOffset,
  PlatformError,
  type PlatformSession,
  type PullPage,
  type PullRequest,
  pullPageOf,
} from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';
import { BOOKS, CHANGED_SINCE, LISTINGS } from './wire.ts';

export async function* pull(
  session: PlatformSession,
  { dataType, modifiedSinceMs, checkpoint }: PullRequest,
): AsyncGenerator<PullPage, void, void> {
  const pages = listByOffset({
    session,
    path: pathOf(session, dataType),
    query: { [CHANGED_SINCE]: modifiedSinceMs },
    limit: 100,
    checkpoint,
    idMember: 'id',
  });
  for await (const page of pages) yield pullPageOf(page);
}

/** Asks for one record by itself. */
export async function probe(
  session: PlatformSession,
  dataType: DataTypeKey,
  id: string,
): Promise<'present' | 'absent'> {
  const path = `${pathOf(session, dataType)}/${encodeURIComponent(id)}`;
  const { status } = await session.request({ method: 'GET', path, accept: [404] });
  return status === 404 ? 'absent' : 'present';
}

/** Every set of books of the authorising user, as JSON texts. */
export async function listBooks(session: PlatformSession): Promise<string[]> {
  return elementsOf(await session.request({ method: 'GET', path: BOOKS }), BOOKS);
}

function pathOf({ businessId }: PlatformSession, dataType: DataTypeKey): string {
  const listing = LISTINGS[dataType];
  if (listing === undefined || businessId === undefined)
    throw new PlatformError('unexpected', `The example platform has no listing of ${dataType}`);
  return `${BOOKS}/${businessId}/${listing}`;
}
