/** Webhooks: the outbox, consumers with their secrets, deliveries and their log. */
export * from './claims.ts';
export * from './consumers.ts';
export * from './deliveries.ts';
export * from './event-facts.ts';
export * from './outbox.ts';
export * from './quota-events.ts';
export * from './secrets.ts';
