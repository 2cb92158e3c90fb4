import { instantText } from '@tributary/model';
import { isEventType } from '@tributary/webhooks';
import { z } from 'zod';
import { storedText } from '../http/text.ts';

const mostEventTypes = 100;
const mostCompanyTags = 10;
const longestCompanyTag = 128;

const eventTypes = z
  .array(
    z.string({ error: 'must be text' }).refine(isEventType, {
      error: ({ input }) => `there is no event type ${JSON.stringify(String(input).slice(0, 100))}`,
    }),
  )
  .max(mostEventTypes, { error: `must be at most ${mostEventTypes}` })
  .describe('Names of events, such as `read.completed`; none: every event.');

const companyTags = z
  .array(
    storedText({ maximum: longestCompanyTag }).refine((tag) => tag.includes(':'), {
      error: 'must have the form tagKey:tagValue',
    }),
  )
  .max(mostCompanyTags, { error: `must be at most ${mostCompanyTags}` })
  .describe('`tagKey:tagValue`, in exact case; only events of companies with one of these tags are sent.');

const disabled = z.boolean({ error: 'must be true or false' });
const url = storedText({ maximum: 2000 }).describe('An https URL on the public internet.');

export const newWebhookConsumer = z
  .object({
    url,
    eventTypes: eventTypes.nullish(),
    companyTags: companyTags.nullish(),
    disabled: disabled.nullish(),
  })
  .meta({ id: 'CreateWebhookConsumer' });

export const webhookConsumerUpdate = z
  .object({
    url: url.optional(),
    eventTypes: eventTypes.optional(),
    companyTags: companyTags.nullish().describe('null removes them.'),
    disabled: disabled.optional(),
  })
  .meta({ id: 'UpdateWebhookConsumer', description: 'What is left out stays as it is.' });

export const webhookConsumer = z
  .object({
    id: z.uuid(),
    url: z.string(),
    disabled: z.boolean(),
    eventTypes: z.array(z.string()),
    companyTags: z.array(z.string()).optional(),
    disabledReason: z.string().optional().describe('Why Tributary disabled it; enable it with PATCH.'),
    failingSince: instantText.optional().describe('The first failed attempt since the last success.'),
  })
  .meta({ id: 'WebhookConsumer', description: 'Where events are sent.' });

export type WebhookConsumer = z.output<typeof webhookConsumer>;

export const webhookSecret = z
  .object({ secret: z.string().describe('`whsec_…`: shown once. Verify with it what is sent.') })
  .meta({ id: 'WebhookSecret' });

export const createdWebhookConsumer = webhookConsumer
  .extend(webhookSecret.shape)
  .meta({ id: 'CreatedWebhookConsumer' });

const webhookAttempt = z
  .object({
    startedDate: instantText,
    durationMs: z.int(),
    statusCode: z.int().optional(),
    failure: z.string().optional().describe('Why there was no answer.'),
    responseExcerpt: z.string().optional().describe('The beginning of the answer’s body.'),
  })
  .meta({ id: 'WebhookAttempt' });

export const webhookDelivery = z
  .object({
    id: z.uuid(),
    eventId: z.uuid().describe('The header `webhook-id`, and `id` in the body.'),
    eventType: z.string(),
    companyId: z.uuid().optional(),
    status: z.enum(['Pending', 'Succeeded', 'Failed']),
    created: instantText,
    completed: instantText.optional(),
    nextAttempt: instantText.optional(),
    attempts: z.array(webhookAttempt),
  })
  .meta({ id: 'WebhookDelivery', description: 'One event for one consumer.' });

export type WebhookDelivery = z.output<typeof webhookDelivery>;

/** Properties that `query` and `orderBy` can name. */
export const webhookDeliveryFields = webhookDelivery.omit({ attempts: true, nextAttempt: true });

export const zapierKey = z
  .object({
    key: z.string().describe('Opens the routes of webhook consumers; the key before stops working.'),
  })
  .meta({ id: 'WebhookZapierKey' });
