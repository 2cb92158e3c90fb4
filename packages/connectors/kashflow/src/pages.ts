/** Answers as pages of the engine. */
import type { JsonValue, PullPage, WireRecord } from '@tributary/connector-kit';

/** Records of one page of the engine: what a platform sends in one answer may be tens of thousands. */
const MOST_PER_PAGE = 500;

export type Pages = AsyncGenerator<PullPage, void, void>;

export interface Listed {
  readonly records: readonly WireRecord[];
  readonly platformTimeMs: number | undefined;
}

/**
 * One answer as pages of a bearable size, one page at least: it carries the platform's time.
 * @param where `checkpoint` brings the same answer again, `last` what comes after it
 */
export function* pagesOf(
  { records, platformTimeMs }: Listed,
  where: { readonly checkpoint: JsonValue; readonly last: JsonValue },
): Generator<PullPage, void, void> {
  for (let start = 0; start === 0 || start < records.length; start += MOST_PER_PAGE) {
    const isLast = start + MOST_PER_PAGE >= records.length;
    yield {
      records: records.slice(start, start + MOST_PER_PAGE),
      checkpoint: isLast ? where.last : where.checkpoint,
      platformTimeMs,
      warnings: [],
    };
  }
}
