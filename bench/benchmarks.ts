/** Every benchmark, in the order of the table. */
import type { Benchmark } from './framework/benchmark.ts';
import { mixedLoad } from './serving/mixed-load.ts';
import { serving } from './serving/serving.ts';
import { fullSync } from './sync/full-sync.ts';
import { million } from './sync/million.ts';
import { platformLimit } from './sync/platform-limit.ts';
import { resync } from './sync/resync.ts';
import { rowByRow } from './sync/row-by-row.ts';
import { schedules } from './sync/schedules.ts';
import { startUp } from './sync/start-up.ts';
import { twoWorkers } from './sync/two-workers.ts';
import { webhookDelivery } from './webhooks/delivery.ts';

export const benchmarks: readonly Benchmark[] = [
  fullSync,
  resync,
  million,
  platformLimit,
  twoWorkers,
  schedules,
  startUp,
  rowByRow,
  webhookDelivery,
  serving,
  mixedLoad,
];
