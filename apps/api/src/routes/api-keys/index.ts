import { instantText } from '@tributary/model';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { storedText } from '../../http/text.ts';
import { uuidParameter } from '../../http/validation.ts';
import { createApiKeyService } from '../../services/api-keys.ts';

const apiKeyDetails = z
  .object({
    id: z.uuid(),
    name: z.string().optional(),
    apiKey: z.string().optional().describe('The key itself: shown once, in the answer that created it.'),
    createdDate: instantText,
  })
  .meta({ id: 'ApiKeyDetails' });

const newApiKey = z
  .object({ name: storedText({ maximum: 50 }).nullish() })
  .optional()
  .meta({ id: 'CreateApiKey' });

const routes: FastifyPluginAsyncZod = async (app) => {
  const apiKeys = createApiKeyService(app.dependencies, app.authenticator);
  const tags = ['API keys'];

  app.get(
    '/apiKeys',
    {
      schema: {
        operationId: 'list-api-keys',
        summary: 'List API keys',
        tags,
        response: { 200: z.object({ results: z.array(apiKeyDetails) }), ...errorResponses() },
      },
    },
    (request) => apiKeys.list(request.client.id),
  );

  app.post(
    '/apiKeys',
    {
      schema: {
        operationId: 'create-api-key',
        summary: 'Create API key',
        description: 'A client has at most ten keys.',
        tags,
        body: newApiKey,
        response: { 201: apiKeyDetails, ...errorResponses(400, 409, 413, 415) },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await apiKeys.create(request.client.id, request.body?.name ?? undefined)),
  );

  app.delete(
    '/apiKeys/:apiKeyId',
    {
      schema: {
        operationId: 'delete-api-key',
        summary: 'Delete API key',
        description: 'The key stops working at once.',
        tags,
        params: z.object({ apiKeyId: uuidParameter }),
        response: { 204: z.undefined().describe('Deleted.'), ...errorResponses(400, 404) },
      },
    },
    async (request, reply) => {
      await apiKeys.delete(request.client.id, request.params.apiKeyId);
      return reply.code(204).send();
    },
  );
};

export default routes;
