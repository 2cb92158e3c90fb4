import fp from 'fastify-plugin';
import { unauthorized } from '../errors.ts';
import type { Authenticator } from '../services/authenticator.ts';

/** Every request of this scope carries a known API key, or ends here with 401; `request.client` is its owner. */
export default fp<{ authenticator: Authenticator }>(
  async (app, { authenticator }) => {
    app.decorateRequest('client', null as never);
    app.addHook('onRequest', async (request, reply) => {
      // Answers hold a client's data, and keys when they are made: nothing on the way may keep them.
      reply.header('cache-control', 'no-store');
      const client = await authenticator.authenticate(request.headers.authorization);
      if (client === undefined) throw unauthorized();
      request.client = client;
    });
  },
  { name: 'authentication', dependencies: ['error-envelope', 'correlation'] },
);
