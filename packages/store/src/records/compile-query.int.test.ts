import {
  type ComparisonOperator,
  type DataTypeKey,
  dataTypes,
  type FieldDefinition,
  type FieldKind,
  fieldsOf,
  matchesQuery,
  parseExactJson,
  type QueryNode,
} from '@tributary/model';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPool } from '../pool.ts';
import { compileQuery } from './compile-query.ts';
import { createScope, storeRecords } from './list.fixture.ts';
import { recordFields } from './list-fields.ts';
import type { RecordScope } from './spine.ts';

/** Few values of each kind, so that random comparisons meet them. */
const texts = [
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
  "O'Brien",
  '"',
  '😀',
  '\uffee',
  '$1',
  'null',
];
const pools: Record<FieldKind, readonly string[]> = {
  text: texts,
  id: texts,
  enum: ['Paid', 'Draft', 'Unknown'],
  number: [
    '0',
    '-1.5',
    '0.10',
    '0.1',
    '100',
    '100.00',
    '99999999999999.99',
    '-99999999999999.99',
    '99999999999999.98',
  ],
  boolean: ['true', 'false'],
  localDate: ['0001-01-01T00:00:00', '2024-02-29T00:00:00', '2024-03-01T00:00:00', '9999-12-31T00:00:00'],
  instant: [
    '2024-02-29T10:00:00.000Z',
    '2024-02-29T10:00:00.120Z',
    '2024-02-29T10:00:00.123Z',
    '1999-12-31T23:59:59.999Z',
  ],
};
const wanted: Record<FieldKind, readonly string[]> = {
  ...pools,
  text: [...texts, 'B', 'a\u0000b', '\u0000', '\ud800'],
  enum: [...pools.enum, 'Overdue'],
  number: ['0', '-1.5', '0.1', '100', '99999999999999.99', '99999999999999.98', '12345678901234567890.5'],
  localDate: [...pools.localDate, '2024-02-29T12:30:00', '2024-02-29T00:00:00.000001'],
  instant: [
    '2024-02-29T10:00:00Z',
    '2024-02-29T10:00:00.12Z',
    '2024-02-29T10:00:00.123Z',
    '2024-02-29T10:00:00.123001Z',
  ],
};

const spinePaths = ['id', 'modifiedDate', 'metadata.isDeleted'];
const record = (fields: readonly FieldDefinition[]) =>
  fc.record({
    values: fc.record(
      Object.fromEntries(
        fields
          .filter(({ path }) => !spinePaths.includes(path))
          .map(({ path, kind }) => [path, fc.option(fc.constantFrom(...pools[kind]), { freq: 3 })]),
      ),
    ),
    modifiedDate: fc.constantFrom(...pools.instant),
    isDeleted: fc.boolean(),
  });

const equality: readonly ComparisonOperator[] = ['=', '!='];
const ordered: readonly ComparisonOperator[] = [...equality, '<', '>', '<=', '>='];
const operators: Record<FieldKind, readonly ComparisonOperator[]> = {
  text: [...ordered, '~'],
  id: [...ordered, '~'],
  enum: equality,
  number: ordered,
  boolean: equality,
  localDate: ordered,
  instant: ordered,
};

function query(fields: readonly FieldDefinition[]): fc.Arbitrary<QueryNode> {
  const comparison = fc.constantFrom(...fields).chain(({ path, kind }) => {
    const named = {
      type: fc.constant('comparison' as const),
      field: fc.constant(path),
      kind: fc.constant(kind),
    };
    const value = fc
      .constantFrom(...wanted[kind])
      .map((text) => (kind === 'boolean' ? text === 'true' : text));
    return fc.oneof(
      { arbitrary: fc.record({ ...named, operator: fc.constantFrom(...operators[kind]), value }), weight: 9 },
      {
        arbitrary: fc.record({ ...named, operator: fc.constantFrom(...equality), value: fc.constant(null) }),
        weight: 1,
      },
    );
  });
  return fc.letrec<{ node: QueryNode }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      comparison,
      fc.record({
        type: fc.constantFrom('and' as const, 'or' as const),
        nodes: fc.array(tie('node'), { minLength: 2, maxLength: 4 }),
      }),
    ),
  })).node;
}

/** JSON text of nested members; numbers as written. */
function documentText(
  members: Readonly<Record<string, string | null>>,
  kinds: ReadonlyMap<string, FieldKind>,
): string {
  const root: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(members)) {
    if (value === null) continue;
    const steps = path.split('.');
    const name = steps.pop() ?? '';
    let place = root;
    for (const step of steps) {
      place[step] ??= {};
      place = place[step] as Record<string, unknown>;
    }
    const kind = kinds.get(path);
    place[name] = kind === 'number' || kind === 'boolean' ? JSON.rawJSON(value) : value;
  }
  return JSON.stringify(root);
}

describe('a query as SQL', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool({
      databaseUrl: database.databaseUrl,
      max: 2,
      applicationName: 'test',
      onError: () => {},
    });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  async function storeRandom(dataType: DataTypeKey, fields: readonly FieldDefinition[]) {
    const scope = await createScope(pool);
    const kinds = new Map(fields.map(({ path, kind }) => [path, kind]));
    const drawn = fc.sample(record(fields), { numRuns: 150, seed: 7 });
    const rows = drawn.map(({ values, modifiedDate, isDeleted }, index) => {
      const id = texts[index] || `r${index}`;
      const members = dataType === 'company' ? values : { id, ...values };
      return { id, modifiedDate, isDeleted, document: documentText(members, kinds) };
    });
    await storeRecords(pool, scope, dataType, rows);
    await pool.query(
      `UPDATE ${dataTypes[dataType].table} AS stored SET modified_at = input.at
       FROM unnest($1::text[], $2::timestamptz[]) AS input (id, at) WHERE stored.company_id = $3 AND stored.id = input.id`,
      [rows.map(({ id }) => id), rows.map(({ modifiedDate }) => modifiedDate), scope.companyId],
    );
    const documents = rows.map(({ id, document, modifiedDate, isDeleted }) => ({
      id,
      value: {
        ...(parseExactJson(document) as object),
        ...(dataType !== 'company' && { modifiedDate, metadata: { isDeleted } }),
      },
    }));
    return { scope, documents };
  }

  async function idsOf(scope: RecordScope, dataType: DataTypeKey, node: QueryNode): Promise<string[]> {
    const values: unknown[] = [scope.companyId];
    const condition = compileQuery(node, recordFields(dataType), values);
    const { rows } = await pool.query<{ id: string }>(
      `SELECT id FROM ${dataTypes[dataType].table} WHERE company_id = $1 AND ${condition}`,
      values,
    );
    return rows.map(({ id }) => id).sort();
  }

  test.each(['invoices', 'payments', 'items', 'company'] as const)(
    'finds the %s that the reference evaluator finds, whatever the query and the records',
    async (dataType) => {
      const fields = [...fieldsOf(dataTypes[dataType].response).values()];
      const { scope, documents } = await storeRandom(dataType, fields);
      let matched = 0;
      await fc.assert(
        fc.asyncProperty(query(fields), async (node) => {
          const expected = documents.filter(({ value }) => matchesQuery(node, value)).map(({ id }) => id);
          matched += expected.length > 0 && expected.length < documents.length ? 1 : 0;
          expect(await idsOf(scope, dataType, node)).toEqual(expected.sort());
        }),
        { numRuns: 400 },
      );
      expect(matched).toBeGreaterThan(100);
    },
    60_000,
  );

  test('no text of the client is in the statement', () => {
    const secret = `'; DROP TABLE invoices; --`;
    const node: QueryNode = { type: 'comparison', field: 'note', kind: 'text', operator: '~', value: secret };
    const values: unknown[] = [];
    const sql = compileQuery(
      { type: 'or', nodes: [node, { ...node, operator: '=' }] },
      recordFields('invoices'),
      values,
    );
    expect(sql).toBe('(strpos(lower(note COLLATE "C"), $1::text) > 0 OR note = $2::text)');
    expect(values).toEqual([secret.toLowerCase(), secret]);
  });

  test('text is ordered by code point, whatever the collation of the database', () => {
    const node: QueryNode = { type: 'comparison', field: 'note', kind: 'text', operator: '<', value: 'b' };
    expect(compileQuery(node, recordFields('invoices'), [])).toBe('note COLLATE "C" < $1::text');
  });

  test('a property that the data type lacks is refused', () => {
    const node: QueryNode = { type: 'comparison', field: 'nope', kind: 'text', operator: '=', value: 'a' };
    expect(() => compileQuery(node, recordFields('invoices'), [])).toThrow('invoices has no property nope');
  });
});
