import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openReceiver } from '../testing/receiver.ts';
import { answer, silence, startWebhookHouse, until, type WebhookHouse } from '../testing/webhook-house.ts';
import { attemptDelaysMs } from './policy.ts';
import { createSender } from './sender.ts';

let house: WebhookHouse;
beforeAll(async () => {
  house = await startWebhookHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  house.time.offsetMs = 0;
  await house.store.pool.query('DELETE FROM clients');
});

const dayMs = 86_400_000;

async function subscribed(reply = answer(204)) {
  const clientId = await house.createClient();
  const receiver = await house.startReceiver(reply);
  const consumer = await house.createConsumer(clientId, receiver.url);
  return { clientId, receiver, consumer };
}

/** The reason of the last attempt. */
async function lastFailure(consumerId: string) {
  return (await house.attemptsOf(consumerId)).at(-1)?.failure;
}

describe('a delivery', () => {
  it('is one POST of the stored body that standardwebhooks and svix accept, with the event as webhook-id', async () => {
    const { clientId, receiver, consumer } = await subscribed(answer(200, {}, 'thank you'));
    const eventId = await house.emit(clientId, { name: 'Café 🦊' });
    expect(await house.dispatcher().deliverDue()).toBe(1);
    const [got] = receiver.received;
    const headers = got?.headers as Record<string, string>;
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['webhook-id']).toBe(eventId);
    const expected = { id: eventId, payload: { name: 'Café 🦊' } };
    expect(new StandardWebhook(consumer.secret).verify(got?.body ?? '', headers)).toMatchObject(expected);
    expect(new SvixWebhook(consumer.secret).verify(got?.body ?? '', headers)).toMatchObject(expected);
    expect(await house.deliveries(consumer.id)).toMatchObject([
      { status: 'Succeeded', attempts: 1, next: null },
    ]);
    expect(await house.attemptsOf(consumer.id)).toMatchObject([{ status_code: 200, excerpt: 'thank you' }]);
    expect(await house.dispatcher().deliverDue()).toBe(0);
  });

  it('of a transaction that is rolled back does not exist', async () => {
    const { clientId, receiver } = await subscribed();
    const client = await house.store.pool.connect();
    await client.query('BEGIN');
    await client.query(
      `WITH event AS (INSERT INTO webhook_events (id, client_id, event_type, body) VALUES (gen_random_uuid(), $1, 'x', '{}') RETURNING id)
       INSERT INTO webhook_deliveries (id, client_id, consumer_id, event_id, next_attempt_at)
       SELECT gen_random_uuid(), $1, webhook_consumers.id, event.id, now() FROM event, webhook_consumers`,
      [clientId],
    );
    expect(await house.dispatcher().deliverDue()).toBe(0);
    await client.query('ROLLBACK');
    client.release();
    expect(await house.dispatcher().deliverDue()).toBe(0);
    expect(receiver.received).toEqual([]);
  });

  it('that fails is attempted at 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, with one body, and then given up', async () => {
    const { clientId, receiver, consumer } = await subscribed(answer(500, {}, 'broken'));
    await house.emit(clientId);
    const dispatcher = house.dispatcher();
    for (const [attempt, delayMs] of attemptDelaysMs.entries()) {
      if (delayMs > 0) {
        house.time.offsetMs += delayMs - 3_000;
        expect(await dispatcher.deliverDue()).toBe(0);
        house.time.offsetMs += 3_000;
      }
      await until(`attempt ${attempt + 1}`, async () => (await dispatcher.deliverDue()) === 1);
    }
    expect(await house.deliveries(consumer.id)).toMatchObject([
      { status: 'Failed', attempts: 8, next: null },
    ]);
    house.time.offsetMs += 3 * dayMs;
    expect(await dispatcher.deliverDue()).toBe(0);
    expect(receiver.received).toHaveLength(8);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const times = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(99_305);
    expect(await house.attemptsOf(consumer.id)).toMatchObject(
      Array(8).fill({ status_code: 500, excerpt: 'broken' }),
    );
  });

  it('does not follow a redirect', async () => {
    const other = await house.startReceiver();
    const { clientId, receiver, consumer } = await subscribed(answer(302, { location: other.url }));
    await house.emit(clientId);
    await house.dispatcher().deliverDue();
    expect([receiver.received.length, other.received.length]).toEqual([1, 0]);
    expect(await house.attemptsOf(consumer.id)).toMatchObject([{ status_code: 302 }]);
    expect(await house.deliveries(consumer.id)).toMatchObject([{ status: 'Pending' }]);
  });

  it('is signed with the old and the new secret for as long as both are valid', async () => {
    const { clientId, receiver, consumer } = await subscribed();
    const { rotate } = await rotation(clientId, consumer.id);
    const fresh = await rotate(60_000);
    await house.emit(clientId);
    await house.dispatcher().deliverDue();
    house.time.offsetMs += 120_000;
    await house.emit(clientId);
    await until('the second delivery', async () => (await house.dispatcher().deliverDue()) === 1);
    const [during, after] = receiver.received.map(({ headers }) => String(headers['webhook-signature']));
    expect(during?.split(' ')).toHaveLength(2);
    expect(after?.split(' ')).toHaveLength(1);
    const [first] = receiver.received;
    for (const secret of [fresh, consumer.secret])
      new StandardWebhook(secret).verify(first?.body ?? '', first?.headers as Record<string, string>);
  });
});

async function rotation(clientId: string, consumerId: string) {
  const { makeWebhookSecret, webhookSecretBinding } = await import('./signature.ts');
  const rotate = async (overlapMs: number) => {
    const secret = makeWebhookSecret();
    const id = crypto.randomUUID();
    const sealed = house.vault.seal(secret, webhookSecretBinding(id, clientId));
    const done = await house.consumers.rotateSecret(clientId, consumerId, {
      secret: { id, sealed },
      overlapMs,
    });
    expect(done).toBe('rotated');
    return secret;
  };
  return { rotate };
}

describe('a consumer that is slow or down', () => {
  it('fails when no answer comes in time, and keeps nobody else waiting meanwhile', async () => {
    const slow = await subscribed(silence);
    const quick = await subscribed();
    for (let n = 0; n < 40; n += 1) await house.emit(slow.clientId);
    const sender = house.closing(createSender({ allowPrivateTargets: true, timeoutMs: 1_500 }));
    const running = house.dispatcher({ sender, places: 24 }).start({ pollMs: 20 });
    await until('the slow one is being waited for', () => slow.receiver.received.length === 16);
    const startedMs = Date.now();
    await house.emit(quick.clientId);
    await until('the other delivery', () => quick.receiver.received.length === 1);
    expect(Date.now() - startedMs).toBeLessThan(1_000);
    await until('the time-out', async () => (await lastFailure(slow.consumer.id)) !== undefined);
    await running.stop();
    expect(await lastFailure(slow.consumer.id)).toBe('No answer within 1.5 seconds');
  });

  it('gets a trial now and then while its breaker is open, however much waits for it, and everything once it is back', async () => {
    const { clientId, receiver, consumer } = await subscribed(answer(503));
    for (let n = 0; n < 60; n += 1) await house.emit(clientId);
    const dispatcher = house.dispatcher();
    for (let round = 0; round < 30; round += 1) await dispatcher.deliverDue();
    // Sixteen places while it was thought well; then the breaker is open.
    expect(receiver.received).toHaveLength(16);
    house.time.offsetMs += 61_000;
    await dispatcher.deliverDue();
    await dispatcher.deliverDue();
    expect(receiver.received).toHaveLength(17);
    receiver.state.reply = answer(200);
    house.time.offsetMs += 400_000;
    for (let round = 0; round < 30; round += 1) await dispatcher.deliverDue();
    expect((await house.deliveries(consumer.id)).filter(({ status }) => status === 'Succeeded')).toHaveLength(
      60,
    );
  });

  it('is disabled after five days without a success: visible, logged, with what waited given up, until it is enabled', async () => {
    const { clientId, receiver, consumer } = await subscribed(answer(500));
    const dispatcher = house.dispatcher();
    await house.emit(clientId);
    await dispatcher.deliverDue();
    house.time.offsetMs += 5 * dayMs;
    await house.emit(clientId);
    while ((await dispatcher.deliverDue()) > 0);
    const row = await house.consumers.find(clientId, consumer.id);
    expect(row).toMatchObject({
      disabled: true,
      disabledReason: expect.stringContaining('Nothing was delivered'),
    });
    expect(house.lines.join('\n')).toContain('webhook consumer disabled');
    expect(new Set((await house.deliveries(consumer.id)).map(({ next }) => next))).toEqual(new Set([null]));
    const before = receiver.received.length;
    await house.emit(clientId);
    expect(await dispatcher.deliverDue()).toBe(0);

    receiver.state.reply = answer(200);
    const enabled = await house.consumers.update(clientId, consumer.id, { disabled: false });
    expect(enabled).toMatchObject({ disabled: false, disabledReason: null, failingSince: null });
    await house.emit(clientId);
    expect(await dispatcher.deliverDue()).toBe(1);
    expect(receiver.received).toHaveLength(before + 1);
  });
});

describe('places', () => {
  it('are dealt out by client: one with a thousand events does not push out another with one', async () => {
    const busy = await subscribed();
    const calm = await subscribed();
    for (let n = 0; n < 50; n += 1) await house.emit(busy.clientId);
    await house.emit(calm.clientId);
    await house.dispatcher({ places: 4 }).deliverDue();
    expect([busy.receiver.received.length, calm.receiver.received.length]).toEqual([2, 1]);
  });
});

describe('targets on private addresses', () => {
  const guarded = (resolve?: Parameters<typeof createSender>[0]['resolve']) =>
    house.closing(
      createSender({
        allowPrivateTargets: false,
        timeoutMs: 2_000,
        ...(resolve === undefined ? {} : { resolve }),
      }),
    );
  const reason = 'The address is not on the public internet';

  it('are not connected to, as an address or by a name that changes to one after it was checked', async () => {
    const { receiver } = await subscribed();
    const signal = new AbortController().signal;
    const send = (sender: ReturnType<typeof guarded>, url: string) =>
      sender.send({ url, headers: {}, body: '{}', signal });
    expect(await send(guarded(), receiver.url)).toMatchObject({ failure: reason });
    expect(await send(guarded(), receiver.url.replace('127.0.0.1', '[::ffff:127.0.0.1]'))).toMatchObject({
      failure: reason,
    });
    let lookups = 0;
    const rebinding = guarded((_name, _options, callback) => {
      lookups += 1;
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    });
    const named = receiver.url.replace('127.0.0.1', 'hooks.example.com');
    expect(await send(rebinding, named)).toMatchObject({ failure: reason });
    expect(await send(rebinding, named)).toMatchObject({ failure: reason });
    expect(lookups).toBe(2);
    expect(receiver.received).toEqual([]);
  });

  it('tell the client a reason without addresses of the network', async () => {
    const { clientId, consumer } = await subscribed();
    const gone = await openReceiver();
    await gone.close();
    await house.consumers.update(clientId, consumer.id, { url: gone.url });
    await house.emit(clientId);
    await house.dispatcher().deliverDue();
    expect(await lastFailure(consumer.id)).toBe('The connection was refused');
  });
});
