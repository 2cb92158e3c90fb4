import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { pageEnvelope, pageOf, pagingQuery } from '../../http/paging.ts';
import { uuidParameter } from '../../http/validation.ts';
import { webhookDelivery } from '../../schemas/webhooks.ts';
import { createWebhookService } from '../../services/webhooks.ts';

const tags = ['Webhooks'];
const deliveryPage = pageOf(webhookDelivery).meta({ id: 'WebhookDeliveries' });

const routes: FastifyPluginAsyncZod = async (app) => {
  const webhooks = createWebhookService(app.dependencies);

  app.get(
    '/webhooks/:webhookId/deliveries',
    {
      schema: {
        operationId: 'list-webhook-deliveries',
        summary: 'List deliveries',
        description: 'What was sent to a consumer, or is still to be sent, with every attempt.',
        tags,
        params: z.object({ webhookId: uuidParameter }),
        querystring: pagingQuery,
        response: { 200: deliveryPage, ...errorResponses(400, 404) },
      },
    },
    async (request) => {
      const { webhookId } = request.params;
      const page = await webhooks.deliveries(request.client.id, webhookId, request.query);
      return pageEnvelope({ url: request.url, paging: request.query, ...page });
    },
  );

  app.post(
    '/webhooks/:webhookId/deliveries/:deliveryId/replay',
    {
      schema: {
        operationId: 'replay-webhook-delivery',
        summary: 'Replay delivery',
        description: 'Sends the event again at once, with the same id and body, and with all its attempts.',
        tags,
        params: z.object({ webhookId: uuidParameter, deliveryId: uuidParameter }),
        response: { 200: webhookDelivery, ...errorResponses(400, 404, 409) },
      },
    },
    (request) => {
      const { webhookId, deliveryId } = request.params;
      return webhooks.replay(request.client.id, webhookId, deliveryId);
    },
  );
};

export default routes;
