/** Where the records of a client's own data type come from: a path below the business, and nothing else of the platform. */

/** A source taken apart. The path may hold `{businessId}`. */
export interface CustomSource {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

const longestSource = 2000;
const pathForm = /^(?:[A-Za-z0-9_.~-]|\{businessId\})+(?:\/(?:[A-Za-z0-9_.~-]|\{businessId\})+)*$/;

/**
 * @returns undefined for what is not a plain path: with a host, a way up, encoded characters, a fragment, or a placeholder beside
 *   `{businessId}`
 */
export function parseCustomSource(text: string): CustomSource | undefined {
  if (text.length > longestSource || /[\\#\s\p{Cc}]/u.test(text.split('?', 1)[0] ?? '') || text.includes('#'))
    return undefined;
  const at = text.indexOf('?');
  const path = (at < 0 ? text : text.slice(0, at)).replace(/^\//, '');
  if (!pathForm.test(path) || path.split('/').some((segment) => /^\.+$/.test(segment))) return undefined;
  const query = at < 0 ? {} : Object.fromEntries(new URLSearchParams(text.slice(at + 1)));
  return { path: `/${path}`, query };
}
