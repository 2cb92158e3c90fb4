export interface WebhookConsumer {
  readonly id: string;
  readonly url: string;
  readonly disabled: boolean;
  readonly eventTypes: readonly string[];
  readonly companyTags?: readonly string[];
  readonly disabledReason?: string;
  readonly failingSince?: string;
}

interface WebhookAttempt {
  readonly startedDate: string;
  readonly durationMs: number;
  readonly statusCode?: number;
  readonly failure?: string;
  readonly responseExcerpt?: string;
}

export interface WebhookDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly companyId?: string;
  readonly status: 'Pending' | 'Succeeded' | 'Failed';
  readonly created: string;
  readonly completed?: string;
  readonly nextAttempt?: string;
  readonly attempts: readonly WebhookAttempt[];
}

export const webhooksPath = '/webhooks';

/** Events that can be chosen one by one; the API knows others, for written records. */
export const eventTypes = [
  'company.created',
  'company.deleted',
  'connection.created',
  'connection.connected',
  'connection.failed',
  'connection.disconnected',
  'connection.reconnected',
  'connection.deleted',
  'read.completed',
  'read.completed.initial',
  'client.rateLimit.reached',
  'client.rateLimit.reset',
];
