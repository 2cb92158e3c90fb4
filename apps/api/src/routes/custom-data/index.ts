/** Data types that clients define themselves, for one platform each. */
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { type PagingQuery, pagingQuery } from '../../http/paging.ts';
import { connectionParameters } from '../../http/validation.ts';
import { customDataType, customIdentifier, customRecords } from '../../schemas/custom-data.ts';
import { integrationParameters } from '../../schemas/integrations.ts';
import { createCustomDataService } from '../../services/custom-data.ts';
import { pullOperation } from '../data/schemas.ts';

const tags = ['Custom data types'];
const ofIntegration = integrationParameters.extend({ customDataIdentifier: customIdentifier });
const ofConnection = connectionParameters.extend({ customDataIdentifier: customIdentifier });

const routes: FastifyPluginAsyncZod = async (app) => {
  const custom = createCustomDataService(app.dependencies);
  const path = '/integrations/:platformKey/dataTypes/custom/:customDataIdentifier';

  app.put(
    path,
    {
      schema: {
        operationId: 'configure-custom-data-type',
        summary: 'Configure custom data type',
        tags,
        params: ofIntegration,
        body: customDataType,
        response: { 200: customDataType, ...errorResponses(400, 404, 409, 413, 415) },
      },
    },
    ({ client, params, body }) =>
      custom.save(client.id, params.platformKey, params.customDataIdentifier, body),
  );

  app.get(
    path,
    {
      schema: {
        operationId: 'get-custom-data-type-configuration',
        summary: 'Get custom data type configuration',
        tags,
        params: ofIntegration,
        response: { 200: customDataType, ...errorResponses(400, 404) },
      },
    },
    ({ client, params }) => custom.get(client.id, params.platformKey, params.customDataIdentifier),
  );

  app.post(
    '/companies/:companyId/connections/:connectionId/data/queue/custom/:customDataIdentifier',
    {
      config: { role: 'operator' },
      schema: {
        operationId: 'refresh-custom-data-type',
        summary: 'Refresh custom data type',
        description: 'Starts a pull of the whole listing, or finds the one that runs.',
        tags,
        params: ofConnection,
        response: { 200: pullOperation, ...errorResponses(400, 404, 409) },
      },
    },
    ({ client, params, correlationId }) =>
      custom.refresh(client.id, params, params.customDataIdentifier, correlationId),
  );

  await app.register(listRoute);
};

/** Records leave as text, with the digits that the platform sent: the schema of the answer is documentation. */
const listRoute: FastifyPluginAsync = async (app) => {
  const custom = createCustomDataService(app.dependencies);

  app.get<{
    Params: z.output<typeof ofConnection>;
    Querystring: Pick<PagingQuery, 'page' | 'pageSize'>;
  }>(
    '/companies/:companyId/connections/:connectionId/data/custom/:customDataIdentifier',
    {
      schema: {
        operationId: 'list-custom-data-type-records',
        summary: 'List custom data type records',
        tags,
        params: ofConnection,
        querystring: pagingQuery.pick({ page: true, pageSize: true }),
        response: { 200: customRecords, ...errorResponses(400, 404, 409) },
      },
    },
    async ({ client, params, url, query: paging }, reply) => {
      const page = await custom.list(client.id, params, params.customDataIdentifier, { url, paging });
      return reply.type('application/json; charset=utf-8').send(page);
    },
  );
};

export default routes;
