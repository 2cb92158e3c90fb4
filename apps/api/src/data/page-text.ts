/**
 * Answers made of stored text. Documents are never parsed on their way out: their digits are those that were stored, and a page
 * costs little more than copying it. Lists do not even decode them: their bytes go from the database's connection to the client's.
 */
import { type ByteText, bytesOf, type PageEnd, type StoredRecord } from '@tributary/store';
import { type PagingQuery, pageInformationOf } from '../http/paging.ts';

/** A record as clients read it: its body with `modifiedDate` and `metadata` from columns. */
export function recordText({ document, modifiedAt, isDeleted }: StoredRecord): string {
  return `${dated(document, modifiedAt)},"metadata":{"isDeleted":${isDeleted}}}`;
}

/** The same of a data type that the published model gives no `metadata`. */
function recordTextWithoutMetadata({ document, modifiedAt }: StoredRecord): string {
  return `${dated(document, modifiedAt)}}`;
}

function dated(document: string, modifiedAt: string): string {
  const body = document.slice(0, -1);
  return `${body}${body === '{' ? '' : ','}"modifiedDate":"${modifiedAt}"`;
}

/** Where a page stands in its list. */
export interface PagePlace {
  /** As received. */
  readonly url: string;
  readonly paging: Pick<PagingQuery, 'page' | 'pageSize'>;
  /** Records on all pages. */
  readonly total: number;
  readonly withoutMetadata: boolean;
}

/** The whole page. */
export function pageBytes(records: readonly ByteRecord[], place: PagePlace, end: PageEnd): Buffer {
  return bytes(`${opening}${records.map(textWriter(place)).join(',')}${closing(place, end)}`);
}

/** The same, batch by batch. */
export async function* pageChunks(
  batches: AsyncGenerator<readonly ByteRecord[], PageEnd, void>,
  place: PagePlace,
): AsyncGenerator<Buffer, void, void> {
  for (let before = opening; ; before = ',') {
    const batch = await batches.next();
    if (batch.done) {
      yield bytes(`${before === opening ? opening : ''}${closing(place, batch.value)}`);
      return;
    }
    yield bytes(`${before}${batch.value.map(textWriter(place)).join(',')}`);
  }
}

/** Records of lists come as bytes, a character each, and so does everything that is put around them. */
type ByteRecord = StoredRecord<ByteText>;

const textWriter = ({ withoutMetadata }: PagePlace) =>
  withoutMetadata ? recordTextWithoutMetadata : recordText;

const bytes = (text: string) => Buffer.from(text, 'latin1');

const opening = '{"results":[';

function closing({ url, paging, total }: PagePlace, end: PageEnd): ByteText {
  const information = pageInformationOf({ url, paging, totalResults: total, ...end });
  return bytesOf(`],${JSON.stringify(information).slice(1)}`);
}
