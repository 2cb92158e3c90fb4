/** A real HTTP server that speaks for the platform, and a connector and a session that talk to it. */
import {
  type Connector,
  createLocalPacer,
  createPlatformDispatcher,
  createPlatformSession,
  type PlatformSession,
  type PullPage,
  type PullRequest,
} from '@tributary/connector-kit';
import { createManualClock, type ReceivedRequest, startTestServer } from '@tributary/connector-kit/testing';
import type { DataTypeKey } from '@tributary/model';
import { afterEach } from 'vitest';
import { createKashooConnector } from './connector.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export type Reply = string | { readonly status: number; readonly body?: string };

/** A platform that answers by path (lists are cut by `offset` and `limit`, and by `cap` if given); anything else is 404. */
export async function platform(
  answers: Readonly<Record<string, readonly unknown[] | Reply>>,
  options: { cap?: number; info?: Record<string, string> } = {},
) {
  const server = await startTestServer((request, response) => {
    const reply = replyTo(request, answers[request.url.pathname], options.cap);
    const { status, body = '{"error":"no"}' } =
      typeof reply === 'string' ? { status: 200, body: reply } : reply;
    response.writeHead(status, { 'content-type': 'application/json', date: 'Mon, 20 May 2024 08:00:00 GMT' });
    response.end(body);
  });
  const dispatcher = createPlatformDispatcher();
  cleanups.push(
    () => server.close(),
    () => dispatcher.destroy(),
  );
  const clock = createManualClock(Date.UTC(2024, 4, 20, 8));
  const connector = createKashooConnector({
    apiUrl: `${server.url}/api`,
    tsaApiUrl: `${server.url}/tsa`,
    oauthUrl: `${server.url}/oauth2`,
    authorizeUrl: 'https://platform.example/authorize',
    requestsPerSecond: 10,
    requestsPerHour: undefined,
    dispatcher,
    clock,
  });
  const session = createPlatformSession({
    baseUrl: `${server.url}/api`,
    businessId: '7',
    info: options.info ?? {},
    tokens: {
      current: async () => ({ accessToken: 't', version: 1 }),
      refresh: async () => ({ accessToken: 't', version: 2 }),
    },
    pacer: createLocalPacer({ requestsPerSecond: 1000, requestsPerHour: undefined, clock }),
    pacingKeys: ['application', 'connection'],
    clock,
    random: () => 0,
    dispatcher,
    limits: { maxAttempts: 1 },
  });
  return { server, connector, session };
}

function replyTo(
  request: ReceivedRequest,
  answer: readonly unknown[] | Reply | undefined,
  cap = 1000,
): Reply {
  if (answer === undefined) return { status: 404 };
  if (!Array.isArray(answer)) return answer as Reply;
  const { searchParams } = request.url;
  if (!searchParams.has('offset')) return JSON.stringify(answer);
  const offset = Number(searchParams.get('offset'));
  return JSON.stringify(answer.slice(offset, offset + Math.min(Number(searchParams.get('limit')), cap)));
}

export async function pulled(
  connector: Connector,
  session: PlatformSession,
  dataType: DataTypeKey,
  request: Partial<PullRequest> = {},
): Promise<PullPage[]> {
  const pages: PullPage[] = [];
  const pull = connector.pull(session, {
    dataType,
    modifiedSinceMs: undefined,
    fromDate: undefined,
    checkpoint: undefined,
    ...request,
  });
  for await (const page of pull) pages.push(page);
  return pages;
}

export const rawsOf = (pages: readonly PullPage[]) =>
  pages.flatMap(({ records }) => records.map(({ raw }) => raw));
export const idsOf = (pages: readonly PullPage[]) =>
  pages.flatMap(({ records }) => records.map(({ id }) => id));
