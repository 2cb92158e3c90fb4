/** What the checks share: a connector that talks to a running platform, sessions, recorded exchanges and failures. */
import type { DataTypeKey } from '@tributary/model';
import type { Clock } from '../clock.ts';
import type {
  Connector,
  Lookup,
  MappingOutcome,
  OAuth2Authorization,
  PlatformSession,
  PullPage,
  PullRequest,
  TokenSet,
  WireRecord,
} from '../connector.ts';
import { credentialsOf, tokensOfCredentials } from '../credentials.ts';
import { createPlatformDispatcher, type PlatformDispatcher } from '../exchange.ts';
import { createPlatformSession, type Exchange, type SessionLimits, type TokenSource } from '../http.ts';
import { createLocalPacer } from '../pacer.ts';
import { PlatformError } from '../platform-error.ts';
import type { ConformanceOptions, OAuth2PlatformUnderTest, PlatformUnderTest } from './platform.ts';

/** A clock that runs on, and jumps ahead instead of sleeping. */
export interface SkippingClock extends Clock {
  /** What `sleep` was asked for, in order. */
  readonly slept: number[];
}

export function createSkippingClock(): SkippingClock {
  let aheadMs = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.now() + aheadMs,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      slept.push(milliseconds);
      aheadMs += milliseconds;
    },
  };
}

/** The session of one consent, and what happened in it. */
export interface Visit {
  readonly session: PlatformSession;
  readonly tokens: TokenSource & { readonly refreshes: number; readonly pair: TokenSet };
  /** Every attempt since the visit began, or since `forget`. */
  readonly exchanges: readonly Exchange[];
  /** Every wait since then, in milliseconds. */
  slept(): readonly number[];
  forget(): void;
  abort(reason: Error): void;
}

export interface Stage {
  readonly platform: PlatformUnderTest;
  readonly connector: Connector;
  readonly clock: SkippingClock;
  /** Everything that must never be shown. */
  readonly secrets: Set<string>;
  /** Every text that the connector and its sessions showed to others: messages of errors, exchanges. */
  readonly shown: string[];
  /** Consents as the business does; a fresh pair of tokens. */
  grant(): Promise<TokenSet>;
  /** A session for the first business of a fresh consent. */
  visit(limits?: Partial<SessionLimits>): Promise<Visit>;
  /** The pages of a data type's listing on healthy books, read once. */
  healthy(dataType: DataTypeKey): Promise<readonly PullPage[]>;
  close(): Promise<void>;
}

/** No healthy listing of the sandbox needs nearly as many; a loop without an end is cut here. */
const MOST_REQUESTS = 1500;

export async function openStage(options: ConformanceOptions): Promise<Stage> {
  const platform = await options.startPlatform();
  const dispatcher = createPlatformDispatcher();
  const clock = createSkippingClock();
  const connector = options.createConnector({ origin: platform.origin, clock, dispatcher });
  const secrets = new Set('keys' in platform ? [platform.keys.clientSecret] : []);
  const shown: string[] = [];
  const healthyPages = new Map<DataTypeKey, Promise<readonly PullPage[]>>();

  const grant = async (): Promise<TokenSet> => {
    if (!('consent' in platform)) {
      const credentials = await platform.signIn();
      secrets.add(credentials.password);
      return tokensOfCredentials(credentials);
    }
    const { oauth2, keys, redirectUri } = oauth2Of({ platform, connector });
    const authorizeUrl = oauth2.authorizeUrl({ clientId: keys.clientId, redirectUri, state: 'conformance' });
    const code = (await platform.consent(authorizeUrl)).searchParams.get('code') ?? '';
    const tokens = await oauth2.exchangeCode({ keys, code, redirectUri });
    for (const secret of [code, tokens.accessToken, tokens.refreshToken]) if (secret) secrets.add(secret);
    return tokens;
  };

  const visit = async (limits: Partial<SessionLimits> = {}): Promise<Visit> => {
    const tokens = createMemoryTokens({ platform, connector, secrets }, await grant());
    const recorder = createRecorder(clock, shown);
    const open = (businessId: string | undefined, info: Readonly<Record<string, string>>) =>
      createPlatformSession({
        baseUrl: connector.apiUrl(info),
        businessId,
        info,
        tokens,
        dialect: connector.dialect,
        pacer: createLocalPacer({
          requestsPerSecond: 10_000,
          requestsPerHour: undefined,
          // Of its own, so that waits for slots do not count as waits for the platform.
          clock: createSkippingClock(),
        }),
        pacingKeys: ['application', 'connection'],
        clock,
        random: () => 0.5,
        limits,
        dispatcher: dispatcher satisfies PlatformDispatcher,
        signal: recorder.signal,
        observe: recorder.observe,
      });
    const username = 'signIn' in platform ? credentialsOf(tokens.pair.accessToken).username : undefined;
    const [business] = await connector.listBusinesses(open(undefined, {}), username);
    if (business === undefined) throw new Error('The user who consents has no business');
    recorder.forget();
    return { session: open(business.id, business.info), tokens, ...recorder };
  };

  return {
    platform,
    connector,
    clock,
    secrets,
    shown,
    grant,
    visit,
    healthy: (dataType) => {
      const known = healthyPages.get(dataType);
      if (known !== undefined) return known;
      const reading = visit().then(({ session }) => readAll(connector, session, { dataType }));
      healthyPages.set(dataType, reading);
      return reading;
    },
    async close() {
      await dispatcher.destroy();
      await platform.stop();
    },
  };
}

/** What a platform with OAuth 2 is authorised with. */
export function oauth2Of({ platform, connector }: Pick<Stage, 'platform' | 'connector'>): Omit<
  OAuth2PlatformUnderTest,
  'origin'
> & {
  readonly oauth2: OAuth2Authorization;
} {
  if (!('consent' in platform) || connector.oauth2 === undefined)
    throw new Error('The platform and its connector do not both authorise by OAuth 2');
  return { ...platform, oauth2: connector.oauth2 };
}

function createRecorder(clock: SkippingClock, shown: string[]) {
  const controller = new AbortController();
  const exchanges: Exchange[] = [];
  let sleptBefore = clock.slept.length;
  return {
    signal: controller.signal,
    exchanges,
    slept: () => clock.slept.slice(sleptBefore),
    forget() {
      exchanges.length = 0;
      sleptBefore = clock.slept.length;
    },
    abort: (reason: Error) => controller.abort(reason),
    observe(exchange: Exchange) {
      exchanges.push(exchange);
      shown.push(JSON.stringify(exchange));
      if (exchanges.length > MOST_REQUESTS)
        controller.abort(new Error(`More than ${MOST_REQUESTS} requests: a loop without an end`));
    },
  };
}

/** The tokens of one consent, kept in memory and refreshed at the platform, once for each version. */
function createMemoryTokens(
  stage: Pick<Stage, 'connector' | 'platform' | 'secrets'>,
  first: TokenSet,
): Visit['tokens'] {
  let pair = first;
  let version = 1;
  let refreshes = 0;
  let running: Promise<void> | undefined;
  const renew = async (): Promise<void> => {
    refreshes += 1;
    if ('signIn' in stage.platform)
      throw new PlatformError('accessRevoked', 'User name and password are no longer accepted');
    const { oauth2, keys } = oauth2Of(stage);
    const granted = await oauth2.refresh({
      keys,
      refreshToken: pair.refreshToken ?? '',
    });
    for (const secret of [granted.accessToken, granted.refreshToken]) if (secret) stage.secrets.add(secret);
    pair = { ...pair, ...granted };
    version += 1;
  };
  const current = () => ({ accessToken: pair.accessToken, version });
  return {
    get refreshes() {
      return refreshes;
    },
    get pair() {
      return pair;
    },
    current: async () => current(),
    async refresh(staleVersion) {
      if (staleVersion < version) return current();
      running ??= renew().finally(() => {
        running = undefined;
      });
      await running;
      return current();
    },
  };
}

const pullRequest = (request: Partial<PullRequest> & { dataType: DataTypeKey }): PullRequest => ({
  modifiedSinceMs: undefined,
  fromDate: undefined,
  checkpoint: undefined,
  ...request,
});

/** All pages of a listing. */
export async function readAll(
  connector: Connector,
  session: PlatformSession,
  request: Partial<PullRequest> & { dataType: DataTypeKey },
): Promise<PullPage[]> {
  return (await readUntilFailure(connector, session, request, true)).pages;
}

/** The pages that came before the listing failed, and its failure if it did; thrown instead when `rethrow` is set. */
export async function readUntilFailure(
  connector: Connector,
  session: PlatformSession,
  request: Partial<PullRequest> & { dataType: DataTypeKey },
  rethrow = false,
): Promise<{ pages: PullPage[]; failure: unknown }> {
  const pages: PullPage[] = [];
  try {
    for await (const page of connector.pull(session, pullRequest(request))) {
      pages.push(page);
      if (pages.length > MOST_REQUESTS) throw new Error('The listing does not end');
    }
  } catch (failure) {
    if (rethrow) throw failure;
    return { pages, failure };
  }
  return { pages, failure: undefined };
}

export const recordsOf = (pages: readonly PullPage[]): WireRecord[] =>
  pages.flatMap(({ records }) => records);
export const warningsOf = (pages: readonly PullPage[]) => pages.flatMap(({ warnings }) => warnings);
/** Raw text by id; what came later replaces what came before, as the store does it. */
export const rawById = (pages: readonly PullPage[]): Map<string, string> =>
  new Map(recordsOf(pages).map(({ id, raw }): [string, string] => [id, raw]));
/** By id, for comparing. */
export const sorted = (raws: ReadonlyMap<string, string>): [string, string][] =>
  [...raws].toSorted(([one], [other]) => (one < other ? -1 : 1));

export function mapAll(
  connector: Connector,
  dataType: DataTypeKey,
  pages: readonly PullPage[],
  lookup: Lookup,
): MappingOutcome[] {
  return recordsOf(pages).map((record) => connector.map(dataType, record, lookup));
}

/** The PlatformError that the promise rejects with; its texts are remembered as shown. Anything else is thrown on. */
export async function platformErrorOf(stage: Stage, promise: Promise<unknown>): Promise<PlatformError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof PlatformError) {
      noteError(stage, error);
      return error;
    }
    throw error;
  }
  throw new Error('Expected a PlatformError, and nothing was thrown');
}

function noteError(stage: Stage, error: unknown): void {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    stage.shown.push(`${cause.name}: ${cause.message}\n${cause.stack ?? ''}`);
}
