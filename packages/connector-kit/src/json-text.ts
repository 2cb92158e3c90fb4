/**
 * JSON taken apart without being parsed, so that a raw record keeps the very bytes in which it came:
 * number digits, order of members, spelling of escapes.
 */

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

function skipBlanks(text: string, from: number): number {
  let index = from;
  while (isBlank(text.charCodeAt(index))) index += 1;
  return index;
}

/** Index after the string that opens at `from`. */
function endOfString(text: string, from: number): number {
  let quote = from;
  for (;;) {
    quote = text.indexOf('"', quote + 1);
    if (quote < 0) throw new SyntaxError('A string has no end');
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
}

/** Index after the value that begins at `from`: after its closing bracket, quote, or last character before a delimiter. */
function endOfValue(text: string, from: number): number {
  const length = text.length;
  const first = text.charCodeAt(from);
  if (first === QUOTE) return endOfString(text, from);
  let depth = 0;
  for (let index = from; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = endOfString(text, index) - 1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 0) return index;
      depth -= 1;
      if (depth === 0) return index + 1;
    } else if (depth === 0 && (code === COMMA || isBlank(code))) {
      return index;
    }
  }
  if (depth > 0) throw new SyntaxError('A bracket is not closed');
  return length;
}

/**
 * The source text of each element of a JSON array, without surrounding blanks. Elements are not validated: a malformed one
 * is the caller's to find when it parses it.
 * @throws SyntaxError when the text is not an array with properly separated elements
 */
export function splitJsonArray(text: string): string[] {
  // A byte order mark is no part of JSON; some servers send one.
  let index = skipBlanks(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  if (text.charCodeAt(index) !== OPEN_BRACKET) throw new SyntaxError('Expected a JSON array');
  const elements: string[] = [];
  index = skipBlanks(text, index + 1);
  if (text.charCodeAt(index) === CLOSE_BRACKET) {
    requireEnd(text, index + 1);
    return elements;
  }
  for (;;) {
    const end = endOfValue(text, index);
    if (end === index) throw new SyntaxError(`An element is missing at ${index}`);
    elements.push(text.slice(index, end));
    index = skipBlanks(text, end);
    const code = text.charCodeAt(index);
    if (code === CLOSE_BRACKET) {
      requireEnd(text, index + 1);
      return elements;
    }
    if (code !== COMMA) throw new SyntaxError(`Expected "," or "]" at ${index}`);
    index = skipBlanks(text, index + 1);
  }
}

function requireEnd(text: string, from: number): void {
  if (skipBlanks(text, from) !== text.length) throw new SyntaxError('Something follows the JSON array');
}

/**
 * The source text of one member of a JSON object; undefined when the text is no object or has no such member.
 * Never throws. A name written with escapes is not found. Of a repeated name the last counts, as for `JSON.parse`.
 */
export function jsonMemberText(object: string, name: string): string | undefined {
  try {
    return findMember(object, JSON.stringify(name));
  } catch {
    return undefined;
  }
}

function findMember(object: string, quotedName: string): string | undefined {
  let found: string | undefined;
  let index = skipBlanks(object, 0);
  if (object.charCodeAt(index) !== OPEN_BRACE) return undefined;
  index = skipBlanks(object, index + 1);
  while (object.charCodeAt(index) === QUOTE) {
    const nameEnd = endOfString(object, index);
    const matches = nameEnd - index === quotedName.length && object.startsWith(quotedName, index);
    index = skipBlanks(object, nameEnd);
    if (object.charCodeAt(index) !== COLON) return undefined;
    index = skipBlanks(object, index + 1);
    const end = endOfValue(object, index);
    if (matches) found = object.slice(index, end);
    index = skipBlanks(object, end);
    if (object.charCodeAt(index) !== COMMA) break;
    index = skipBlanks(object, index + 1);
  }
  return found;
}
