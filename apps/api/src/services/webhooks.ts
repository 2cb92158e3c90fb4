import { randomBytes } from 'node:crypto';
import { fieldsOf, instant } from '@tributary/model';
import {
  createWebhookConsumerRepository,
  hashApiKey,
  listDeliveries,
  makeApiKey,
  maximumWebhookConsumers,
  replayDelivery,
  type WebhookAttemptRow,
  type WebhookConsumerChange,
  type WebhookConsumerRow,
  type WebhookDeliveryRow,
} from '@tributary/store';
import { makeWebhookSecret, webhookSecretBinding, webhookUrlProblem } from '@tributary/webhooks';
import type { AppDependencies } from '../dependencies.ts';
import { badRequest, conflict, notFound, refused } from '../errors.ts';
import { readListQuery } from '../http/list-query.ts';
import type { PageOf, PagingQuery } from '../http/paging.ts';
import { type WebhookConsumer, type WebhookDelivery, webhookDeliveryFields } from '../schemas/webhooks.ts';

interface NewConsumer {
  readonly url: string;
  readonly eventTypes?: readonly string[] | null | undefined;
  readonly companyTags?: readonly string[] | null | undefined;
  readonly disabled?: boolean | null | undefined;
}

type ConsumerChange = Omit<WebhookConsumerChange, 'companyTags'> & Pick<NewConsumer, 'companyTags'>;

export interface WebhookService {
  list(clientId: string): Promise<{ results: WebhookConsumer[] }>;
  get(clientId: string, consumerId: string): Promise<WebhookConsumer>;
  /** @throws ApiError 400 for a URL that is not allowed, and when there are as many consumers as there may be */
  create(clientId: string, consumer: NewConsumer): Promise<WebhookConsumer & { secret: string }>;
  update(clientId: string, consumerId: string, change: ConsumerChange): Promise<WebhookConsumer>;
  delete(clientId: string, consumerId: string): Promise<void>;
  /** The old secret stays valid for a day. @throws ApiError 409 after several rotations within one */
  rotateSecret(clientId: string, consumerId: string): Promise<{ secret: string }>;
  deliveries(clientId: string, consumerId: string, paging: PagingQuery): Promise<PageOf<WebhookDelivery>>;
  /** Sends an event again. @throws ApiError 409 while the consumer is disabled */
  replay(clientId: string, consumerId: string, deliveryId: string): Promise<WebhookDelivery>;
  /** Makes a key for Zapier; the one before stops working. */
  rotateZapierKey(clientId: string): Promise<{ key: string }>;
}

const secretOverlapMs = 24 * 3_600_000;
const integrationKeyPrefix = 'sk_integ_';

/** Whether a key says of itself that it is one for Zapier. */
export const isIntegrationKey = (key: string): boolean => key.startsWith(integrationKeyPrefix);

export function createWebhookService(dependencies: AppDependencies): WebhookService {
  const { store, vault, newId, allowPrivateTargets } = dependencies;
  const consumers = createWebhookConsumerRepository(store);
  const fields = fieldsOf(webhookDeliveryFields);

  const checkUrl = (url: string): void => {
    const problem = webhookUrlProblem(url, { allowPrivateTargets });
    if (problem !== undefined) throw refused('body.url', problem, 'WebhookUrl');
  };

  const newSecret = (clientId: string) => {
    const id = newId();
    const secret = makeWebhookSecret(randomBytes);
    return { secret, stored: { id, sealed: vault.seal(secret, webhookSecretBinding(id, clientId)) } };
  };

  async function find(clientId: string, consumerId: string): Promise<WebhookConsumerRow> {
    const row = await consumers.find(clientId, consumerId);
    if (row === undefined) throw notFound('webhook consumer');
    return row;
  }

  return {
    async list(clientId) {
      return { results: (await consumers.list(clientId)).map(consumerView) };
    },

    async get(clientId, consumerId) {
      return consumerView(await find(clientId, consumerId));
    },

    async create(clientId, { url, eventTypes, companyTags, disabled }) {
      checkUrl(url);
      const { secret, stored } = newSecret(clientId);
      const row = await consumers.create(clientId, {
        id: newId(),
        url,
        eventTypes: unique(eventTypes ?? []),
        companyTags: unique(companyTags ?? []),
        disabled: disabled ?? false,
        secret: stored,
      });
      if (row === undefined)
        throw badRequest(`There are ${maximumWebhookConsumers} webhook consumers already; delete one first.`);
      return { ...consumerView(row), secret };
    },

    async update(clientId, consumerId, { companyTags, eventTypes, ...change }) {
      if (change.url !== undefined) checkUrl(change.url);
      const row = await consumers.update(clientId, consumerId, {
        ...change,
        eventTypes: eventTypes && unique(eventTypes),
        companyTags: companyTags === null ? [] : companyTags && unique(companyTags),
      });
      if (row === undefined) throw notFound('webhook consumer');
      return consumerView(row);
    },

    async delete(clientId, consumerId) {
      if (!(await consumers.delete(clientId, consumerId))) throw notFound('webhook consumer');
    },

    async rotateSecret(clientId, consumerId) {
      const { secret, stored } = newSecret(clientId);
      const rotation = { secret: stored, overlapMs: secretOverlapMs };
      const outcome = await consumers.rotateSecret(clientId, consumerId, rotation);
      if (outcome === 'notFound') throw notFound('webhook consumer');
      if (outcome === 'tooMany')
        throw conflict('The secret was rotated several times within a day; wait until older ones expire.');
      return { secret };
    },

    async deliveries(clientId, consumerId, paging) {
      await find(clientId, consumerId);
      const request = readListQuery(paging, fields);
      const { rows, total, ...page } = await listDeliveries(store.pool, clientId, consumerId, request);
      return { results: rows.map(deliveryView), totalResults: total, ...page };
    },

    async replay(clientId, consumerId, deliveryId) {
      const consumer = await find(clientId, consumerId);
      if (consumer.disabled) throw conflict('The webhook consumer is disabled; enable it first.');
      const row = await replayDelivery(store.pool, clientId, consumerId, deliveryId);
      if (row === undefined) throw notFound('delivery');
      return deliveryView(row);
    },

    async rotateZapierKey(clientId) {
      const key = `${integrationKeyPrefix}${makeApiKey()}`;
      await consumers.replaceIntegrationKey(clientId, hashApiKey(key));
      return { key };
    },
  };
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

function consumerView(row: WebhookConsumerRow): WebhookConsumer {
  return {
    id: row.id,
    url: row.url,
    disabled: row.disabled,
    eventTypes: [...row.eventTypes],
    ...(row.companyTags.length > 0 && { companyTags: [...row.companyTags] }),
    ...(row.disabledReason !== null && { disabledReason: row.disabledReason }),
    ...(row.failingSince !== null && { failingSince: instant(row.failingSince) }),
  };
}

function deliveryView(row: WebhookDeliveryRow): WebhookDelivery {
  return {
    id: row.id,
    eventId: row.eventId,
    eventType: row.eventType,
    ...(row.companyId !== null && { companyId: row.companyId }),
    status: row.status,
    created: instant(row.createdAt),
    ...(row.settledAt !== null && { completed: instant(row.settledAt) }),
    ...(row.nextAttemptAt !== null && { nextAttempt: instant(row.nextAttemptAt) }),
    attempts: row.attempts.map(attemptView),
  };
}

function attemptView({ startedAt, durationMs, statusCode, failure, excerpt }: WebhookAttemptRow) {
  return {
    startedDate: instant(startedAt),
    durationMs,
    ...(statusCode !== null && { statusCode }),
    ...(failure !== null && { failure }),
    ...(excerpt !== null && { responseExcerpt: excerpt }),
  };
}
