import { randomUUID } from 'node:crypto';
import { createDispatcher, createSender, type Dispatcher, type Sender } from '@tributary/webhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCodatEvents } from '../../../../../packages/webhooks/src/testing/codat-events.ts';
import { answer, openReceiver, until } from '../../../../../packages/webhooks/src/testing/receiver.ts';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';

const problemsOf = loadCodatEvents();
let api: TestApi;
let strict: TestApi;
let sender: Sender;
let dispatcher: Dispatcher;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
beforeAll(async () => {
  api = await startTestApi({ allowPrivateTargets: true });
  strict = await startTestApi();
  receiver = await openReceiver();
  sender = createSender({ allowPrivateTargets: true });
  const { store, vault, logger } = api.dependencies;
  // A little ahead: the database rounds the time of an event to the next millisecond.
  const clock = () => Date.now() + 5;
  dispatcher = createDispatcher({ store, vault, sender, clock, logger });
});
afterAll(async () => {
  await sender.close();
  await receiver.close();
  await api.close();
  await strict.close();
});

async function subscribe(client: TestClient, wanted: object = {}) {
  const created = await client.send('POST', '/webhooks', { url: receiver.url, ...wanted });
  expect(created.status).toBe(201);
  return created.body as { id: string; secret: string };
}

/** Events that wait for a client, in order. */
async function outboxOf({ dependencies }: TestApi, client: TestClient) {
  const { rows } = await dependencies.store.pool.query<{ body: string }>(
    'SELECT body FROM webhook_events WHERE client_id = $1 ORDER BY created_at',
    [client.id],
  );
  for (const { body } of rows) expect(problemsOf?.(body) ?? []).toEqual([]);
  return rows.map(({ body }) => JSON.parse(body));
}

describe('webhook consumers', () => {
  test('are created with a secret that is shown once, sealed, listed without it, read, changed and deleted', async () => {
    const client = await api.createClient();
    const { status, body } = await client.send('POST', '/webhooks', {
      url: 'https://example.com/webhoook-consumer',
      eventTypes: ['read.completed', 'bills.write.successful'],
      companyTags: ['region:uk'],
    });
    expect(status).toBe(201);
    const { secret, ...consumer } = body;
    expect(consumer).toEqual({
      id: expect.any(String),
      url: 'https://example.com/webhoook-consumer',
      disabled: false,
      eventTypes: ['read.completed', 'bills.write.successful'],
      companyTags: ['region:uk'],
    });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect((await client.get('/webhooks')).body).toEqual({ results: [consumer] });
    expect((await client.get(`/webhooks/${consumer.id}`)).body).toEqual(consumer);
    const { rows } = await api.dependencies.store.pool.query(
      'SELECT webhook_secrets::text AS row FROM webhook_secrets',
    );
    expect(rows.map(({ row }) => row).join()).not.toContain(secret.slice(6));
    expect(api.lines.join('\n')).not.toContain(secret);

    const changed = await client.send('PATCH', `/webhooks/${consumer.id}`, {
      disabled: true,
      companyTags: null,
    });
    const { companyTags: _tags, ...untagged } = consumer;
    expect(changed.body).toEqual({ ...untagged, disabled: true });
    expect((await client.send('DELETE', `/webhooks/${consumer.id}`)).status).toBe(204);
    expect((await client.get(`/webhooks/${consumer.id}`)).status).toBe(404);
    expect((await client.send('DELETE', `/webhooks/${consumer.id}`)).status).toBe(404);
  });

  test('take what the SDK sends: null for what is not given, and the names of the events of old', async () => {
    const client = await api.createClient();
    const { status, body } = await client.send('POST', '/webhooks', {
      url: 'https://example.com/webhoook-consumer',
      eventTypes: ['DataSyncCompleted', 'Dataset data changed'],
      disabled: null,
      companyTags: null,
    });
    expect([status, body.disabled]).toEqual([201, false]);
    expect(body).not.toHaveProperty('companyTags');
  });

  test.each([
    ['no body', undefined, 'body'],
    ['no URL', {}, 'body.url'],
    [
      'an unknown event type',
      { url: 'https://example.com/', eventTypes: ['read.completed', 'company.renamed'] },
      'company.renamed',
    ],
    [
      'a tag without a value',
      { url: 'https://example.com/', companyTags: ['region'] },
      'body.companyTags[0]',
    ],
    ['plain http', { url: 'http://example.com/' }, 'https'],
    ['a private address', { url: 'https://10.0.0.1/' }, 'public internet'],
    ['the metadata service', { url: 'https://169.254.169.254/latest' }, 'public internet'],
    ['a password', { url: 'https://user:secret@example.com/' }, 'password'],
    ['no URL at all', { url: 'example' }, 'https'],
  ])('are refused with the reason: %s', async (_what, body, word) => {
    const client = await strict.createClient();
    const answered = await client.send('POST', '/webhooks', body);
    expect(answered.status).toBe(400);
    expect(answered.text).toContain(word);
    expect(answered.text).not.toContain('secret@');
    expect((await client.get('/webhooks')).body.results).toEqual([]);
  });

  test('are at most 50, however many requests come at once', async () => {
    const client = await api.createClient();
    const request = () => client.send('POST', '/webhooks', { url: 'https://example.com/' });
    const answers = await Promise.all(Array.from({ length: 53 }, request));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(3);
  });

  test("another client's consumer does not exist, on any route", async () => {
    const { id } = await subscribe(await api.createClient());
    const stranger = await api.createClient();
    const none = randomUUID();
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { disabled: true }],
      ['DELETE', '', undefined],
      ['POST', '/rotateSecret', undefined],
      ['GET', '/deliveries', undefined],
      ['POST', `/deliveries/${none}/replay`, undefined],
    ] as const) {
      const ask = (webhookId: string) =>
        method === 'GET'
          ? stranger.get(`/webhooks/${webhookId}${path}`)
          : stranger.send(method, `/webhooks/${webhookId}${path}`, body);
      const [theirs, nobodys] = [await ask(id), await ask(none)];
      expect([theirs.status, theirs.body.error]).toEqual([404, nobodys.body.error]);
    }
  });

  test('the Zapier key opens the routes of consumers and nothing else, and the next one takes its place', async () => {
    const client = await api.createClient();
    const rotate = () => client.send('POST', '/webhooks/integrationKeys/zapier');
    const first = await rotate();
    expect([first.status, first.body]).toEqual([201, { key: expect.stringMatching(/^sk_integ_\S{43}$/) }]);
    const get = async (url: string, key: string) =>
      (await api.inject({ method: 'GET', url, headers: { authorization: `Bearer ${key}` } })).status;
    expect(await get('/webhooks', first.body.key)).toBe(200);
    expect(await get('/companies', first.body.key)).toBe(401);
    const second = await rotate();
    expect(await get('/webhooks', first.body.key)).toBe(401);
    expect(await get('/webhooks', second.body.key)).toBe(200);
  });
});

describe('events of companies', () => {
  test('are told to the consumers that want them: by type, by tag, and not while disabled', async () => {
    const client = await api.createClient();
    const all = await subscribe(client);
    const byType = await subscribe(client, { eventTypes: ['company.created'] });
    const byTag = await subscribe(client, { companyTags: ['region:uk', 'region:fr'] });
    await subscribe(client, { disabled: true });
    const company = (await client.send('POST', '/companies', { name: 'Tagged', tags: { region: 'uk' } }))
      .body;
    await client.createCompany('Plain', 'kashoo');
    const [created, plain, connection] = await outboxOf(api, client);
    expect(created).toEqual({
      id: expect.any(String),
      eventType: 'company.created',
      generatedDate: expect.stringMatching(/Z$/),
      payload: {
        id: company.id,
        name: 'Tagged',
        redirect: company.redirect,
        created: company.created,
        tags: { region: 'uk' },
      },
    });
    expect(plain.payload.name).toBe('Plain');
    expect(connection).toMatchObject({
      eventType: 'connection.created',
      payload: {
        referenceCompany: { name: 'Plain' },
        connection: { integrationKey: 'ksho', status: 'PendingAuth' },
      },
    });
    const { rows } = await api.dependencies.store.pool.query(
      `SELECT consumer_id AS id, count(*)::int AS count FROM webhook_deliveries WHERE client_id = $1 GROUP BY consumer_id`,
      [client.id],
    );
    expect(new Map(rows.map(({ id, count }) => [id, count]))).toEqual(
      new Map([
        [all.id, 3],
        [byType.id, 2],
        [byTag.id, 1],
      ]),
    );
  });

  test('of a deleted company are forgotten, but for its deletion, which carries what consumers need', async () => {
    const client = await api.createClient();
    await subscribe(client);
    const company = await client.createCompany('Short-lived', 'kashoo');
    await client.send('DELETE', `/companies/${company.id}`);
    expect(await outboxOf(api, client)).toMatchObject([
      { eventType: 'company.deleted', payload: { id: company.id, name: 'Short-lived' } },
    ]);
  });

  test('a connection that is deleted leaves its deletion to be told', async () => {
    const client = await api.createClient();
    await subscribe(client, { eventTypes: ['connection.created', 'connection.deleted'] });
    const company = await client.createCompany('Reconnecting', 'kashoo');
    const [connection] = company.dataConnections;
    await client.send('DELETE', `/companies/${company.id}/connections/${connection.id}`);
    expect(await outboxOf(api, client)).toMatchObject([
      { eventType: 'connection.deleted', payload: { connection: { id: connection.id } } },
    ]);
  });

  test('a company that cannot be stored is not told', async () => {
    const client = await api.createClient();
    await subscribe(client);
    await client.send('POST', '/companies', { name: 'x', platformType: 'ghost' });
    expect(await outboxOf(api, client)).toEqual([]);
  });
});

describe('the delivery log', () => {
  test('shows every attempt, in pages, filtered and ordered, and replays with the same id and body', async () => {
    const client = await api.createClient();
    const consumer = await subscribe(client);
    const company = await client.createCompany('Logged');
    receiver.state.reply = answer(500, {}, 'later');
    await dispatcher.deliverDue();
    receiver.state.reply = answer(202, {}, 'fine');
    const path = `/webhooks/${consumer.id}/deliveries`;
    const [pending] = (await client.get(path)).body.results;
    expect(pending).toMatchObject({
      status: 'Pending',
      nextAttempt: expect.any(String),
      companyId: company.id,
    });
    const replayed = await client.send('POST', `${path}/${pending.id}/replay`);
    expect([replayed.status, replayed.body.status]).toEqual([200, 'Pending']);
    await dispatcher.deliverDue();
    const [first, second] = receiver.received.slice(-2);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    await client.createCompany('Second');
    await dispatcher.deliverDue();
    const page = await client.get(`${path}?pageSize=1&query=eventType=company.created&&status=Succeeded`);
    expect(page.body).toMatchObject({ totalResults: 2, pageSize: 1, pageNumber: 1 });
    expect(page.body.results).toEqual([
      {
        id: pending.id,
        eventId: first?.headers['webhook-id'],
        eventType: 'company.created',
        companyId: company.id,
        status: 'Succeeded',
        created: expect.any(String),
        completed: expect.any(String),
        attempts: [
          {
            startedDate: expect.any(String),
            durationMs: expect.any(Number),
            statusCode: 500,
            responseExcerpt: 'later',
          },
          {
            startedDate: expect.any(String),
            durationMs: expect.any(Number),
            statusCode: 202,
            responseExcerpt: 'fine',
          },
        ],
      },
    ]);
    const next = await client.get(page.body._links.next.href);
    expect(next.body.results).toHaveLength(1);
    expect((await client.get(`${path}?orderBy=-created`)).body.results[1].id).toBe(pending.id);
    expect((await client.get(`${path}?query=secret=1`)).status).toBe(400);

    await client.send('PATCH', `/webhooks/${consumer.id}`, { disabled: true });
    expect((await client.send('POST', `${path}/${pending.id}/replay`)).status).toBe(409);
    expect((await client.send('POST', `${path}/${randomUUID()}/replay`)).status).toBe(409);
    await client.send('PATCH', `/webhooks/${consumer.id}`, { disabled: false });
    expect((await client.send('POST', `${path}/${randomUUID()}/replay`)).status).toBe(404);
  });

  test('a rotated secret signs beside the old one; several rotations within a day are refused', async () => {
    const client = await api.createClient();
    const { id, secret } = await subscribe(client);
    const rotated = await client.send('POST', `/webhooks/${id}/rotateSecret`);
    expect([rotated.status, Object.keys(rotated.body)]).toEqual([200, ['secret']]);
    expect(rotated.body.secret).not.toBe(secret);
    await client.createCompany('Rotated');
    await dispatcher.deliverDue();
    expect(String(receiver.received.at(-1)?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1)
      statuses.push((await client.send('POST', `/webhooks/${id}/rotateSecret`)).status);
    expect(statuses).toEqual([200, 200, 200, 409, 409]);
  });
});

describe('rate-limit events', () => {
  test('tell once, of all processes and requests, that the quota is used up, and once that the day is over', async () => {
    let nowMs = Date.parse('2026-05-01T10:00:00Z');
    const few = await startTestApi({ clock: () => nowMs, requestsPerClientPerDay: 6 });
    const client = await few.createClient();
    await client.send('POST', '/webhooks', {
      url: 'https://example.com/',
      eventTypes: ['client.rateLimit.reached'],
    });
    await client.send('POST', '/webhooks', {
      url: 'https://example.com/',
      eventTypes: ['client.rateLimit.reset'],
    });
    const { store, events } = few.dependencies;
    const told = async () => (await outboxOf(few, client)).length;
    while ((await client.get('/profile')).status === 200);
    await until('the event', async () => (await told()) === 1);
    for (let n = 0; n < 3; n += 1) expect((await client.get('/profile')).status).toBe(429);
    const usage = { clientId: client.id, day: '2026-05-01', limit: 6 };
    await events.quotaExhausted(store.pool, usage);
    // The writer of the API tells the time by the system's clock; one that lives a day later is needed.
    nowMs += 86_400_000;
    const { createEventWriter } = await import('@tributary/webhooks');
    const later = createEventWriter({
      publicUrl: 'https://x.example',
      connectors: new Map(),
      clock: () => nowMs,
    });
    expect(await later.quotasReset(store.pool)).toBe(1);
    expect(await later.quotasReset(store.pool)).toBe(0);
    expect(await outboxOf(few, client)).toMatchObject([
      {
        eventType: 'client.rateLimit.reached',
        payload: { dailyQuota: 6, quotaRemaining: 0, expiryDate: '2026-05-02T00:00:00.000Z' },
      },
      {
        eventType: 'client.rateLimit.reset',
        payload: { dailyQuota: 6, quotaRemaining: 6, expiryDate: '2026-05-03T00:00:00.000Z' },
      },
    ]);
    await few.close();
  });
});
