import { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

const defaultPageSize = 100;
const maximumPageSize = 5000;
const mostPages = 2_147_483_647;

const emptyIsAbsent = (text: string) => (text === '' ? undefined : text);

/** Query parameters of every list. */
export const pagingQuery = z.object({
  page: wholeNumber(1, mostPages).default(1).describe('Page number, from 1.'),
  pageSize: wholeNumber(1, maximumPageSize).default(defaultPageSize).describe('Results on one page.'),
  query: z
    .string()
    .transform(emptyIsAbsent)
    .optional()
    .describe('Filter, such as `status=Paid&&totalAmount>=100`.'),
  orderBy: z
    .string()
    .transform(emptyIsAbsent)
    .optional()
    .describe('Property to sort by, descending with a leading `-`.'),
  cursor: z
    .string()
    .transform(emptyIsAbsent)
    .optional()
    .describe('Where the previous page ended; taken from `_links.next`.'),
});

export type PagingQuery = z.output<typeof pagingQuery>;

const halRef = z.object({ href: z.string() }).meta({ id: 'HalRef', description: 'A relative URL.' });

const pageLinks = z
  .object({ self: halRef, current: halRef, next: halRef.optional(), previous: halRef.optional() })
  .meta({ id: 'Links' });

/** Envelope members beside `results`. */
const pageInformation = {
  pageNumber: z.int(),
  pageSize: z.int(),
  totalResults: z.int(),
  _links: pageLinks,
};

/** Schema of a page of `item`. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ results: z.array(item), ...pageInformation });
}

type PageLinks = z.output<typeof pageLinks>;

export interface PageInformation {
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly totalResults: number;
  readonly _links: PageLinks;
}

/** A page as services give it. */
export interface PageOf<Result> {
  readonly results: readonly Result[];
  /** Results of all pages. */
  readonly totalResults: number;
  readonly hasNext?: boolean;
  readonly nextCursor?: string | undefined;
}

/**
 * The envelope of one page without its results.
 * @param request.url as received, path and query; parameters of the route's own (`tags`) are kept in the links
 * @param request.hasNext there is a page behind this one; reckoned from the total unless given
 * @param request.nextCursor goes into `_links.next` beside the page number
 */
export function pageInformationOf(request: {
  url: string;
  paging: Pick<PagingQuery, 'page' | 'pageSize'>;
  totalResults: number;
  hasNext?: boolean | undefined;
  nextCursor?: string | undefined;
}): PageInformation {
  const { page, pageSize } = request.paging;
  const { totalResults } = request;
  const lastPage = Math.max(1, Math.ceil(totalResults / pageSize));
  const at = (number: number, cursor?: string) => ({ href: pageUrl(request.url, number, pageSize, cursor) });
  return {
    pageNumber: page,
    pageSize,
    totalResults,
    _links: {
      self: { href: request.url.split('?', 1)[0] ?? '/' },
      current: at(page),
      ...((request.hasNext ?? page < lastPage) && { next: at(page + 1, request.nextCursor) }),
      ...(page > 1 && { previous: at(Math.min(page - 1, lastPage)) }),
    },
  };
}

/** The whole envelope. */
export function pageEnvelope<Result>(
  request: Parameters<typeof pageInformationOf>[0] & { results: readonly Result[] },
): PageInformation & { results: Result[] } {
  return { results: [...request.results], ...pageInformationOf(request) };
}

function pageUrl(url: string, page: number, pageSize: number, cursor: string | undefined): string {
  const [path = '/', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  for (const name of [...parameters.keys()]) {
    if (['page', 'pagesize', 'cursor'].includes(name.toLowerCase())) parameters.delete(name);
  }
  const rest = parameters.toString();
  const own = new URLSearchParams({ page: String(page), pageSize: String(pageSize) });
  if (cursor !== undefined) own.set('cursor', cursor);
  return `${path}?${own}${rest === '' ? '' : `&${rest}`}`;
}
