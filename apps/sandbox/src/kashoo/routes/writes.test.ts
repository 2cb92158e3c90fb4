/** Writes over the wire: what comes back, what later reads show, and what is refused. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSandbox } from '../../app.ts';
import { parseJson, writeJson } from '../../exact/json.ts';
import { listen, type SandboxClient } from '../../testing/client.ts';

const BOOKS = '/businesses/123456789';
let app: FastifyInstance;
let client: SandboxClient;
let token: string;
beforeAll(async () => {
  app = await buildSandbox({ size: 60 });
  client = await listen(app);
  token = (await client.signIn()).access_token;
});
afterAll(() => app.close());

const send = async (method: 'POST' | 'PUT', path: string, body: object) => {
  const response = await client.call(token, path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: writeJson(body),
  });
  return { status: response.status, body: parseJson(await response.text()) as Record<string, unknown> };
};

it('a contact is created with its address, changed, and listed as changed', async () => {
  const address = {
    street: '1 Main St\nSuite 5',
    city: 'Vancouver',
    province: 'BC',
    postalCode: 'V5K',
    country: 'CA',
  };
  const contact = {
    type: 'CUSTOMER',
    name: 'New',
    phoneNumbers: '+1 604',
    email: 'a@b.c',
    contactInformation: { address },
  };
  const made = await send('POST', `${BOOKS}/contacts`, contact);
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    name: 'New',
    phoneNumbers: '+1 604',
    contactInformation: { address, phones: ['+1 604'] },
  });
  const changed = await send('PUT', `/contacts/${made.body['id']}`, { name: 'Newer', archived: true });
  expect(changed).toMatchObject({
    status: 200,
    body: { id: made.body['id'], name: 'Newer', archived: true, email: 'a@b.c' },
  });
  expect(changed.body['lastModified'] as bigint).toBeGreaterThanOrEqual(made.body['lastModified'] as bigint);
  expect(await client.read(token, `/contacts/${made.body['id']}`)).toEqual(changed.body);
  expect((await send('PUT', `/contacts/${made.body['id']}`, { name: '' })).status).toBe(400);
  expect((await send('PUT', '/contacts/11999999999', { name: 'x' })).status).toBe(404);
});

it('an item keeps its accounts, and is refused with one that is not there', async () => {
  const [account] = await client.list(token, `${BOOKS}/accounts`);
  const item = { name: 'Thing', description: 'Red', creditAccount: account?.['id'] };
  const made = await send('POST', `${BOOKS}/items`, item);
  expect(made).toMatchObject({ status: 201, body: item });
  expect((await send('POST', `${BOOKS}/items`, { ...item, debitAccount: 5n })).status).toBe(404);
});

it('answerHeld acts at once and answers later; who has gone by then misses it', async () => {
  await client.control('faults', {
    match: `^POST /api${BOOKS}/contacts`,
    kind: 'answerHeld',
    delayMs: 60_000,
  });
  const gone = client.call(token, `${BOOKS}/contacts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'VENDOR', name: 'Unheard' }),
    signal: AbortSignal.timeout(300),
  });
  await expect(gone).rejects.toThrow();
  const contacts = await client.all(token, `${BOOKS}/contacts?type=VENDOR`);
  expect(contacts.filter((row) => row['name'] === 'Unheard')).toHaveLength(1);
});
