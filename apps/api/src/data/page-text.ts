/**
 * Answers made of stored text. Documents are never parsed on their way out: their digits are those that were stored, and a page
 * costs little more than copying it. Lists do not even decode them: their bytes go from the database's connection to the client's.
 */
import { type ByteText, bytesOf, type PageEnd, type StoredRecord } from '@tributary/store';
import { type PagingQuery, pageInformationOf } from '../http/paging.ts';

/** A record as clients read it: its body with `modifiedDate` and `metadata` from columns. */
export function recordText(record: StoredRecord): string {
  return `${record.document.slice(0, -1)}${tailOf(record, false)}`;
}

/** What stands where a body's last brace was; `metadata` is not in the published model of every data type. */
function tailOf({ document, modifiedAt, isDeleted }: StoredRecord, withoutMetadata: boolean): string {
  const metadata = withoutMetadata ? '' : `,"metadata":{"isDeleted":${isDeleted}}`;
  return `${document.length === 2 ? '' : ','}"modifiedDate":"${modifiedAt}"${metadata}}`;
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
  return written(opening, records, closing(place, end), place);
}

/** The same, batch by batch. */
export async function* pageChunks(
  batches: AsyncGenerator<readonly ByteRecord[], PageEnd, void>,
  place: PagePlace,
): AsyncGenerator<Buffer, void, void> {
  for (let before = opening; ; before = ',') {
    const batch = await batches.next();
    if (batch.done) {
      yield written(before === opening ? opening : '', [], closing(place, batch.value), place);
      return;
    }
    yield written(before, batch.value, '', place);
  }
}

/** Records of lists come as bytes, a character each, and so does everything that is put around them. */
type ByteRecord = StoredRecord<ByteText>;

/** Straight into place: joined first, the text would be copied twice, and the first copy be garbage at once. */
function written(before: string, records: readonly ByteRecord[], after: string, place: PagePlace): Buffer {
  const tails = records.map((record) => tailOf(record, place.withoutMetadata));
  // A comma takes the room of the brace that each body loses.
  const room = records.reduce((sum, { document }, at) => sum + document.length + (tails[at]?.length ?? 0), 0);
  const text = Buffer.allocUnsafe(before.length + room + after.length);
  let length = text.write(before, 0, 'latin1');
  records.forEach(({ document }, at) => {
    if (at > 0) length += text.write(',', length, 'latin1');
    length += text.write(document, length, document.length - 1, 'latin1');
    length += text.write(tails[at] ?? '', length, 'latin1');
  });
  length += text.write(after, length, 'latin1');
  return text.subarray(0, length);
}

const opening = '{"results":[';

function closing({ url, paging, total }: PagePlace, end: PageEnd): ByteText {
  const information = pageInformationOf({ url, paging, totalResults: total, ...end });
  return bytesOf(`],${JSON.stringify(information).slice(1)}`);
}
