import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dataTypes,
  fieldsOf,
  formatQuery,
  MAX_QUERY_LENGTH,
  matchesQuery,
  parseOrderBy,
  parseQuery,
  QueryError,
  type QueryNode,
} from './index.ts';

const fields = fieldsOf(dataTypes.invoices.response);
/** With a member below what is open. */
const definitions = [...fields.values()].map((field) => ({
  ...field,
  path: field.path.replace(/\*$/, 'crm.Score'),
}));

/** Pieces of the language in any order: far likelier to be nearly right than random characters. */
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
    '\n',
    '-',
  ),
  fc.constantFrom(
    ...definitions.map(({ path }) => path),
    'null',
    'true',
    'Paid',
    '100.5',
    '2024-02-29',
    '2024-02-29T00:00:00Z',
    '1e9',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const nearlyQuery = fc.oneof(
  fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 3000 }),
);

const plainText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('"', "'", '&&', '}', ' null ', '{a=b}', ''),
);
const time = fc
  .date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19));
const fraction = fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{0,5}[1-9]$/));
const decimalText = fc.stringMatching(/^(0|-?[1-9][0-9]{0,20}|-?(0|[1-9][0-9]{0,20})\.[0-9]{0,4}[1-9])$/);
const equality = fc.constantFrom('=', '!=');
const ordered = fc.constantFrom('=', '!=', '>', '<', '>=', '<=');
const textual = fc.constantFrom('=', '!=', '>', '<', '>=', '<=', '~');

/** Any comparison that `parseQuery` can produce. */
const comparison: fc.Arbitrary<QueryNode> = fc
  .constantFrom(...definitions)
  .chain(({ path, kind, values = [] }) => {
    const known = {
      type: fc.constant('comparison' as const),
      field: fc.constant(path),
      kind: fc.constant(kind),
    };
    const absent = fc.record({ ...known, operator: equality, value: fc.constant(null) });
    const present = {
      text: fc.record({ ...known, operator: textual, value: plainText }),
      id: fc.record({ ...known, operator: textual, value: plainText }),
      any: fc.record({ ...known, operator: textual, value: plainText }),
      enum: fc.oneof(
        fc.record({ ...known, operator: equality, value: fc.constantFrom(...values, 'Overdue') }),
        fc.record({ ...known, operator: fc.constant('~'), value: plainText }),
      ),
      number: fc.record({ ...known, operator: ordered, value: decimalText }),
      boolean: fc.record({ ...known, operator: equality, value: fc.boolean() }),
      localDate: fc.record({
        ...known,
        operator: ordered,
        value: fc.tuple(time, fraction).map((parts) => parts.join('')),
      }),
      instant: fc.record({
        ...known,
        operator: ordered,
        value: fc.tuple(time, fraction).map((parts) => `${parts.join('')}Z`),
      }),
    }[kind];
    return fc.oneof(
      { arbitrary: present, weight: 9 },
      { arbitrary: absent, weight: 1 },
    ) as fc.Arbitrary<QueryNode>;
  });
const { node } = fc.letrec<{ node: QueryNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    fc.record({
      type: fc.constantFrom('and' as const, 'or' as const),
      nodes: fc.array(tie('node'), { minLength: 2, maxLength: 4 }),
    }),
  ),
}));

describe('parseQuery', () => {
  test('throws nothing but QueryError, positioned inside the text, and what it takes it prints', () => {
    fc.assert(
      fc.property(nearlyQuery, (text) => {
        try {
          const parsed = parseQuery(text, fields);
          expect(parseQuery(formatQuery(parsed), fields)).toEqual(parsed);
        } catch (error) {
          expect(error).toBeInstanceOf(QueryError);
          const { position } = error as QueryError;
          expect(position >= 0 && position <= text.length).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('reads every printed query back as the same node', () => {
    fc.assert(
      fc.property(node, (query) => {
        const text = formatQuery(query);
        fc.pre(text.length < MAX_QUERY_LENGTH);
        expect(parseQuery(text, fields)).toEqual(query);
      }),
      { numRuns: 1000 },
    );
  });

  test('property names match in any case', () => {
    fc.assert(
      fc.property(comparison, (query) => {
        const text = formatQuery(query);
        const path = query.type === 'comparison' ? query.field : '';
        fc.pre(!path.endsWith('.crm.Score'));
        const upper = path.toUpperCase() + text.slice(path.length);
        expect(parseQuery(upper, fields)).toEqual(query);
      }),
    );
  });

  test('parseOrderBy throws nothing but QueryError', () => {
    fc.assert(
      fc.property(fc.oneof(piece, fc.string({ unit: 'binary' })), (text) => {
        try {
          expect(fields.has(parseOrderBy(text, fields).field.toLowerCase())).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(QueryError);
        }
      }),
    );
  });
});

describe('matchesQuery', () => {
  const amount = fc.option(fc.bigInt({ min: -500n, max: 500n }), { nil: undefined });
  const document = (cents: bigint | undefined) =>
    cents === undefined ? {} : { totalAmount: JSON.rawJSON(`${cents}`) };

  test('numbers compare by value, and an absent one passes "!=" alone', () => {
    fc.assert(
      fc.property(amount, fc.bigInt({ min: -500n, max: 500n }), (actual, wanted) => {
        const holds = (operator: string) =>
          matchesQuery(parseQuery(`totalAmount${operator}${wanted}`, fields), document(actual));
        expect(holds('=')).toBe(actual === wanted);
        expect(holds('!=')).toBe(actual !== wanted);
        expect(holds('>')).toBe(actual !== undefined && actual > wanted);
        expect(holds('<')).toBe(actual !== undefined && actual < wanted);
        expect(holds('>=')).toBe(actual !== undefined && actual >= wanted);
        expect(holds('<=')).toBe(actual !== undefined && actual <= wanted);
      }),
    );
  });

  test('instants compare as time, whatever their fraction and zone', () => {
    const milliseconds = fc.integer({ min: 0, max: 3000 });
    fc.assert(
      fc.property(milliseconds, milliseconds, fc.boolean(), (actual, wanted, isOffset) => {
        const iso = new Date(wanted + (isOffset ? 3_600_000 : 0)).toISOString();
        const text = isOffset ? iso.replace('Z', '+01:00') : iso;
        const holds = (operator: string) =>
          matchesQuery(parseQuery(`modifiedDate${operator}${text}`, fields), {
            modifiedDate: new Date(actual).toISOString(),
          });
        expect([holds('<'), holds('='), holds('>')]).toEqual([
          actual < wanted,
          actual === wanted,
          actual > wanted,
        ]);
      }),
    );
  });

  test('text is ordered as its UTF-8 bytes are, which is collation "C"', () => {
    fc.assert(
      fc.property(plainText, fc.string({ unit: 'grapheme' }), (actual, wanted) => {
        const query: QueryNode = {
          type: 'comparison',
          field: 'note',
          kind: 'text',
          operator: '<',
          value: wanted,
        };
        expect(matchesQuery(query, { note: actual })).toBe(
          Buffer.compare(Buffer.from(actual), Buffer.from(wanted)) < 0,
        );
      }),
    );
    const astral: QueryNode = { type: 'comparison', field: 'note', kind: 'text', operator: '<', value: '😀' };
    expect(matchesQuery(astral, { note: '\uffee' })).toBe(true);
  });

  test.each([
    ['invoiceNumber~inv', { invoiceNumber: 'My INV-1' }, true],
    ['invoiceNumber~É', { invoiceNumber: 'é' }, false],
    ['invoiceNumber=inv-1', { invoiceNumber: 'INV-1' }, false],
    ['invoiceNumber~""', {}, false],
    ['status=PAID', { status: 'Paid' }, true],
    ['status~paid', { status: 'PartiallyPaid' }, true],
    ['status~draft', { status: 'PartiallyPaid' }, false],
    ['lineItems.itemRef.id=1', { lineItems: [{}, { itemRef: { id: '1' } }] }, true],
    ['lineItems.itemRef.id!=1', { lineItems: [{ itemRef: { id: '2' } }, { itemRef: { id: '1' } }] }, false],
    ['lineItems.itemRef.id!=1', { lineItems: [{ itemRef: { id: '2' } }] }, true],
    ['lineItems.itemRef.id!=1', { lineItems: [] }, true],
    ['lineItems.itemRef.id=null', { lineItems: [{}, { itemRef: { id: '1' } }] }, false],
    ['lineItems.itemRef.id=null', { lineItems: [{}] }, true],
    ['lineItems.unitAmount>=10', { lineItems: [{ unitAmount: 9 }, { unitAmount: 10 }] }, true],
    [
      'lineItems.unitAmount=9&&lineItems.quantity=2',
      {
        lineItems: [
          { unitAmount: 9, quantity: 1 },
          { unitAmount: 1, quantity: 2 },
        ],
      },
      true,
    ],
    [
      'lineItems.trackingCategoryRefs.name~uk',
      { lineItems: [{ trackingCategoryRefs: [{ name: 'UK' }] }] },
      true,
    ],
    [
      'supplementalData.content.crm.Score>=7',
      { supplementalData: { content: { crm: { Score: 7.5 } } } },
      true,
    ],
    [
      'supplementalData.content.crm.Score>=7',
      { supplementalData: { content: { crm: { Score: '7.5' } } } },
      true,
    ],
    [
      'supplementalData.content.crm.Score=7.50',
      { supplementalData: { content: { crm: { Score: 7.5 } } } },
      true,
    ],
    [
      'supplementalData.content.crm.Score=7.50',
      { supplementalData: { content: { crm: { Score: '7.5' } } } },
      false,
    ],
    [
      'supplementalData.content.crm.Score=TRUE',
      { supplementalData: { content: { crm: { Score: true } } } },
      true,
    ],
    ['supplementalData.content.crm.score=7', { supplementalData: { content: { crm: { Score: 7 } } } }, false],
    ['status=Overdue', { status: 'Paid' }, false],
    ['status!=Overdue', { status: 'Paid' }, true],
    ['customerRef.id!=1', {}, true],
    ['customerRef.id!=1', { customerRef: { id: '1' } }, false],
    ['customerRef.id=null', { customerRef: {} }, true],
    ['customerRef.id=null', { customerRef: { id: '1' } }, false],
    ['customerRef.id!=null', { customerRef: { id: '1' } }, true],
    ['metadata.isDeleted!=true', { metadata: { isDeleted: false } }, true],
    ['metadata.isDeleted!=true', { metadata: { isDeleted: true } }, false],
    ['metadata.isDeleted=false', {}, false],
    ['issueDate>=2024-02-29', { issueDate: '2024-02-29T00:00:00' }, true],
    ['issueDate>2024-02-29', { issueDate: '2024-02-29T00:00:00' }, false],
    ['totalAmount=12345678901234567890.1', { totalAmount: JSON.rawJSON('12345678901234567890.1') }, true],
    ['totalAmount=12345678901234567890.1', { totalAmount: JSON.rawJSON('12345678901234567890.2') }, false],
    ['totalAmount=100.00', { totalAmount: 100 }, true],
    ['totalAmount=100', { totalAmount: '100' }, false],
    ['status=Paid&&{note=a||note=b}', { status: 'Paid', note: 'b' }, true],
    ['status=Paid&&{note=a||note=b}', { status: 'Draft', note: 'b' }, false],
    ['status=Paid&&note=a||note=b', { status: 'Draft', note: 'b' }, true],
  ])('%s on %j is %s', (text, value, expected) => {
    expect(matchesQuery(parseQuery(text, fields), value)).toBe(expected);
  });
});
