/**
 * Many JSON texts as one parameter. As an element of an array each quote in them would have to be escaped here and unescaped by the
 * server, which cost more than anything else of a page. A control character cannot stand in JSON as it is: it separates.
 */
const separator = '\u001e';

/** The value of a parameter for {@link jsonTexts}. */
export function joinJsonTexts(texts: readonly string[]): string {
  return texts.join(separator);
}

/** SQL: the texts of such a parameter as an array; not for an empty list. */
export function jsonTexts(parameter: string): string {
  return `string_to_array(${parameter}::text, E'\\x1e')`;
}
