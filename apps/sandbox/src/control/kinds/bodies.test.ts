/** Bodies of hundreds of megabytes, over real HTTP: streamed to whoever reads them, held by nobody. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildSandbox } from '../../app.ts';
import { listen, type SandboxClient } from '../../testing/client.ts';

let app: FastifyInstance;
let client: SandboxClient;
let token: string;

beforeAll(async () => {
  app = await buildSandbox({ size: 50 });
  client = await listen(app);
  token = (await client.signIn()).access_token;
});
beforeEach(() => client.control('faults', { faults: [] }));
afterAll(() => app.close());

const fault = (kind: string, parameters: object = {}) =>
  client.control('faults', { match: '/users/me$', kind, ...parameters });

/** The answer as it comes off the wire, nothing decompressed. */
async function answer(): Promise<IncomingMessage> {
  const request = get(`${client.origin}/api/users/me`, { headers: { authorization: `Bearer ${token}` } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** Reads to the end; how much came, its first and last character, and the most memory that buffers took meanwhile. */
async function measured(source: AsyncIterable<Buffer>) {
  let bytes = 0;
  let most = 0;
  let first = '';
  let last = '';
  for await (const chunk of source) {
    bytes += chunk.length;
    if (first === '') first = chunk.toString('latin1', 0, 1);
    last = chunk.toString('latin1', chunk.length - 1);
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  }
  return { bytes, most, ends: first + last };
}

it('hugeBody sends 300 MB that neither side holds', async () => {
  await fault('hugeBody');
  const before = process.memoryUsage().arrayBuffers;
  const response = await answer();
  expect(response.headers['content-length']).toBeUndefined();
  const { bytes, most, ends } = await measured(response);
  expect(bytes).toBeGreaterThan(300_000_000);
  expect(ends).toBe('[]');
  expect(most - before).toBeLessThan(150_000_000);
});

it('hugeBody is valid JSON, and announces its exact length when asked to', async () => {
  await fault('hugeBody', { megabytes: 1, announced: true });
  const response = await client.call(token, '/users/me');
  const text = await response.text();
  expect(response.headers.get('content-length')).toBe(String(text.length));
  expect(text.length).toBeGreaterThan(1_000_000);
  expect(JSON.parse(text)).toHaveLength(17);
});

it('hugeBody ends when the client goes away', async () => {
  await fault('hugeBody', { megabytes: 500_000 });
  const response = await answer();
  await once(response, 'readable');
  const ended = once(response.socket, 'close');
  response.destroy();
  await ended;
  expect((await client.call(token, '/users/me')).status).toBe(200);
});

it('gzipBomb is a megabyte on the wire and more than a gigabyte once expanded', async () => {
  await fault('gzipBomb');
  const response = await answer();
  expect(response.headers['content-encoding']).toBe('gzip');
  let wireBytes = 0;
  response.on('data', (chunk: Buffer) => {
    wireBytes += chunk.length;
  });
  let expanded: Awaited<ReturnType<typeof measured>> | undefined;
  await pipeline(response, createGunzip({ chunkSize: 1_048_576 }), async (source: AsyncIterable<Buffer>) => {
    expanded = await measured(source);
  });
  expect(wireBytes).toBeLessThan(1_500_000);
  expect(expanded?.bytes).toBeGreaterThan(1_000_000_000);
  expect(expanded?.ends).toBe('[]');
});

it('gzipBomb is valid JSON to a client that expands it', async () => {
  await fault('gzipBomb', { megabytes: 16 });
  expect(await (await client.call(token, '/users/me')).json()).toEqual([]);
});
