export { createKashFlowConnector, type KashFlowSettings } from './connector.ts';
