export * from './connector.ts';
export * from './platform-error.ts';
