export { createDispatcher, type Dispatcher } from './delivery/dispatcher.ts';
export { noWebhookMetrics, type WebhookMetrics } from './delivery/metrics.ts';
export { createSender, type Sender } from './delivery/sender.ts';
export { makeWebhookSecret, webhookSecretBinding } from './delivery/signature.ts';
export { webhookUrlProblem } from './delivery/target.ts';
export { connectionLinkUrl, connectionView } from './events/connection-view.ts';
export { isEventType } from './events/event-types.ts';
export { createEventWriter, type EndedRead, type EventWriter, noEvents } from './events/event-writer.ts';
