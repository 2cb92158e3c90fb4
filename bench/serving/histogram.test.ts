import { expect, test } from 'vitest';
import { histogramPicture } from './histogram.ts';

const shareOf = (picture: string, colour: string) =>
  [...picture.matchAll(new RegExp(`height="([0-9.]+)" fill="${colour}" fill-opacity`, 'g'))]
    .map(([, height]) => Number(height))
    .filter((height) => height !== 10);

test('draws every request of every series, and tells where half and 99 % of them end', () => {
  const latenciesMs = Array.from({ length: 1000 }, (_, index) => 1 + index / 10);
  const picture = histogramPicture('Requests <of> a lender', [
    { name: 'idle', latenciesMs },
    { name: 'busy', latenciesMs: latenciesMs.map((value) => value * 3) },
  ]);
  expect(picture).toContain('Requests &lt;of&gt; a lender');
  expect(picture).toContain('idle: 1,000 requests, half under 50.9 ms, 99 % under 99.9 ms');
  expect(picture).toContain('busy: 1,000 requests, half under 152.7 ms, 99 % under 299.7 ms');
  const [idle, busy] = ['#2563eb', '#ea580c'].map((colour) => shareOf(picture, colour));
  const sum = (heights: readonly number[] = []) => heights.reduce((total, height) => total + height, 0);
  expect(sum(idle)).toBeGreaterThan(0);
  expect(Math.abs(sum(idle) - sum(busy))).toBeLessThan(sum(idle) / 50);
  expect(picture).not.toContain('NaN');
});

test('draws a series of one request', () => {
  expect(histogramPicture('one', [{ name: 'one', latenciesMs: [5] }])).not.toMatch(/NaN|Infinity/);
});
