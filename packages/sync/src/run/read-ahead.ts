/** Pages that are read while earlier ones are mapped and written. */

export interface PageReader<Page> {
  /**
   * The next page in order; undefined after the last one.
   * @throws whatever ended the reading, once every page that had come before was handed out
   */
  next(): Promise<Page | undefined>;
  /** Whether the listing came to its end: nothing is left to be read. */
  readonly hasEnded: boolean;
  /** No further page is asked for; what was asked for is still handed out. */
  stop(): void;
  /** Stops, and waits until no call is under way. Never rejects. */
  close(): Promise<void>;
}

/**
 * Asks for the first page at once, and for each further one when the one before has come and those that wait to be taken leave room.
 * @param isFull whether they do not
 * @param arrived makes of a page what is handed out; called before anything is asked for the page behind it
 */
export function readAhead<Page, Arrived>(
  pages: AsyncGenerator<Page, unknown, void>,
  isFull: (waiting: readonly Arrived[]) => boolean,
  arrived: (page: Page) => Arrived,
): PageReader<Arrived> {
  const waiting: Arrived[] = [];
  let isStopped = false;
  let isOver = false;
  let hasEnded = false;
  let changed = Promise.withResolvers<void>();
  const tell = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };

  const readAll = async (): Promise<void> => {
    while (!isStopped) {
      const read = await pages.next();
      if (read.done === true) {
        hasEnded = true;
        return;
      }
      waiting.push(arrived(read.value));
      tell();
      while (isFull(waiting) && !isStopped) await changed.promise;
    }
  };
  const reading = readAll().finally(() => {
    isOver = true;
    tell();
  });
  // A failure is heard where it is awaited, which may be later than it happens.
  reading.catch(() => undefined);

  const stop = (): void => {
    isStopped = true;
    tell();
  };
  return {
    async next() {
      while (waiting.length === 0 && !isOver) await changed.promise;
      const page = waiting.shift();
      tell();
      if (page === undefined) await reading;
      return page;
    },
    get hasEnded() {
      return hasEnded;
    },
    stop,
    async close() {
      stop();
      await reading.catch(() => undefined);
      await pages.return(undefined).catch(() => undefined);
    },
  };
}
