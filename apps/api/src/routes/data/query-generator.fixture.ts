/**
 * Queries with what they mean. Nothing here knows the parser, the compiler or the matcher: a query is
 * made together with a predicate over parsed documents, so that each of the three is tested against something else.
 */
import type { FieldDefinition, FieldKind } from '@tributary/model';
import fc from 'fast-check';
import { instants, localDates, numbers, type SourceNumber, texts } from './record-generator.fixture.ts';

/** A query, and whether a document satisfies it. */
export interface GeneratedQuery {
  readonly text: string;
  holds(document: unknown): boolean;
}

type Operator = '=' | '!=' | '~' | '>' | '<' | '>=' | '<=';
const equality: readonly Operator[] = ['=', '!='];
const ordering: readonly Operator[] = ['>', '<', '>=', '<='];
const operatorsOf: Record<FieldKind, readonly Operator[]> = {
  text: [...equality, ...ordering, '~'],
  id: [...equality, ...ordering, '~'],
  any: [...equality, ...ordering, '~'],
  enum: [...equality, '~'],
  number: [...equality, ...ordering],
  boolean: equality,
  localDate: [...equality, ...ordering],
  instant: [...equality, ...ordering],
};

/** How a value is written, and how what a document holds compares with it: undefined when it does not. */
interface Wanted {
  readonly text: string;
  compare(actual: unknown): number | undefined;
}

const textOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const lowered = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const isNumber = (value: unknown): value is SourceNumber =>
  typeof value === 'object' && value !== null && 'source' in value;

/** In units of 10⁻³⁰. */
function scaled(text: string): bigint {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] =
    /^([-+]?)([0-9]+)(?:\.([0-9]+))?(?:e([0-9]+))?$/.exec(text) ?? [];
  const size = BigInt((whole + fraction).padEnd(whole.length + 30, '0')) * 10n ** BigInt(exponent);
  return sign === '-' ? -size : size;
}

const bigOrder = (a: bigint, b: bigint) => (a < b ? -1 : Number(a > b));

/** Microseconds since 1970; the fraction apart, for `Date` knows three digits of it. */
function microseconds(text: string): bigint {
  const [, whole = '', fraction = '', zone = ''] =
    /^([^.]{10,19}?)(?:\.([0-9]{1,6}))?(Z|[-+][0-9]{2}:[0-9]{2}|)$/.exec(text) ?? [];
  const time = whole.length === 10 ? `${whole}T00:00:00` : whole;
  return BigInt(Date.parse(`${time}${zone || 'Z'}`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

const wantedText = fc
  .oneof(
    { arbitrary: fc.constantFrom(...texts, 'B', 'r1', 'a\u0000b', '\u0000', '\ud800', '\udc00x'), weight: 4 },
    { arbitrary: fc.string({ unit: 'binary', maxLength: 8 }), weight: 1 },
  )
  .map(
    (text): Wanted => ({
      text,
      // Half a character is U+FFFD, as it is in every URL.
      compare: (actual) => (typeof actual === 'string' ? textOrder(actual, text.toWellFormed()) : undefined),
    }),
  );

const wantedNumber = fc
  .constantFrom(
    '0',
    '-0',
    '0.1',
    '0.10',
    '-1.5',
    '100',
    '+100.000',
    '99999999999999.99',
    '99999999999999.985',
  )
  .chain((text) =>
    fc.constantFrom(text, '12345678901234567890.000000001', '9'.repeat(400), `0.${'0'.repeat(29)}1`),
  )
  .map(
    (text): Wanted => ({
      text,
      compare: (actual) => (isNumber(actual) ? bigOrder(scaled(actual.source), scaled(text)) : undefined),
    }),
  );

const wantedAny = fc.oneof(wantedText, wantedNumber, fc.constantFrom('TRUE', 'false').map(wordOf)).map(
  ({ text }): Wanted => ({
    text,
    compare: (actual) => {
      if (typeof actual === 'string') return textOrder(actual, text);
      if (isNumber(actual) && /^[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text.trim()))
        return bigOrder(scaled(actual.source), scaled(text.trim()));
      return undefined;
    },
  }),
);

function wordOf(text: string): Wanted {
  return { text, compare: (actual) => (actual === (text.toLowerCase() === 'true') ? 0 : undefined) };
}

const wantedDate = fc
  .constantFrom(
    ...['0001-01-01', '2024-02-29', '2024-02-29T00:00:00', '2024-02-29T12:30', '2024-02-29T00:00:00.000001'],
    ...['2024-02-29T00:00:00Z', '2024-02-29T00:00:00+05:00', '2024-03-01', '9999-12-31T00:00:00'],
  )
  .map((text): Wanted => {
    const clock = microseconds(text.replace(/Z$|\+..:..$/, '').replace(/T12:30$/, 'T12:30:00'));
    return {
      text,
      compare: (actual) => (typeof actual === 'string' ? bigOrder(microseconds(actual), clock) : undefined),
    };
  });

const wantedInstant = fc
  .constantFrom(
    ...['2024-02-29', '2024-02-29T10:00:00', '2024-02-29T10:00:00.12Z', '2024-02-29T10:00:00.123001Z'],
    ...[
      '2024-02-29T12:00:00.123+02:00',
      '1999-12-31T23:59:59.999Z',
      '0001-01-02',
      '9999-12-31T23:59:59.999999Z',
    ],
  )
  .map(
    (text): Wanted => ({
      text,
      compare: (actual) =>
        typeof actual === 'string' ? bigOrder(microseconds(actual), microseconds(text)) : undefined,
    }),
  );

function wantedOf({ kind, values = [] }: FieldDefinition): fc.Arbitrary<Wanted> {
  switch (kind) {
    case 'number':
      return wantedNumber;
    case 'boolean':
      return fc.constantFrom('true', 'false', 'TRUE', 'False').map(wordOf);
    case 'localDate':
      return wantedDate;
    case 'instant':
      return wantedInstant;
    case 'any':
      return wantedAny;
    case 'enum':
      return fc
        .tuple(fc.constantFrom(...values, 'NoSuchMember'), fc.constantFrom(0, 1, 2))
        .map(([name, form]) => ({
          text: [name, name.toLowerCase(), name.toUpperCase()][form] ?? name,
          compare: (actual) => (actual === name ? 0 : undefined),
        }));
    default:
      return wantedText;
  }
}

function meaningOf(path: string, operator: Operator, wanted: Wanted | undefined, kind: FieldKind) {
  const steps = path.split('.');
  const isAny = kind === 'any';
  const equals = (actual: unknown) =>
    wanted?.compare(actual) === 0 ||
    (isAny && typeof actual === 'boolean' && String(actual) === lowered(wanted?.text ?? ''));
  const holdsOf = (actual: unknown): boolean => {
    if (operator === '=') return equals(actual);
    if (operator === '~')
      return typeof actual === 'string' && lowered(actual).includes(lowered(wanted?.text ?? ''));
    const order = wanted?.compare(actual);
    if (order === undefined) return false;
    return { '>': order > 0, '<': order < 0, '>=': order >= 0, '<=': order <= 0, '!=': order !== 0 }[
      operator
    ];
  };
  return (document: unknown): boolean => {
    const values = present(document, steps);
    if (wanted === undefined) return operator === '=' ? values.length === 0 : values.length > 0;
    return operator === '!=' ? !values.some(equals) : values.some(holdsOf);
  };
}

function present(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) {
    const elements = step === undefined ? value : value.filter((element) => !Array.isArray(element));
    return elements.flatMap((element) =>
      step === undefined ? (element === null ? [] : [element]) : present(element, [step, ...rest]),
    );
  }
  if (step === undefined) return [value];
  if (typeof value !== 'object' || isNumber(value)) return [];
  return Object.hasOwn(value, step) ? present(Reflect.get(value, step), rest) : [];
}

const blanks = fc.constantFrom('', '', '', ' ', '  ', '\t', '\n');
const quoted = (text: string, quote: string) => quote + text.replaceAll(quote, quote + quote) + quote;

/** Bare where that is possible. */
function written(text: string, kind: FieldKind): fc.Arbitrary<string> {
  const forms = [quoted(text, '"'), quoted(text, "'")];
  const isPlain = text !== '' && text.trim() === text && !/[={}~<>]|&&|\|\||!=|^['"]/.test(text);
  if (isPlain && text.toLowerCase() !== 'null') forms.push(text, text);
  if (['number', 'boolean', 'localDate', 'instant'].includes(kind)) forms.push(`" ${text} "`);
  return fc.constantFrom(...forms);
}

function inSomeCase(path: string): fc.Arbitrary<string> {
  return path.startsWith('supplementalData.content.')
    ? fc.constant(path)
    : fc.constantFrom(path, path, path.toLowerCase(), path.toUpperCase());
}

function comparison(fields: readonly FieldDefinition[]): fc.Arbitrary<GeneratedQuery> {
  return fc
    .tuple(
      fc.constantFrom(...fields),
      fc.constantFrom('crm.score', 'crm.tier', 'crm.score.inner', 'x.y', 'crm'),
    )
    .map(([field, below]) => ({ ...field, path: field.path.replace(/\*$/, below) }))
    .chain((field) => {
      const value = fc.oneof(
        { arbitrary: fc.constant(undefined), weight: 1 },
        { arbitrary: wantedOf(field), weight: 12 },
      );
      return fc.tuple(fc.constant(field), value, inSomeCase(field.path));
    })
    .chain(([field, wanted, name]) => {
      const operators = wanted === undefined ? equality : operatorsOf[field.kind];
      const value = wanted === undefined ? fc.constantFrom('null', 'NULL') : written(wanted.text, field.kind);
      return fc
        .tuple(fc.constantFrom(...operators), value, blanks, blanks, blanks, blanks)
        .map(([operator, valueText, a, b, c, d]) => ({
          text: `${a}${name}${b}${operator}${c}${valueText}${d}`,
          holds: meaningOf(field.path, operator, wanted, field.kind),
        }));
    });
}

/** Valid queries: every property, operator and way of writing, groups, and "&&" beside "||" without them. */
export function validQuery(fields: readonly FieldDefinition[]): fc.Arbitrary<GeneratedQuery> {
  const one = comparison(fields);
  const { query } = fc.letrec<{ query: GeneratedQuery; group: GeneratedQuery; and: GeneratedQuery }>(
    (tie) => ({
      group: fc
        .tuple(tie('query'), blanks)
        .map(([inner, blank]) => ({ ...inner, text: `${blank}{${inner.text}}${blank}` })),
      and: fc
        .array(fc.oneof({ depthSize: 'xsmall' }, one, one, one, tie('group')), { minLength: 1, maxLength: 2 })
        .map((parts) => joined(parts, '&&')),
      query: fc.array(tie('and'), { minLength: 1, maxLength: 2 }).map((parts) => joined(parts, '||')),
    }),
  );
  return query.filter(({ text }) => text.length < 2048);
}

function joined(parts: readonly GeneratedQuery[], operator: '&&' | '||'): GeneratedQuery {
  return {
    text: parts.map(({ text }) => text).join(operator),
    holds: (document) =>
      operator === '&&'
        ? parts.every((part) => part.holds(document))
        : parts.some((part) => part.holds(document)),
  };
}

/** Text that is nearly a query, far from one, or out to do harm. */
export function hostileQuery(fields: readonly FieldDefinition[]): fc.Arbitrary<string> {
  const valid = validQuery(fields).map(({ text }) => text);
  const piece = fc.oneof(
    fc.constantFrom(
      '&&',
      '||',
      '{',
      '}',
      '=',
      '!=',
      '~',
      '>',
      '<',
      '>=',
      '<=',
      ' ',
      '"',
      "'",
      '""',
      '&',
      '|',
      '!',
      '-',
    ),
    fc.constantFrom(
      ...fields.map(({ path }) => path),
      'supplementalData.content.a.b',
      '__proto__',
      'constructor.name',
    ),
    fc.constantFrom(...texts, ...numbers, ...localDates, ...instants, '1e999999', 'NaN', 'Infinity', '0x10'),
    fc.constantFrom(
      "' OR 1=1 --",
      '$1',
      '$2::text',
      '\\u0000',
      '\u0000',
      '\ud83d',
      '%00',
      "E'\\x'",
      '/* */',
      ');',
    ),
    fc.constantFrom(
      '2024-02-30',
      '0000-00-00',
      '2024-02-29T24:00',
      '2024-02-29T00:00+99:00',
      '9'.repeat(900),
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  const damaged = fc.tuple(valid, fc.nat(), fc.nat({ max: 4 }), piece).map(([text, at, length, inserted]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + inserted + text.slice(start + length);
  });
  const nested = fc
    .tuple(
      fc.integer({ min: 0, max: 1100 }),
      fc.integer({ min: 0, max: 1100 }),
      fc.oneof(valid, fc.constant('')),
    )
    .map(([open, close, text]) => '{'.repeat(open) + text + '}'.repeat(close));
  const long = fc
    .tuple(valid, fc.integer({ min: 1, max: 400 }))
    .map(([text, times]) => Array(times).fill(text).join('||'));
  return fc.oneof(
    { arbitrary: damaged, weight: 6 },
    { arbitrary: fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')), weight: 4 },
    { arbitrary: nested, weight: 1 },
    { arbitrary: long, weight: 1 },
    { arbitrary: fc.string({ unit: 'binary', maxLength: 3000 }), weight: 1 },
  );
}
