import fp from 'fastify-plugin';
import { tooManyRequests } from '../errors.ts';
import type { Quota } from '../services/quota.ts';

const flushEveryMs = 5_000;

/** `X-Rate-Limit-*` on every authenticated answer, and 429 once the client's requests of the day are used up. */
export default fp<{ quota: Quota }>(
  async (app, { quota }) => {
    const timer = setInterval(() => void quota.flush(), flushEveryMs);
    timer.unref();
    app.addHook('onClose', async () => {
      clearInterval(timer);
      await quota.flush();
    });

    app.addHook('onRequest', async (request, reply) => {
      const state = await quota.take(request.client.id);
      reply.headers({
        'x-rate-limit-limit': state.limit,
        'x-rate-limit-remaining': state.remaining,
        'x-rate-limit-reset': new Date(state.resetAtMs).toISOString(),
      });
      if (state.isAllowed) return;
      const seconds = Math.ceil((state.resetAtMs - app.dependencies.clock()) / 1000);
      throw tooManyRequests('The request quota of today is used up.', Math.max(1, seconds));
    });
  },
  { name: 'rate-limit', dependencies: ['authentication'] },
);
