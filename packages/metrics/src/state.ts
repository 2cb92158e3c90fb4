/** Metrics that are looked up when they are asked for: the queue, the runs that are active, the database pool. */
import type { JobQueue } from '@tributary/queue';
import { readActiveRuns, readOutboxState, type Store } from '@tributary/store';
import { Gauge, type Registry } from 'prom-client';

export interface WatchedState {
  readonly store: Pick<Store, 'pool'>;
  readonly queue: Pick<JobQueue, 'depth'>;
}

/**
 * Registers gauges of the shared state. Every process shows the same queue and runs: take the greatest, not the sum. What cannot be
 * read, because the database or the queue is away, is left out, and `tributary_state_readable` says so.
 * @returns brings the gauges up to date; never rejects
 */
export function watchState(registry: Registry, { store, queue }: WatchedState): () => Promise<void> {
  const { pool } = store;
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const jobs = gauge('tributary_queue_jobs', 'Jobs on the queue by state: waiting, delayed, active.', [
    'state',
  ]);
  const runs = gauge(
    'tributary_active_runs',
    'Runs that have not ended, by state: unadmitted, queued, running, postponed, orphaned (its worker is gone).',
    ['state'],
  );
  const oldest = gauge(
    'tributary_oldest_waiting_run_seconds',
    'Age of the oldest run that could start and has no worker; 0 when none waits.',
  );
  const outbox = gauge(
    'tributary_webhook_deliveries',
    'Webhook deliveries that are not settled, by state: due, scheduled (for another attempt).',
    ['state'],
  );
  const oldestDelivery = gauge(
    'tributary_oldest_webhook_delivery_seconds',
    'How long a webhook delivery has been due, the longest of those whose breaker is closed; 0 when none is.',
  );
  const breakers = gauge(
    'tributary_webhook_open_breakers',
    'Webhook consumers that are left alone for a moment because they fail.',
  );
  const connections = gauge(
    'tributary_database_pool_connections',
    'Connections of the process to PostgreSQL by state: used, idle.',
    ['state'],
  );
  const waiting = gauge(
    'tributary_database_pool_waiting',
    'Callers in the process that wait for a database connection.',
  );
  const size = gauge(
    'tributary_database_pool_size',
    'Most connections that the process opens to PostgreSQL.',
  );
  const readable = gauge('tributary_state_readable', '1 when the source could be read just now, else 0.', [
    'source',
  ]);
  size.set(pool.options.max);

  const readQueue = async (): Promise<void> => {
    for (const [state, count] of Object.entries(await queue.depth('sync-run'))) jobs.set({ state }, count);
  };
  const readRuns = async (): Promise<void> => {
    const { oldestWaitingMs, ...states } = await readActiveRuns(pool);
    for (const [state, count] of Object.entries(states)) runs.set({ state }, count);
    oldest.set(oldestWaitingMs / 1000);
  };
  const readOutbox = async (): Promise<void> => {
    const { due, scheduled, oldestDueMs, openBreakers } = await readOutboxState(pool);
    outbox.set({ state: 'due' }, due);
    outbox.set({ state: 'scheduled' }, scheduled);
    oldestDelivery.set(oldestDueMs / 1000);
    breakers.set(openBreakers);
  };
  const look = async (source: string, read: () => Promise<void>, forget: () => void): Promise<void> => {
    try {
      await read();
      readable.set({ source }, 1);
    } catch {
      // An old value would look like a true one.
      forget();
      readable.set({ source }, 0);
    }
  };

  return async () => {
    connections.set({ state: 'idle' }, pool.idleCount);
    connections.set({ state: 'used' }, pool.totalCount - pool.idleCount);
    waiting.set(pool.waitingCount);
    await Promise.all([
      look('queue', readQueue, () => jobs.reset()),
      look('database', readRuns, () => {
        runs.reset();
        oldest.remove();
      }),
      look('webhooks', readOutbox, () => {
        outbox.reset();
        oldestDelivery.remove();
        breakers.remove();
      }),
    ]);
  };
}
