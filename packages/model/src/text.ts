import { parseExactJson } from './exact-json.ts';

/** NUL and surrogates without their partner: PostgreSQL refuses both, in `text` and when `json` is taken apart. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is exactly what has to go
const UNSTORABLE = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text without NUL characters and lone surrogates, and whether anything was taken out. */
export function cleanText(value: string): { text: string; changed: boolean } {
  // Both checks run in native code; nearly every text needs nothing more.
  if (value.isWellFormed() && !value.includes('\u0000')) return { text: value, changed: false };
  return { text: value.replace(UNSTORABLE, ''), changed: true };
}

/**
 * A record's JSON text with exact numbers, its texts cleaned.
 * @throws SyntaxError, RangeError as `parseExactJson`; the messages may quote the record
 */
export function parseCleanJson(raw: string): { json: unknown; isCleaned: boolean } {
  const json = parseExactJson(raw);
  // Only an escape can bring in a character that cannot be stored, unless the text itself is ill-formed.
  if (!raw.includes('\\u') && raw.isWellFormed()) return { json, isCleaned: false };
  const changes = { count: 0 };
  return { json: cleaned(json, changes), isCleaned: changes.count > 0 };
}

function cleaned(value: unknown, changes: { count: number }): unknown {
  if (typeof value === 'string') {
    const { text, changed } = cleanText(value);
    if (changed) changes.count += 1;
    return text;
  }
  if (Array.isArray(value)) return value.map((element) => cleaned(element, changes));
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cleaned(member, changes)]));
}
