/**
 * When a delivery is attempted, and how a consumer that fails is treated; pure. Each attempt of the timetable follows the one before
 * it. The breaker of a consumer never moves the timetable of a single delivery by more than a minute: it is there for the many that
 * pile up behind a consumer that is down.
 */
import type { ConsumerHealth, FailureCount } from '@tributary/store';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Wait before each attempt. */
export const attemptDelaysMs: readonly number[] = [
  0,
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  10 * hourMs,
];

/** An answer has to come within this long. */
export const answerTimeoutMs = 15 * secondMs;

/** A consumer that nothing reached for so long is disabled. */
const patienceMs = 5 * dayMs;

/** Failures in a row from which on the breaker is open between attempts. */
const breakerFailures = 5;
const longestBlockMs = minuteMs;

/** How long after its last attempt a delivery is attempted again; undefined: it has had all its attempts. */
export function nextAttemptDelayMs(attemptsMade: number): number | undefined {
  return attemptDelaysMs[attemptsMade];
}

/** How long a consumer is left alone after so many failures in a row. */
function blockMs(failures: number): number {
  const over = failures - breakerFailures;
  return over < 0 ? 0 : Math.min(longestBlockMs, 5 * secondMs * 2 ** Math.min(over, 10));
}

/** How a consumer stands after a failure, its count included. */
export function healthAfterFailure(count: FailureCount, nowMs: number): ConsumerHealth {
  const failingSinceMs = count.failingSinceMs ?? nowMs;
  const block = blockMs(count.failures);
  return {
    consumerId: count.consumerId,
    failures: count.failures,
    failingSinceMs,
    blockedUntilMs: block === 0 ? undefined : nowMs + block,
    disabledReason:
      nowMs - failingSinceMs >= patienceMs
        ? `Nothing was delivered since ${new Date(failingSinceMs).toISOString()}`
        : undefined,
  };
}

/** Whether an answer's status says that the event arrived. */
export function isDelivered(statusCode: number | undefined): boolean {
  return statusCode !== undefined && statusCode >= 200 && statusCode < 300;
}
