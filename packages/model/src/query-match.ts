import { wireDecimalText } from './exact-json.ts';
import { type ExactNumber, isExactNumber } from './exact-number.ts';
import { compareDecimal, parseDecimal } from './money.ts';
import type { ComparisonOperator, QueryComparison, QueryNode } from './query-ast.ts';
import { normaliseDecimal, normaliseInstant, normaliseLocalTime } from './query-values.ts';

/**
 * Whether a document satisfies a query: what the query language means, for tests and for lists held in memory.
 *
 * - A property inside lists has every value that the elements have; a comparison holds when it holds for any of them. `!=` is the
 *   opposite of `=`, in lists too: no element equals the value.
 * - An absent property (missing, null, below something absent, in lists without elements) fails every comparison but `!=`, which it
 *   passes; `=null` is true of absent properties alone, `!=null` of present ones.
 * - A value of another kind than the catalogue says is never equal, greater or less.
 * - Text and ids: `=`, `!=` compare exactly; `<`, `>` by code point (PostgreSQL's collation "C");
 *   `~` is true when the property contains the value, ignoring the case of A to Z.
 * - A property of kind `any` is taken as what the document holds there: text as text, a number as a number (which a value that is no
 *   decimal never equals), true and false in any case, without an order.
 * - Numbers compare by value to the last digit; dates and instants as points in time.
 */
export function matchesQuery(node: QueryNode, document: unknown): boolean {
  switch (node.type) {
    case 'and':
      return node.nodes.every((child) => matchesQuery(child, document));
    case 'or':
      return node.nodes.some((child) => matchesQuery(child, document));
    case 'comparison':
      return matchesComparison(node, valuesAt(document, node.field.split('.')));
  }
}

/** What is there, through lists; without what is absent. A list in a list is one value, of no kind. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((element) => valuesOfElement(element, path));
  if (value === undefined || value === null) return [];
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  if (typeof value !== 'object' || isExactNumber(value) || !Object.hasOwn(value, name)) return [];
  return valuesAt((value as Record<string, unknown>)[name], rest);
}

function valuesOfElement(element: unknown, path: readonly string[]): unknown[] {
  if (!Array.isArray(element)) return valuesAt(element, path);
  return path.length === 0 ? [element] : [];
}

function matchesComparison(node: QueryComparison, present: readonly unknown[]): boolean {
  if (node.value === null) return (present.length === 0) === (node.operator === '=');
  if (node.operator === '!=')
    return !present.some((actual) => holdsFor({ ...node, operator: '=' }, actual, node.value));
  return present.some((actual) => holdsFor(node, actual, node.value));
}

function holdsFor(
  { kind, operator }: QueryComparison,
  actual: unknown,
  value: QueryComparison['value'],
): boolean {
  if (value === null) return false;
  if (operator === '~')
    return typeof actual === 'string' && lowerAscii(actual).includes(lowerAscii(String(value)));
  if (kind === 'any' && typeof actual === 'boolean')
    return operator === '=' && lowerAscii(String(value)) === String(actual);
  const order = compareValues(kind, actual, value);
  return order !== undefined && holds(operator, order);
}

function holds(operator: Exclude<ComparisonOperator, '~'>, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
  }
}

/** Negative, zero or positive; undefined when the two cannot be compared. */
function compareValues(
  kind: QueryComparison['kind'],
  actual: unknown,
  value: string | boolean,
): number | undefined {
  switch (kind) {
    case 'number':
      return compareNumbers(actual, String(value));
    case 'boolean':
      return typeof actual === 'boolean' ? Number(actual) - Number(value) : undefined;
    case 'localDate':
      return compareTimes(typeof actual === 'string' ? normaliseLocalTime(actual) : undefined, String(value));
    case 'any':
      return isNumber(actual) ? compareAnyNumber(actual, String(value)) : compareTexts(actual, String(value));
    case 'instant':
      return compareTimes(typeof actual === 'string' ? normaliseInstant(actual) : undefined, String(value));
    default:
      return compareTexts(actual, String(value));
  }
}

function compareTexts(actual: unknown, value: string): number | undefined {
  return typeof actual === 'string' ? compareCodePoints(actual, value) : undefined;
}

function compareAnyNumber(actual: unknown, value: string): number | undefined {
  const decimal = normaliseDecimal(value.trim());
  return decimal === undefined ? undefined : compareNumbers(actual, decimal);
}

function compareNumbers(actual: unknown, value: string): number | undefined {
  if (!isNumber(actual)) return undefined;
  return compareDecimal(parseDecimal(wireDecimalText(actual)), parseDecimal(value));
}

function isNumber(value: unknown): value is number | bigint | ExactNumber {
  return typeof value === 'bigint' || Number.isFinite(value) || isExactNumber(value);
}

/** Without the `Z` a shorter fraction is a prefix of a longer one, and text order is the order of time. */
function compareTimes(actual: string | undefined, value: string): number | undefined {
  return actual === undefined ? undefined : compareCodePoints(withoutZone(actual), withoutZone(value));
}

function withoutZone(text: string): string {
  return text.endsWith('Z') ? text.slice(0, -1) : text;
}

/** Order by code point, which UTF-8 keeps and UTF-16 does not: surrogates stand for what lies above U+FFFF. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return aboveSurrogates(left) - aboveSurrogates(right);
  }
  return a.length - b.length;
}

function aboveSurrogates(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit;
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
