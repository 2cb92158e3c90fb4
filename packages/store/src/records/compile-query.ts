/**
 * The query language as SQL. What a client wrote reaches PostgreSQL in parameters alone; the text is made of operators and of the
 * SQL that `resolveField` gives for properties that the catalogue knows.
 *
 * Means what `matchesQuery` of the model means: an absent property passes `!=` and `=null` alone; text is compared exactly, ordered
 * by code point, and `~` ignores the case of A to Z; of a list any element will do. A condition may come out as NULL, which `WHERE`
 * takes for false: nothing is negated but `EXISTS`, which is never NULL.
 */
import {
  type ComparisonOperator,
  normaliseDecimal,
  type QueryComparison,
  type QueryNode,
} from '@tributary/model';
import { type ColumnKind, columnType } from './spine.ts';
import { sameText } from './text-prefix.ts';

/** SQL of a property: an expression of the type that `kind` stands for, NULL where the property is absent. */
export interface ResolvedField {
  readonly sql: string;
  readonly kind: ColumnKind;
  /** An index on the beginning of the text finds what equals a value. */
  readonly hasIndexedPrefix?: boolean;
  /** The property is in a list: what stands behind FROM to get the elements that `sql` is about. */
  readonly elements?: string;
  /** The property is below the `jsonb` that `sql` gives: names on the way to it, as the client wrote them. */
  readonly below?: readonly string[];
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

type Compile = (comparison: QueryComparison) => string;

function compileComparison(comparison: QueryComparison, field: ResolvedField, params: unknown[]): string {
  if (field.below !== undefined) {
    const members = membersOf(field.sql, field.below, params);
    return compileAny(comparison, members, 'member.value', (one) => compileMember(one, params));
  }
  const compile: Compile = (one) => compileValue(one, field, params);
  return field.elements === undefined
    ? compile(comparison)
    : compileAny(comparison, field.elements, field.sql, compile);
}

/** Of several values any will do; `!=` and `=null` are the opposites of `=` and `!=null`. */
function compileAny(comparison: QueryComparison, from: string, sql: string, compile: Compile): string {
  const { operator, value } = comparison;
  const [isNegated, condition] =
    value === null
      ? [operator === '=', `${sql} IS NOT NULL`]
      : [operator === '!=', compile(operator === '!=' ? { ...comparison, operator: '=' } : comparison)];
  return `${isNegated ? 'NOT ' : ''}EXISTS (SELECT FROM ${from} WHERE ${condition})`;
}

function compileValue({ operator, value }: QueryComparison, field: ResolvedField, params: unknown[]): string {
  if (value === null) return `${field.sql} ${operator === '=' ? 'IS NULL' : 'IS NOT NULL'}`;
  if (field.hasIndexedPrefix && operator === '=' && typeof value === 'string' && !value.includes('\u0000'))
    return `(${sameText(field.sql, parameter(params, value, 'text'))})`;
  if (typeof value === 'string' && field.kind === 'text')
    return compileText(field.sql, operator, value, params);
  return compare(field.sql, operator, parameter(params, value, columnType(field.kind)));
}

/** What lies below a `jsonb` value at the end of some names, through lists; JSON's null is absent. */
function membersOf(sql: string, names: readonly string[], params: unknown[]): string {
  const path = `lax $${names.map((name) => `.${JSON.stringify(name)}`).join('')}[*]`;
  const found = `jsonb_path_query(${sql}, ${parameter(params, path, 'jsonpath')}) AS found (value)`;
  return `(SELECT nullif(found.value, 'null') AS value FROM ${found}) AS member`;
}

/** A comparison with a value whose kind the record decides: `CASE` keeps texts from being cast to numbers. */
function compileMember({ operator, value }: QueryComparison, params: unknown[]): string {
  const [sql, wanted] = [`(member.value #>> '{}')`, String(value)];
  const text = compileText(sql, operator, wanted, params);
  const decimal = operator === '~' ? undefined : normaliseDecimal(wanted.trim());
  const number =
    decimal === undefined
      ? 'FALSE'
      : compare(`${sql}::numeric`, operator, parameter(params, decimal, 'numeric'));
  const word = /^(?:true|false)$/i.exec(wanted)?.[0].toLowerCase();
  const flag = operator === '=' && word !== undefined ? `${sql} = '${word}'` : 'FALSE';
  return `CASE jsonb_typeof(member.value) WHEN 'string' THEN ${text} WHEN 'number' THEN ${number} WHEN 'boolean' THEN ${flag} END`;
}

function compileText(sql: string, operator: ComparisonOperator, value: string, params: unknown[]): string {
  const nul = value.indexOf('\u0000');
  if (nul >= 0) {
    // PostgreSQL can neither store such text nor take it as a parameter: nothing equals or contains it.
    if (operator === '=' || operator === '~') return 'FALSE';
    if (operator === '!=') return 'TRUE';
    return compileBeforeNul(sql, operator, value.slice(0, nul), params);
  }
  if (operator === '~') {
    // `lower` touches A to Z alone in this collation; a search for a substring knows no metacharacters.
    const lowered = value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    return `strpos(lower(${sql} COLLATE "C"), ${parameter(params, lowered, 'text')}) > 0`;
  }
  const collated = operator === '=' || operator === '!=' ? sql : `${sql} COLLATE "C"`;
  return compare(collated, operator, parameter(params, value, 'text'));
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
