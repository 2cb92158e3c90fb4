import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { checkReadiness } from '../../services/readiness.ts';

const health = z.object({ status: z.literal('ok') });

const check = z.enum(['ok', 'unavailable', 'outdated']);
const readiness = z
  .object({
    status: z.enum(['ready', 'unavailable']),
    checks: z.object({ database: check, queue: check, schema: check }),
  })
  .meta({ id: 'Readiness' });

const routes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/healthz',
    {
      logLevel: 'warn',
      schema: {
        operationId: 'get-health',
        summary: 'Liveness',
        description: 'Answers while the process runs, whatever it depends on.',
        tags: ['Operation'],
        security: [],
        response: { 200: health },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      logLevel: 'warn',
      schema: {
        operationId: 'get-readiness',
        summary: 'Readiness',
        description:
          'Whether database, queue and schema version let requests be served; 503 tells which does not.',
        tags: ['Operation'],
        security: [],
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const state = await checkReadiness(app.dependencies);
      if (state.status === 'unavailable') reply.code(503).header('retry-after', '5');
      return state;
    },
  );
};

export default routes;
