import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdSet } from './id-set.ts';

it('knows of each id whether it was added before', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.nat({ max: 50 }).map(String))), (ids) => {
      const set = new IdSet();
      const exact = new Set<string>();
      for (const id of ids) {
        expect(set.add(id)).toBe(!exact.has(id));
        exact.add(id);
      }
      expect(set.size).toBe(exact.size);
    }),
  );
});

it('tells a million ids apart, of any form, and knows them all again', () => {
  const forms = [
    (n: number) => String(1_400_000_000 + n),
    (n: number) => `9007199254740993${n}`,
    (n: number) => `a1b2c3d4-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
    (n: number) => `INV-${n}`,
  ];
  for (const form of forms) {
    const set = new IdSet();
    for (let n = 0; n < 250_000; n += 1) if (!set.add(form(n))) throw new Error(`${form(n)} is new`);
    for (let n = 0; n < 250_000; n += 1) if (set.add(form(n))) throw new Error(`${form(n)} is known`);
    expect(set.size).toBe(250_000);
  }
});

it('tells ids apart that are one number to a double', () => {
  const ids = new IdSet();
  expect(ids.add('9007199254740992')).toBe(true);
  expect(ids.add('9007199254740993')).toBe(true);
  expect(ids.add('9007199254740993')).toBe(false);
  expect(ids.add('01')).toBe(true);
  expect(ids.add('1')).toBe(true);
});
