/** Writing to platforms: how records are taken, and what became of those that were written. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { flagText } from '../../http/flag-text.ts';
import { pageEnvelope, pagingQuery } from '../../http/paging.ts';
import { companyParameters, connectionParameters, uuidParameter } from '../../http/validation.ts';
import { wholeNumber } from '../../http/whole-number.ts';
import { pushOperation, pushOperations, pushOption, requestedPush } from '../../schemas/push.ts';
import { createPushOperationService } from '../../services/push-operations.ts';
import { createPushOptionService } from '../../services/push-options.ts';
import { createPushRequestService } from '../../services/push-requests.ts';
import { upstreamRequests } from '../data/schemas.ts';

const minutesInDay = 1440;

const timeoutInMinutes = wholeNumber(1, minutesInDay)
  .optional()
  .describe('After so many minutes nothing is sent any more; 60 when it is left out.');

/** A record of any data type: its description is what `…/options/{dataType}` answers. */
const pushedRecord = z.record(z.string(), z.unknown()).meta({ id: 'PushedRecord' });

const routes: FastifyPluginAsyncZod = async (app) => {
  const operations = createPushOperationService(app.dependencies);
  const options = createPushOptionService(app.dependencies);
  const requests = createPushRequestService(app.dependencies);
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

  app.post(
    '/companies/:companyId/connections/:connectionId/push/:dataType',
    {
      schema: {
        operationId: 'create-record',
        summary: 'Create a record at the platform',
        description:
          'Answers at once with a pending operation; `GET /companies/{companyId}/push/{pushOperationKey}` and webhooks tell what becomes of it.',
        tags,
        params: connectionParameters.extend({ dataType: z.string() }),
        querystring: z.object({
          timeoutInMinutes,
          allowSyncOnPushComplete: flagText
            .default(true)
            .describe('Whether a sync of the data type follows.'),
        }),
        body: pushedRecord,
        response: { 200: requestedPush, ...errorResponses(400, 404, 409) },
      },
    },
    ({ client, params, query, bodyText, correlationId }) =>
      requests.push(client.id, {
        ...query,
        source: params,
        dataType: params.dataType,
        recordId: undefined,
        body: bodyText,
        forceUpdate: false,
        traceId: correlationId,
      }),
  );

  app.put(
    '/companies/:companyId/connections/:connectionId/push/:dataType/:recordId',
    {
      schema: {
        operationId: 'update-record',
        summary: 'Change a record at the platform',
        description:
          'As creating one. Lists of the record, its lines above all, replace those of the platform.',
        tags,
        params: connectionParameters.extend({ dataType: z.string(), recordId: z.string().min(1).max(200) }),
        querystring: z.object({
          timeoutInMinutes,
          forceUpdate: flagText
            .default(false)
            .describe('Also when the record has changed at the platform since it was last read.'),
          allowSyncOnPushComplete: flagText
            .default(true)
            .describe('Whether a sync of the data type follows.'),
        }),
        body: pushedRecord,
        response: { 200: requestedPush, ...errorResponses(400, 404, 409) },
      },
    },
    ({ client, params, query, bodyText, correlationId }) =>
      requests.push(client.id, {
        ...query,
        source: params,
        dataType: params.dataType,
        recordId: params.recordId,
        body: bodyText,
        traceId: correlationId,
      }),
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

  app.get(
    '/companies/:companyId/push/:pushOperationKey/requests',
    {
      schema: {
        operationId: 'list-push-upstream-requests',
        summary: 'List upstream requests of a write',
        description: 'Each attempt of each call to the platform, kept for `REQUEST_LOG_DAYS`.',
        tags,
        params: companyParameters.extend({ pushOperationKey: uuidParameter }),
        querystring: pagingQuery.pick({ page: true, pageSize: true }),
        response: { 200: upstreamRequests, ...errorResponses(400, 404) },
      },
    },
    async ({ client, params, query, url }) => {
      const page = await operations.requests(client.id, params.companyId, params.pushOperationKey, query);
      return pageEnvelope({ url, paging: query, ...page });
    },
  );
};

export default routes;
