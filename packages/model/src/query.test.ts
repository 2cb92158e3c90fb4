import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  dataTypes,
  fieldsOf,
  idText,
  instantText,
  MAX_QUERY_DEPTH,
  parseOrderBy,
  parseQuery,
  QueryError,
} from './index.ts';

const fields = fieldsOf(dataTypes.invoices.response);
const parse = (text: string) => parseQuery(text, fields);

/** A comparison without its kind, short enough to read in a table. */
function comparison(text: string) {
  const node = parse(text);
  return node.type === 'comparison' ? [node.field, node.operator, node.value] : node;
}

function errorOf(text: string): QueryError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
  throw new Error(`Parsed: ${text}`);
}

describe('parseQuery', () => {
  test.each([
    ['customerRef.id=NullId', ['customerRef.id', '=', 'NullId']],
    ['CUSTOMERREF.ID = 12', ['customerRef.id', '=', '12']],
    ['metadata.isDeleted!=true', ['metadata.isDeleted', '!=', true]],
    ['metadata.isDeleted = FALSE', ['metadata.isDeleted', '=', false]],
    ['status=partiallypaid', ['status', '=', 'PartiallyPaid']],
    ['status=Overdue', ['status', '=', 'Overdue']],
    ['status~Partially', ['status', '~', 'Partially']],
    ['LINEITEMS.accountref.ID=7', ['lineItems.accountRef.id', '=', '7']],
    ['supplementaldata.CONTENT.Crm.Score=1', ['supplementalData.content.Crm.Score', '=', '1']],
    ['note=\ud800', ['note', '=', '\ufffd']],
    ['totalAmount>=100.50', ['totalAmount', '>=', '100.5']],
    ['totalAmount<-12345678901234567890.10', ['totalAmount', '<', '-12345678901234567890.1']],
    ['invoiceNumber~INV 1', ['invoiceNumber', '~', 'INV 1']],
    [
      "customerRef.companyName=O'Brien & Sons, Ltd.",
      ['customerRef.companyName', '=', "O'Brien & Sons, Ltd."],
    ],
    ["customerRef.companyName='a && {b} = c'", ['customerRef.companyName', '=', 'a && {b} = c']],
    ['customerRef.companyName="say ""hi"""', ['customerRef.companyName', '=', 'say "hi"']],
    ["note=''", ['note', '=', '']],
    ['note=null', ['note', '=', null]],
    ['note="null"', ['note', '=', 'null']],
    ['dueDate!=null', ['dueDate', '!=', null]],
    ['issueDate>2024-02-29', ['issueDate', '>', '2024-02-29T00:00:00']],
    ['issueDate>2024-02-29T00:00:00Z', ['issueDate', '>', '2024-02-29T00:00:00']],
    ['issueDate<=2024-02-29T10:30:00+05:00', ['issueDate', '<=', '2024-02-29T10:30:00']],
    ['modifiedDate>=2024-02-29', ['modifiedDate', '>=', '2024-02-29T00:00:00Z']],
    ['modifiedDate>=2024-02-29T01:00:00+02:00', ['modifiedDate', '>=', '2024-02-28T23:00:00Z']],
    ['modifiedDate>=2024-02-29T01:00:00 02:00', ['modifiedDate', '>=', '2024-02-28T23:00:00Z']],
    ['modifiedDate>2024-02-29T01:00:00.1234567Z', ['modifiedDate', '>', '2024-02-29T01:00:00.123456Z']],
    ['modifiedDate>2024-02-29T01:00:00.500Z', ['modifiedDate', '>', '2024-02-29T01:00:00.5Z']],
  ])('reads %s', (text, expected) => {
    expect(comparison(text)).toEqual(expected);
  });

  test('"&&" binds tighter than "||", braces group, blanks do not matter', () => {
    const [a, b, c] = ['status=Paid', 'note=x', 'id=1'].map(parse);
    expect(parse('status=Paid||note=x&&id=1')).toEqual({
      type: 'or',
      nodes: [a, { type: 'and', nodes: [b, c] }],
    });
    expect(parse(' { status = Paid || note = x } && id = 1 ')).toEqual({
      type: 'and',
      nodes: [{ type: 'or', nodes: [a, b] }, c],
    });
    expect(parse('status=Paid&&note=x&&id=1')).toEqual({ type: 'and', nodes: [a, b, c] });
    expect(parse('{{status=Paid}}')).toEqual(a);
  });

  test.each([
    ['', 0, undefined, 'the end of the query'],
    ['   ', 3, undefined, 'the end of the query'],
    ['colour=red', 0, 'colour', 'Unknown property "colour"'],
    ['status=Paid&&colour=red', 13, 'colour', 'Unknown property "colour"'],
    ['lineItems=x', 0, 'lineItems', 'Unknown property'],
    ['lineItems.0.description=x', 0, 'lineItems.0.description', 'Unknown property'],
    ['supplementalData.content=x', 0, 'supplementalData.content', 'Unknown property'],
    ['supplementalData.content.=x', 0, 'supplementalData.content.', 'Unknown property'],
    ['supplementalData.content.a..b=x', 0, 'supplementalData.content.a..b', 'Unknown property'],
    ['customerRef=1', 0, 'customerRef', 'Unknown property'],
    ['__proto__=1', 0, '__proto__', 'Unknown property'],
    ['status', 6, 'status', 'Expected an operator after "status"'],
    ['status Paid', 7, 'status', 'Expected an operator'],
    ['status=', 7, 'status', 'Expected a value for "status"'],
    ['status=&&note=x', 7, 'status', 'Expected a value'],
    ['status==Paid', 7, 'status', 'Unexpected "="'],
    ['status=Paid note=x', 16, 'status', 'quote values'],
    ['status=Paid&&', 13, undefined, 'Expected a property'],
    ['status=Paid||', 13, undefined, 'Expected a property'],
    ['{status=Paid', 12, undefined, 'opened at position 0'],
    ['status=Paid}', 11, undefined, 'found "}"'],
    ['{}', 1, undefined, 'Expected a property'],
    ['note="open', 5, 'note', 'not closed'],
    ['note="a"b', 8, undefined, 'Expected "&&", "||" or the end'],
    ['totalAmount~1', 11, 'totalAmount', 'compares text only'],
    ['status>Paid', 6, 'status', 'needs an order'],
    ['metadata.isDeleted>true', 18, 'metadata.isDeleted', 'needs an order'],
    ['metadata.isDeleted=yes', 19, 'metadata.isDeleted', 'expects true or false'],
    ['totalAmount=1e5', 12, 'totalAmount', 'plain decimal'],
    ['totalAmount=0100.50', 12, 'totalAmount', 'plain decimal'],
    ['totalAmount=ten', 12, 'totalAmount', 'not "ten"'],
    ['issueDate>2023-02-29', 10, 'issueDate', 'expects a date'],
    ['issueDate>2024-02-29T24:00:00', 10, 'issueDate', 'expects a date'],
    ['modifiedDate>0001-01-01T00:00:00+10:00', 13, 'modifiedDate', 'expects a date or an instant'],
    ['note>null', 5, 'note', 'null can be compared'],
  ])('refuses %j and names the offender', (text, position, property, message) => {
    const error = errorOf(text);
    expect(error.message).toContain(message);
    expect([error.position, error.property]).toEqual([position, property]);
  });

  test('a query has to be shorter than 2,048 characters', () => {
    const longest = `note=${'x'.repeat(2042)}`;
    expect(longest).toHaveLength(2047);
    expect(comparison(longest)).toEqual(['note', '=', 'x'.repeat(2042)]);
    expect(errorOf(`${longest}x`).message).toContain('2048');
  });

  test('nesting is bounded', () => {
    const nested = (depth: number) => `${'{'.repeat(depth)}id=1${'}'.repeat(depth)}`;
    expect(parse(nested(MAX_QUERY_DEPTH))).toEqual(parse('id=1'));
    expect(errorOf(nested(MAX_QUERY_DEPTH + 1)).position).toBe(MAX_QUERY_DEPTH);
    expect(errorOf('{'.repeat(2000)).message).toContain('nested');
  });

  test('messages stay short, however long the offender', () => {
    expect(errorOf(`${'a'.repeat(2000)}=1`).message.length).toBeLessThan(200);
    expect(errorOf(`totalAmount=${'a'.repeat(2000)}`).message.length).toBeLessThan(200);
  });
});

describe('parseOrderBy', () => {
  test('takes a property in any case, descending with a minus', () => {
    expect(parseOrderBy('issuedate', fields)).toEqual({ field: 'issueDate', descending: false });
    expect(parseOrderBy(' -customerRef.companyName ', fields)).toEqual({
      field: 'customerRef.companyName',
      descending: true,
    });
  });

  test('refuses what names no property', () => {
    const inLists = ['lineItems.totalAmount', '-paymentAllocations.payment.id'];
    const others = ['lineItems', 'supplementalData.content.a.b', 'supplementalData.content.*'];
    for (const text of ['', '-', ' ', 'colour', '--issueDate', 'issueDate desc', ...inLists, ...others]) {
      expect(() => parseOrderBy(text, fields)).toThrow(QueryError);
    }
  });
});

describe('fieldsOf', () => {
  test('walks objects, lists and wrappers, tells what is open, and keeps the spelling of paths', () => {
    const schema = z.object({
      id: z.string(),
      clientId: z.uuid().optional(),
      name: z.string().nullable().default('x'),
      iBan: z.string().optional(),
      createdAt: z.iso.datetime(),
      bornOn: z.iso.date(),
      state: z.enum(['On', 'Off']).optional(),
      constant: z.literal('One'),
      count: z.number().int(),
      inner: z.object({ ref: idText, at: instantText.optional(), flag: z.boolean() }).readonly().optional(),
      tags: z.array(z.string()),
      lines: z.array(z.object({ id: idText, parts: z.array(z.object({ size: z.number() })) })).optional(),
      bag: z.record(z.string(), z.string()),
      open: z.object({ content: z.record(z.string(), z.unknown()) }),
      either: z.union([z.string(), z.number()]),
    });
    const found = [...fieldsOf(schema)].map(([key, { path, kind, lists = [] }]) => [
      key,
      path,
      kind,
      ...lists,
    ]);
    expect(found).toEqual([
      ['id', 'id', 'id'],
      ['clientid', 'clientId', 'id'],
      ['name', 'name', 'text'],
      ['iban', 'iBan', 'text'],
      ['createdat', 'createdAt', 'instant'],
      ['bornon', 'bornOn', 'localDate'],
      ['state', 'state', 'enum'],
      ['constant', 'constant', 'enum'],
      ['count', 'count', 'number'],
      ['inner.ref', 'inner.ref', 'id'],
      ['inner.at', 'inner.at', 'instant'],
      ['inner.flag', 'inner.flag', 'boolean'],
      ['tags', 'tags', 'text', 'tags'],
      ['lines.id', 'lines.id', 'id', 'lines'],
      ['lines.parts.size', 'lines.parts.size', 'number', 'lines', 'lines.parts'],
      ['bag.*', 'bag.*', 'text'],
      ['open.content.*', 'open.content.*', 'any'],
    ]);
  });

  test('ends on a schema that contains itself', () => {
    type Node = { name: string; parent?: Node | undefined };
    const node: z.ZodType<Node> = z.object({ name: z.string(), parent: z.lazy(() => node).optional() });
    expect(fieldsOf(node).get('parent.parent.name')?.kind).toBe('text');
  });
});
