/** Which pages of a long list have to be there for the rows that can be seen. */

export interface Rows {
  /** From 0. */
  readonly first: number;
  readonly last: number;
}

/**
 * Numbers of the pages, from 1, that hold the rows.
 * @param total rows of the whole list; undefined until it is known, then only the first page is asked for
 */
export function pagesOf(rows: Rows, pageSize: number, total: number | undefined): number[] {
  if (total === undefined) return [1];
  if (total === 0) return [1];
  const last = Math.min(rows.last, total - 1);
  const from = Math.floor(Math.max(0, Math.min(rows.first, last)) / pageSize);
  const to = Math.floor(Math.max(0, last) / pageSize);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index + 1);
}

/** Browsers lay nothing out that is much higher; so many rows of a list can be scrolled to. */
const highestPx = 12_000_000;

/** Rows that are laid out. @param rowPx height of one */
export function rowsShown(total: number, rowPx: number): number {
  return Math.min(total, Math.floor(highestPx / rowPx));
}

/**
 * Keys to drop so that no more than `most` stay: the least recently read ones first, never those in use.
 * @param pages read at, in milliseconds since the epoch
 */
export function staleKeys<Key>(
  pages: readonly { readonly key: Key; readonly readAt: number; readonly isInUse: boolean }[],
  most: number,
): Key[] {
  const idle = pages.filter(({ isInUse }) => !isInUse).toSorted((a, b) => a.readAt - b.readAt);
  const excess = Math.max(0, pages.length - most);
  return idle.slice(0, excess).map(({ key }) => key);
}
