/**
 * JSON taken apart without being parsed, so that a raw record keeps the very bytes in which it came:
 * number digits, order of members, spelling of escapes.
 *
 * It is read as bytes, and what is cut out of it becomes a text of its own when it is asked for. As one text, a page with a single
 * letter beyond Latin-1 takes two bytes for each of its characters, and so does every record that is a part of it.
 */

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Beyond the end there is none that means anything. */
function byteAt(json: Buffer, index: number): number {
  return json[index] ?? 0;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

function skipBlanks(json: Buffer, from: number): number {
  let index = from;
  while (isBlank(byteAt(json, index))) index += 1;
  return index;
}

/** Index after the string that opens at `from`. The strings of records are short: a loop is faster than a search that is a call. */
function endOfString(json: Buffer, from: number): number {
  const { length } = json;
  for (let index = from + 1; index < length; index += 1) {
    const code = byteAt(json, index);
    if (code === QUOTE) return index + 1;
    if (code === BACKSLASH) index += 1;
  }
  throw new SyntaxError('A string has no end');
}

/** Index after the value that begins at `from`: after its closing bracket, quote, or last character before a delimiter. */
function endOfValue(json: Buffer, from: number): number {
  const first = byteAt(json, from);
  if (first === QUOTE) return endOfString(json, from);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfNested(json, from);
  const { length } = json;
  let index = from;
  while (index < length && !isDelimiter(byteAt(json, index))) index += 1;
  return index;
}

function isDelimiter(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isBlank(code);
}

/** What {@link endOfNested} looks for on its way. */
interface WantedMember {
  /** As it stands in the text. */
  readonly quotedName: Buffer;
  /** Where its value begins; -1: not found. */
  valueAt: number;
}

/** Index after the bracket that closes the one at `from`. Of a repeated member of the outermost object the last counts. */
function endOfNested(json: Buffer, from: number, wanted?: WantedMember): number {
  const { length } = json;
  const isObject = byteAt(json, from) === OPEN_BRACE;
  const wantedLength = isObject && wanted !== undefined ? wanted.quotedName.length : -1;
  let depth = 0;
  for (let index = from; index < length; index += 1) {
    const code = byteAt(json, index);
    if (code === QUOTE) {
      const end = endOfString(json, index);
      if (depth === 1 && end - index === wantedLength) note(json, index, end, wanted);
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
function note(json: Buffer, from: number, end: number, wanted: WantedMember | undefined): void {
  if (wanted === undefined || !standsAt(json, from, wanted.quotedName)) return;
  const colon = skipBlanks(json, end);
  if (byteAt(json, colon) === COLON) wanted.valueAt = skipBlanks(json, colon + 1);
}

/** JSON in UTF-8, or as text. */
export type JsonSource = Buffer | string;

function bytesOf(source: JsonSource): Buffer {
  return typeof source === 'string' ? Buffer.from(source) : source;
}

/**
 * The source text of each element of a JSON array, without surrounding blanks. Elements are not validated: a malformed one
 * is the caller's to find when it parses it.
 * @throws SyntaxError when the source is not an array with properly separated elements
 */
export function splitJsonArray(source: JsonSource): string[] {
  const json = bytesOf(source);
  const elements: string[] = [];
  walkArray(json, (from) => {
    const end = endOfValue(json, from);
    elements.push(json.toString('utf8', from, end));
    return end;
  });
  return elements;
}

/** An element of an array, and the source text of one of its members. */
export interface JsonElement {
  /** The element itself: a part of the source's bytes. */
  readonly bytes: Buffer;
  /** Undefined when the element is no object or has no such member. */
  readonly member: string | undefined;
}

/**
 * As {@link splitJsonArray}, with a member of each element as {@link jsonMemberText} finds it, on the same way through the bytes.
 * @throws SyntaxError when the source is not an array with properly separated elements
 */
export function splitJsonElements(source: JsonSource, memberName: string): JsonElement[] {
  const json = bytesOf(source);
  const elements: JsonElement[] = [];
  const wanted: WantedMember = { quotedName: Buffer.from(JSON.stringify(memberName)), valueAt: -1 };
  walkArray(json, (from) => {
    wanted.valueAt = -1;
    const isObject = byteAt(json, from) === OPEN_BRACE;
    const end = isObject ? endOfNested(json, from, wanted) : endOfValue(json, from);
    const { valueAt } = wanted;
    elements.push({
      bytes: json.subarray(from, end),
      member: valueAt < 0 ? undefined : json.toString('utf8', valueAt, endOfValue(json, valueAt)),
    });
    return end;
  });
  return elements;
}

/** @param take reads the element that begins at an index, and returns the index after it */
function walkArray(json: Buffer, take: (from: number) => number): void {
  let index = skipBlanks(json, startOf(json));
  if (byteAt(json, index) !== OPEN_BRACKET) throw new SyntaxError('Expected a JSON array');
  index = skipBlanks(json, index + 1);
  if (byteAt(json, index) === CLOSE_BRACKET) {
    requireEnd(json, index + 1);
    return;
  }
  for (;;) {
    const end = take(index);
    if (end === index) throw new SyntaxError(`An element is missing at ${index}`);
    index = skipBlanks(json, end);
    const code = byteAt(json, index);
    if (code === CLOSE_BRACKET) {
      requireEnd(json, index + 1);
      return;
    }
    if (code !== COMMA) throw new SyntaxError(`Expected "," or "]" at ${index}`);
    index = skipBlanks(json, index + 1);
  }
}

/** After a byte order mark, which is no part of JSON; some servers send one. */
function startOf(json: Buffer): number {
  return json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf ? 3 : 0;
}

function requireEnd(json: Buffer, from: number): void {
  if (skipBlanks(json, from) !== json.length) throw new SyntaxError('Something follows the JSON array');
}

/** Whether this begins and ends as an array or an object does; blanks around it, and a byte order mark, aside. */
export function isEnclosedJson(json: Buffer): boolean {
  let end = json.length;
  while (isBlank(byteAt(json, end - 1))) end -= 1;
  const first = byteAt(json, skipBlanks(json, startOf(json)));
  const last = byteAt(json, end - 1);
  return first === OPEN_BRACKET ? last === CLOSE_BRACKET : first === OPEN_BRACE && last === CLOSE_BRACE;
}

/**
 * The source text of one member of a JSON object; undefined when the text is no object or has no such member.
 * Never throws. A name written with escapes is not found. Of a repeated name the last counts, as for `JSON.parse`.
 */
export function jsonMemberText(object: string, name: string): string | undefined {
  try {
    return findMember(Buffer.from(object), Buffer.from(JSON.stringify(name)));
  } catch {
    return undefined;
  }
}

function findMember(object: Buffer, quotedName: Buffer): string | undefined {
  let found: string | undefined;
  let index = skipBlanks(object, 0);
  if (byteAt(object, index) !== OPEN_BRACE) return undefined;
  index = skipBlanks(object, index + 1);
  while (byteAt(object, index) === QUOTE) {
    const nameEnd = endOfString(object, index);
    const matches = nameEnd - index === quotedName.length && standsAt(object, index, quotedName);
    index = skipBlanks(object, nameEnd);
    if (byteAt(object, index) !== COLON) return undefined;
    index = skipBlanks(object, index + 1);
    const end = endOfValue(object, index);
    if (matches) found = object.toString('utf8', index, end);
    index = skipBlanks(object, end);
    if (byteAt(object, index) !== COMMA) break;
    index = skipBlanks(object, index + 1);
  }
  return found;
}

function standsAt(json: Buffer, from: number, wanted: Buffer): boolean {
  for (let index = 0; index < wanted.length; index += 1)
    if (json[from + index] !== wanted[index]) return false;
  return true;
}
