/** NUL and surrogates without their partner: PostgreSQL refuses both, in `text` and when `json` is taken apart. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is exactly what has to go
const UNSTORABLE = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text without NUL characters and lone surrogates, and whether anything was taken out. */
export function cleanText(value: string): { text: string; changed: boolean } {
  // Both checks run in native code; nearly every text needs nothing more.
  if (value.isWellFormed() && !value.includes('\u0000')) return { text: value, changed: false };
  return { text: value.replace(UNSTORABLE, ''), changed: true };
}
