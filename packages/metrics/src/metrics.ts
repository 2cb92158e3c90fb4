import type { SyncMetrics } from '@tributary/sync';
import type { WebhookMetrics } from '@tributary/webhooks';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ApiMetrics } from './api-metrics.ts';
import { createApiInstruments, createSyncInstruments, createWebhookInstruments } from './instruments.ts';
import { type WatchedState, watchState } from './state.ts';

/** The metrics of one process. */
export interface Metrics extends SyncMetrics, ApiMetrics, WebhookMetrics {
  /** From now on the shared state is shown too. */
  watch(state: WatchedState): void;
  /** Everything in Prometheus' text format. Never rejects: what cannot be read is left out. */
  render(): Promise<{ contentType: string; text: string }>;
}

/** Classes of answers: a rate limit is told apart from other refusals. */
function statusClass(status: number | undefined): string {
  if (status === undefined) return 'none';
  return status === 429 ? '429' : `${Math.floor(status / 100)}xx`;
}

/** What became of a delivery, as a label says it. */
const attemptOutcomes = { Succeeded: 'delivered', Pending: 'retry', Failed: 'given_up' } as const;

const seconds = (milliseconds: number): number => Math.max(0, milliseconds) / 1000;

/** Makes the metrics of a process, with a registry of their own; `process_…` and `nodejs_…` come with them. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const sync = createSyncInstruments(registry);
  const api = createApiInstruments(registry);
  const webhooks = createWebhookInstruments(registry);
  let bringUpToDate = async (): Promise<void> => undefined;
  return {
    runEnded({ dataType, trigger, status, durationMs }) {
      // Names that clients gave their own data types would be labels without end.
      const [data_type = ''] = dataType.split('/', 1);
      sync.runs.inc({ data_type, trigger, status });
      if (durationMs !== undefined) sync.runSeconds.observe({ data_type, status }, seconds(durationMs));
    },
    writeEnded({ dataType: data_type, action, status, durationMs }) {
      sync.writes.inc({ data_type, action, status });
      sync.writeSeconds.observe({ data_type, status }, seconds(durationMs));
    },
    writeLookedFor: ({ platformKey: platform, outcome }) => sync.writeSearches.inc({ platform, outcome }),
    recordsWritten(dataType, counts) {
      for (const [outcome, count] of Object.entries(counts)) {
        if (count > 0) sync.records.inc({ data_type: dataType, outcome }, count);
      }
    },
    upstreamRequest({ platformKey: platform, status, durationMs }) {
      const labels = { platform, status: statusClass(status) };
      sync.upstreamRequests.inc(labels);
      sync.upstreamSeconds.observe(labels, seconds(durationMs));
    },
    rateLimitWait({ platformKey: platform, kind, waitMs }) {
      const word = kind === 'inPlace' ? 'in_place' : 'postponed';
      sync.rateLimitSeconds.observe({ platform, kind: word }, seconds(waitMs));
    },
    runAdmitted: (waitMs) => sync.admissionSeconds.observe(seconds(waitMs)),
    leaseTakenOver: () => sync.takeovers.inc(),
    tokenRefreshed: ({ platformKey: platform, outcome }) => sync.tokenRefreshes.inc({ platform, outcome }),
    requestAnswered({ method, route = 'unmatched', status, durationMs }) {
      api.requestSeconds.observe({ method, route, status: String(status) }, seconds(durationMs));
    },
    deliveryAttempted({ outcome, statusCode, durationMs, waitedMs }) {
      webhooks.attempts.inc({ outcome: attemptOutcomes[outcome], status: statusClass(statusCode) });
      webhooks.attemptSeconds.observe(seconds(durationMs));
      if (waitedMs !== undefined) webhooks.latencySeconds.observe(seconds(waitedMs));
    },
    consumerDisabled: () => webhooks.disabled.inc(),
    watch(state) {
      bringUpToDate = watchState(registry, state);
    },
    async render() {
      await bringUpToDate();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
