/** What clients do to the query string of a URL. */

/**
 * Conditions are joined with `&&`, which many a client sends as it is: `?query=sourceType=Accounting&&enabled=true`. In `query` and
 * `tags` it belongs to the value then, for no parameter is empty; elsewhere it stays the separator that it looks like.
 */
export function keepConditions(url: string): string {
  const start = url.indexOf('?');
  if (start < 0 || !url.includes('&&', start)) return url;
  const parameters = url
    .slice(start + 1)
    .replace(/(^|&)((?:query|tags)=[^&]*(?:&&[^&]+)+)/gi, (parameter) => {
      const at = parameter.startsWith('&') ? 1 : 0;
      return parameter.slice(0, at) + parameter.slice(at).replaceAll('&&', '%26%26');
    });
  return `${url.slice(0, start + 1)}${parameters}`;
}

/**
 * A query that was URL-encoded twice, as in `query=id%253D1`: it holds escapes and none of the operators that it must hold.
 * Any other text comes back as it is.
 */
export function decodedTwice(text: string): string {
  if (/[=~<>]/.test(text) || !/%[\da-f]{2}/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
