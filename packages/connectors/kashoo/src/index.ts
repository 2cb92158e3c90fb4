export { createKashooConnector, type KashooSettings } from './connector.ts';
