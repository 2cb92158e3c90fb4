/** A platform that asks for more than a day is taken to mean a day: nothing may be put off for ever. */
const LONGEST_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

const DELTA_SECONDS = /^[0-9]+(?:\.[0-9]+)?$/;

/**
 * What a `Retry-After` header asks for, in milliseconds from now; undefined when it is absent or makes no sense.
 * An HTTP date is read against the answer's own `Date`, so that a platform whose clock is off is still obeyed.
 * Source: RFC 9110, 10.2.3.
 */
export function retryAfterMs(
  header: string | undefined,
  answer: { readonly nowMs: number; readonly platformTimeMs: number | undefined },
): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  if (DELTA_SECONDS.test(text)) return Math.min(Math.ceil(Number(text) * 1000), LONGEST_RETRY_AFTER_MS);
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) return undefined;
  const waitMs = atMs - (answer.platformTimeMs ?? answer.nowMs);
  return Math.min(Math.max(waitMs, 0), LONGEST_RETRY_AFTER_MS);
}

/**
 * Exponential wait with full jitter: a random share of `baseMs · factor^failures`, at most `longestMs`.
 * `failures` counts from 0; `random` gives a number in [0, 1).
 */
export function jitteredBackoffMs(
  failures: number,
  random: () => number,
  shape: { readonly baseMs: number; readonly factor: number; readonly longestMs: number },
): number {
  return Math.floor(random() * Math.min(shape.baseMs * shape.factor ** failures, shape.longestMs));
}
