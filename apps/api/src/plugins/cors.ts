/**
 * Pages of origins that a client has allowed may call the API with the access token of a company. Whose page it is shows only with
 * the token, which the question before a request (`OPTIONS`) does not carry: that is answered for the origins of all clients, and
 * the token's client decides afterwards (authentication.ts). API keys do not belong in browsers and get no such header.
 */
import fp from 'fastify-plugin';
import { forbidden } from '../errors.ts';

const allowed = {
  'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
  'access-control-allow-headers': 'authorization, content-type, idempotency-key',
  'access-control-max-age': '600',
};
const exposed =
  'x-correlation-id, x-rate-limit-limit, x-rate-limit-remaining, x-rate-limit-reset, retry-after, idempotent-replayed';

/** Header that lets a page read the answer. */
export const originHeader = 'access-control-allow-origin';

/** @param options.isOriginAllowed whether any client allows the origin */
export default fp<{ isOriginAllowed: (origin: string) => Promise<boolean> }>(
  async (app, { isOriginAllowed }) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.header('vary', 'origin');
      const { origin } = request.headers;
      const isPreflight = request.method === 'OPTIONS';
      // What needs no key is for everybody to look at, and not for scripts of other pages.
      if (origin === undefined || (!isPreflight && request.headers.authorization === undefined)) return;
      if (await isOriginAllowed(origin))
        reply.header(originHeader, origin).header('access-control-expose-headers', exposed);
    });
    app.options('/*', { schema: { hide: true } }, async (request, reply) => {
      if (request.headers['access-control-request-method'] === undefined)
        return reply.code(204).header('allow', 'GET, POST, PUT, PATCH, DELETE').send();
      if (!reply.hasHeader(originHeader))
        throw forbidden('Pages of this origin may not call the API; allow it in the CORS settings.');
      return reply.code(204).headers(allowed).send();
    });
  },
  { name: 'cors', dependencies: ['error-envelope', 'correlation'] },
);
