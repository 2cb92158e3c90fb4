/**
 * Memory for the texts of pages, outside the heap, which the pages that follow use again. A page has some four megabytes of it. As
 * garbage it would count towards the next collection of the whole heap, and make three of them out of two.
 */

/** The memory of one page. */
export interface PageBuffers {
  /** A buffer of so many bytes at least, with anything in them. */
  take(bytes: number): Buffer;
  /** Gives back everything that was taken. Only when nothing looks at it any more: the server has answered what was sent of it. */
  free(): void;
}

/** Sizes are multiples of it, so that what one page gave back fits the next. */
const unit = 256 * 1024;
/** Kept at most, in bytes, of what is not in use: the memory of three pages of a thousand invoices. */
const mostKept = 12 * 1024 * 1024;

/** @returns what opens the memory of a page; whatever is never given back is garbage like anything else */
export function createPageBufferPool(): () => PageBuffers {
  const kept: Buffer[] = [];
  let keptBytes = 0;

  const take = (bytes: number): Buffer => {
    let best: number | undefined;
    for (const [index, { length }] of kept.entries())
      if (length >= bytes && (best === undefined || length < (kept[best]?.length ?? 0))) best = index;
    const [found] = best === undefined ? [] : kept.splice(best, 1);
    if (found === undefined) return Buffer.allocUnsafeSlow(Math.ceil(Math.max(1, bytes) / unit) * unit);
    keptBytes -= found.length;
    return found;
  };
  const give = (buffer: Buffer): void => {
    if (keptBytes + buffer.length > mostKept) return;
    kept.push(buffer);
    keptBytes += buffer.length;
  };

  return () => {
    const taken: Buffer[] = [];
    return {
      take: (bytes) => {
        const buffer = take(bytes);
        taken.push(buffer);
        return buffer;
      },
      free: () => {
        for (const buffer of taken.splice(0)) give(buffer);
      },
    };
  };
}

/** Memory that is used once. */
export const freshBuffers: PageBuffers = {
  take: (bytes) => Buffer.allocUnsafeSlow(bytes),
  free: () => undefined,
};
