import type { FastifyRequest } from 'fastify';
import { signInNeeded } from '../../errors.ts';

/** What a request of a route with `sessionOnly` always has. */
export function portalOf(request: FastifyRequest): NonNullable<FastifyRequest['portal']> {
  if (request.portal === undefined) throw signInNeeded();
  return request.portal;
}
