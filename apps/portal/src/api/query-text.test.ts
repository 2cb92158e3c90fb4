import { expect, test } from 'vitest';
import { allOf, condition } from './query-text.ts';

test('conditions are joined, those that are not given left out', () => {
  expect(allOf([condition('name', '~', 'Ba"ker'), undefined, '', condition('status', '=', 'Linked')])).toBe(
    'name~"Ba""ker"&&status="Linked"',
  );
  expect(allOf([undefined, ''])).toBeUndefined();
});
