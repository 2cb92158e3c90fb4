import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFoundBecause } from '../../errors.ts';
import { publicErrorResponses } from '../../http/error-schema.ts';

const oneDaySeconds = 86_400;

const routes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/integrations/:platformKey/logo',
    {
      schema: {
        operationId: 'get-integration-logo',
        summary: 'Get logo',
        description: 'An image; browsers load it without a key.',
        tags: ['Integrations'],
        security: [],
        params: z.object({ platformKey: z.string() }),
        response: {
          200: { description: 'The image.', content: { 'image/png': { schema: z.any() } } },
          ...publicErrorResponses(404),
        },
      },
    },
    async (request, reply) => {
      const logo = app.dependencies.connectors.get(request.params.platformKey.toLowerCase())?.manifest.logo;
      if (logo === undefined) throw notFoundBecause('There is no such integration.');
      reply.header('cache-control', `public, max-age=${oneDaySeconds}`);
      return reply.type(logo.contentType).send(Buffer.from(logo.body));
    },
  );
};

export default routes;
