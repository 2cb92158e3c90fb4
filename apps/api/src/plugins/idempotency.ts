/**
 * `Idempotency-Key` on POST and PATCH. The key is claimed when the body is there, before anything is done with it; the answer is
 * kept before it is sent. What a database that is away, or a mistake of ours (5xx), made of the request is not kept.
 */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { HeldKey, Idempotency, KeptAnswer } from '../services/idempotency.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** While the request holds an idempotency key. */
    heldKey: HeldKey | undefined;
  }
}

/** Headers that belong to an answer and not to its sending. */
const keptHeaders = ['content-type', 'location', 'retry-after', 'www-authenticate', 'x-data-derived-from'];
/** No answer to a POST or PATCH is this large; one that is gets sent and is not kept. */
const largestAnswer = 4_194_304;

const repeatable = new Set(['POST', 'PATCH']);

export default fp<{ idempotency: Idempotency }>(
  async (app, { idempotency }) => {
    app.decorateRequest('heldKey', undefined);

    app.addHook('preValidation', async (request, reply) => {
      const key = request.headers['idempotency-key'];
      if (key === undefined || !repeatable.has(request.method)) return;
      const begun = await idempotency.begin({
        clientId: request.client.id,
        key: String(key),
        scope: scopeOf(request),
        content: [request.url.split('?', 2)[1] ?? '', request.bodyText?.trim() ?? ''],
      });
      if ('status' in begun) return replay(reply, begun);
      request.heldKey = begun;
    });

    app.addHook('onSend', async (request, reply, payload) => {
      const { heldKey } = request;
      if (heldKey === undefined) return payload;
      request.heldKey = undefined;
      try {
        return await keep(heldKey, reply, payload);
      } catch (error) {
        // What was done is done, and the client should hear of it.
        request.log.warn({ err: error }, 'an answer could not be kept for its idempotency key');
        return payload;
      }
    });
  },
  { name: 'idempotency', dependencies: ['authentication', 'json-body'] },
);

/** The route with its ids: paths match in any case, ids do not. */
function scopeOf({ client, method, routeOptions, params }: FastifyRequest): string[] {
  // What a portal user was answered is for that user.
  const bearer = client.company?.id ?? (client.actor.type === 'user' ? (client.actor.id ?? '') : '');
  return [bearer, method, routeOptions.url ?? '', JSON.stringify(params)];
}

function replay(reply: FastifyReply, { status, headers, body }: KeptAnswer): FastifyReply {
  reply.code(status).headers(headers).header('idempotent-replayed', 'true');
  return body === undefined ? reply.send() : reply.serializer(String).send(body);
}

/** @returns what is to be sent */
async function keep(heldKey: HeldKey, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (reply.statusCode >= 500) {
    await heldKey.letGo();
    return payload;
  }
  const [body, sent] = payload instanceof Readable ? await textOf(payload) : [wholeText(payload), payload];
  if (body === null) await heldKey.letGo();
  else await heldKey.keep({ status: reply.statusCode, headers: headersOf(reply), ...(body && { body }) });
  return sent;
}

function wholeText(payload: unknown): string | undefined {
  return payload === undefined || payload === null ? undefined : String(payload);
}

/** A stream's text, and what to send in its place; null and the rest of the stream when it is too large to keep. */
async function textOf(stream: Readable): Promise<[string | null, Buffer | Readable]> {
  const chunks: Buffer[] = [];
  let length = 0;
  const rest = stream.iterator({ destroyOnReturn: false });
  for await (const chunk of { [Symbol.asyncIterator]: () => rest }) {
    const bytes = Buffer.from(chunk as Buffer | string);
    chunks.push(bytes);
    length += bytes.length;
    if (length > largestAnswer) return [null, Readable.from(joined(chunks, stream), { objectMode: false })];
  }
  const whole = Buffer.concat(chunks);
  return [whole.toString('utf8'), whole];
}

async function* joined(chunks: readonly Buffer[], rest: Readable): AsyncGenerator<Buffer, void, void> {
  yield* chunks;
  for await (const chunk of rest) yield Buffer.from(chunk as Buffer | string);
}

function headersOf(reply: FastifyReply): Record<string, string> {
  const headers = keptHeaders.map((name) => [name, reply.getHeader(name)] as const);
  return Object.fromEntries(
    headers.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
  );
}
