/**
 * Delivers what the outbox holds. Every worker runs one: it claims due deliveries, attempts them side by side, and writes down what
 * came of them. A delivery holds one place for as long as its request lasts and nothing else waits for it; a consumer that is down
 * loses its places to the others (see `policy.ts`).
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@tributary/logging';
import {
  type AttemptRecord,
  type ClaimedDelivery,
  claimDeliveries,
  type FailureCount,
  recordAttempts,
  releaseClaims,
  type Store,
} from '@tributary/store';
import type { Vault } from '@tributary/vault';
import { noWebhookMetrics, type WebhookMetrics } from './metrics.ts';
import { answerTimeoutMs, healthAfterFailure, isDelivered, nextAttemptDelayMs } from './policy.ts';
import type { AttemptResult, Sender } from './sender.ts';
import { signedHeaders, webhookSecretBinding } from './signature.ts';

export interface DispatcherDependencies {
  readonly store: Pick<Store, 'pool'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly sender: Sender;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly logger: Logger;
  readonly metrics?: WebhookMetrics;
  /** Requests at a time. */
  readonly places?: number;
  /** How long a claim lasts: longer than an attempt can take. */
  readonly leaseMs?: number;
}

export interface Dispatcher {
  /**
   * Claims what is due now and attempts it.
   * @returns once everything claimed is written down; how many attempts were made
   */
  deliverDue(): Promise<number>;
  /** Delivers until it is stopped, looking every `pollMs` for what has become due. */
  start(options?: { pollMs?: number }): { stop(): Promise<void> };
}

const defaultPlaces = 128;
const defaultLeaseMs = 2 * answerTimeoutMs;
/** How soon a new event is seen. */
const defaultPollMs = 400;
/** While there is work, how long places are let collect before they are filled again. */
const refillMs = 15;
/** Requests on their way get this long when the worker stops. */
const stopPatienceMs = 5_000;

export function createDispatcher(dependencies: DispatcherDependencies): Dispatcher {
  const { store, vault, sender, clock, logger, metrics = noWebhookMetrics } = dependencies;
  const { places = defaultPlaces, leaseMs = defaultLeaseMs } = dependencies;
  /** Consumers that fail may hold this many places. */
  const failingPlaces = Math.max(1, Math.floor(places / 4));
  const running = new Map<ClaimedDelivery, Promise<void>>();
  const recorder = createRecorder((attempts) => record(attempts));

  const judge = (count: FailureCount) => {
    const health = healthAfterFailure(count, clock());
    if (health.disabledReason !== undefined) {
      metrics.consumerDisabled();
      logger.warn(
        { consumerId: count.consumerId, reason: health.disabledReason },
        'webhook consumer disabled',
      );
    }
    return health;
  };

  async function record(attempts: readonly AttemptRecord[]): Promise<void> {
    const counted = await recordAttempts(store.pool, attempts, judge);
    if (counted.length < attempts.length)
      logger.warn({ lost: attempts.length - counted.length }, 'webhook attempts came too late to count');
  }

  async function attempt(delivery: ClaimedDelivery, signal: AbortSignal): Promise<void> {
    const startedAtMs = clock();
    const started = performance.now();
    const secrets = delivery.secrets.map(({ id, sealed }) =>
      vault.open(sealed, webhookSecretBinding(id, delivery.clientId)),
    );
    const { eventId: id, body, url } = delivery;
    const timestampSeconds = Math.floor(startedAtMs / 1000);
    const headers = signedHeaders(secrets, { id, timestampSeconds, body });
    const result = await sender.send({ url, headers, body, signal });
    const durationMs = Math.round(performance.now() - started);
    const entry = recordOf(delivery, result, { startedAtMs, durationMs, nowMs: clock() });
    await recorder.add(entry);
    metrics.deliveryAttempted({
      outcome: entry.outcome,
      statusCode: result.statusCode,
      durationMs,
      waitedMs: delivery.attempts === 0 ? Math.max(0, startedAtMs - delivery.eventAtMs) : undefined,
    });
  }

  const isFailing = ({ consumerFailures }: ClaimedDelivery): boolean => consumerFailures > 0;

  async function claim(signal: AbortSignal): Promise<number> {
    const free = places - running.size;
    if (free <= 0) return 0;
    const failing = [...running.keys()].filter(isFailing).length;
    const failingLimit = Math.max(0, failingPlaces - failing);
    const claimed = await claimDeliveries(store.pool, { nowMs: clock(), leaseMs, limit: free, failingLimit });
    for (const delivery of claimed) {
      const work = attempt(delivery, signal)
        .catch((error: unknown) => {
          // The claim runs out, and the delivery comes up again.
          if (!signal.aborted)
            logger.error({ error, deliveryId: delivery.id }, 'a webhook attempt was not written down');
        })
        .finally(() => running.delete(delivery));
      running.set(delivery, work);
    }
    return claimed.length;
  }

  return {
    async deliverDue() {
      const count = await claim(new AbortController().signal);
      await Promise.all(running.values());
      return count;
    },

    start({ pollMs = defaultPollMs } = {}) {
      const stopping = new AbortController();
      const cutting = new AbortController();
      const loop = async (): Promise<void> => {
        while (!stopping.signal.aborted) {
          const count = await claim(cutting.signal).catch((error: unknown) => {
            logger.warn({ error }, 'could not claim webhook deliveries; the next look tries again');
            return 0;
          });
          // Places free up one by one: a claim for each would cost more than the requests.
          const waitMs = count > 0 || running.size >= places ? refillMs : pollMs;
          await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
      };
      const looping = loop();
      return {
        async stop() {
          stopping.abort();
          await looping;
          const cut = setTimeout(() => cutting.abort(), stopPatienceMs);
          const left = [...running];
          await Promise.all(left.map(([, work]) => work));
          clearTimeout(cut);
          if (cutting.signal.aborted) {
            const claims = left.map(([delivery]) => delivery);
            await releaseClaims(store.pool, claims).catch(() => undefined);
          }
        },
      };
    },
  };
}

function recordOf(
  delivery: ClaimedDelivery,
  result: AttemptResult,
  times: { startedAtMs: number; durationMs: number; nowMs: number },
): AttemptRecord {
  const isOver = isDelivered(result.statusCode);
  const waitMs = isOver ? undefined : nextAttemptDelayMs(delivery.attempts + 1);
  const { startedAtMs, durationMs, nowMs } = times;
  return {
    deliveryId: delivery.id,
    fence: delivery.fence,
    consumerId: delivery.consumerId,
    wasFailing: delivery.consumerFailures > 0,
    startedAtMs,
    durationMs,
    ...result,
    outcome: isOver ? 'Succeeded' : waitMs === undefined ? 'Failed' : 'Pending',
    nextAttemptAtMs: waitMs === undefined ? undefined : nowMs + waitMs,
  };
}

/** Writes down what collects while it writes: one transaction for many attempts. */
function createRecorder(write: (attempts: readonly AttemptRecord[]) => Promise<void>) {
  let collected: { readonly entry: AttemptRecord; readonly done: (error?: unknown) => void }[] = [];
  let isWriting = false;
  const flush = async (): Promise<void> => {
    if (isWriting) return;
    isWriting = true;
    while (collected.length > 0) {
      const batch = collected;
      collected = [];
      const error = await write(batch.map(({ entry }) => entry)).catch((reason: unknown) => reason);
      for (const { done } of batch) done(error);
    }
    isWriting = false;
  };
  return {
    add: (entry: AttemptRecord): Promise<void> =>
      new Promise((resolve, reject) => {
        collected.push({ entry, done: (error) => (error === undefined ? resolve() : reject(error)) });
        void flush();
      }),
  };
}
