import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { dataTypes } from './data-types.ts';
import { exactNumber } from './exact-number.ts';
import { compileRead, quickParser, REFUSED } from './quick-read.ts';

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
    case 'nullable':
      return fc.oneof(fc.constant(null), valuesOf(def.innerType, oddness));
    case 'union':
      return fc.oneof(...def.options.map((option) => valuesOf(option, oddness)));
    case 'pipe':
      return valuesOf((def.in as z.core.$ZodTypes)._zod.def.type === 'transform' ? def.out : def.in, oddness);
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
    const read = compileRead(record);
    if (read === undefined) throw new Error('the schema has no quick check');
    for (const oddness of [0, 1, 5]) {
      fc.assert(
        fc.property(valuesOf(record, oddness), (value) => {
          expect(read(value)).toBe(record.safeParse(value).success ? value : REFUSED);
        }),
        { numRuns: 60 },
      );
    }
  },
);

test('each member of each record, alone', () => {
  const walk = (schema: z.core.$ZodType): void => {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    const read = compileRead(schema as z.ZodType);
    if (read !== undefined)
      fc.assert(
        fc.property(valuesOf(schema, 20), (value) => {
          expect(read(value)).toBe((schema as z.ZodType).safeParse(value).success ? value : REFUSED);
        }),
        { numRuns: 20 },
      );
    if (def.type === 'object') for (const member of Object.values(def.shape)) walk(member);
    if (def.type === 'array') walk(def.element);
    if (def.type === 'optional') walk(def.innerType);
  };
  for (const { record } of Object.values(dataTypes)) walk(record);
});

/** A platform's record: unknown members stay, one member gets another name, an empty text may stand for a list. */
const line = z.looseObject({ amount: z.custom((value) => typeof value === 'number', 'expected a number') });
const renamedLine = z
  .looseObject({ record: z.string().optional() })
  .transform(({ record, ...rest }) => ({ ...rest, payment: record }));
const wireRecord = z.looseObject({
  id: z.string(),
  text: z.string().nullish(),
  lines: z.array(line).nullish(),
  payments: z.array(renamedLine).nullish(),
  list: z.preprocess((value) => (value === '' ? [] : value), z.array(line)).optional(),
  address: z.union([z.string(), renamedLine]).nullish(),
  kept: z.array(z.string().nullish()).optional(),
});

test('records of platforms come out as zod makes them, and what it refuses has its messages', () => {
  const parse = quickParser(wireRecord);
  const text = fc.constantFrom('', 'text', null);
  for (const oddness of [0, 1, 5, 20]) {
    fc.assert(
      fc.property(valuesOf(wireRecord, oddness), text, (value, list) => {
        for (const record of [value, typeof value === 'object' ? { ...value, list } : list]) {
          const before = JSON.stringify(record);
          expect(parse(record)).toEqual(wireRecord.safeParse(record));
          expect(JSON.stringify(record)).toBe(before);
        }
      }),
    );
  }
});

test('what changes is copied, what does not change is the very value', () => {
  const read = compileRead(wireRecord);
  const payments = [{ record: '7', more: 1 }];
  const lines = [{ amount: 1 }];
  const record = { id: 'a', lines, payments };
  expect(read?.({ id: 'a', lines })).toEqual({ id: 'a', lines });
  const changed = read?.(record) as typeof record;
  expect(changed).toEqual({ id: 'a', lines, payments: [{ payment: '7', more: 1 }] });
  expect(changed.lines).toBe(lines);
  expect(record.payments).toBe(payments);
});

test('a member called __proto__ is no prototype, and is left out as zod leaves it out', () => {
  const record: unknown = JSON.parse(
    '{"id":"a","__proto__":{"text":7},"lines":[{"__proto__":{"amount":1}}]}',
  );
  expect(quickParser(wireRecord)(record).success).toBe(false);
  const kept: unknown = JSON.parse('{"id":"a","__proto__":{"text":7},"other":1}');
  const { data } = quickParser(wireRecord)(kept);
  expect(Object.keys(data ?? {})).toEqual(['id', 'other']);
  expect(data?.text).toBeUndefined();
});

test('a schema of another kind has none', () => {
  expect(compileRead(z.string().default('a'))).toBeUndefined();
  expect(compileRead(z.strictObject({ a: z.string().trim() }))).toBeUndefined();
  expect(compileRead(z.object({ a: z.string() }))).toBeUndefined();
  expect(compileRead(z.coerce.boolean())).toBeUndefined();
  expect(compileRead(z.iso.date())).toBeUndefined();
  expect(compileRead(z.looseObject({ toString: z.string().optional() }))).toBeUndefined();
  expect(compileRead(z.xor([z.string(), z.boolean()]))).toBeUndefined();
  expect(compileRead(z.string().transform((value, context) => context.value === value))).toBeUndefined();
});
