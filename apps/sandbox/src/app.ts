import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import formbody from '@fastify/formbody';
import fastify, { type FastifyInstance, type FastifyRequest, type FastifyServerOptions } from 'fastify';
import { ZodError } from 'zod';
import { createFaultBoard, faultProblems } from './control/faults.ts';
import type { FaultAction, FaultTools } from './control/kinds/kind.ts';
import { controlRoutes } from './control/routes.ts';
import { parseJson } from './exact/json.ts';
import { createKashFlowAccess, type KashFlowAccess } from './kashflow/access.ts';
import { kashFlowRoutes, operationOf } from './kashflow/routes.ts';
import { DatasetError, datasetBooks } from './kashoo/books/dataset.ts';
import { generateBooks } from './kashoo/books/generate.ts';
import { makeLiveEdits } from './kashoo/edits/live.ts';
import { Refusal } from './kashoo/errors.ts';
import { createLibrary, type Library } from './kashoo/library.ts';
import { bearerOf, createAccess } from './kashoo/routes/access.ts';
import { kashooRoutes } from './kashoo/routes/index.ts';
import { MOST_PER_PAGE } from './kashoo/routes/query.ts';
import { type Authority, createAuthority } from './oauth/authority.ts';
import { oauthRoutes } from './oauth/routes.ts';

export interface SandboxOptions {
  /** Same seed and size, on the same day: the same books to the byte. Default 1. */
  seed?: number;
  /** Records per business, 50 to 1,000,000. Default 2000. */
  size?: number;
  /** Path of a CSV file of sales lines: the default user's business is built from it. */
  dataset?: string | undefined;
  clientId?: string;
  clientSecret?: string;
  /** Books and grants are kept below `<dataDir>/sandbox`. Default: a temporary folder that goes away on close. */
  dataDir?: string | undefined;
  /** The platform's clock. */
  clock?: () => Date;
  /** Lifetime of an access token. Default 3600. */
  tokenSeconds?: number;
  /** The books of every opened business change a little every few seconds. */
  live?: boolean;
  /** The most rows that one page of a listing holds, whatever was asked for. Default 1000. */
  pageLimit?: number;
  /** Fault switches that are set from the start, as `POST /control/faults` takes them. */
  faults?: readonly unknown[];
  logger?: FastifyServerOptions['logger'];
  /** One more platform, with routes of its own; consents, tokens, faults and the clock are the sandbox's. */
  platform?: {
    readonly prefix: string;
    readonly routes: (app: FastifyInstance, options: PlatformRoutesOptions, done: () => void) => void;
  };
}

/** What routes of a further platform may ask of the sandbox. */
export interface PlatformRoutesOptions {
  /** The user whose access token a request carries. Throws `Refusal` when it carries none that is valid. */
  userOf(request: FastifyRequest): bigint;
  /** When the sandbox was started, epoch milliseconds. */
  nowMs: number;
}

const LIVE_INTERVAL_MS = 3_000;

function sha256(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    throw new DatasetError(
      path,
      undefined,
      `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * A stand-in for Kashoo and KashFlow, ready to listen: Kashoo's consent page and tokens below `/oauth2`, its data below `/api` and
 * `/tsa/api`, KashFlow's service at `/kashflow/service.asmx`, switches below `/control`. The default user's books are complete when this resolves; other books are built on first use.
 * Throws `DatasetError` when the dataset cannot be read, `RangeError` when a fault switch is wrong. Closing the instance frees everything.
 */
export async function buildSandbox(options: SandboxOptions = {}): Promise<FastifyInstance> {
  const {
    seed = 1,
    size = 2000,
    dataset,
    clientId = 'sandbox',
    clientSecret = 'sandbox-secret',
    clock = () => new Date(),
    tokenSeconds = 3600,
    pageLimit = MOST_PER_PAGE,
    faults: switches = [],
  } = options;
  const problems = faultProblems(switches);
  if (problems.length > 0) throw new RangeError(problems.join('; '));
  const nowMs = (): number => clock().getTime();
  const fingerprint = dataset === undefined ? '' : sha256(dataset);
  const directory =
    options.dataDir === undefined
      ? mkdtempSync(join(tmpdir(), 'tributary-sandbox-'))
      : join(options.dataDir, 'sandbox');
  mkdirSync(directory, { recursive: true });

  const library = createLibrary({
    directory,
    withDataset: dataset !== undefined,
    recipeOf: ({ source }) => (source === 'dataset' ? fingerprint : `${seed}/${size}`),
    fill: (store) =>
      store.book.profile.source === 'dataset' && dataset !== undefined
        ? datasetBooks(store, dataset)
        : generateBooks({ store, seed, size, nowMs: nowMs() }),
  });
  const authority = createAuthority({
    path: join(directory, 'oauth.sqlite'),
    nowMs,
    tokenSeconds,
    secret: () => randomBytes(24).toString('base64url'),
  });
  const release = (): void => {
    library.close();
    authority.close();
    if (options.dataDir === undefined) rmSync(directory, { recursive: true, force: true });
  };
  try {
    const [first] = library.businesses;
    if (first) await library.open(first);
  } catch (error) {
    release();
    throw error;
  }

  const app = fastify({
    logger: options.logger ?? false,
    forceCloseConnections: true,
    bodyLimit: 10_485_760,
  });
  app.addHook('onClose', async () => release());
  useExactJson(app);
  useErrorAnswers(app);
  await app.register(formbody);

  const undisturbed = randomBytes(16).toString('hex');
  const kashFlow = createKashFlowAccess(library, { username: clientId, password: clientSecret });
  const faults = createFaultBoard(faultTools(app, { authority, kashFlow }, undisturbed));
  faults.add(switches);
  const struck = new WeakMap<object, FaultAction>();
  app.addHook('onRequest', async (request, reply) => {
    reply.header('date', clock().toUTCString());
    if (request.url.startsWith('/control/') || request.headers[UNDISTURBED] === undisturbed) return undefined;
    const operation = operationOf(request);
    // All SOAP calls have one address: what they ask for is in a header, and where they page is in the body, read later.
    const fault = faults.strike(
      request.method,
      operation === undefined ? request.url : `${request.url} ${operation}`,
    );
    if (fault) struck.set(request, fault);
    return operation === undefined ? fault?.onRequest?.(request, reply) : undefined;
  });
  app.addHook('preHandler', async (request, reply) => {
    if (operationOf(request) === undefined) return undefined;
    return struck.get(request)?.onRequest?.(request, reply);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const fault = struck.get(request);
    if (fault?.onSend === undefined) return payload;
    // Faults work on texts.
    return fault.onSend(request, reply, Buffer.isBuffer(payload) ? payload.toString('utf8') : payload);
  });

  const editor = createEditor(library, seed, nowMs);
  const access = createAccess(library, authority);
  app.get('/healthz', async () => ({ status: 'ok' }));
  await app.register(oauthRoutes, { prefix: '/oauth2', authority, clientId, clientSecret });
  await app.register(kashooRoutes, { prefix: '/api', access, nowMs, pageLimit });
  await app.register(kashooRoutes, { prefix: '/tsa/api', access, nowMs, pageLimit });
  await app.register(kashFlowRoutes, { prefix: '/kashflow', library, access: kashFlow, nowMs, pageLimit });
  const { platform } = options;
  if (platform !== undefined)
    await app.register(platform.routes, {
      prefix: platform.prefix,
      userOf: (request: FastifyRequest) => access.userOf(request),
      nowMs: nowMs(),
    });
  await app.register(controlRoutes, {
    prefix: '/control',
    faults,
    live: editor.edit,
    reset: async () => {
      kashFlow.refuseAll(undefined);
      await library.reset();
    },
    revoke: (user) => authority.revoke(user),
    refuse: (refusal) => kashFlow.refuseAll(refusal),
  });
  if (options.live) {
    const timer = setInterval(() => {
      try {
        editor.editAll();
      } catch (error) {
        app.log.error(error, 'a live edit failed and was undone');
      }
    }, LIVE_INTERVAL_MS);
    timer.unref();
    app.addHook('onClose', async () => clearInterval(timer));
  }
  return app;
}

/** Marks the sandbox's requests to itself, which no fault strikes. Its value is a secret of each instance. */
const UNDISTURBED = 'x-sandbox-undisturbed';

function faultTools(
  app: FastifyInstance,
  { authority, kashFlow }: { authority: Authority; kashFlow: KashFlowAccess },
  undisturbed: string,
): FaultTools {
  return {
    expireToken: (request) => {
      const token = bearerOf(request);
      if (token !== undefined) authority.expire(token);
    },
    revokeAccess: (request) => {
      if (operationOf(request) !== undefined) return kashFlow.refuseAll('credentials');
      const token = bearerOf(request);
      return authority.revoke(token === undefined ? undefined : authority.userOf(token));
    },
    answerTo: async (request, query) => {
      const url = new URL(request.url, 'http://sandbox.invalid');
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      const { authorization = '', soapaction = '' } = request.headers;
      const isSoap = operationOf(request) !== undefined;
      const answer = await app.inject({
        method: isSoap ? 'POST' : 'GET',
        url: `${url.pathname}${url.search}`,
        headers: {
          authorization,
          [UNDISTURBED]: undisturbed,
          ...(isSoap ? { soapaction: String(soapaction), 'content-type': 'text/xml' } : {}),
        },
        ...(isSoap ? { payload: String(request.body) } : {}),
      });
      return answer.payload;
    },
  };
}

/** Live edits, in a sequence that the seed decides. */
function createEditor(library: Library, seed: number, nowMs: () => number) {
  let round = 0;
  const apply = (
    store: Parameters<typeof makeLiveEdits>[0],
    count: number,
  ): ReturnType<typeof makeLiveEdits> => {
    round += 1;
    return makeLiveEdits(store, { seed: `${seed}/live/${round}`, nowMs: nowMs(), count });
  };
  return {
    edit: async (count: number, business: bigint | undefined) => {
      const profile =
        business === undefined ? library.businesses[0] : library.businesses.find(({ id }) => id === business);
      if (!profile) return undefined;
      const { store } = await library.open(profile);
      return apply(store, count).map(({ edit, ...ids }) => ({
        business: ids.business.toString(),
        edit,
        id: ids.id.toString(),
      }));
    },
    editAll: () => {
      for (const { store } of library.opened()) apply(store, 2);
    },
  };
}

/** Request bodies keep every digit of their numbers. */
function useExactJson(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined);
    try {
      done(null, parseJson(String(body)));
    } catch {
      done(new Refusal(400, 'the body is not valid JSON'));
    }
    return undefined;
  });
}

function useErrorAnswers(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ message: `${request.method} ${request.url} not found` }),
  );
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof Refusal) {
      if (error.status === 401) reply.header('www-authenticate', 'Bearer error="invalid_token"');
      return reply.code(error.status).send({ message: error.message });
    }
    if (error instanceof ZodError)
      return reply.code(400).send({
        message: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      });
    const status =
      error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
        ? error.statusCode
        : 500;
    if (status >= 500) request.log.error(error);
    return reply
      .code(status)
      .send({ message: status >= 500 || !(error instanceof Error) ? 'internal error' : error.message });
  });
}
