import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { readAhead } from './read-ahead.ts';

/** Pages 1 to `count`, told when each is asked for; then the end, or a failure. */
function listing(count: number, failure?: Error) {
  const asked: number[] = [];
  let returned = false;
  async function* pages(): AsyncGenerator<number, void, void> {
    try {
      for (let page = 1; page <= count; page += 1) {
        asked.push(page);
        await setImmediate();
        yield page;
      }
      if (failure !== undefined) throw failure;
    } finally {
      returned = true;
    }
  }
  return { pages: pages(), asked, isReturned: () => returned };
}

async function rest<Page>(reader: { next(): Promise<Page | undefined> }): Promise<Page[]> {
  const taken: Page[] = [];
  for (let page = await reader.next(); page !== undefined; page = await reader.next()) taken.push(page);
  return taken;
}

/** So many pages wait. */
const reached = (most: number) => (waiting: readonly unknown[]) => waiting.length >= most;

const aWhile = async () => {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
};

describe('pages that are read ahead', () => {
  test('come in their order, to the end', async () => {
    const { pages } = listing(10);
    const reader = readAhead(pages, reached(3), (page) => page * 10);
    expect(reader.hasEnded).toBe(false);
    expect(await rest(reader)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(reader.hasEnded).toBe(true);
    expect(await reader.next()).toBeUndefined();
  });

  test('wait to be taken, so many of them', async () => {
    const { pages, asked } = listing(10);
    const reader = readAhead(pages, reached(3), (page) => page);
    await aWhile();
    expect(asked).toEqual([1, 2, 3]);
    expect(await reader.next()).toBe(1);
    await aWhile();
    expect(asked).toEqual([1, 2, 3, 4]);
    await reader.close();
    expect(asked).toEqual([1, 2, 3, 4]);
  });

  test('are seen before anything is asked for the page behind them', async () => {
    const { pages, asked } = listing(5);
    const seen: number[] = [];
    const reader = readAhead(pages, reached(2), () => seen.push(asked.length));
    await rest(reader);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test('are all handed out before a failure that ended the reading', async () => {
    const failure = new Error('the platform is away');
    const { pages } = listing(3, failure);
    const reader = readAhead(pages, reached(5), (page) => page);
    await aWhile();
    expect([await reader.next(), await reader.next(), await reader.next()]).toEqual([1, 2, 3]);
    await expect(reader.next()).rejects.toBe(failure);
    expect(reader.hasEnded).toBe(false);
    await reader.close();
  });

  test('stopped, still hand out what was on its way, and no more', async () => {
    const { pages, asked } = listing(10);
    const reader = readAhead(pages, reached(3), (page) => page);
    expect(await reader.next()).toBe(1);
    reader.stop();
    const taken = await rest(reader);
    expect([1, ...taken]).toEqual(asked);
    expect(asked.length).toBeLessThan(4);
    expect(reader.hasEnded).toBe(false);
  });

  test('closed, wait for the call under way and end the listing', async () => {
    const { pages, asked, isReturned } = listing(10);
    const reader = readAhead(pages, reached(3), (page) => page);
    await reader.close();
    expect([asked, isReturned()]).toEqual([[1], true]);
    const failing = listing(0, new Error('refused'));
    const refused = readAhead(failing.pages, reached(3), (page) => page);
    await expect(refused.close()).resolves.toBeUndefined();
  });
});
