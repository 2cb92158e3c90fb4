/**
 * What can go wrong with a platform, as the engine and the Link pages must tell it apart.
 *
 * - `unavailable`: 5xx, time-out, broken connection, an answer that is no JSON: heals by itself, retried.
 * - `rateLimited`: the platform (or our own budget) asks to wait until `retryAtMs`.
 * - `accessRevoked`: the business withdrew access (`invalid_grant`): the connection becomes Deauthorized.
 * - `applicationKeysRejected`: our own client id or secret is wrong (`invalid_client`): an alert on the integration.
 * - `forbidden`: 403 for this user and data; other data types may still work.
 * - `notFound`: 404 where a collection was expected.
 * - `refreshLost`: a refresh was sent and its answer never came; the old token may be dead.
 * - `unexpected`: any other answer; not retried within the run.
 */
export type PlatformErrorCode =
  | 'unavailable'
  | 'rateLimited'
  | 'accessRevoked'
  | 'applicationKeysRejected'
  | 'forbidden'
  | 'notFound'
  | 'refreshLost'
  | 'unexpected';

export class PlatformError extends Error {
  readonly code: PlatformErrorCode;
  /** HTTP status of the answer, if there was one. */
  readonly status: number | undefined;
  /** Epoch milliseconds at which a `rateLimited` call may be repeated. */
  readonly retryAtMs: number | undefined;
  /** What a small business can do about it while it links, in its words; plain text. */
  readonly advice: string | undefined;
  /**
   * Whether a call that changes something may have done so although it failed: the answer was lost, or is no refusal. False where
   * the call never left, or the platform refused it.
   */
  readonly mayHaveTakenEffect: boolean;

  constructor(
    code: PlatformErrorCode,
    message: string,
    details: {
      status?: number;
      retryAtMs?: number;
      advice?: string;
      mayHaveTakenEffect?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'PlatformError';
    this.code = code;
    this.status = details.status;
    this.retryAtMs = details.retryAtMs;
    this.advice = details.advice;
    this.mayHaveTakenEffect = details.mayHaveTakenEffect ?? (code === 'unavailable' || code === 'unexpected');
  }
}
