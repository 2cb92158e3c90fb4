export * from './clock.ts';
export * from './connector.ts';
export { createPlatformDispatcher, type PlatformDispatcher } from './exchange.ts';
export * from './http.ts';
export * from './json-text.ts';
export * from './oauth2.ts';
export * from './offset-listing.ts';
export * from './pacer.ts';
export * from './platform-error.ts';
