/**
 * The API as a Fastify plugin tree. Two scopes: routes of clients (API key or portal session, quota) and routes without a key; errors, correlation
 * ids and the JSON body rules hold for both.
 */

import {
  createApiKeyRepository,
  createClientRepository,
  createUsageRepository,
  inTransaction,
} from '@tributary/store';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { AppDependencies } from './dependencies.ts';
import { createClientErrorHandler } from './http/client-error.ts';
import { keepConditions } from './http/query-string.ts';
import { OneLinePerRequest } from './http/request-log.ts';
import { validateWithZod } from './http/validation.ts';
import audit from './plugins/audit.ts';
import authentication from './plugins/authentication.ts';
import correlation from './plugins/correlation.ts';
import cors from './plugins/cors.ts';
import errorEnvelope, { sendError } from './plugins/error-envelope.ts';
import idempotency from './plugins/idempotency.ts';
import jsonBody from './plugins/json-body.ts';
import metrics from './plugins/metrics.ts';
import openapi from './plugins/openapi.ts';
import rateLimit, { countRequest } from './plugins/rate-limit.ts';
import { isSafe } from './portal/roles.ts';
import { type ClientRoutes, clientRoutes, publicRoutes } from './routes/index.ts';
import { loadAssets } from './routes/link/assets.ts';
import { isLinkAddress, sendTrouble } from './routes/link/errors.ts';
import { createAccessTokens } from './services/access-tokens.ts';
import { createAuthenticator } from './services/authenticator.ts';
import { createIdempotency } from './services/idempotency.ts';
import { createQuota } from './services/quota.ts';

const bodyLimitBytes = 1_048_576;
const requestTimeoutMs = 60_000;
/** Record ids of platforms are short; this bounds what a path can carry. */
const longestPathParameter = 500;

/** Builds the whole API; nothing listens yet. Closing it closes nothing of what it was given. */
export async function buildApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const linkAssets = loadAssets(dependencies.connectors);
  const newCorrelationId = () => dependencies.newId().replaceAll('-', '');
  const authenticator = createAuthenticator({
    apiKeys: createApiKeyRepository(dependencies.store),
    tokens: createAccessTokens(dependencies),
    clock: dependencies.clock,
  });
  const meter = { quota: quotaOf(dependencies), clock: dependencies.clock };
  // Requests that reach no route never meet the authenticated scope's hooks; with a valid key they count all the same.
  const countUnrouted = async (request: FastifyRequest, reply: FastifyReply) => {
    const client = await authenticator.authenticate(request.headers.authorization);
    if (client !== undefined) await countRequest(meter, client.id, reply);
  };
  const app = fastify({
    loggerInstance: dependencies.logger as FastifyBaseLogger,
    logController: new OneLinePerRequest({ requestIdLogLabel: 'correlationId' }),
    genReqId: newCorrelationId,
    clientErrorHandler: createClientErrorHandler({ logger: dependencies.logger, newCorrelationId }),
    rewriteUrl: ({ url = '/' }) => keepConditions(url),
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: longestPathParameter },
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    // While it closes, the process still answers what is on its way, instead of an error of another shape.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      const send = (problem: unknown) =>
        isLinkAddress(request.raw.url ?? '')
          ? sendTrouble(linkAssets, problem, request, reply)
          : sendError(problem, request, reply);
      void countUnrouted(request, reply).then(() => send(error), send);
    },
  });
  app.decorate('dependencies', dependencies);
  app.setValidatorCompiler(validateWithZod);
  app.setSerializerCompiler(serializerCompiler);
  app.decorate('authenticator', authenticator);

  await app.register(metrics, { metrics: dependencies.metrics });
  await app.register(correlation);
  await app.register(errorEnvelope);
  const clients = createClientRepository(dependencies.store);
  await app.register(cors, { isOriginAllowed: (origin) => clients.isOriginAllowed(origin) });
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) await countUnrouted(request, reply);
  });
  await app.register(jsonBody);
  await app.register(openapi);

  await app.register(async (scope) => {
    for (const routes of publicRoutes) await scope.register(routes);
  });
  await app.register(async (scope) => {
    await scope.register(authentication, { authenticator });
    await scope.register(rateLimit, meter);
    await scope.register(idempotency, { idempotency: createIdempotency(dependencies) });
    await scope.register(audit);
    for (const group of clientRoutes) await scope.register(withLeastRoles(group));
  });
  await app.ready();
  return app;
}

/** Gives routes that name no role themselves the one of their group. */
function withLeastRoles({ routes, roles }: ClientRoutes): FastifyPluginAsync {
  return async (scope) => {
    scope.addHook('onRoute', (route) => {
      const methods = [route.method].flat();
      const role = methods.every(isSafe) ? roles.read : roles.write;
      route.config = { ...route.config, role: route.config?.role ?? role };
    });
    await scope.register(routes);
  };
}

function quotaOf({ store, clock, requestsPerClientPerDay, events, logger }: AppDependencies) {
  return createQuota({
    usage: createUsageRepository(store),
    clock,
    limit: requestsPerClientPerDay,
    onExhausted: (usage) => inTransaction(store.pool, (client) => events.quotaExhausted(client, usage)),
    onError: (error) => logger.warn({ err: error }, 'could not store the request counts; they are kept'),
  });
}
