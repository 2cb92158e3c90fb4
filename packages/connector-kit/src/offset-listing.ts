import type {
  DataWarning,
  JsonValue,
  PlatformResponse,
  PlatformSession,
  PullPage,
  WireRecord,
} from './connector.ts';
import { idOfElement } from './element-id.ts';
import { IdSet } from './id-set.ts';
import { type JsonSource, splitJsonArray, splitJsonElements } from './json-text.ts';
import { PlatformError } from './platform-error.ts';

export interface OffsetListingOptions {
  readonly session: PlatformSession;
  readonly path: string;
  /** Beside `offset` and `limit`. */
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>;
  /** How many to ask for; the platform may send fewer, a shorter page means nothing. */
  readonly limit: number;
  /** What the last committed page of this listing left behind. */
  readonly checkpoint: JsonValue | undefined;
  /** The member that holds an element's id; see `elementId` of what becomes of an element without one. */
  readonly idMember: string;
  /** Statuses that mean an empty listing. */
  readonly emptyStatuses?: readonly number[];
}

/** One page of a listing: what came, still as text, and where the next one starts. */
export interface ListedPage {
  /** In the platform's order; an id occurs once per page (of a repeated one the last counts). */
  readonly records: readonly WireRecord[];
  readonly status: number;
  readonly platformTimeMs: number | undefined;
  readonly checkpoint: { readonly offset: number };
  readonly warnings: readonly DataWarning[];
}

/**
 * A record as a part of its page. Its text lives as long as it is looked at: the texts of a whole page, kept until it is written, would
 * be moved and looked through by the garbage collector several times over. The bytes are no member of its own: a copy with another text
 * has none.
 */
class ListedRecord implements WireRecord {
  readonly id: string;
  readonly #bytes: Buffer;

  constructor(id: string, bytes: Buffer) {
    this.id = id;
    this.#bytes = bytes;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  get raw(): string {
    return this.#bytes.toString('utf8');
  }
}

/**
 * Reads a listing that is paged by `offset` and `limit` and tells no total.
 *
 * - The listing ends with a page that has no record. A short page proves nothing: a platform may cap `limit` in silence.
 * - The offset grows by the number of records received, not by `limit`.
 * - While somebody edits the books, a record can turn up on two pages. It is passed on both times, because the later copy is newer;
 *   storing it is idempotent.
 * - A page on which every id has been seen before ends the listing with the warning `listing-repeated-page`: otherwise a platform
 *   that ignores `offset`, or walks in circles, would be read for ever. Ids are remembered from the beginning or from the
 *   checkpoint on; after a resumption a circle is noticed one round later, which costs requests and no record.
 *
 * The first page is yielded even when it is empty, because it carries the platform's time.
 */
export async function* listByOffset(options: OffsetListingOptions): AsyncGenerator<ListedPage, void, void> {
  const seen = new IdSet();
  let offset = offsetOf(options.checkpoint);
  for (let isFirst = true; ; isFirst = false) {
    const response = await options.session.request({
      method: 'GET',
      path: options.path,
      query: { ...options.query, offset, limit: options.limit },
      ...(options.emptyStatuses === undefined ? {} : { accept: options.emptyStatuses }),
    });
    const elements = options.emptyStatuses?.includes(response.status)
      ? []
      : readElements(options.path, response, () => splitJsonElements(sourceOf(response), options.idMember));
    if (elements.length === 0 && !isFirst) return;
    offset += elements.length;
    const records = new Map<string, WireRecord>();
    let newIds = 0;
    for (const { bytes, member } of elements) {
      const id = idOfElement(bytes, member);
      if (seen.add(id)) newIds += 1;
      records.set(id, new ListedRecord(id, bytes));
    }
    const isRepeated = elements.length > 0 && newIds === 0;
    yield {
      records: [...records.values()],
      status: response.status,
      platformTimeMs: response.platformTimeMs,
      checkpoint: { offset },
      warnings: isRepeated ? [repeatedPage(options.path, offset - elements.length)] : [],
    };
    if (isRepeated || elements.length === 0) return;
  }
}

/** A listing's page as the engine takes it. */
export function pullPageOf(
  page: ListedPage,
  change: Partial<Pick<PullPage, 'records' | 'warnings'>> = {},
): PullPage {
  return {
    records: change.records ?? page.records,
    checkpoint: page.checkpoint,
    platformTimeMs: page.platformTimeMs,
    warnings: change.warnings ?? page.warnings,
  };
}

/**
 * The elements of an answer that should be a JSON array.
 * @throws PlatformError `unavailable` when it is none: a cut or garbled answer heals by itself
 */
export function elementsOf(response: PlatformResponse, path: string): string[] {
  return readElements(path, response, () => splitJsonArray(sourceOf(response)));
}

/** The bytes where there are some: the text would be made for nothing. */
function sourceOf(response: PlatformResponse): JsonSource {
  return response.body ?? response.text;
}

function readElements<Elements>(path: string, response: PlatformResponse, read: () => Elements): Elements {
  try {
    return read();
  } catch (error) {
    throw new PlatformError('unavailable', `GET ${path}: the answer is not a JSON array`, {
      status: response.status,
      cause: error,
    });
  }
}

function repeatedPage(path: string, offset: number): DataWarning {
  return {
    ruleId: 'listing-repeated-page',
    message: `The page at offset ${offset} of ${path} brought no record that had not come before; the listing was taken to end there`,
  };
}

function offsetOf(checkpoint: JsonValue | undefined): number {
  if (typeof checkpoint === 'object' && checkpoint !== null && 'offset' in checkpoint) {
    const { offset } = checkpoint;
    if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0) return offset;
  }
  return 0;
}
