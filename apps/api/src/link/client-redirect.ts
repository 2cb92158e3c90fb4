/** What a client's redirect URL is told. */
export interface RedirectResult {
  readonly companyId: string;
  readonly connectionId: string;
  /** HTTP status in words of the public API: 200 when linked. */
  readonly statusCode: number;
  /** Empty when linked. */
  readonly errorMessage: string;
}

/**
 * Where the browser goes in the end when a client has set a redirect URL: its placeholders are filled in, and what no placeholder
 * took is added as query parameters (an empty error message is not).
 * @returns undefined when what comes out is no http(s) address
 */
export function clientRedirect(template: string, result: RedirectResult): string | undefined {
  const values: readonly (readonly [string, string])[] = [
    ['companyId', result.companyId],
    ['connectionId', result.connectionId],
    ['statusCode', String(result.statusCode)],
    ['errorMessage', result.errorMessage],
  ];
  let filled = template;
  const left: (readonly [string, string])[] = [];
  for (const [name, value] of values) {
    const placeholder = `{${name}}`;
    if (filled.includes(placeholder)) filled = filled.replaceAll(placeholder, encodeURIComponent(value));
    else if (value !== '') left.push([name, value]);
  }
  if (!URL.canParse(filled)) return undefined;
  const url = new URL(filled);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  const added = left
    .filter(([name]) => !url.searchParams.has(name))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  // As text: rewriting the client's own parameters could break a signature over them.
  url.search = [url.search.slice(1), ...added].filter((part) => part !== '').join('&');
  return url.href;
}
