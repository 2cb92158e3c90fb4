/** Syncs of a company: asking for them, and their status. What became of each is in `pull-history.ts`. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { createPullOperationService } from '../../data/pull-operations.ts';
import { errorResponses } from '../../http/error-schema.ts';
import { companyParameters } from '../../http/validation.ts';
import { companyParametersWith, dataStatuses, optionalConnection, pullOperation } from './schemas.ts';

const tags = ['Refresh data'];
const requested = z.undefined().describe('Requested.');

const routes: FastifyPluginAsyncZod = async (app) => {
  const pulls = createPullOperationService(app.dependencies);

  app.get(
    '/companies/:companyId/dataStatus',
    {
      schema: {
        operationId: 'get-company-data-status',
        summary: 'Get data status',
        tags,
        params: companyParameters,
        response: { 200: dataStatuses, ...errorResponses(400, 404) },
      },
    },
    ({ client, params }) => pulls.statuses(client.id, params.companyId),
  );

  app.post(
    '/companies/:companyId/data/all',
    {
      schema: {
        operationId: 'refresh-company-data',
        summary: 'Refresh all data',
        tags,
        params: companyParameters,
        querystring: optionalConnection,
        response: { 204: requested, ...errorResponses(400, 404, 409) },
      },
    },
    async ({ client, params, query, correlationId }, reply) => {
      await pulls.requestAll(client.id, { ...params, ...query }, correlationId);
      return reply.code(204).send();
    },
  );

  app.post(
    '/companies/:companyId/data/queue/:dataType',
    {
      schema: {
        operationId: 'refresh-data-type',
        summary: 'Refresh data type',
        description:
          'Starts a pull, or finds the one that runs. With `all`: 204, and a pull of every data type.',
        tags,
        params: companyParametersWith.dataType,
        querystring: optionalConnection,
        response: { 200: pullOperation, 204: requested, ...errorResponses(400, 404, 409) },
      },
    },
    async ({ client, params: { companyId, dataType }, query, correlationId }, reply) => {
      const source = { companyId, ...query };
      if (dataType.toLowerCase() !== 'all') return pulls.request(client.id, source, dataType, correlationId);
      await pulls.requestAll(client.id, source, correlationId);
      return reply.code(204).send();
    },
  );
};

export default routes;
