import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionLifetime } from './sessions.ts';

const cookieName = 'tributary_session';

/** `Strict`: no page and no link of another site brings it. The portal asks for its data from its own pages, so it is always there. */
function options(publicUrl: string): CookieSerializeOptions {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: publicUrl.startsWith('https:') };
}

/** The session token that a request carries. */
export function sessionTokenOf({ cookies }: Pick<FastifyRequest, 'cookies'>): string | undefined {
  return cookies[cookieName] || undefined;
}

export function setSessionCookie(reply: FastifyReply, publicUrl: string, token: string): void {
  void reply.setCookie(cookieName, token, { ...options(publicUrl), maxAge: sessionLifetime.longestSeconds });
}

export function clearSessionCookie(reply: FastifyReply, publicUrl: string): void {
  void reply.clearCookie(cookieName, options(publicUrl));
}
