import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { errorResponses } from '../../http/error-schema.ts';
import { companyParameters } from '../../http/validation.ts';
import { companyAccessToken, connectionManagementAccessToken } from '../../schemas/company-access.ts';
import { createCompanyAccessService } from '../../services/company-access.ts';

const routes: FastifyPluginAsyncZod = async (app) => {
  const access = createCompanyAccessService(app.dependencies);
  const description =
    'For a page in a browser: opens this company and its connections, nothing else, for a day, from the origins of the CORS settings.';

  app.get(
    '/companies/:companyId/accessToken',
    {
      schema: {
        operationId: 'get-company-access-token',
        summary: 'Get company access token',
        description,
        tags: ['Companies'],
        params: companyParameters,
        response: { 200: companyAccessToken, ...errorResponses(400, 404) },
      },
    },
    ({ client, params }) => access.token(client.id, params.companyId),
  );

  app.get(
    '/companies/:companyId/connectionManagement/accessToken',
    {
      schema: {
        operationId: 'get-connection-management-access-token',
        summary: 'Get access token',
        description,
        deprecated: true,
        tags: ['Companies'],
        params: companyParameters,
        response: { 200: connectionManagementAccessToken, ...errorResponses(400, 404) },
      },
    },
    async ({ client, params }) => {
      const { accessToken } = await access.token(client.id, params.companyId);
      return { accessToken };
    },
  );
};

export default routes;
