/** Records for generated queries to meet: with hostile and extreme values of all their properties, and without them. */
import type { FieldDefinition } from '@tributary/model';
import fc from 'fast-check';

/** A JSON number by its source text. */
export interface SourceNumber {
  readonly source: string;
}

/** A document whose numbers keep their digits. */
export function parseDocument(text: string): unknown {
  return JSON.parse(text, (_key, value, { source }) => (typeof value === 'number' ? { source } : value));
}

/** Few values of each kind, so that records and queries have them in common. */
export const texts = [
  '',
  'a',
  'A',
  'ab',
  'É',
  'é',
  '%',
  '_',
  'a_b',
  '\\',
  "O'Brien & Sons",
  '"quoted"',
  '😀',
  '\uffee',
  '$1',
  'null',
  "'; DROP TABLE invoices; --",
  'a && b || {c}',
  ' padded ',
  'line\nbreak',
  '100',
  'true',
];
export const numbers = [
  '0',
  '-1.5',
  '0.10',
  '0.1',
  '100',
  '100.00',
  '1e2',
  '99999999999999.98',
  '99999999999999.99',
  '-99999999999999.99',
  '12345678901234567890.000000001',
];
export const localDates = [
  '0001-01-01T00:00:00',
  '2024-02-29T00:00:00',
  '2024-03-01T00:00:00',
  '9999-12-31T00:00:00',
];
export const instants = [
  '0001-01-02T00:00:00.000Z',
  '1999-12-31T23:59:59.999Z',
  '2024-02-29T10:00:00.000Z',
  '2024-02-29T10:00:00.120Z',
  '2024-02-29T10:00:00.123Z',
];

/** Members as a tree; a list of scalars is a list whose element has no members. */
interface Shape {
  isList: boolean;
  field?: FieldDefinition;
  readonly members: Map<string, Shape>;
}

function shapeOf(fields: readonly FieldDefinition[]): Shape {
  const root: Shape = { isList: false, members: new Map() };
  for (const field of fields) {
    const steps = field.path.split('.');
    let place = root;
    for (const [index, step] of steps.entries()) {
      const path = steps.slice(0, index + 1).join('.');
      const member = place.members.get(step) ?? { isList: false, members: new Map() };
      member.isList = field.lists?.includes(path) ?? false;
      place.members.set(step, member);
      place = member;
    }
    place.field = field;
  }
  return root;
}

const raw = (text: string) => JSON.rawJSON(text);
const anyValue = fc.oneof(
  fc.constantFrom(...texts),
  fc.constantFrom(...numbers.map(raw)),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom<unknown>({ inner: 'a' }, ['a', 'b'], [{ inner: 'a' }, { inner: raw('100') }], [['a']]),
);

function memberOf(shape: Shape): fc.Arbitrary<unknown> {
  if (shape.isList) return fc.array(memberOf({ ...shape, isList: false }), { maxLength: 3 });
  if (shape.field?.path.endsWith('.*'))
    return fc.record({ score: anyValue, tier: anyValue }, { requiredKeys: [] });
  if (shape.field !== undefined) return scalarOf(shape.field);
  const members = [...shape.members].map(([name, member]) => [name === '*' ? 'crm' : name, memberOf(member)]);
  return fc.record(Object.fromEntries(members), { requiredKeys: [] });
}

function scalarOf({ kind, values = [] }: FieldDefinition): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'number':
      return fc.constantFrom(...numbers.map(raw));
    case 'boolean':
      return fc.boolean();
    case 'localDate':
      return fc.constantFrom(...localDates);
    case 'instant':
      return fc.constantFrom(...instants);
    case 'enum':
      return fc.constantFrom(...values);
    default:
      return fc.constantFrom(...texts);
  }
}

/** What a record is stored with. */
export interface GeneratedRecord {
  readonly id: string;
  /** JSON text. */
  readonly document: string;
  readonly modifiedDate: string;
  readonly isDeleted: boolean;
}

const spine = ['id', 'modifiedDate', 'metadata.isDeleted'];

/** Records with values of all their properties, hostile and extreme ones, and without them. */
export function generateRecords(
  fields: readonly FieldDefinition[],
  count: number,
  seed: number,
): GeneratedRecord[] {
  const body = memberOf(shapeOf(fields.filter(({ path }) => !spine.includes(path))));
  const drawn = fc.sample(fc.tuple(body, fc.constantFrom(...instants), fc.boolean()), {
    numRuns: count,
    seed,
  });
  return drawn.map(([members, modifiedDate, isDeleted], index) => {
    const id = texts[index] || `r${index}`;
    return { id, document: JSON.stringify({ id, ...(members as object) }), modifiedDate, isDeleted };
  });
}
