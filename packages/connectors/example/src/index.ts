export { createExampleConnector } from './connector.ts';
