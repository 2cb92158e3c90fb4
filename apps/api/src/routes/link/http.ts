/** What all Link routes share: reading requests that browsers send, and answering with pages. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LenderBrand } from '../../link/branding.ts';
import type { LinkIds } from '../../link/link-service.ts';
import type { BrowserCookie } from '../../link/start.ts';
import type { Html } from './pages/layout.ts';

/** Fields of a query or form that came exactly once, as text; a repeated one counts as missing (RFC 6749, 3.1). */
export function fieldsOf(source: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof source !== 'object' || source === null) return {};
  const single = Object.entries(source).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  return Object.fromEntries(single);
}

export function idsOf(request: FastifyRequest): LinkIds {
  const { companyId = '', connectionId = '' } = fieldsOf(request.params);
  return { companyId, connectionId };
}

export interface PageAnswer {
  readonly status?: number;
  readonly page: Html;
  /** Origins (or schemes) beside our own that a form of the page may end at, redirects included. */
  readonly formTargets?: readonly string[];
  /** Whose page it is: a logo may lie on the client's own server. */
  readonly lender?: LenderBrand | undefined;
  /** The script fetches the page again. */
  readonly isLive?: boolean;
  /** The page's address holds secrets, which must not go to anybody that it links to. */
  readonly secretAddress?: boolean;
}

export function sendPage(
  reply: FastifyReply,
  { status = 200, page, formTargets = [], lender, isLive = false, secretAddress = false }: PageAnswer,
) {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    `img-src ${["'self'", ...imageOrigins(lender)].join(' ')}`,
    ...(isLive ? ["connect-src 'self'"] : []),
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return protect(reply, secretAddress)
    .code(status)
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy.join('; '))
    .send(page);
}

function imageOrigins(lender: LenderBrand | undefined): string[] {
  const { logoUrl } = lender ?? {};
  return logoUrl !== undefined && URL.canParse(logoUrl) ? [new URL(logoUrl).origin] : [];
}

export function sendRedirect(reply: FastifyReply, status: 302 | 303, target: string) {
  return protect(reply, true).redirect(target, status);
}

function protect(reply: FastifyReply, secretAddress: boolean): FastifyReply {
  return reply.headers({
    'cache-control': 'no-store',
    'referrer-policy': secretAddress ? 'no-referrer' : 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
}

/** Cookies of the Link pages: out of reach of scripts, and sent along when the platform sends the browser back (`Lax`). */
export function cookieOptions(publicUrl: string) {
  return { path: '/link', httpOnly: true, sameSite: 'lax', secure: publicUrl.startsWith('https:') } as const;
}

export function setCookie(
  reply: FastifyReply,
  publicUrl: string,
  { name, value, maxAgeSeconds }: BrowserCookie,
): void {
  void reply.setCookie(name, value, { ...cookieOptions(publicUrl), maxAge: maxAgeSeconds });
}

/** Marks an address that we have redirected to the public origin, so that it happens once. */
const arrivedMark = 'origin';

/**
 * Where a request goes first that was opened on another origin than the public one: cookies set here would not be there when the
 * platform sends the browser back. A proxy may put its own name into `Host`, and nothing that a request says can be trusted to
 * tell that apart: the mark sees to it that a browser is redirected once and never in circles.
 */
export function publicAddress(request: FastifyRequest, publicUrl: string): string | undefined {
  const own = new URL(publicUrl);
  const host = request.headers.host?.toLowerCase();
  const here = new URL(request.url, own);
  if (host === undefined || host === own.host || withDefaultPort(host, own) === own.host) return undefined;
  if (here.searchParams.has(arrivedMark)) return undefined;
  here.searchParams.set(arrivedMark, 'public');
  return own.origin + here.pathname + here.search;
}

function withDefaultPort(host: string, { protocol }: URL): string {
  return URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`).host : host;
}
