import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { errorResponses } from '../../http/error-schema.ts';
import { allowedOrigins, newAllowedOrigins } from '../../schemas/company-access.ts';
import { createCompanyAccessService } from '../../services/company-access.ts';

/** The newer path, and the one of shipped clients. */
const paths = [
  { path: '/corsSettings', suffix: 'cors-settings', deprecated: false },
  {
    path: '/connectionManagement/corsSettings',
    suffix: 'connection-management-cors-settings',
    deprecated: true,
  },
] as const;

const routes: FastifyPluginAsyncZod = async (app) => {
  const access = createCompanyAccessService(app.dependencies);

  for (const { path, suffix, deprecated } of paths) {
    const shared = { tags: ['Settings'], deprecated };

    app.get(
      path,
      {
        schema: {
          ...shared,
          operationId: `get-${suffix}`,
          summary: 'Get CORS settings',
          response: { 200: allowedOrigins, ...errorResponses() },
        },
      },
      ({ client }) => access.allowedOrigins(client.id),
    );

    app.post(
      path,
      {
        schema: {
          ...shared,
          operationId: `set-${suffix}`,
          summary: 'Set CORS settings',
          description: 'Replaces the origins of pages that may use access tokens of companies.',
          body: newAllowedOrigins,
          response: { 200: allowedOrigins, ...errorResponses(400, 413, 415) },
        },
      },
      ({ client, body }) => access.setAllowedOrigins(client.id, body.allowedOrigins),
    );
  }
};

export default routes;
