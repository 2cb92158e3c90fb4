import { findIntegrationKeyOwner, hashApiKey } from '@tributary/store';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { forbidden, notFound, unauthorized } from '../errors.ts';
import { type AuthenticatedClient, type Authenticator, apiKeysIn } from '../services/authenticator.ts';
import { isIntegrationKey } from '../services/webhooks.ts';
import { originHeader } from './cors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The access token of a company opens this route, for that company. */
    companyToken?: boolean;
    /** The client's key for Zapier opens this route too. */
    integrationKey?: boolean;
  }
}

/**
 * Every request of this scope carries a known API key, or the access token of a company on a route that it opens; or it ends here
 * with 401 or 403. `request.client` is whom it acts for.
 */
export default fp<{ authenticator: Authenticator }>(
  async (app, { authenticator }) => {
    app.decorateRequest('client', null as never);
    app.addHook('onRequest', async (request, reply) => {
      // Answers hold a client's data, and keys when they are made: nothing on the way may keep them.
      reply.header('cache-control', 'no-store');
      const client =
        (await authenticator.authenticate(request.headers.authorization)) ??
        (await ownerOfIntegrationKey(request));
      if (client === undefined) throw unauthorized();
      request.client = client;
      if (client.company === undefined) reply.removeHeader(originHeader);
      else checkReach(request, client.company);
    });
  },
  { name: 'authentication', dependencies: ['error-envelope', 'correlation', 'cors'] },
);

/** What a company's token opens: from allowed pages, some routes, with that company in the path if any is. */
function checkReach(request: FastifyRequest, company: NonNullable<AuthenticatedClient['company']>): void {
  const { origin } = request.headers;
  if (origin !== undefined && !company.allowedOrigins.includes(origin))
    throw forbidden('Pages of this origin may not use the access token; allow it in the CORS settings.');
  if (request.routeOptions.config.companyToken !== true)
    throw forbidden('The access token of a company does not open this; use an API key.');
  const { companyId } = request.params as { companyId?: string };
  if (companyId !== undefined && companyId !== company.id) throw notFound('company');
}

async function ownerOfIntegrationKey(request: FastifyRequest): Promise<AuthenticatedClient | undefined> {
  if (request.routeOptions.config.integrationKey !== true) return undefined;
  const { pool } = request.server.dependencies.store;
  for (const key of apiKeysIn(request.headers.authorization)) {
    const owner = isIntegrationKey(key) ? await findIntegrationKeyOwner(pool, hashApiKey(key)) : undefined;
    if (owner !== undefined) return owner;
  }
  return undefined;
}
