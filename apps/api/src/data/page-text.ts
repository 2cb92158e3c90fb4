/**
 * Answers made of stored text. Documents are never parsed on their way out: their digits are those that were stored, and a page
 * costs little more than copying it.
 */
import type { PageEnd, StoredRecord } from '@tributary/store';
import { type PageInformation, type PagingQuery, pageInformationOf } from '../http/paging.ts';

/** A record as clients read it: its body with `modifiedDate` and `metadata` from columns. */
export function recordText({ document, modifiedAt, isDeleted }: StoredRecord): string {
  const body = document.slice(0, -1);
  return `${body}${body === '{' ? '' : ','}"modifiedDate":"${modifiedAt}","metadata":{"isDeleted":${isDeleted}}}`;
}

/** Where a page stands in its list. */
export interface PagePlace {
  /** As received. */
  readonly url: string;
  readonly paging: Pick<PagingQuery, 'page' | 'pageSize'>;
  /** Records on all pages. */
  readonly total: number;
}

/** The whole page. */
export function pageText(records: readonly StoredRecord[], place: PagePlace, end: PageEnd): string {
  return `${opening}${records.map(recordText).join(',')}${closing(place, end)}`;
}

/** The same, batch by batch. */
export async function* pageChunks(
  batches: AsyncGenerator<readonly StoredRecord[], PageEnd, void>,
  place: PagePlace,
): AsyncGenerator<string, void, void> {
  for (let before = opening; ; before = ',') {
    const batch = await batches.next();
    if (batch.done) {
      yield `${before === opening ? opening : ''}${closing(place, batch.value)}`;
      return;
    }
    yield `${before}${batch.value.map(recordText).join(',')}`;
  }
}

const opening = '{"results":[';

function closing(place: PagePlace, end: PageEnd): string {
  return `],${JSON.stringify(informationOf(place, end)).slice(1)}`;
}

/**
 * Whether there is a next page is known from the page itself. The total need not agree: behind a cursor there may be more records
 * than it leaves room for, when some before it stopped matching.
 */
function informationOf({ url, paging, total }: PagePlace, end: PageEnd): PageInformation {
  const reached = paging.page * paging.pageSize;
  const totalResults = end.hasNext ? Math.max(total, reached + 1) : Math.min(total, reached);
  const information = pageInformationOf({ url, paging, totalResults, nextCursor: end.nextCursor });
  return { ...information, totalResults: total };
}
