/** Parts of the API's query language, see docs/querying.md. */

/** A condition; the value goes into quotes, so that nothing in it is taken for an operator. */
export function condition(
  property: string,
  operator: '=' | '!=' | '~' | '>' | '<' | '>=' | '<=',
  value: string,
): string {
  return `${property}${operator}"${value.replaceAll('"', '""')}"`;
}

/** All of the conditions; undefined when there is none. */
export function allOf(conditions: readonly (string | undefined)[]): string | undefined {
  const given = conditions.filter((text) => text !== undefined && text !== '');
  return given.length === 0 ? undefined : given.join('&&');
}
