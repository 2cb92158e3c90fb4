import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { companyParameters } from '../../http/validation.ts';
import { createProductService } from '../../services/products.ts';

const productParameters = companyParameters.extend({
  productIdentifier: z
    .string()
    .regex(/^[\w.-]{1,100}$/, { error: 'must have 1 to 100 letters, digits, points, dashes or underscores' })
    .describe('A name of the client’s own.'),
});

const refreshRequest = z
  .object({ dataTypes: z.array(z.string()).optional().describe('Default: every data type of the platform.') })
  .nullish()
  .meta({ id: 'RefreshProduct' });

const routes: FastifyPluginAsyncZod = async (app) => {
  const products = createProductService(app.dependencies);
  const path = '/companies/:companyId/products/:productIdentifier';
  const shared = { tags: ['Companies'], params: productParameters };

  app.put(
    path,
    {
      schema: {
        ...shared,
        operationId: 'add-product',
        summary: 'Add product',
        description: 'A label of the client’s own; adding it twice is adding it once.',
        response: { 204: z.undefined().describe('Added.'), ...errorResponses(400, 404) },
      },
    },
    async ({ client, params }, reply) => {
      await products.add(client.id, params.companyId, params.productIdentifier);
      return reply.code(204).send();
    },
  );

  app.delete(
    path,
    {
      schema: {
        ...shared,
        operationId: 'remove-product',
        summary: 'Remove product',
        response: { 204: z.undefined().describe('Removed.'), ...errorResponses(400, 404) },
      },
    },
    async ({ client, params }, reply) => {
      await products.remove(client.id, params.companyId, params.productIdentifier);
      return reply.code(204).send();
    },
  );

  app.post(
    `${path}/refresh`,
    {
      schema: {
        ...shared,
        operationId: 'refresh-product-data',
        summary: 'Refresh product data',
        body: refreshRequest,
        response: { 202: z.undefined().describe('Requested.'), ...errorResponses(400, 404, 409, 413, 415) },
      },
    },
    async ({ client, params, body, correlationId }, reply) => {
      const { companyId, productIdentifier } = params;
      await products.refresh(client.id, companyId, productIdentifier, body?.dataTypes, correlationId);
      return reply.code(202).send();
    },
  );
};

export default routes;
