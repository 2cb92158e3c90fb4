import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { companyParameters } from '../../http/validation.ts';
import { clientSyncSettings, companySyncSettings, syncSettingsChange } from '../../schemas/sync-settings.ts';
import { createSyncSettingsService } from '../../services/sync-settings.ts';

const saved = z.undefined().describe('Saved.');

const routes: FastifyPluginAsyncZod = async (app) => {
  const syncSettings = createSyncSettingsService(app.dependencies);
  const tags = ['Settings'];

  app.get(
    '/profile/syncSettings',
    {
      schema: {
        operationId: 'get-profile-syncSettings',
        summary: 'Get sync settings',
        tags,
        response: { 200: clientSyncSettings, ...errorResponses() },
      },
    },
    (request) => syncSettings.ofClient(request.client.id),
  );

  app.post(
    '/profile/syncSettings',
    {
      schema: {
        operationId: 'update-profile-syncSettings',
        summary: 'Update sync settings',
        description: 'Defaults of every company that has no settings of its own.',
        tags,
        body: syncSettingsChange,
        response: { 204: saved, ...errorResponses(400, 413, 415) },
      },
    },
    async (request, reply) => {
      await syncSettings.changeOfClient(request.client.id, request.body);
      return reply.code(204).send();
    },
  );

  app.get(
    '/companies/:companyId/syncSettings',
    {
      schema: {
        operationId: 'get-company-syncSettings',
        summary: 'Get company sync settings',
        tags: ['Companies'],
        params: companyParameters,
        response: { 200: companySyncSettings, ...errorResponses(400, 404) },
      },
    },
    (request) => syncSettings.ofCompany(request.client.id, request.params.companyId),
  );

  app.post(
    '/companies/:companyId/syncSettings',
    {
      schema: {
        operationId: 'set-company-syncSettings',
        summary: 'Set company sync settings',
        tags: ['Companies'],
        params: companyParameters,
        body: syncSettingsChange,
        response: { 204: saved, ...errorResponses(400, 404, 413, 415) },
      },
    },
    async (request, reply) => {
      await syncSettings.changeOfCompany(request.client.id, request.params.companyId, request.body);
      return reply.code(204).send();
    },
  );
};

export default routes;
