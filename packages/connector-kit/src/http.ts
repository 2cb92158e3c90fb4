/**
 * A session: authorised, paced, bounded and retried access to one business at a platform.
 *
 * What a call does with an answer
 * - 2xx (or a status that the caller accepts): returned, when it can be an answer of the platform (JSON, unless it has another dialect).
 * - 401: the token source is asked for a newer version than the one used, and the call repeated, a few times at most.
 * - 429: waits as the platform asks, in place when short, else thrown as `rateLimited`.
 * - 5xx, broken connections, time-outs, answers that cannot be the platform's: repeated a few times with short waits, then `unavailable`.
 *   A call that may have changed something at the platform is repeated only when it never left this machine.
 * - 3xx is not followed; 403, 404 and everything else are thrown at once.
 */
import type { Dispatcher } from 'undici';
import { jitteredBackoffMs, retryAfterMs } from './backoff.ts';
import { bearerJson } from './bearer-json.ts';
import type { Clock } from './clock.ts';
import type { Dialect, PlatformRequest, PlatformResponse, PlatformSession } from './connector.ts';
import { type ExchangeAnswer, ExchangeFailure, exchange } from './exchange.ts';
import type { Pacer } from './pacer.ts';
import { PlatformError } from './platform-error.ts';
import { redactedExcerpt, redactedPath } from './redaction.ts';

/** An access token and the version of the credential that it came from. */
export interface AccessToken {
  readonly accessToken: string;
  readonly version: number;
}

/** The connection's tokens. Errors are {@link PlatformError}s and pass through the session as they are. */
export interface TokenSource {
  current(): Promise<AccessToken>;
  /** A newer version than `staleVersion`: the one stored meanwhile by somebody else, or a refreshed one. */
  refresh(staleVersion: number): Promise<AccessToken>;
  /** Told once per version that the platform accepted it. */
  confirmed?(version: number): void;
}

/** One attempt of one call, for the request log. Holds no secret, and nothing about a person. */
export interface Exchange {
  readonly method: PlatformRequest['method'];
  /** Path below the API base with its query, redacted. */
  readonly path: string;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Length of the (decompressed) body. */
  readonly bytes: number;
  /** From 1, within one call. */
  readonly attempt: number;
  /** Why no complete answer came. */
  readonly failure?: string;
  /** The beginning of an answer that is no success, redacted, to find out later what the platform meant. */
  readonly errorExcerpt?: string;
}

export interface SessionLimits {
  /** Of one attempt, from sending to the last byte. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** Attempts at one call before its failure is thrown; repeats after a 401 do not count. */
  readonly maxAttempts: number;
  /** Waits from here on are thrown, so that they hold no worker. */
  readonly longestWaitInPlaceMs: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = {
  timeoutMs: 60_000,
  maxBodyBytes: 64 * 1024 * 1024,
  maxAttempts: 4,
  longestWaitInPlaceMs: 2000,
};

export interface PlatformSessionOptions {
  /** Without a trailing slash; from the environment alone. */
  readonly baseUrl: string;
  readonly businessId: string | undefined;
  readonly info: Readonly<Record<string, string>>;
  readonly tokens: TokenSource;
  /** Default: bearer token and JSON. */
  readonly dialect?: Dialect | undefined;
  readonly pacer: Pacer;
  /** Budgets that each attempt draws on: the application key's and the connection's. */
  readonly pacingKeys: readonly string[];
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  readonly limits?: Partial<SessionLimits>;
  readonly dispatcher?: Dispatcher;
  /** Stops every call and wait at once; its reason is thrown. */
  readonly signal?: AbortSignal;
  readonly observe?: (exchange: Exchange) => void;
  /** Told of each wait in place that the platform's own limit (429) causes, before it begins. */
  readonly onRateLimitWait?: (waitMs: number) => void;
  /** Sent with each call as `X-Request-Id`. */
  readonly requestId?: string;
}

/** Repeats of one call after a 401, each with a newer token; one that no token opens is left to the token source to judge. */
const MAX_TOKEN_RENEWALS = 3;
const ERROR_EXCERPT_LENGTH = 2048;
const FAILURE_BACKOFF = { baseMs: 200, factor: 3, longestMs: 1900 };
const RATE_LIMIT_BACKOFF = { baseMs: 1000, factor: 2, longestMs: 60_000 };

/** A session over HTTP. See the top of this file for what it does with each answer. */
export function createPlatformSession(options: PlatformSessionOptions): PlatformSession {
  const limits: SessionLimits = { ...DEFAULT_SESSION_LIMITS, ...options.limits };
  const confirmedVersions = new Set<number>();
  const confirm = (version: number): void => {
    if (confirmedVersions.has(version)) return;
    confirmedVersions.add(version);
    options.tokens.confirmed?.(version);
  };
  return {
    businessId: options.businessId,
    info: options.info,
    request: (request) => callWithRetries(request, { options, limits, confirm }),
  };
}

interface SessionContext {
  readonly options: PlatformSessionOptions;
  readonly limits: SessionLimits;
  readonly confirm: (version: number) => void;
}

async function callWithRetries(request: PlatformRequest, context: SessionContext): Promise<PlatformResponse> {
  const { options, limits } = context;
  let renewed: AccessToken | undefined;
  let failures = 0;
  let renewals = 0;
  for (let attempt = 1; ; attempt += 1) {
    await options.pacer.take(options.pacingKeys, options.signal);
    // After the wait for a slot, not before: a short-lived token may not outlive it.
    const stored = await options.tokens.current();
    const token = renewed !== undefined && renewed.version > stored.version ? renewed : stored;
    await request.beforeSending?.();
    const sent = await send(request, token, attempt, context);
    const verdict = judge(request, sent, context);
    if (provesToken(verdict)) context.confirm(token.version);
    switch (verdict.kind) {
      case 'answer':
        return verdict.response;
      case 'thrown':
        throw verdict.error;
      case 'unauthorized':
        renewals += 1;
        if (renewals > MAX_TOKEN_RENEWALS) throw verdict.error;
        renewed = await options.tokens.refresh(token.version);
        break;
      default: {
        failures += 1;
        const waitMs = verdict.waitMs(failures - 1);
        if (failures >= limits.maxAttempts || waitMs >= limits.longestWaitInPlaceMs)
          throw verdict.error(waitMs);
        if (sent.status === 429) options.onRateLimitWait?.(waitMs);
        await options.clock.sleep(waitMs, options.signal);
      }
    }
  }
}

/** A refusal of this very call says that the platform has read and accepted the token; a failure of its own says nothing. */
function provesToken(verdict: Verdict): boolean {
  if (verdict.kind === 'thrown')
    return verdict.error.code === 'forbidden' || verdict.error.code === 'notFound';
  return verdict.kind === 'answer';
}

type Sent = ExchangeAnswer | ExchangeFailure;

async function send(
  request: PlatformRequest,
  token: AccessToken,
  attempt: number,
  context: SessionContext,
): Promise<Sent> {
  const { options, limits } = context;
  const url = new URL(options.baseUrl + request.path);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.append(name, String(value));
  }
  const { headers, body } = (options.dialect ?? bearerJson).outgoing(request, token.accessToken);
  const operation = request.operation === undefined ? '' : `/${request.operation}`;
  const startedAtMs = options.clock.now();
  const observed = (outcome: Pick<Exchange, 'status' | 'bytes' | 'failure' | 'errorExcerpt'>): void => {
    options.observe?.({
      method: request.method,
      path: redactedPath(request.path + operation + url.search),
      startedAtMs,
      durationMs: options.clock.now() - startedAtMs,
      attempt,
      ...outcome,
    });
  };
  try {
    const answer = await exchange({
      url,
      method: request.method,
      headers: {
        ...headers,
        ...(options.requestId === undefined ? {} : { 'x-request-id': options.requestId }),
      },
      body,
      timeoutMs: limits.timeoutMs,
      maxBodyBytes: limits.maxBodyBytes,
      dispatcher: options.dispatcher,
      signal: options.signal,
    });
    const isSuccess = answer.status >= 200 && answer.status < 300;
    observed({
      status: answer.status,
      bytes: answer.body.length,
      ...(isSuccess || answer.body.length === 0
        ? {}
        : { errorExcerpt: redactedExcerpt(answer.text, ERROR_EXCERPT_LENGTH) }),
    });
    return answer;
  } catch (error) {
    if (!(error instanceof ExchangeFailure)) throw error;
    observed({ status: error.status, bytes: 0, failure: error.message });
    return error;
  }
}

type Verdict =
  | { readonly kind: 'answer'; readonly response: PlatformResponse }
  | { readonly kind: 'thrown'; readonly error: PlatformError }
  | { readonly kind: 'unauthorized'; readonly error: PlatformError }
  /** Worth another attempt. */
  | {
      readonly kind: 'later';
      readonly waitMs: (failures: number) => number;
      readonly error: (waitMs: number) => PlatformError;
    };

function judge(request: PlatformRequest, sent: Sent, context: SessionContext): Verdict {
  const where = request.operation ?? `${request.method} ${request.path}`;
  if (sent instanceof ExchangeFailure) return judgeFailure(request, sent, where, context);
  const { status, body, platformTimeMs, location } = sent;
  const response = {
    status,
    body,
    get text() {
      return sent.text;
    },
    platformTimeMs,
    ...(location === undefined ? {} : { location }),
  };
  if (request.accept?.includes(status)) return { kind: 'answer', response };
  if (status >= 200 && status < 300) {
    const problem = (context.options.dialect ?? bearerJson).problemOf(request, sent);
    if (problem === undefined) return { kind: 'answer', response };
    return unavailable(request, `${where}: ${problem}`, context, { status });
  }
  if (status === 429) return rateLimited(sent, where, context);
  if (status >= 500 || status === 408) {
    const waitMs = retryAfterMs(sent.retryAfter, {
      nowMs: context.options.clock.now(),
      platformTimeMs: sent.platformTimeMs,
    });
    return unavailable(request, `${where}: the platform answered ${status}`, context, { status, waitMs });
  }
  const error = (code: PlatformError['code'], what: string, mayHaveTakenEffect = false) =>
    new PlatformError(code, `${where}: ${what}`, { status, mayHaveTakenEffect });
  if (status === 401) return { kind: 'unauthorized', error: error('unavailable', 'no token was accepted') };
  if (status === 403)
    return { kind: 'thrown', error: error('forbidden', 'the authorising user may not read this') };
  if (status === 404) return { kind: 'thrown', error: error('notFound', 'the platform does not have it') };
  if (status >= 300 && status < 400)
    return { kind: 'thrown', error: error('unexpected', 'redirects are not followed', true) };
  const isRefusal = status >= 400;
  return { kind: 'thrown', error: error('unexpected', `the platform answered ${status}`, !isRefusal) };
}

function judgeFailure(
  request: PlatformRequest,
  failure: ExchangeFailure,
  where: string,
  context: SessionContext,
): Verdict {
  const details = { status: failure.status, cause: failure, neverSent: failure.reason === 'notSent' };
  const message = `${where}: ${failure.message}`;
  if (failure.reason !== 'tooLarge') return unavailable(request, message, context, details);
  return { kind: 'thrown', error: new PlatformError('unexpected', message, errorDetails(details)) };
}

function rateLimited(answer: ExchangeAnswer, where: string, context: SessionContext): Verdict {
  const { clock, random } = context.options;
  const asked = retryAfterMs(answer.retryAfter, {
    nowMs: clock.now(),
    platformTimeMs: answer.platformTimeMs,
  });
  return {
    kind: 'later',
    waitMs: (failures) => asked ?? jitteredBackoffMs(failures, random, RATE_LIMIT_BACKOFF),
    error: (waitMs) =>
      new PlatformError('rateLimited', `${where}: the platform limits the rate of requests`, {
        status: answer.status,
        // Whoever repeats the call starts counting anew, so a limit that outlasts all attempts earns a real pause.
        retryAtMs: clock.now() + Math.max(waitMs, context.limits.longestWaitInPlaceMs),
      }),
  };
}

function unavailable(
  request: PlatformRequest,
  message: string,
  context: SessionContext,
  details: { status?: number | undefined; waitMs?: number | undefined; cause?: unknown; neverSent?: boolean },
): Verdict {
  const { clock, random } = context.options;
  const repeatable = request.method === 'GET' || request.isRead === true || details.neverSent === true;
  return {
    kind: 'later',
    waitMs: (failures) =>
      repeatable
        ? (details.waitMs ?? jitteredBackoffMs(failures, random, FAILURE_BACKOFF))
        : Number.POSITIVE_INFINITY,
    error: (waitMs) =>
      new PlatformError('unavailable', message, {
        ...errorDetails(details),
        mayHaveTakenEffect: details.neverSent !== true,
        ...(details.waitMs === undefined ? {} : { retryAtMs: clock.now() + waitMs }),
      }),
  };
}

function errorDetails(details: { status?: number | undefined; cause?: unknown }): {
  status?: number;
  cause?: unknown;
} {
  return {
    ...(details.status === undefined ? {} : { status: details.status }),
    ...(details.cause === undefined ? {} : { cause: details.cause }),
  };
}
