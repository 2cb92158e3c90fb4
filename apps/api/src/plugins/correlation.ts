import fp from 'fastify-plugin';

/** Header that carries the correlation id. */
export const correlationHeader = 'x-correlation-id';

/** `request.correlationId` and the header that tells it; Fastify's request id is made in this form (see app.ts). */
export default fp(
  async (app) => {
    app.decorateRequest('correlationId', {
      getter() {
        return this.id;
      },
    });
    app.addHook('onRequest', async (request, reply) => {
      reply.header(correlationHeader, request.id).header('x-content-type-options', 'nosniff');
    });
  },
  { name: 'correlation' },
);
