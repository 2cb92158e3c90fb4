import { isDatabaseAway } from '@tributary/store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { failureStatuses, LinkFailure } from '../../link/failure.ts';
import { sendPage } from './http.ts';
import { failurePage, troublePage } from './pages/failure.ts';
import type { PageAssets } from './pages/layout.ts';

const databaseRetrySeconds = 5;

/** Whatever a Link route throws becomes a page; nothing of an unknown error is shown. */
export function handleLinkErrors(app: FastifyInstance, assets: PageAssets): void {
  app.setErrorHandler((error, request, reply) => sendTrouble(assets, error, request, reply));
  // What nobody serves; by any method, or it would be answered as the API answers programs.
  for (const url of ['/link', '/link/*']) {
    app.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url,
      schema: { hide: true },
      handler: async () => {
        throw new LinkFailure('unknownLink');
      },
    });
  }
}

/** Whether an address, as it came, is one of a browser at the Link pages. */
export function isLinkAddress(url: string): boolean {
  return /^\/link(?:[/?]|$)/i.test(url);
}

/** Answers a failure, or any other error, with its page. */
export function sendTrouble(
  assets: PageAssets,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof LinkFailure) return sendFailure(assets, error, request, reply);
  const status = statusOf(error);
  if (status >= 500) request.log.error({ err: error }, 'a Link page failed');
  if (status === 503) reply.header('retry-after', String(databaseRetrySeconds));
  return sendPage(reply, {
    status,
    page: troublePage(assets, { status, reference: request.id }),
    secretAddress: true,
  });
}

function sendFailure(
  assets: PageAssets,
  { code, context }: LinkFailure,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  request.log.info({ reason: code, connectionId: context.connectionId }, 'a Link page explained a failure');
  if (context.retryAfterSeconds !== undefined) reply.header('retry-after', String(context.retryAfterSeconds));
  return sendPage(reply, {
    status: failureStatuses[code],
    page: failurePage(assets, code, context, request.id),
    lender: context.lender,
    secretAddress: true,
  });
}

function statusOf(error: unknown): number {
  if (isDatabaseAway(error)) return 503;
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 500 ? status : 500;
}
