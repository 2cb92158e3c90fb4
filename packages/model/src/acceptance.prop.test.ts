import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { compileAcceptance } from './acceptance.ts';
import { dataTypes } from './data-types.ts';
import { exactNumber } from './exact-number.ts';

const odd = fc.constantFrom<unknown>(
  undefined,
  null,
  '',
  'text',
  '\u0000',
  '\ud800',
  '2024-02-30T00:00:00',
  7,
  true,
  exactNumber('1.5'),
  JSON.rawJSON('"text"'),
  [],
  [undefined],
  {},
  { id: 'a', unknown: 1 },
);

/** Values of a schema, now and then with something in them that does not belong there. */
function valuesOf(schema: z.core.$ZodType, oddness: number): fc.Arbitrary<unknown> {
  const sound = soundValuesOf(schema, oddness);
  return fc.oneof({ arbitrary: sound, weight: 100 - oddness }, { arbitrary: odd, weight: oddness });
}

function soundValuesOf(schema: z.core.$ZodType, oddness: number): fc.Arbitrary<unknown> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return fc.constantFrom('text', '2024-02-29T00:00:00', '2024-02-29T11:22:33.000Z');
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'optional':
      return fc.oneof(fc.constant(undefined), valuesOf(def.innerType, oddness));
    case 'array':
      return fc.array(valuesOf(def.element, oddness), { maxLength: 3 });
    case 'object': {
      const members = Object.entries(def.shape).map(([name, member]) => [name, valuesOf(member, oddness)]);
      const extra = { unknown: odd };
      return fc
        .tuple(
          fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>, {
            requiredKeys: oddness === 0 ? Object.keys(def.shape) : [],
          }),
          fc.oneof(
            { arbitrary: fc.constant({}), weight: 20 },
            { arbitrary: fc.record(extra), weight: oddness > 0 ? 1 : 0 },
          ),
        )
        .map(([known, unknown]) => ({ ...known, ...unknown }));
    }
    default:
      return fc.constant(exactNumber('12.5'));
  }
}

// A company is one record, with members free of form: parsing it costs nothing that counts.
const checked = Object.values(dataTypes).filter(({ key }) => key !== 'company');

test.each(checked.map((definition) => [definition.key, definition] as const))(
  'records of %s are accepted exactly when the schema accepts them',
  (_key, { record }) => {
    const accepts = compileAcceptance(record);
    if (accepts === undefined) throw new Error('the schema has no quick check');
    for (const oddness of [0, 1, 5]) {
      fc.assert(
        fc.property(valuesOf(record, oddness), (value) => {
          expect(accepts(value)).toBe(record.safeParse(value).success);
        }),
        { numRuns: 60 },
      );
    }
  },
);

test('each member of each record, alone', () => {
  const walk = (schema: z.core.$ZodType): void => {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    const accepts = compileAcceptance(schema as z.ZodType);
    if (accepts !== undefined)
      fc.assert(
        fc.property(valuesOf(schema, 20), (value) => {
          expect(accepts(value)).toBe((schema as z.ZodType).safeParse(value).success);
        }),
        { numRuns: 20 },
      );
    if (def.type === 'object') for (const member of Object.values(def.shape)) walk(member);
    if (def.type === 'array') walk(def.element);
    if (def.type === 'optional') walk(def.innerType);
  };
  for (const { record } of Object.values(dataTypes)) walk(record);
});

test('a schema that changes values, or of another kind, has none', () => {
  expect(compileAcceptance(z.string().default('a'))).toBeUndefined();
  expect(compileAcceptance(z.strictObject({ a: z.string().trim() }))).toBeUndefined();
  expect(compileAcceptance(z.object({ a: z.string() }))).toBeUndefined();
  expect(compileAcceptance(z.union([z.string(), z.number()]))).toBeUndefined();
});
