/** OAuth 2 authorisation-code flow with client authentication by the Basic scheme. Source: RFC 6749, 2.3.1, 4.1, 5.1, 5.2, 6. */
import { randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { retryAfterMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { ApplicationKeys, OAuth2Authorization, TokenSet } from './connector.ts';
import { type ExchangeAnswer, ExchangeFailure, exchange } from './exchange.ts';
import { PlatformError } from './platform-error.ts';

export interface OAuth2ClientOptions {
  /** Where the browser goes. */
  readonly authorizeUrl: string;
  /** Where this server goes. */
  readonly tokenUrl: string;
  readonly scope: string;
  readonly clock: Clock;
  readonly dispatcher?: Dispatcher | undefined;
  readonly timeoutMs?: number;
}

const MAX_TOKEN_ANSWER_BYTES = 64 * 1024;
/** RFC 6749 recommends `expires_in` but does not require it; a token that dies earlier is noticed by a 401. */
const ASSUMED_LIFETIME_SECONDS = 3600;
const DEFAULT_RATE_LIMIT_MS = 60_000;

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.coerce.number().positive().nullish().catch(undefined),
  userId: z
    .union([z.string().min(1), z.number().int().transform(String)])
    .nullish()
    .catch(undefined),
});

const errorAnswer = z.object({ error: z.string() });

type Grant = 'authorization_code' | 'refresh_token';

/**
 * The flow of one platform. What a refusal means:
 * - `invalid_grant`: `accessRevoked` (of a code: it is used, expired or foreign)
 * - `invalid_client`, `unauthorized_client`, or 401: `applicationKeysRejected`
 * - 5xx: `unavailable`; 429: `rateLimited`
 * - a refresh that was sent and brought no readable answer: `refreshLost`, because the platform may have retired the old token
 */
export function createOAuth2Client(options: OAuth2ClientOptions): OAuth2Authorization {
  return {
    authorizeUrl({ clientId, redirectUri, state }) {
      const url = new URL(options.authorizeUrl);
      const parameters = {
        client_id: clientId,
        response_type: 'code',
        scope: options.scope,
        redirect_uri: redirectUri,
        state,
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return url.href;
    },
    exchangeCode: ({ keys, code, redirectUri, signal }) =>
      requestTokens(options, {
        keys,
        signal,
        grant: 'authorization_code',
        parameters: { code, redirect_uri: redirectUri },
      }),
    refresh: ({ keys, refreshToken, signal }) =>
      requestTokens(options, {
        keys,
        signal,
        grant: 'refresh_token',
        parameters: { refresh_token: refreshToken },
      }),
    checkKeys: async ({ keys, redirectUri, signal }) => {
      // Nobody was given this code. Who asks is looked at first (RFC 6749, 3.2.1): only keys that are known get as far as its refusal.
      const parameters = { code: `check-${randomUUID()}`, redirect_uri: redirectUri };
      try {
        await requestTokens(options, { keys, signal, grant: 'authorization_code', parameters });
      } catch (error) {
        if (!(error instanceof PlatformError && error.code === 'accessRevoked')) throw error;
      }
    },
  };
}

interface TokenRequest {
  readonly keys: ApplicationKeys;
  readonly signal: AbortSignal | undefined;
  readonly grant: Grant;
  readonly parameters: Readonly<Record<string, string>>;
}

async function requestTokens(options: OAuth2ClientOptions, request: TokenRequest): Promise<TokenSet> {
  const sentAtMs = options.clock.now();
  let answer: ExchangeAnswer;
  try {
    answer = await exchange({
      url: new URL(options.tokenUrl),
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${formEncoded(request.keys.clientId)}:${formEncoded(request.keys.clientSecret)}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams({ grant_type: request.grant, ...request.parameters }).toString(),
      timeoutMs: options.timeoutMs ?? 30_000,
      maxBodyBytes: MAX_TOKEN_ANSWER_BYTES,
      dispatcher: options.dispatcher,
      signal: request.signal,
    });
  } catch (error) {
    if (!(error instanceof ExchangeFailure)) throw error;
    throw lostAnswer(request.grant, error);
  }
  return tokensOf(answer, request.grant, sentAtMs);
}

/** The form encoding that RFC 6749 2.3.1 asks for before the Basic scheme joins id and secret with a colon. */
function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

function lostAnswer(grant: Grant, failure: ExchangeFailure): PlatformError {
  const details = { ...(failure.status === undefined ? {} : { status: failure.status }), cause: failure };
  return grant === 'refresh_token' && failure.reason !== 'notSent'
    ? new PlatformError(
        'refreshLost',
        `The token refresh was sent and its answer did not come: ${failure.message}`,
        details,
      )
    : new PlatformError(
        'unavailable',
        `The platform's token service cannot be reached: ${failure.message}`,
        details,
      );
}

function tokensOf(answer: ExchangeAnswer, grant: Grant, sentAtMs: number): TokenSet {
  const body = parsed(answer.text);
  if (answer.status < 200 || answer.status >= 300) throw refusal(answer, body, grant, sentAtMs);
  const tokens = tokenAnswer.safeParse(body);
  if (!tokens.success) {
    throw new PlatformError(
      grant === 'refresh_token' ? 'refreshLost' : 'unavailable',
      `The platform's token service gave an unreadable answer (${answer.contentType.slice(0, 80) || 'no content type'})`,
      { status: answer.status },
    );
  }
  const { access_token, refresh_token, expires_in, userId } = tokens.data;
  return {
    accessToken: access_token,
    ...(refresh_token ? { refreshToken: refresh_token } : {}),
    expiresAtMs: sentAtMs + (expires_in ?? ASSUMED_LIFETIME_SECONDS) * 1000,
    ...(userId ? { platformUserId: userId } : {}),
  };
}

function refusal(answer: ExchangeAnswer, body: unknown, grant: Grant, nowMs: number): PlatformError {
  const { status } = answer;
  const code = errorAnswer.safeParse(body).data?.error;
  // Only a code of the registered form is shown: a platform that echoes the request would put a secret into the log.
  const shownCode = code !== undefined && /^[a-z_]{1,40}$/.test(code) ? code : undefined;
  if (code === 'invalid_grant') {
    const what =
      grant === 'refresh_token'
        ? 'Access was revoked at the platform'
        : 'The platform refused the authorisation code';
    return new PlatformError('accessRevoked', `${what} (invalid_grant)`, { status });
  }
  if (code === 'invalid_client' || code === 'unauthorized_client' || status === 401) {
    return new PlatformError(
      'applicationKeysRejected',
      `The platform rejected the application keys (${shownCode ?? status})`,
      { status },
    );
  }
  if (status === 429) {
    const waitMs =
      retryAfterMs(answer.retryAfter, { nowMs, platformTimeMs: answer.platformTimeMs }) ??
      DEFAULT_RATE_LIMIT_MS;
    return new PlatformError('rateLimited', "The platform's token service limits the rate of requests", {
      status,
      retryAtMs: nowMs + waitMs,
    });
  }
  if (status >= 500 || code === 'temporarily_unavailable') {
    return new PlatformError('unavailable', `The platform's token service answered ${status}`, { status });
  }
  const shown = shownCode === undefined ? '' : ` (${shownCode})`;
  return new PlatformError('unexpected', `The platform's token service answered ${status}${shown}`, {
    status,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
