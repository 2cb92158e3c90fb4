import { expect, it } from 'vitest';
import { createPageBufferPool } from './page-buffers.ts';

it('hands out what was given back, the smallest that fits, and to one page at a time', () => {
  const open = createPageBufferPool();
  const first = open();
  const [small, large] = [first.take(1000), first.take(1_000_000)];
  expect(small.length).toBeGreaterThanOrEqual(1000);
  expect(large.length).toBeGreaterThanOrEqual(1_000_000);

  const second = open();
  expect([small, large]).not.toContain(second.take(1000));
  first.free();
  expect(second.take(2000)).toBe(small);
  expect(open().take(3000)).toBe(large);
  expect([small, large]).not.toContain(open().take(1000));
});

it('gives back once, and only what it took', () => {
  const open = createPageBufferPool();
  const page = open();
  const buffer = page.take(10);
  page.free();
  page.free();
  expect(open().take(10)).toBe(buffer);
  expect(open().take(10)).not.toBe(buffer);
});

it('keeps no more than a few pages need', () => {
  const open = createPageBufferPool();
  const page = open();
  const taken = Array.from({ length: 20 }, () => page.take(1024 * 1024));
  page.free();
  const next = open();
  const again = Array.from({ length: 20 }, () => next.take(1024 * 1024));
  expect(again.filter((buffer) => taken.includes(buffer))).toHaveLength(12);
});
