import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { integrationParameters } from '../../schemas/integrations.ts';
import { newSupplementalData, supplementalDataConfiguration } from '../../schemas/supplemental-data.ts';
import { createSupplementalDataService } from '../../services/supplemental-data.ts';

const routes: FastifyPluginAsyncZod = async (app) => {
  const supplemental = createSupplementalDataService(app.dependencies);
  const path = '/integrations/:platformKey/dataTypes/:dataType/supplementalDataConfig';
  const shared = {
    tags: ['Supplemental data'],
    params: integrationParameters.extend({ dataType: z.string() }),
  };

  app.put(
    path,
    {
      schema: {
        ...shared,
        operationId: 'configure-supplemental-data',
        summary: 'Configure supplemental data',
        description:
          'Replaces what is picked out of the platform’s records and shown as `supplementalData.content`: from the next sync on, in records that are stored already as well.',
        body: newSupplementalData,
        response: { 200: z.undefined().describe('Saved.'), ...errorResponses(400, 404, 413, 415) },
      },
    },
    async ({ client, params, body }, reply) => {
      const { platformKey, dataType } = params;
      await supplemental.save(client.id, platformKey, dataType, body.supplementalDataConfig);
      return reply.code(200).send();
    },
  );

  app.get(
    path,
    {
      schema: {
        ...shared,
        operationId: 'get-supplemental-data-configuration',
        summary: 'Get supplemental data configuration',
        response: { 200: supplementalDataConfiguration, ...errorResponses(404) },
      },
    },
    ({ client, params }) => supplemental.get(client.id, params.platformKey, params.dataType),
  );
};

export default routes;
