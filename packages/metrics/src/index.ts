export type { ApiMetrics } from './api-metrics.ts';
export { type MetricsListener, MetricsListenerError, startMetricsListener } from './listener.ts';
export { createMetrics, type Metrics } from './metrics.ts';
