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

/** Index after the string that opens at `from`. The strings of records are short: a loop is faster than a search that is a call. */
function endOfString(text: string, from: number): number {
  const length = text.length;
  for (let index = from + 1; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index + 1;
    if (code === BACKSLASH) index += 1;
  }
  throw new SyntaxError('A string has no end');
}

/** Index after the value that begins at `from`: after its closing bracket, quote, or last character before a delimiter. */
function endOfValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === QUOTE) return endOfString(text, from);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfNested(text, from);
  const length = text.length;
  let index = from;
  while (index < length && !isDelimiter(text.charCodeAt(index))) index += 1;
  return index;
}

function isDelimiter(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isBlank(code);
}

/** What {@link endOfNested} looks for on its way. */
interface WantedMember {
  /** As it stands in the text. */
  readonly quotedName: string;
  /** Where its value begins; -1: not found. */
  valueAt: number;
}

/** Index after the bracket that closes the one at `from`. Of a repeated member of the outermost object the last counts. */
function endOfNested(text: string, from: number, wanted?: WantedMember): number {
  const length = text.length;
  const isObject = text.charCodeAt(from) === OPEN_BRACE;
  const wantedLength = isObject && wanted !== undefined ? wanted.quotedName.length : -1;
  let depth = 0;
  for (let index = from; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      const end = endOfString(text, index);
      if (depth === 1 && end - index === wantedLength) note(text, index, end, wanted);
      index = end - 1;
    } else if (code >= OPEN_BRACKET) {
      // Braces and brackets differ in one bit.
      const bracket = code & ~32;
      if (bracket === OPEN_BRACKET) {
        depth += 1;
      } else if (bracket === CLOSE_BRACKET) {
        depth -= 1;
        if (depth === 0) return index + 1;
      }
    }
  }
  throw new SyntaxError('A bracket is not closed');
}

/** Notes the wanted member if its name stands here, and not its text as a value. */
function note(text: string, from: number, end: number, wanted: WantedMember | undefined): void {
  if (wanted === undefined || !text.startsWith(wanted.quotedName, from)) return;
  const colon = skipBlanks(text, end);
  if (text.charCodeAt(colon) === COLON) wanted.valueAt = skipBlanks(text, colon + 1);
}

/** Longest element that is copied, in bytes; far above what a page's records are. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * How to cut an element out of a text. One letter beyond Latin-1 makes the whole text, and whatever is a part of it, two bytes a
 * character, which all who read it afterwards pay for. Elements that are plain ASCII are given a text of their own then.
 */
function cutterOf(text: string): (from: number, end: number) => string {
  if (Buffer.byteLength(text) === text.length) return (from, end) => text.slice(from, end);
  return (from, end) => {
    const part = text.slice(from, end);
    if (part.length * 3 > scratch.length) return part;
    return scratch.write(part) === part.length ? scratch.toString('latin1', 0, part.length) : part;
  };
}

/**
 * The source text of each element of a JSON array, without surrounding blanks. Elements are not validated: a malformed one
 * is the caller's to find when it parses it.
 * @throws SyntaxError when the text is not an array with properly separated elements
 */
export function splitJsonArray(text: string): string[] {
  const elements: string[] = [];
  const cut = cutterOf(text);
  walkArray(text, (from) => {
    const end = endOfValue(text, from);
    elements.push(cut(from, end));
    return end;
  });
  return elements;
}

/** An element of an array, and the source text of one of its members. */
export interface JsonElement {
  readonly raw: string;
  /** Undefined when the element is no object or has no such member. */
  readonly member: string | undefined;
}

/**
 * As {@link splitJsonArray}, with a member of each element as {@link jsonMemberText} finds it, on the same way through the text.
 * @throws SyntaxError when the text is not an array with properly separated elements
 */
export function splitJsonElements(text: string, memberName: string): JsonElement[] {
  const elements: JsonElement[] = [];
  const wanted: WantedMember = { quotedName: JSON.stringify(memberName), valueAt: -1 };
  const cut = cutterOf(text);
  walkArray(text, (from) => {
    wanted.valueAt = -1;
    const isObject = text.charCodeAt(from) === OPEN_BRACE;
    const end = isObject ? endOfNested(text, from, wanted) : endOfValue(text, from);
    const { valueAt } = wanted;
    elements.push({
      raw: cut(from, end),
      member: valueAt < 0 ? undefined : text.slice(valueAt, endOfValue(text, valueAt)),
    });
    return end;
  });
  return elements;
}

/** @param take reads the element that begins at an index, and returns the index after it */
function walkArray(text: string, take: (from: number) => number): void {
  // A byte order mark is no part of JSON; some servers send one.
  let index = skipBlanks(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  if (text.charCodeAt(index) !== OPEN_BRACKET) throw new SyntaxError('Expected a JSON array');
  index = skipBlanks(text, index + 1);
  if (text.charCodeAt(index) === CLOSE_BRACKET) {
    requireEnd(text, index + 1);
    return;
  }
  for (;;) {
    const end = take(index);
    if (end === index) throw new SyntaxError(`An element is missing at ${index}`);
    index = skipBlanks(text, end);
    const code = text.charCodeAt(index);
    if (code === CLOSE_BRACKET) {
      requireEnd(text, index + 1);
      return;
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
