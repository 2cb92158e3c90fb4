import {
  type ComparisonOperator,
  type FieldCatalogue,
  type FieldDefinition,
  type QueryComparison,
  QueryError,
  type QueryNode,
} from './query-ast.ts';
import { operatorProblem, type RawValue, readValue } from './query-values.ts';

/*
 * Grammar; blanks around every token are insignificant:
 *
 *   query      = and *( "||" and )
 *   and        = operand *( "&&" operand )          "&&" binds tighter than "||"
 *   operand    = "{" query "}" | comparison
 *   comparison = property operator value
 *   property   = 1*( letter | digit | "." | "_" | "-" )     any case
 *   operator   = "!=" | ">=" | "<=" | "=" | "~" | ">" | "<"
 *   value      = bare | "'" … "'" | '"' … '"'       a quote inside is written twice
 *   bare       = text up to "&&", "||", "}" or the end, without "{" and without operators
 */

/** A query has to be shorter than this, in UTF-16 code units. */
export const MAX_QUERY_LENGTH = 2048;

/** Groups may be nested this deep. */
export const MAX_QUERY_DEPTH = 20;

type Cursor = { readonly text: string; readonly fields: FieldCatalogue; position: number; depth: number };

/**
 * Parses the query language of list routes: `status=Paid&&{totalAmount>=100||customerRef.id=NullId}`.
 * Property names match in any case; values are checked and normalised for the kind of their property.
 * @throws QueryError, and nothing else, on any other text, the empty one included
 */
export function parseQuery(text: string, fields: FieldCatalogue): QueryNode {
  if (text.length >= MAX_QUERY_LENGTH) {
    throw new QueryError(
      `The query must be shorter than ${MAX_QUERY_LENGTH} characters`,
      MAX_QUERY_LENGTH - 1,
    );
  }
  // Half a character, which no URL can carry, is U+FFFD.
  const cursor: Cursor = { text: text.toWellFormed(), fields, position: 0, depth: 0 };
  const node = parseAlternatives(cursor);
  if (cursor.position < text.length) throw unexpected(cursor, '"&&", "||" or the end');
  return node;
}

function parseAlternatives(cursor: Cursor): QueryNode {
  const nodes = [parseConjunction(cursor)];
  while (take(cursor, '||')) nodes.push(parseConjunction(cursor));
  return joined('or', nodes);
}

function parseConjunction(cursor: Cursor): QueryNode {
  const nodes = [parseOperand(cursor)];
  while (take(cursor, '&&')) nodes.push(parseOperand(cursor));
  return joined('and', nodes);
}

function joined(type: 'and' | 'or', nodes: readonly QueryNode[]): QueryNode {
  const [only] = nodes;
  return only !== undefined && nodes.length === 1 ? only : { type, nodes };
}

function parseOperand(cursor: Cursor): QueryNode {
  skipBlanks(cursor);
  const start = cursor.position;
  if (!take(cursor, '{')) return parseComparison(cursor);
  cursor.depth += 1;
  if (cursor.depth > MAX_QUERY_DEPTH) {
    throw new QueryError(`Groups may be nested ${MAX_QUERY_DEPTH} deep`, start);
  }
  const node = parseAlternatives(cursor);
  if (!take(cursor, '}')) {
    throw new QueryError(`The group opened at position ${start} is not closed with "}"`, cursor.position);
  }
  cursor.depth -= 1;
  return node;
}

function parseComparison(cursor: Cursor): QueryComparison {
  const { field, written, start } = parseProperty(cursor);
  const operatorAt = cursor.position;
  const operator = parseOperator(cursor, written);
  const problem = operatorProblem(field, operator);
  if (problem !== undefined) throw new QueryError(problem, operatorAt, written);
  skipBlanks(cursor);
  const valueAt = cursor.position;
  const raw = parseValue(cursor, written);
  const outcome = readValue(field, operator, raw);
  if (!outcome.ok) {
    const at = valueAt < cursor.text.length ? valueAt : start;
    throw new QueryError(`${outcome.problem}, not ${shown(raw.text)}`, at, written);
  }
  return { type: 'comparison', field: field.path, kind: field.kind, operator, value: outcome.value };
}

function parseProperty(cursor: Cursor): { field: FieldDefinition; written: string; start: number } {
  const start = cursor.position;
  let end = start;
  while (end < cursor.text.length && isPropertyCharacter(cursor.text.charCodeAt(end))) end += 1;
  if (end === start) throw unexpected(cursor, 'a property');
  const written = cursor.text.slice(start, end);
  const field = lookUp(cursor.fields, written, start);
  cursor.position = end;
  skipBlanks(cursor);
  return { field, written, start };
}

function lookUp(fields: FieldCatalogue, written: string, position: number): FieldDefinition {
  const field = fields.get(written.toLowerCase()) ?? memberOf(fields, written);
  if (field === undefined) throw new QueryError(`Unknown property ${shown(written, 100)}`, position, written);
  return field;
}

/** A member of a record whose names are not known beforehand: they keep the case in which they were written. */
function memberOf(fields: FieldCatalogue, written: string): FieldDefinition | undefined {
  for (let dot = written.indexOf('.'); dot > 0; dot = written.indexOf('.', dot + 1)) {
    const field = fields.get(`${written.slice(0, dot).toLowerCase()}.*`);
    const names = written.slice(dot + 1);
    if (field !== undefined && names.split('.').every((name) => name !== ''))
      return { ...field, path: `${field.path.slice(0, -1)}${names}` };
  }
  return undefined;
}

function isPropertyCharacter(code: number): boolean {
  const isDigit = code >= 48 && code <= 57;
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isDigit || isLetter || code === 46 || code === 95 || code === 45;
}

/** Longer ones first. */
const operators: readonly ComparisonOperator[] = ['!=', '>=', '<=', '=', '~', '>', '<'];

function operatorAt(text: string, position: number): ComparisonOperator | undefined {
  return operators.find((operator) => text.startsWith(operator, position));
}

function parseOperator(cursor: Cursor, property: string): ComparisonOperator {
  const operator = operatorAt(cursor.text, cursor.position);
  if (operator === undefined) throw unexpected(cursor, `an operator after ${shown(property)}`, property);
  cursor.position += operator.length;
  return operator;
}

function parseValue(cursor: Cursor, property: string): RawValue {
  const quote = cursor.text[cursor.position];
  if (quote === '"' || quote === "'") return { text: parseQuoted(cursor, quote, property), quoted: true };
  const start = cursor.position;
  let end = start;
  for (; end < cursor.text.length && !endsBareValue(cursor.text, end); end += 1) {
    const operator = cursor.text[end] === '{' ? '{' : operatorAt(cursor.text, end);
    if (operator !== undefined) {
      throw new QueryError(
        `Unexpected "${operator}" in the value of ${shown(property)}: join comparisons with "&&" or "||", quote values that hold operators`,
        end,
        property,
      );
    }
  }
  const text = cursor.text.slice(start, end).trim();
  if (text === '') throw unexpected(cursor, `a value for ${shown(property)}`, property);
  cursor.position = end;
  return { text, quoted: false };
}

function endsBareValue(text: string, position: number): boolean {
  return text[position] === '}' || text.startsWith('&&', position) || text.startsWith('||', position);
}

function parseQuoted(cursor: Cursor, quote: string, property: string): string {
  const start = cursor.position;
  let text = '';
  let from = start + 1;
  for (;;) {
    const end = cursor.text.indexOf(quote, from);
    if (end < 0)
      throw new QueryError(`The quoted value of ${shown(property)} is not closed`, start, property);
    text += cursor.text.slice(from, end);
    if (cursor.text[end + 1] !== quote) {
      cursor.position = end + 1;
      return text;
    }
    text += quote;
    from = end + 2;
  }
}

const BLANK = /\s/;

function skipBlanks(cursor: Cursor): void {
  while (BLANK.test(cursor.text.charAt(cursor.position))) cursor.position += 1;
}

function take(cursor: Cursor, token: string): boolean {
  skipBlanks(cursor);
  if (!cursor.text.startsWith(token, cursor.position)) return false;
  cursor.position += token.length;
  return true;
}

function unexpected(cursor: Cursor, expected: string, property?: string): QueryError {
  const rest = cursor.text.slice(cursor.position);
  const found = rest === '' ? 'the end of the query' : shown(rest);
  return new QueryError(`Expected ${expected}, found ${found}`, cursor.position, property);
}

function shown(text: string, longest = 40): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

/** How a list is sorted: dotted path as the schema spells it. */
export type OrderBy = { readonly field: string; readonly descending: boolean };

/**
 * Parses `orderBy`: a property in any case, descending with a leading `-`.
 * @throws QueryError on an unknown property, one that a record can have several times, or no property at all
 */
export function parseOrderBy(text: string, fields: FieldCatalogue): OrderBy {
  const trimmed = text.trim();
  const descending = trimmed.startsWith('-');
  const written = descending ? trimmed.slice(1).trim() : trimmed;
  const position = text.length - text.trimStart().length + (descending ? 1 : 0);
  if (written === '') throw new QueryError('Expected a property to order by', position);
  const field = lookUp(fields, written, position);
  if (field.lists !== undefined)
    throw new QueryError(`${field.path} is in a list, which has no order`, position, written);
  if (field.path.endsWith('*') || !fields.has(field.path.toLowerCase()))
    throw new QueryError(`Nothing can be ordered by ${field.path}`, position, written);
  return { field: field.path, descending };
}

/** The text of a query that {@link parseQuery} reads back as the same node. */
export function formatQuery(node: QueryNode): string {
  if (node.type === 'comparison') return `${node.field}${node.operator}${formatValue(node)}`;
  const parts = node.nodes.map((child) =>
    child.type === 'comparison' ? formatQuery(child) : `{${formatQuery(child)}}`,
  );
  return parts.join(node.type === 'and' ? '&&' : '||');
}

function formatValue(node: QueryComparison): string {
  if (typeof node.value !== 'string') return String(node.value);
  return node.kind === 'number' ? node.value : `"${node.value.replaceAll('"', '""')}"`;
}
