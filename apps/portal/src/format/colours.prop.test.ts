import { assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { readableTextOn } from './colours.ts';

const hex = (value: number) => `#${value.toString(16).padStart(6, '0')}`;

/** WCAG's contrast, computed another way than the code under test. */
function contrast(first: string, second: string): number {
  const [light = 0, dark = 0] = [first, second]
    .map((colour) => {
      const parts = [1, 3, 5].map((at) => Number(`0x${colour.slice(at, at + 2)}`) / 255);
      const [r = 0, g = 0, b = 0] = parts.map((part) =>
        part > 0.04045 ? ((part + 0.055) / 1.055) ** 2.4 : part / 12.92,
      );
      return r * 0.2126 + g * 0.7152 + b * 0.0722;
    })
    .toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test('text on any colour reaches the contrast of WCAG AA', () => {
  void assert(
    property(integer({ min: 0, max: 0xffffff }), (value) => {
      expect(contrast(hex(value), readableTextOn(hex(value)))).toBeGreaterThanOrEqual(4.5);
    }),
  );
});
