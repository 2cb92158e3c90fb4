/** The shape of the SQL; that it finds what queries mean is tested with generated queries, where they meet PostgreSQL and HTTP. */
import { dataTypes, fieldsOf, parseQuery, type QueryNode } from '@tributary/model';
import { describe, expect, test } from 'vitest';
import { compileQuery } from './compile-query.ts';
import { recordFields } from './list-fields.ts';

const fields = fieldsOf(dataTypes.invoices.response);

function compiled(text: string): { sql: string; values: unknown[] } {
  const values: unknown[] = [];
  return { sql: compileQuery(parseQuery(text, fields), recordFields('invoices'), values), values };
}

describe('a query as SQL', () => {
  test('holds no text of the client', () => {
    const secret = `'; DROP TABLE invoices; --`;
    const { sql, values } = compiled(`note~"${secret}"||note="${secret}"`);
    expect(sql).toBe('(strpos(lower(note COLLATE "C"), $1::text) > 0 OR note = $2::text)');
    expect(values).toEqual([secret.toLowerCase(), secret]);
    const below = compiled(`supplementalData.content.DROP-table.x="${secret}"`);
    expect(below.sql).not.toContain('DROP');
    expect(below.values).toEqual(['lax $."DROP-table"."x"[*]', secret]);
  });

  test('orders text by code point, whatever the collation of the database', () => {
    expect(compiled('note<b').sql).toBe('note COLLATE "C" < $1::text');
  });

  test('takes columns where there are some, and the document elsewhere', () => {
    expect(compiled('customerRef.id=7&&metadata.isDeleted!=true').sql).toBe(
      '(customer_id = $1::text AND is_deleted IS DISTINCT FROM $2::boolean)',
    );
    expect(compiled('additionalTaxAmount>1').sql).toBe(
      `(document #>> '{additionalTaxAmount}')::numeric > $1::numeric`,
    );
  });

  test('asks of a list for any element, and of "!=" for none that equals', () => {
    const from = `json_array_elements(CASE json_typeof(document #> '{lineItems}') WHEN 'array' THEN (document #> '{lineItems}') END) AS element_1 (value)`;
    const exists = `EXISTS (SELECT FROM ${from} WHERE (element_1.value #>> '{itemRef,id}') = $1::text)`;
    expect(compiled('lineItems.itemRef.id=1').sql).toBe(exists);
    expect(compiled('lineItems.itemRef.id!=1').sql).toBe(`NOT ${exists}`);
    expect(compiled('lineItems.itemRef.id=null').sql).toBe(
      `NOT EXISTS (SELECT FROM ${from} WHERE (element_1.value #>> '{itemRef,id}') IS NOT NULL)`,
    );
  });

  test('refuses a property that the data type lacks', () => {
    const node: QueryNode = { type: 'comparison', field: 'nope', kind: 'text', operator: '=', value: 'a' };
    expect(() => compileQuery(node, recordFields('invoices'), [])).toThrow('invoices has no property nope');
  });
});
