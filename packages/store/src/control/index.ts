/** The control plane's repositories. Each function takes the client's id first: what belongs to another client is not there. */
export * from './api-keys.ts';
export * from './client-integrations.ts';
export * from './clients.ts';
export * from './companies.ts';
export * from './connections.ts';
export * from './custom-data-types.ts';
export * from './erase.ts';
export * from './export.ts';
export * from './idempotency.ts';
export type { ListPage, ListRequest } from './listing.ts';
export * from './push-operations.ts';
export * from './supplemental-data.ts';
export * from './sync-settings.ts';
export * from './usage.ts';
