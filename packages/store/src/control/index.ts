/** The control plane's repositories. Each function takes the client's id first: what belongs to another client is not there. */
export * from './api-keys.ts';
export * from './clients.ts';
export * from './settings.ts';
export * from './usage.ts';
