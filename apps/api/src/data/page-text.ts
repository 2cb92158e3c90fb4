/**
 * Answers made of stored text. Documents are never parsed on their way out: their digits are those that were stored, and a page
 * costs little more than copying it.
 */
import type { PageEnd, StoredRecord } from '@tributary/store';
import { type PagingQuery, pageInformationOf } from '../http/paging.ts';

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

function closing({ url, paging, total }: PagePlace, end: PageEnd): string {
  const information = pageInformationOf({ url, paging, totalResults: total, ...end });
  return `],${JSON.stringify(information).slice(1)}`;
}
