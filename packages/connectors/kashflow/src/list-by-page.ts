import type { DataWarning, JsonValue } from '@tributary/connector-kit';
import { ownId } from './raw-records.ts';
import type { Answer } from './soap.ts';
import type { XmlElement } from './xml.ts';

export interface ElementPage {
  readonly elements: readonly XmlElement[];
  readonly platformTimeMs: number | undefined;
  readonly warnings: readonly DataWarning[];
  readonly checkpoint: { readonly page: number };
}

/**
 * Reads a listing by page numbers, from 1, until a page is empty: how many there are is told by some operations only. A page without
 * a new id ends it too, with a warning: a platform that walks in circles would be read for ever. The first page is yielded even when
 * it is empty, because it carries the platform's time.
 */
export async function* listByPage(options: {
  readonly what: string;
  readonly idMember: string;
  readonly read: (page: number) => Promise<Answer>;
  /** What the last committed page left behind. */
  readonly checkpoint: JsonValue | undefined;
}): AsyncGenerator<ElementPage, void, void> {
  const seen = new Set<string>();
  const first = nextPage(options.checkpoint);
  for (let page = first; ; page += 1) {
    const { result, platformTimeMs } = await options.read(page);
    const elements = result?.elements ?? [];
    if (elements.length === 0 && page > first) return;
    const before = seen.size;
    for (const [index, element] of elements.entries())
      seen.add(ownId(element, options.idMember) ?? `${page}/${index}`);
    const isRepeated = elements.length > 0 && seen.size === before;
    yield {
      elements,
      platformTimeMs,
      checkpoint: { page: page + 1 },
      warnings: isRepeated ? [repeatedPage(options.what, page)] : [],
    };
    if (isRepeated || elements.length === 0) return;
  }
}

function repeatedPage(what: string, page: number): DataWarning {
  return {
    ruleId: 'listing-repeated-page',
    message: `Page ${page} of ${what} brought no record that had not come before; the listing was taken to end there`,
  };
}

function nextPage(checkpoint: JsonValue | undefined): number {
  if (typeof checkpoint === 'object' && checkpoint !== null && 'page' in checkpoint) {
    const { page } = checkpoint;
    if (typeof page === 'number' && Number.isSafeInteger(page) && page >= 1) return page;
  }
  return 1;
}
