import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { errorResponses } from '../../http/error-schema.ts';
import { pageEnvelope, pageOf } from '../../http/paging.ts';
import {
  applicationKeys,
  branding,
  integration,
  integrationParameters,
  integrationsQuery,
  integrationUpdate,
  newApplicationKeys,
} from '../../schemas/integrations.ts';
import { createIntegrationService } from '../../services/integrations.ts';

const integrationPage = pageOf(integration).meta({ id: 'Integrations' });

const routes: FastifyPluginAsyncZod = async (app) => {
  const integrations = createIntegrationService(app.dependencies);
  const tags = ['Integrations'];

  app.get(
    '/integrations',
    {
      config: { companyToken: true },
      schema: {
        operationId: 'list-integrations',
        summary: 'List integrations',
        tags,
        querystring: integrationsQuery,
        response: { 200: integrationPage, ...errorResponses(400) },
      },
    },
    async (request) => {
      const page = await integrations.list(request.client.id, request.query);
      return pageEnvelope({ url: request.url, paging: request.query, ...page });
    },
  );

  app.get(
    '/integrations/:platformKey',
    {
      config: { companyToken: true },
      schema: {
        operationId: 'get-integration',
        summary: 'Get integration',
        tags,
        params: integrationParameters,
        response: { 200: integration, ...errorResponses(404) },
      },
    },
    (request) => integrations.get(request.client.id, request.params.platformKey),
  );

  app.get(
    '/integrations/:platformKey/branding',
    {
      config: { companyToken: true },
      schema: {
        operationId: 'get-integrations-branding',
        summary: 'Get branding',
        description: 'Images that browsers load without a key.',
        tags,
        params: integrationParameters,
        response: { 200: branding, ...errorResponses(404) },
      },
    },
    async ({ params }) => integrations.branding(params.platformKey),
  );

  app.patch(
    '/integrations/:platformKey',
    {
      config: { audited: ['enabled'] },
      schema: {
        operationId: 'update-integration',
        summary: 'Enable or disable integration',
        tags,
        params: integrationParameters,
        body: integrationUpdate,
        response: { 200: integration, ...errorResponses(400, 404, 413, 415) },
      },
    },
    ({ client, params, body }) => integrations.setEnabled(client.id, params.platformKey, body.enabled),
  );

  app.get(
    '/integrations/:platformKey/credentials',
    {
      schema: {
        operationId: 'get-integration-credentials',
        summary: 'Get application keys',
        tags,
        params: integrationParameters,
        response: { 200: applicationKeys, ...errorResponses(404) },
      },
    },
    ({ client, params }) => integrations.applicationKeys(client.id, params.platformKey),
  );

  app.put(
    '/integrations/:platformKey/credentials',
    {
      schema: {
        operationId: 'save-integration-credentials',
        summary: 'Save application keys',
        description: 'The keys of your own application at the platform; the secret is stored encrypted.',
        tags,
        params: integrationParameters,
        body: newApplicationKeys,
        response: { 200: applicationKeys, ...errorResponses(400, 404, 413, 415) },
      },
    },
    ({ client, params, body }) => integrations.saveApplicationKeys(client.id, params.platformKey, body),
  );
};

export default routes;
