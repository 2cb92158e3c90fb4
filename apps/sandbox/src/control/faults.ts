import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

/** What a fault does to one exchange. A fault acts before the answer is made, or on the finished answer, or both. */
export interface FaultAction {
  /** May answer by itself: then the platform never sees the request. */
  onRequest?(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>;
  /** May replace the body that is about to go out. */
  onSend?(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown>;
}

export interface FaultTools {
  /** Makes the access token of a request expire now. */
  expireToken(request: FastifyRequest): void;
}

interface FaultKind {
  description: string;
  parameters: z.ZodObject;
  prepare(parameters: unknown, tools: FaultTools): FaultAction;
}

function kind<Parameters extends z.ZodObject>(
  description: string,
  parameters: Parameters,
  act: (values: z.output<Parameters>, tools: FaultTools) => FaultAction,
): FaultKind {
  return { description, parameters, prepare: (values, tools) => act(parameters.parse(values), tools) };
}

const HTML =
  '<!doctype html><html><head><title>We’ll be right back</title></head><body><h1>Scheduled maintenance</h1></body></html>';

const bytesOf = (payload: unknown): Buffer =>
  Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '');

/** Every fault the sandbox can cause. A new one is one entry here. */
export const FAULT_KINDS: Readonly<Record<string, FaultKind>> = {
  status: kind(
    'answers with a status, instead of the platform',
    z.object({
      status: z.int().min(200).max(599),
      retryAfter: z.union([z.string(), z.int()]).optional(),
      body: z.string().optional(),
    }),
    ({ status, retryAfter, body }) => ({
      onRequest: async (_request, reply) => {
        if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
        return reply
          .code(status)
          .type('application/json')
          .send(body ?? JSON.stringify({ message: `sandbox fault ${status}` }));
      },
    }),
  ),
  delay: kind(
    'waits before the platform sees the request',
    z.object({ delayMs: z.int().min(0) }),
    ({ delayMs }) => ({
      onRequest: async () => {
        await setTimeout(delayMs);
        return undefined;
      },
    }),
  ),
  html: kind(
    'answers with an HTML page where JSON was asked for',
    z.object({ status: z.int().default(200) }),
    ({ status }) => ({
      onRequest: async (_request, reply) => reply.code(status).type('text/html; charset=utf-8').send(HTML),
    }),
  ),
  tokenExpired: kind(
    'makes the access token of the request expire first',
    z.object({}),
    (_none, { expireToken }) => ({
      onRequest: async (request) => {
        expireToken(request);
        return undefined;
      },
    }),
  ),
  cut: kind(
    'destroys the connection after a share of the body; at 0 the whole answer is lost, though the platform has acted',
    z.object({ atPercent: z.int().min(0).max(99).default(50) }),
    ({ atPercent }) => ({
      onSend: async (request, reply, payload) => {
        const whole = bytesOf(payload);
        const kept = whole.subarray(0, Math.floor((whole.length * atPercent) / 100));
        if (kept.length === 0) {
          request.raw.socket.destroy();
          return payload;
        }
        reply.header('content-length', whole.length);
        return Readable.from(
          (async function* cutShort() {
            yield kept;
            // Let the kept bytes leave before the line goes dead.
            await setTimeout(20);
            request.raw.socket.destroy();
          })(),
        );
      },
    }),
  ),
  drip: kind(
    'sends the body in small chunks with pauses',
    z.object({ chunkBytes: z.int().min(1).default(64), pauseMs: z.int().min(0).default(50) }),
    ({ chunkBytes, pauseMs }) => ({
      onSend: async (_request, reply, payload) => {
        const whole = bytesOf(payload);
        reply.header('content-length', whole.length);
        return Readable.from(
          (async function* slowly() {
            for (let from = 0; from < whole.length; from += chunkBytes) {
              yield whole.subarray(from, from + chunkBytes);
              await setTimeout(pauseMs);
            }
          })(),
        );
      },
    }),
  ),
  query: kind(
    'overrides query parameters: {"offset": "0"} repeats the first page for ever',
    z.object({ set: z.record(z.string(), z.string()) }),
    ({ set }) => ({
      onRequest: async (request) => {
        Object.assign(request.query as Record<string, string>, set);
        return undefined;
      },
    }),
  ),
  rewrite: kind(
    'replaces what a regular expression finds in the body: malformed or extreme records',
    z.object({
      find: z.string().refine(isPattern, { error: 'not a regular expression' }),
      replace: z.string(),
    }),
    ({ find, replace }) => ({
      onSend: async (_request, _reply, payload) =>
        typeof payload === 'string' ? payload.replace(new RegExp(find, 'g'), replace) : payload,
    }),
  ),
  clockSkew: kind('moves the Date header', z.object({ skewMs: z.int() }), ({ skewMs }) => ({
    onSend: async (_request, reply, payload) => {
      reply.header('date', new Date(Date.parse(String(reply.getHeader('date'))) + skewMs).toUTCString());
      return payload;
    },
  })),
};

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

const switchSchema = z.object({
  match: z.string().refine(isPattern, { error: 'not a regular expression' }),
  kind: z.string().refine((name) => Object.hasOwn(FAULT_KINDS, name), {
    error: `expected one of ${Object.keys(FAULT_KINDS).join(', ')}`,
  }),
  times: z.int().min(1).nullable().default(1),
  skip: z.int().min(0).default(0),
});

interface FaultSwitch {
  id: number;
  /** Regular expression on `METHOD /path?query`. */
  match: string;
  kind: string;
  /** How often it still strikes; `null`: until it is cleared. */
  times: number | null;
  /** How many matching requests pass unharmed first. */
  skip: number;
  /** How often it has struck. */
  struck: number;
}

export interface FaultBoard {
  list(): FaultSwitch[];
  /** Adds switches. Throws `z.ZodError` and adds none when one of them is wrong. */
  add(inputs: readonly unknown[]): FaultSwitch[];
  /** As `add`, in place of all that were set. */
  replace(inputs: readonly unknown[]): FaultSwitch[];
  clear(): void;
  /** The fault that strikes this request, which uses it up once. */
  strike(method: string, url: string): FaultAction | undefined;
}

export function createFaultBoard(tools: FaultTools): FaultBoard {
  let switches: { entry: FaultSwitch; pattern: RegExp; action: FaultAction }[] = [];
  let lastId = 0;
  const prepared = (inputs: readonly unknown[]): typeof switches =>
    inputs.map((input) => {
      const { match, kind: name, times, skip } = switchSchema.parse(input);
      const action = FAULT_KINDS[name]?.prepare(input, tools) ?? {};
      lastId += 1;
      const entry = { id: lastId, match, kind: name, times, skip, struck: 0 };
      return { entry, pattern: new RegExp(match), action };
    });
  const shown = (list: typeof switches): FaultSwitch[] => list.map(({ entry }) => ({ ...entry }));
  return {
    list: () => shown(switches),
    add: (inputs) => {
      const added = prepared(inputs);
      switches = [...switches, ...added];
      return shown(added);
    },
    replace: (inputs) => {
      switches = prepared(inputs);
      return shown(switches);
    },
    clear: () => {
      switches = [];
    },
    strike: (method, url) => {
      const found = switches.find(
        ({ entry, pattern }) => entry.times !== 0 && pattern.test(`${method} ${url}`),
      );
      if (!found) return undefined;
      if (found.entry.skip > 0) {
        found.entry.skip -= 1;
        return undefined;
      }
      found.entry.struck += 1;
      if (found.entry.times !== null) found.entry.times -= 1;
      return found.action;
    },
  };
}
