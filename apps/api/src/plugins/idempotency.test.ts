/** Answers of every form, kept and given again; the store behind it is a map, because what is tested is the plugin. */
import { Readable } from 'node:stream';
import { fastify } from 'fastify';
import fp from 'fastify-plugin';
import { expect, test } from 'vitest';
import type { HeldKey, KeptAnswer } from '../services/idempotency.ts';
import idempotency from './idempotency.ts';

async function build() {
  const kept = new Map<string, KeptAnswer>();
  const released: string[] = [];
  const app = fastify();
  const named = (name: string) => fp(async () => undefined, { name });
  await app.register(named('authentication'));
  await app.register(named('json-body'));
  app.decorateRequest('client', null as never);
  app.addHook('onRequest', async (request) => {
    request.client = { id: 'client', name: 'client', actor: { type: 'apiKey' } };
  });
  const begin = async ({ key }: { key: string }): Promise<HeldKey | KeptAnswer> =>
    kept.get(key) ?? {
      keep: async (answer) => void kept.set(key, answer),
      letGo: async () => void released.push(key),
    };
  await app.register(idempotency, { idempotency: { begin } });
  const send = async (url: string, key: string) => {
    const answer = await app.inject({ method: 'POST', url, headers: { 'idempotency-key': key } });
    return [answer.statusCode, answer.body, answer.headers['content-type']];
  };
  return { app, kept, released, send };
}

test('a stream is kept whole and given again', async () => {
  const { app, kept, send } = await build();
  let reads = 0;
  app.post('/stream', async (_request, reply) => {
    reads += 1;
    return reply.type('application/json').send(Readable.from(['{"a":', '"é"', '}'], { objectMode: false }));
  });
  const first = await send('/stream', 'a');
  expect(first).toEqual([200, '{"a":"é"}', 'application/json']);
  expect(await send('/stream', 'a')).toEqual(first);
  expect([reads, kept.get('a')?.body]).toEqual([1, '{"a":"é"}']);
});

test('a stream that is too large is sent whole and not kept', async () => {
  const { app, kept, released, send } = await build();
  const megabyte = 'x'.repeat(1_048_576);
  app.post('/large', async (_request, reply) =>
    reply.type('text/plain').send(
      Readable.from(
        Array.from({ length: 6 }, () => megabyte),
        { objectMode: false },
      ),
    ),
  );
  const [status, body] = await send('/large', 'b');
  expect([status, String(body).length]).toEqual([200, 6 * megabyte.length]);
  expect([kept.size, released]).toEqual([0, ['b']]);
});

test('an answer without a body, and one that is an error of the server', async () => {
  const { app, kept, released, send } = await build();
  app.post('/empty', async (_request, reply) => reply.code(204).send());
  app.post('/broken', async (_request, reply) => reply.code(500).send({ error: 'x' }));
  expect((await send('/empty', 'c')).slice(0, 2)).toEqual([204, '']);
  expect((await send('/empty', 'c')).slice(0, 2)).toEqual([204, '']);
  expect(kept.get('c')).toEqual({ status: 204, headers: {} });
  expect((await send('/broken', 'd'))[0]).toBe(500);
  expect(released).toEqual(['d']);
});
