/**
 * The query language as SQL. What a client wrote reaches PostgreSQL in parameters alone; the text is made of operators and of the
 * SQL that `resolveField` gives for properties that the catalogue knows.
 *
 * Means what `matchesQuery` of the model means: an absent property passes `!=` and `=null` alone; text is compared exactly, ordered
 * by code point, and `~` ignores the case of A to Z. A condition may come out as NULL, which `WHERE` takes for false: there is no
 * negation above a comparison that could turn it round.
 */
import type { ComparisonOperator, QueryComparison, QueryNode } from '@tributary/model';
import { type ColumnKind, columnType } from './spine.ts';

/** SQL of a property: an expression of the type that `kind` stands for, NULL where the property is absent. */
export interface ResolvedField {
  readonly sql: string;
  readonly kind: ColumnKind;
}

/** Gives the SQL of a property, by its dotted path as the schema spells it. */
export type ResolveField = (field: string) => ResolvedField;

/**
 * The condition that a query stands for, in parentheses where it needs them.
 * @param params values of the statement so far; those of the query are appended, and named by their position ($1 is the first)
 */
export function compileQuery(node: QueryNode, resolveField: ResolveField, params: unknown[]): string {
  if (node.type === 'comparison') return compileComparison(node, resolveField(node.field), params);
  const conditions = node.nodes.map((child) => compileQuery(child, resolveField, params));
  return `(${conditions.join(node.type === 'and' ? ' AND ' : ' OR ')})`;
}

function compileComparison(comparison: QueryComparison, field: ResolvedField, params: unknown[]): string {
  const { operator, value } = comparison;
  if (value === null) return `${field.sql} ${operator === '=' ? 'IS NULL' : 'IS NOT NULL'}`;
  if (typeof value === 'string' && field.kind === 'text')
    return compileText(field.sql, operator, value, params);
  return compare(field.sql, operator, parameter(params, value, columnType(field.kind)));
}

function compileText(sql: string, operator: ComparisonOperator, value: string, params: unknown[]): string {
  const nul = value.indexOf('\u0000');
  if (nul >= 0 || !value.isWellFormed()) {
    // PostgreSQL can neither store such text nor take it as a parameter: nothing equals or contains it.
    if (operator === '=' || operator === '~') return 'FALSE';
    if (operator === '!=') return 'TRUE';
    if (nul >= 0) return compileBeforeNul(sql, operator, value.slice(0, nul), params);
  }
  const text = value.toWellFormed();
  if (operator === '~') {
    // `lower` touches A to Z alone in this collation; a search for a substring knows no metacharacters.
    const lowered = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    return `strpos(lower(${sql} COLLATE "C"), ${parameter(params, lowered, 'text')}) > 0`;
  }
  const collated = operator === '=' || operator === '!=' ? sql : `${sql} COLLATE "C"`;
  return compare(collated, operator, parameter(params, text, 'text'));
}

/** Stored text holds no U+0000: it is less than `prefix\u0000…` exactly if it is at most `prefix`. */
function compileBeforeNul(
  sql: string,
  operator: '<' | '>' | '<=' | '>=',
  prefix: string,
  params: unknown[],
): string {
  return compileText(sql, operator === '<' || operator === '<=' ? '<=' : '>', prefix, params);
}

function compare(sql: string, operator: ComparisonOperator, parameterSql: string): string {
  if (operator === '~') throw new Error('"~" compares text only');
  return `${sql} ${operator === '!=' ? 'IS DISTINCT FROM' : operator} ${parameterSql}`;
}

function parameter(params: unknown[], value: string | boolean, type: string): string {
  return `$${params.push(value)}::${type}`;
}
