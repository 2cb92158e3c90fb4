/** A session that talks to a real HTTP server, which answers as the test says. */
import type { ServerResponse } from 'node:http';
import { afterEach } from 'vitest';
import { createPlatformDispatcher } from './exchange.ts';
import {
  createPlatformSession,
  type Exchange,
  type PlatformSessionOptions,
  type TokenSource,
} from './http.ts';
import { createLocalPacer } from './pacer.ts';
import { PlatformError } from './platform-error.ts';
import { createManualClock, type ReceivedRequest, sendJson, startTestServer } from './testing.ts';

export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server that gives one answer after the other, repeating the last, and a session that talks to it. */
export async function session(answers: readonly Answer[], options: Partial<PlatformSessionOptions> = {}) {
  let next = 0;
  const server = await startTestServer((request, response) => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    answer?.(response, request);
  });
  const dispatcher = createPlatformDispatcher();
  cleanups.push(
    () => server.close(),
    () => dispatcher.destroy(),
  );
  return { server, ...sessionTo(server.url, { dispatcher, ...options }) };
}

export function sessionTo(baseUrl: string, options: Partial<PlatformSessionOptions>) {
  const clock = createManualClock();
  const observed: Exchange[] = [];
  const tokens = options.tokens ?? countingTokens();
  return {
    clock,
    observed,
    ...createPlatformSession({
      baseUrl,
      businessId: '7',
      info: {},
      tokens,
      clock,
      random: () => 0.5,
      pacer: createLocalPacer({ requestsPerSecond: 1000, requestsPerHour: undefined, clock }),
      pacingKeys: ['application', 'connection'],
      observe: (exchange) => observed.push(exchange),
      ...options,
      limits: { timeoutMs: 5000, ...options.limits },
    }),
  };
}

/** Hands out `token-1`, and the next one for each refresh. */
export function countingTokens(confirmed: number[] = []): TokenSource & { readonly refreshed: number[] } {
  let version = 1;
  const refreshed: number[] = [];
  const token = () => ({ accessToken: `token-${version}`, version });
  return {
    refreshed,
    current: async () => token(),
    async refresh(staleVersion) {
      refreshed.push(staleVersion);
      version = Math.max(version, staleVersion + 1);
      return token();
    },
    confirmed: (accepted) => confirmed.push(accepted),
  };
}

export const get = { method: 'GET', path: '/things' } as const;
export const ok: Answer = (response) => sendJson(response, '[1]');
export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    sendJson(response, '{"error":"told"}', { status: code, headers });

export async function failureOf(promise: Promise<unknown>): Promise<PlatformError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PlatformError) return error;
  throw new Error(`Expected a PlatformError, got ${String(error)}`);
}
