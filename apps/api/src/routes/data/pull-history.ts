/** What became of a company's syncs: their history, their calls to the platform and what they found wrong. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { createPullOperationService } from '../../data/pull-operations.ts';
import { errorResponses } from '../../http/error-schema.ts';
import { pageEnvelope, pagingQuery } from '../../http/paging.ts';
import { companyParameters } from '../../http/validation.ts';
import {
  companyParametersWith,
  pullOperation,
  pullOperations,
  upstreamRequests,
  validationResult,
} from './schemas.ts';

const tags = ['Refresh data'];

const routes: FastifyPluginAsyncZod = async (app) => {
  const pulls = createPullOperationService(app.dependencies);

  app.get(
    '/companies/:companyId/data/history',
    {
      schema: {
        operationId: 'list-pull-operations',
        summary: 'List pull operations',
        description: 'Newest first.',
        tags,
        params: companyParameters,
        querystring: pagingQuery,
        response: { 200: pullOperations, ...errorResponses(400, 404) },
      },
    },
    async (request) => {
      const page = await pulls.list(request.client.id, request.params.companyId, request.query);
      return pageEnvelope({ url: request.url, paging: request.query, ...page });
    },
  );

  app.get(
    '/companies/:companyId/data/history/:datasetId',
    {
      schema: {
        operationId: 'get-pull-operation',
        summary: 'Get pull operation',
        tags,
        params: companyParametersWith.dataset,
        response: { 200: pullOperation, ...errorResponses(400, 404) },
      },
    },
    ({ client, params }) => pulls.get(client.id, params.companyId, params.datasetId),
  );

  app.post(
    '/companies/:companyId/data/history/:datasetId/cancel',
    {
      schema: {
        operationId: 'cancel-pull-operation',
        summary: 'Cancel pull operation',
        description: 'What it has stored so far stays.',
        tags,
        params: companyParametersWith.dataset,
        response: { 200: pullOperation, ...errorResponses(400, 404, 409) },
      },
    },
    ({ client, params }) => pulls.cancel(client.id, params.companyId, params.datasetId),
  );

  app.get(
    '/companies/:companyId/data/history/:datasetId/requests',
    {
      schema: {
        operationId: 'list-upstream-requests',
        summary: 'List upstream requests',
        description: 'Each attempt of each call to the platform, kept for `REQUEST_LOG_DAYS`.',
        tags,
        params: companyParametersWith.dataset,
        querystring: pagingQuery.pick({ page: true, pageSize: true }),
        response: { 200: upstreamRequests, ...errorResponses(400, 404) },
      },
    },
    async ({ client, params, query, url }) => {
      const page = await pulls.requests(client.id, params.companyId, params.datasetId, query);
      return pageEnvelope({ url, paging: query, ...page });
    },
  );

  app.get(
    '/companies/:companyId/sync/:datasetId/validation',
    {
      schema: {
        operationId: 'get-read-validation-results',
        summary: 'Get validation results',
        description: 'The first 10,000 errors and warnings of a pull.',
        tags,
        params: companyParametersWith.dataset,
        response: { 200: validationResult, ...errorResponses(400, 404) },
      },
    },
    ({ client, params }) => pulls.validation(client.id, params.companyId, params.datasetId),
  );
};

export default routes;
