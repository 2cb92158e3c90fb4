/** Every metric that is counted as things happen, by name. Labels are few by design: none names a client, a company or a run. */
import { Counter, Histogram, type Registry } from 'prom-client';

/** Seconds of calls over a network. */
const callBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Seconds of what waits or works in the background. */
const longBuckets = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400];

/** Counters and histograms of the sync engine. */
export function createSyncInstruments(registry: Registry) {
  const registers = [registry];
  return {
    runs: new Counter({
      name: 'tributary_runs_total',
      help: 'Runs that came to their end, by data type, trigger and final status.',
      labelNames: ['data_type', 'trigger', 'status'],
      registers,
    }),
    runSeconds: new Histogram({
      name: 'tributary_run_duration_seconds',
      help: 'From the first claim of a run to its end, waits included.',
      labelNames: ['data_type', 'status'],
      buckets: longBuckets,
      registers,
    }),
    writes: new Counter({
      name: 'tributary_writes_total',
      help: 'Writes to platforms that came to their end, by data type, action and final status.',
      labelNames: ['data_type', 'action', 'status'],
      registers,
    }),
    writeSeconds: new Histogram({
      name: 'tributary_write_duration_seconds',
      help: 'From the request for a write to its end.',
      labelNames: ['data_type', 'status'],
      buckets: longBuckets,
      registers,
    }),
    writeSearches: new Counter({
      name: 'tributary_write_searches_total',
      help: 'Writes whose answer was lost and that were looked for at the platform, by outcome: found, absent, unknown.',
      labelNames: ['platform', 'outcome'],
      registers,
    }),
    records: new Counter({
      name: 'tributary_records_total',
      help: 'Records of committed pages by outcome: read, inserted, changed, unchanged, deleted, quarantined.',
      labelNames: ['data_type', 'outcome'],
      registers,
    }),
    upstreamRequests: new Counter({
      name: 'tributary_upstream_requests_total',
      help: 'Calls to platforms, each attempt by itself, by class of the answer: 2xx, 3xx, 4xx, 429, 5xx, none.',
      labelNames: ['platform', 'status'],
      registers,
    }),
    upstreamSeconds: new Histogram({
      name: 'tributary_upstream_request_duration_seconds',
      help: 'Time until the answer of a platform was read, or given up on.',
      labelNames: ['platform', 'status'],
      buckets: callBuckets,
      registers,
    }),
    rateLimitSeconds: new Histogram({
      name: 'tributary_rate_limit_wait_seconds',
      help: "Waits for a platform's rate limit: in_place in a worker, or postponed with the run put off.",
      labelNames: ['platform', 'kind'],
      buckets: longBuckets,
      registers,
    }),
    admissionSeconds: new Histogram({
      name: 'tributary_run_admission_wait_seconds',
      help: 'From the request for a run to its place on the queue.',
      buckets: longBuckets,
      registers,
    }),
    takeovers: new Counter({
      name: 'tributary_lease_takeovers_total',
      help: 'Runs taken over from a worker that had let its lease run out.',
      registers,
    }),
    tokenRefreshes: new Counter({
      name: 'tributary_token_refreshes_total',
      help: 'Token refreshes by outcome: refreshed, or what the platform made of it.',
      labelNames: ['platform', 'outcome'],
      registers,
    }),
  };
}

/** Histogram of the API; its count is the number of requests. */
export function createApiInstruments(registry: Registry) {
  return {
    requestSeconds: new Histogram({
      name: 'tributary_http_request_duration_seconds',
      help: 'Requests to the API by route and status, from arrival to the last byte.',
      labelNames: ['method', 'route', 'status'],
      buckets: callBuckets,
      registers: [registry],
    }),
  };
}

/** Counters and histograms of webhook deliveries. */
export function createWebhookInstruments(registry: Registry) {
  const registers = [registry];
  return {
    attempts: new Counter({
      name: 'tributary_webhook_attempts_total',
      help: 'Requests to webhook consumers by what became of the delivery (delivered, retry, given_up) and class of the answer.',
      labelNames: ['outcome', 'status'],
      registers,
    }),
    attemptSeconds: new Histogram({
      name: 'tributary_webhook_attempt_duration_seconds',
      help: 'Time until a webhook consumer answered, or was given up on.',
      buckets: callBuckets,
      registers,
    }),
    latencySeconds: new Histogram({
      name: 'tributary_webhook_latency_seconds',
      help: 'From an event to the first attempt to deliver it.',
      buckets: callBuckets,
      registers,
    }),
    disabled: new Counter({
      name: 'tributary_webhook_consumers_disabled_total',
      help: 'Webhook consumers that were disabled because nothing reached them.',
      registers,
    }),
  };
}
