import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { tooManyRequests } from '../errors.ts';
import type { Quota } from '../services/quota.ts';

const flushEveryMs = 5_000;

/** What a request is counted with. */
interface Meter {
  readonly quota: Quota;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** `X-Rate-Limit-*` on every answer to a key, and 429 once the client's requests of the day are used up. */
export default fp<Meter>(
  async (app, meter) => {
    const timer = setInterval(() => void meter.quota.flush(), flushEveryMs);
    timer.unref();
    app.addHook('onClose', async () => {
      clearInterval(timer);
      await meter.quota.flush();
    });
    app.addHook('onRequest', async (request, reply) => {
      // Looking at the portal uses up nothing that programs need, and works on when they have used up everything.
      if (request.portal === undefined) await countRequest(meter, request.client.id, reply);
    });
  },
  { name: 'rate-limit', dependencies: ['authentication'] },
);

/**
 * Counts a request of a client, and tells in the answer's headers what is left.
 * @throws ApiError 429 when the request is one too many
 */
export async function countRequest(
  { quota, clock }: Meter,
  clientId: string,
  reply: FastifyReply,
): Promise<void> {
  const state = await quota.take(clientId);
  reply.headers({
    'x-rate-limit-limit': state.limit,
    'x-rate-limit-remaining': state.remaining,
    'x-rate-limit-reset': new Date(state.resetAtMs).toISOString(),
  });
  if (state.isAllowed) return;
  const seconds = Math.ceil((state.resetAtMs - clock()) / 1000);
  throw tooManyRequests('The request quota of today is used up.', Math.max(1, seconds));
}
