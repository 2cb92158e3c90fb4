import { expect, test } from 'vitest';
import { pagesOf, rowsShown, staleKeys } from './pages-in-view.ts';

test('only the pages of the rows in view are asked for', () => {
  expect(pagesOf({ first: 0, last: 30 }, 100, undefined)).toEqual([1]);
  expect(pagesOf({ first: 0, last: 30 }, 100, 100_000)).toEqual([1]);
  expect(pagesOf({ first: 95, last: 125 }, 100, 100_000)).toEqual([1, 2]);
  expect(pagesOf({ first: 99_950, last: 99_999 }, 100, 100_000)).toEqual([1000]);
});

test('a list that has become shorter is not read behind its end', () => {
  expect(pagesOf({ first: 950, last: 999 }, 100, 120)).toEqual([2]);
  expect(pagesOf({ first: 950, last: 999 }, 100, 0)).toEqual([1]);
});

test('no more rows are laid out than browsers can', () => {
  expect(rowsShown(100_000, 40)).toBe(100_000);
  expect(rowsShown(10_000_000, 40) * 40).toBeLessThanOrEqual(12_000_000);
});

test('what was read longest ago goes first, and nothing that is in use', () => {
  const page = (key: string, readAt: number, isInUse = false) => ({ key, readAt, isInUse });
  const pages = [page('a', 3), page('b', 1, true), page('c', 2), page('d', 4)];
  expect(staleKeys(pages, 3)).toEqual(['c']);
  expect(staleKeys(pages, 1)).toEqual(['c', 'a', 'd']);
  expect(staleKeys(pages, 4)).toEqual([]);
});
