import { quickParser } from '@tributary/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as wire from './wire.ts';

const schemas = Object.entries<unknown>(wire).filter(
  (entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType,
);

const odd = fc.constantFrom<unknown>(null, '', 'text', '12', 0, 7, -0.5, 2n ** 70n, true, [], {}, [null]);

/** JSON in the form of a schema, now and then with something else in it. */
function valuesOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
      return valuesOf(def.innerType);
    case 'pipe':
      return valuesOf(def.in);
    case 'union':
      return fc.oneof(...def.options.map(valuesOf));
    case 'array':
      return fc.array(valuesOf(def.element), { maxLength: 3 });
    case 'string':
      return fc.string();
    case 'object': {
      const members = Object.entries(def.shape).map(([name, member]) => [name, valuesOf(member)]);
      return fc
        .tuple(
          fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>, {
            requiredKeys: [],
          }),
          fc.dictionary(fc.constantFrom('other', 'payment', '__proto__'), odd, { maxKeys: 1 }),
        )
        .map(([known, more]) => ({ ...known, ...more }));
    }
    default:
      return fc.oneof({ arbitrary: fitting(schema), weight: 60 }, { arbitrary: odd, weight: 1 });
  }
}

function fitting(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  return odd.filter((value) => z.safeParse(schema, value).success);
}

test.each(schemas)('records read as %s come out as zod makes them, or with its messages', (_name, schema) => {
  const parse = quickParser(schema);
  let taken = 0;
  let takenAsTheyAre = 0;
  fc.assert(
    fc.property(valuesOf(schema), (value) => {
      const expected = schema.safeParse(value);
      if (expected.success) taken += 1;
      const result = parse(value);
      expect(result).toEqual(expected);
      if (result.data === value) takenAsTheyAre += 1;
    }),
    { numRuns: 200 },
  );
  expect(taken).toBeGreaterThan(20);
  // Zod always copies.
  expect(takenAsTheyAre).toBeGreaterThan(10);
});
