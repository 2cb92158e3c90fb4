import { findIntegrationKeyOwner, hashApiKey } from '@tributary/store';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { unauthorized } from '../errors.ts';
import { type AuthenticatedClient, type Authenticator, apiKeysIn } from '../services/authenticator.ts';
import { isIntegrationKey } from '../services/webhooks.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The client's key for Zapier opens this route too. */
    integrationKey?: boolean;
  }
}

/** Every request of this scope carries a known API key, or ends here with 401; `request.client` is its owner. */
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
    });
  },
  { name: 'authentication', dependencies: ['error-envelope', 'correlation'] },
);

async function ownerOfIntegrationKey(request: FastifyRequest): Promise<AuthenticatedClient | undefined> {
  if (request.routeOptions.config.integrationKey !== true) return undefined;
  const { pool } = request.server.dependencies.store;
  for (const key of apiKeysIn(request.headers.authorization)) {
    const owner = isIntegrationKey(key) ? await findIntegrationKeyOwner(pool, hashApiKey(key)) : undefined;
    if (owner !== undefined) return owner;
  }
  return undefined;
}
