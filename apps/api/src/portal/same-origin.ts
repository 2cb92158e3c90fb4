import type { FastifyRequest } from 'fastify';

/**
 * Whether a browser sent the request from another origin's page. Browsers say so in `Sec-Fetch-Site`, which no page can set; older
 * ones in `Origin`. What says neither comes from no page.
 * @param publicUrl our origin, in case a proxy changed the Host
 */
export function isFromElsewhere({ headers }: Pick<FastifyRequest, 'headers'>, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  // `none`: typed in, or a bookmark.
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  if (origin === undefined || origin === publicUrl) return false;
  return URL.parse(origin)?.host !== host;
}
