import type { ApiMetrics } from '@tributary/metrics';
import fp from 'fastify-plugin';

/** Counts every answer by its route's pattern, its method and status; paths, which hold ids, are never told. */
export default fp<{ metrics: ApiMetrics | undefined }>(
  async (app, { metrics }) => {
    if (metrics === undefined) return;
    app.addHook('onResponse', async (request, reply) => {
      metrics.requestAnswered({
        method: request.method,
        route: request.is404 ? undefined : request.routeOptions.url,
        status: reply.statusCode,
        durationMs: reply.elapsedTime,
      });
    });
  },
  { name: 'metrics' },
);
