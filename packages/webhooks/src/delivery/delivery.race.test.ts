import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answer, silence, startWebhookHouse, until, type WebhookHouse } from '../testing/webhook-house.ts';

let house: WebhookHouse;
beforeAll(async () => {
  house = await startWebhookHouse();
});
afterAll(() => house.close());

it('several workers attempt each delivery once', async () => {
  const clientId = await house.createClient();
  const perEvent = new Map<string, number>();
  const receiver = await house.startReceiver((received, response) => {
    const id = String(received.headers['webhook-id']);
    perEvent.set(id, (perEvent.get(id) ?? 0) + 1);
    answer(204)(received, response);
  });
  const consumer = await house.createConsumer(clientId, receiver.url);
  const events = 150;
  await Promise.all(Array.from({ length: events }, () => house.emit(clientId)));
  const workers = [1, 2, 3].map(() => house.dispatcher({ places: 16 }).start({ pollMs: 5 }));
  await until('everything has come', () => perEvent.size === events);
  await until('everything is written down', async () => {
    const rows = await house.deliveries(consumer.id);
    return rows.every(({ status }) => status === 'Succeeded');
  });
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(perEvent.size).toBe(events);
  expect([...perEvent.values()].every((count) => count === 1)).toBe(true);
  expect((await house.attemptsOf(consumer.id)).length).toBe(events);
});

it('a worker that is killed between sending and writing it down leads to the same event once more, not to a lost one', async () => {
  const clientId = await house.createClient();
  const receiver = await house.startReceiver(silence);
  const consumer = await house.createConsumer(clientId, receiver.url);
  const eventId = await house.emit(clientId);
  const program = fileURLToPath(new URL('../testing/doomed-dispatcher.ts', import.meta.url));
  const child = spawn(process.execPath, [program, house.databaseUrl], { stdio: 'ignore' });
  await until('the request', () => receiver.received.length === 1);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await house.attemptsOf(consumer.id)).toEqual([]);

  receiver.state.reply = answer(204);
  const dispatcher = house.dispatcher();
  // Its claim still holds.
  expect(await dispatcher.deliverDue()).toBe(0);
  house.time.offsetMs += 31_000;
  expect(await dispatcher.deliverDue()).toBe(1);
  house.time.offsetMs = 0;
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId]);
  expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
  expect(await house.deliveries(consumer.id)).toMatchObject([{ status: 'Succeeded' }]);
});

it('an outcome that comes after the claim ran out changes nothing: the other worker decides', async () => {
  const clientId = await house.createClient();
  const held: (() => void)[] = [];
  const receiver = await house.startReceiver((received, response) => {
    held.push(() => answer(500)(received, response));
  });
  const consumer = await house.createConsumer(clientId, receiver.url);
  await house.emit(clientId);
  const late = house.dispatcher().deliverDue();
  await until('the first request', () => held.length === 1);
  house.time.offsetMs += 31_000;
  receiver.state.reply = answer(204);
  expect(await house.dispatcher().deliverDue()).toBe(1);
  held[0]?.();
  await late;
  house.time.offsetMs = 0;
  expect(await house.deliveries(consumer.id)).toMatchObject([{ status: 'Succeeded', attempts: 1 }]);
  expect(house.lines.join('\n')).toContain('came too late to count');
});
