/** Faults of bodies on their way: cut, slow, endless, swollen. Large ones are streamed and never held in memory. */
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isPattern, kind } from './kind.ts';

const MEGABYTE = 1_000_000;
/** Half a terabyte: for tests, without end. */
const MOST_MEGABYTES = 500_000;

const bytesOf = (payload: unknown): Buffer =>
  Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '');

function hangUp(request: FastifyRequest, payload: unknown): unknown {
  request.raw.socket.destroy();
  return payload;
}

export const cut = kind(
  'destroys the connection after a share of the body; at 0 the whole answer is lost, though the platform has acted',
  z.object({ atPercent: z.int().min(0).max(99).default(50) }),
  ({ atPercent }) => ({
    onSend: async (request, reply, payload) => {
      const whole = bytesOf(payload);
      const kept = whole.subarray(0, Math.floor((whole.length * atPercent) / 100));
      if (kept.length === 0) return hangUp(request, payload);
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
);

export const answerLost = kind(
  'destroys the connection once the platform has acted: after a refresh the new tokens are valid and nobody has them',
  z.object({}),
  () => ({ onSend: async (request, _reply, payload) => hangUp(request, payload) }),
);

export const answerHeld = kind(
  'holds the answer back once the platform has acted; whoever is gone by then never has it',
  z.object({ delayMs: z.int().min(0) }),
  ({ delayMs }) => ({
    onSend: async (request, _reply, payload) => {
      const gone = new AbortController();
      request.raw.socket.once('close', () => gone.abort());
      await setTimeout(delayMs, undefined, { signal: gone.signal }).catch(() => undefined);
      return payload;
    },
  }),
);

export const drip = kind(
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
);

export const truncatedJson = kind(
  'ends the body early without any sign of it: the length header fits, the JSON does not',
  z.object({ atPercent: z.int().min(1).max(99).default(50) }),
  ({ atPercent }) => ({
    onSend: async (_request, _reply, payload) => {
      const text = bytesOf(payload).toString('utf8');
      return text.slice(0, Math.max(1, Math.floor((text.length * atPercent) / 100)));
    },
  }),
);

export const hugeBody = kind(
  'answers with a valid JSON list of so many megabytes, its length announced or not',
  z.object({
    megabytes: z.int().min(1).max(MOST_MEGABYTES).default(300),
    announced: z.boolean().default(false),
  }),
  ({ megabytes, announced }) => ({
    onRequest: async (_request, reply) => {
      const row = Buffer.from(`{"id":1,"memo":"${'x'.repeat(65_000)}"},`);
      const rows = Math.ceil((megabytes * MEGABYTE) / row.length);
      const end = Buffer.from('{"id":1}]');
      if (announced) reply.header('content-length', 1 + rows * row.length + end.length);
      return reply.type('application/json').send(
        Readable.from(
          (function* swollen() {
            yield Buffer.from('[');
            for (let count = 0; count < rows; count += 1) yield row;
            yield end;
          })(),
        ),
      );
    },
  }),
);

/** What one member of the compressed stream expands to. */
const BOMB_MEMBER_BYTES = 16 * MEGABYTE;

export const gzipBomb = kind(
  'answers with a valid compressed JSON list that is a thousandth of its size on the wire',
  z.object({ megabytes: z.int().min(16).max(MOST_MEGABYTES).default(1_200) }),
  ({ megabytes }) => {
    // Compressed streams may be joined (RFC 1952, 2.2): the same member, made once, is sent again and again.
    const filler = gzipSync(Buffer.alloc(BOMB_MEMBER_BYTES, ' '), { level: 9 });
    return {
      onRequest: async (_request, reply) =>
        reply
          .type('application/json')
          .header('content-encoding', 'gzip')
          .send(
            Readable.from(
              (function* bomb() {
                yield gzipSync('[');
                const members = Math.ceil((megabytes * MEGABYTE) / BOMB_MEMBER_BYTES);
                for (let count = 0; count < members; count += 1) yield filler;
                yield gzipSync(']');
              })(),
            ),
          ),
    };
  },
);

export const rewrite = kind(
  'replaces what a regular expression finds in the body',
  z.object({
    find: z.string().refine(isPattern, { error: 'not a regular expression' }),
    replace: z.string(),
  }),
  ({ find, replace }) => ({
    onSend: async (_request, _reply, payload) =>
      typeof payload === 'string' ? payload.replace(new RegExp(find, 'g'), replace) : payload,
  }),
);
