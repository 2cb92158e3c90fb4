import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { pageEnvelope, pageOf, pagingQuery } from '../../http/paging.ts';
import { companyParameters, connectionParameters } from '../../http/validation.ts';
import {
  authorizationUpdate,
  connection,
  connectionUpdate,
  newConnection,
} from '../../schemas/connections.ts';
import { createConnectionService } from '../../services/connections.ts';

const connectionPage = pageOf(connection).meta({ id: 'Connections' });

const routes: FastifyPluginAsyncZod = async (app) => {
  const connections = createConnectionService(app.dependencies);
  const tags = ['Connections'];

  app.get(
    '/companies/:companyId/connections',
    {
      config: { companyToken: true },
      schema: {
        operationId: 'list-connections',
        summary: 'List connections',
        tags,
        params: companyParameters,
        querystring: pagingQuery,
        response: { 200: connectionPage, ...errorResponses(400, 404) },
      },
    },
    async (request) => {
      const page = await connections.list(request.client.id, request.params.companyId, request.query);
      return pageEnvelope({ url: request.url, paging: request.query, ...page });
    },
  );

  app.post(
    '/companies/:companyId/connections',
    {
      config: { companyToken: true },
      schema: {
        operationId: 'create-connection',
        summary: 'Create connection',
        tags,
        params: companyParameters,
        body: newConnection,
        response: { 200: connection, ...errorResponses(400, 404, 413, 415) },
      },
    },
    (request) => connections.create(request.client.id, request.params.companyId, request.body),
  );

  app.get(
    '/companies/:companyId/connections/:connectionId',
    {
      config: { companyToken: true },
      schema: {
        operationId: 'get-connection',
        summary: 'Get connection',
        tags,
        params: connectionParameters,
        response: { 200: connection, ...errorResponses(400, 404) },
      },
    },
    ({ client, params }) => connections.get(client.id, params.companyId, params.connectionId),
  );

  app.patch(
    '/companies/:companyId/connections/:connectionId',
    {
      config: { audited: ['status'], companyToken: true },
      schema: {
        operationId: 'unlink-connection',
        summary: 'Unlink connection',
        description: 'Keeps the data; drops the tokens and the schedules. The link authorises again.',
        tags,
        params: connectionParameters,
        body: connectionUpdate,
        response: { 200: connection, ...errorResponses(400, 404, 409, 413, 415) },
      },
    },
    ({ client, params, body }) =>
      connections.setStatus(client.id, params.companyId, params.connectionId, body.status),
  );

  app.delete(
    '/companies/:companyId/connections/:connectionId',
    {
      config: { role: 'admin', companyToken: true },
      schema: {
        operationId: 'delete-connection',
        summary: 'Delete connection',
        description: 'Erases the data that was read through it.',
        tags,
        params: connectionParameters,
        response: { 200: z.undefined().describe('Deleted.'), ...errorResponses(400, 404) },
      },
    },
    async ({ client, params }, reply) => {
      await connections.delete(client.id, params.companyId, params.connectionId);
      return reply.code(200).send();
    },
  );

  app.put(
    '/companies/:companyId/connections/:connectionId/authorization',
    {
      schema: {
        operationId: 'update-connection-authorization',
        summary: 'Update authorization',
        description:
          'The small business authorises, and authorises again, at the `linkUrl`, where it consents; nothing is taken for it here. An empty body is answered with the connection as it is, values with 400.',
        tags,
        params: connectionParameters,
        body: authorizationUpdate,
        response: { 200: connection, ...errorResponses(400, 404, 413, 415) },
      },
    },
    ({ client, params, body }) =>
      connections.updateAuthorization(client.id, params.companyId, params.connectionId, body ?? {}),
  );
};

export default routes;
