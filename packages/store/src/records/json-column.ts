/**
 * Many JSON texts as one parameter. As an element of an array each quote in them would have to be escaped here and unescaped by the
 * server, which cost more than anything else of a page. A control character cannot stand in JSON as it is: it separates.
 */
const separator = 0x1e;

/** JSON as text, or in UTF-8. */
export type JsonText = string | Buffer;

/**
 * The value of a parameter for {@link jsonTexts}: UTF-8, as the server takes a text in binary. Text by text, as one letter beyond
 * Latin-1 makes a joined string twice as long and several times as slow to build.
 */
export function joinJsonTexts(texts: readonly JsonText[]): Buffer {
  let size = Math.max(0, texts.length - 1);
  for (const text of texts) size += Buffer.byteLength(text);
  const joined = Buffer.allocUnsafeSlow(size);
  let end = 0;
  for (const [index, text] of texts.entries()) {
    if (index > 0) end = joined.writeUInt8(separator, end);
    end += typeof text === 'string' ? joined.write(text, end) : text.copy(joined, end);
  }
  return joined;
}

/** SQL: the texts of such a parameter as an array; not for an empty list. */
export function jsonTexts(parameter: string): string {
  return `string_to_array(${parameter}::text, E'\\x1e')`;
}
