import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { uuidParameter } from '../../http/validation.ts';
import {
  createdWebhookConsumer,
  newWebhookConsumer,
  webhookConsumer,
  webhookConsumerUpdate,
  webhookSecret,
  zapierKey,
} from '../../schemas/webhooks.ts';
import { createWebhookService } from '../../services/webhooks.ts';
import deliveries from './deliveries.ts';

const tags = ['Webhooks'];
const params = z.object({ webhookId: uuidParameter });
/** Zapier manages consumers with a key of its own. */
const config = { integrationKey: true };

const routes: FastifyPluginAsyncZod = async (app) => {
  await app.register(deliveries);
  const webhooks = createWebhookService(app.dependencies);

  app.get(
    '/webhooks',
    {
      config,
      schema: {
        operationId: 'list-webhook-consumers',
        summary: 'List webhook consumers',
        tags,
        response: { 200: z.object({ results: z.array(webhookConsumer) }), ...errorResponses() },
      },
    },
    (request) => webhooks.list(request.client.id),
  );

  app.post(
    '/webhooks',
    {
      config,
      schema: {
        operationId: 'create-webhook-consumer',
        summary: 'Create webhook consumer',
        description: 'The answer holds the signing secret, this once. A client has at most 50 consumers.',
        tags,
        body: newWebhookConsumer,
        response: { 201: createdWebhookConsumer, ...errorResponses(400, 413, 415) },
      },
    },
    async (request, reply) => reply.code(201).send(await webhooks.create(request.client.id, request.body)),
  );

  app.get(
    '/webhooks/:webhookId',
    {
      config,
      schema: {
        operationId: 'get-webhook-consumer',
        summary: 'Get webhook consumer',
        tags,
        params,
        response: { 200: webhookConsumer, ...errorResponses(400, 404) },
      },
    },
    (request) => webhooks.get(request.client.id, request.params.webhookId),
  );

  app.patch(
    '/webhooks/:webhookId',
    {
      config: { audited: ['disabled'] },
      schema: {
        operationId: 'update-webhook-consumer',
        summary: 'Update webhook consumer',
        description: 'Also enables a consumer again that was disabled because nothing reached it.',
        tags,
        params,
        body: webhookConsumerUpdate,
        response: { 200: webhookConsumer, ...errorResponses(400, 404, 413, 415) },
      },
    },
    (request) => webhooks.update(request.client.id, request.params.webhookId, request.body),
  );

  app.delete(
    '/webhooks/:webhookId',
    {
      config,
      schema: {
        operationId: 'delete-webhook-consumer',
        summary: 'Delete webhook consumer',
        description: 'With its deliveries and their log.',
        tags,
        params,
        response: { 204: z.undefined().describe('Deleted.'), ...errorResponses(400, 404) },
      },
    },
    async (request, reply) => {
      await webhooks.delete(request.client.id, request.params.webhookId);
      return reply.code(204).send();
    },
  );

  app.post(
    '/webhooks/:webhookId/rotateSecret',
    {
      schema: {
        operationId: 'rotate-webhook-secret',
        summary: 'Rotate signing secret',
        description:
          'The old secret stays valid for 24 hours: meanwhile every request carries both signatures.',
        tags,
        params,
        response: { 200: webhookSecret, ...errorResponses(400, 404, 409) },
      },
    },
    (request) => webhooks.rotateSecret(request.client.id, request.params.webhookId),
  );

  app.post(
    '/webhooks/integrationKeys/zapier',
    {
      schema: {
        operationId: 'rotate-zapier-key',
        summary: 'Rotate Zapier key',
        description: 'Makes the key with which Zapier manages consumers; the one before stops working.',
        tags,
        response: { 201: zapierKey, ...errorResponses() },
      },
    },
    async (request, reply) => reply.code(201).send(await webhooks.rotateZapierKey(request.client.id)),
  );
};

export default routes;
