/** Writing to platforms: how records are taken, and what became of those that were written. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { pageEnvelope, pagingQuery } from '../../http/paging.ts';
import { companyParameters, connectionParameters, uuidParameter } from '../../http/validation.ts';
import { pushOperation, pushOperations, pushOption } from '../../schemas/push.ts';
import { createPushOperationService } from '../../services/push-operations.ts';
import { createPushOptionService } from '../../services/push-options.ts';

const routes: FastifyPluginAsyncZod = async (app) => {
  const operations = createPushOperationService(app.dependencies);
  const options = createPushOptionService(app.dependencies);
  const tags = ['Push data'];

  app.get(
    '/companies/:companyId/connections/:connectionId/options/:dataType',
    {
      schema: {
        operationId: 'get-create-update-model-options-by-data-type',
        summary: 'Get push options',
        description:
          'What the platform takes of a record, and what can be chosen from in the books as they were last read.',
        tags,
        params: connectionParameters.extend({ dataType: z.string() }),
        response: { 200: pushOption, ...errorResponses(400, 404) },
      },
    },
    ({ client, params }) => options.options(client.id, params, params.dataType),
  );

  app.get(
    '/companies/:companyId/push',
    {
      schema: {
        operationId: 'get-company-push-history',
        summary: 'List push operations',
        tags,
        params: companyParameters,
        querystring: pagingQuery,
        response: { 200: pushOperations, ...errorResponses(400, 404) },
      },
    },
    async ({ client, params, query, url }) => {
      const page = await operations.list(client.id, params.companyId, query);
      return pageEnvelope({ url, paging: query, ...page });
    },
  );

  app.get(
    '/companies/:companyId/push/:pushOperationKey',
    {
      schema: {
        operationId: 'get-push-operation',
        summary: 'Get push operation',
        tags,
        params: companyParameters.extend({ pushOperationKey: uuidParameter }),
        response: { 200: pushOperation, ...errorResponses(400, 404) },
      },
    },
    ({ client, params }) => operations.get(client.id, params.companyId, params.pushOperationKey),
  );
};

export default routes;
