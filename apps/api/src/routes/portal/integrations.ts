import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { createIntegrationKeys } from '../../portal/integration-keys.ts';
import { integrationParameters } from '../../schemas/integrations.ts';

const setUp = z
  .object({
    key: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    authType: z
      .enum(['oauth2', 'credentials'])
      .describe('How small businesses authorise: at the platform, or with user name and password.'),
    redirectUri: z
      .url()
      .optional()
      .describe('To be registered with your application at the platform; absent where there is none.'),
    clientId: z.string().optional().describe('Of the keys that were saved.'),
    hasSecret: z.boolean(),
    usesDeploymentKeys: z.boolean().describe('No keys were saved, and those of the deployment are used.'),
    alert: z.string().optional().describe('Why the platform refused the keys when they were last used.'),
  })
  .meta({ id: 'IntegrationSetUp' });

const keyTest = z
  .object({ ok: z.boolean(), message: z.string().describe('For the person who set it up.') })
  .meta({ id: 'IntegrationTest' });

const routes: FastifyPluginAsyncZod = async (app) => {
  const keys = createIntegrationKeys(app.dependencies);
  const shared = { tags: ['Portal'], params: integrationParameters };

  app.get(
    '/portal/api/integrations/:platformKey',
    {
      schema: {
        ...shared,
        operationId: 'get-integration-set-up',
        summary: 'Get set-up of integration',
        response: { 200: setUp, ...errorResponses(404) },
      },
    },
    ({ client, params }) => keys.setUp(client.id, params.platformKey),
  );

  app.post(
    '/portal/api/integrations/:platformKey/test',
    {
      config: { role: 'admin', audited: false },
      schema: {
        ...shared,
        operationId: 'test-integration',
        summary: 'Test application keys',
        description: 'Asks the platform whether it knows the saved keys. Nobody has to consent for that.',
        response: { 200: keyTest, ...errorResponses(404) },
      },
    },
    ({ client, params }) => keys.test(client.id, params.platformKey),
  );
};

export default routes;
