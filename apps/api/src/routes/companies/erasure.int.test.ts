import { randomUUID } from 'node:crypto';
import { createApiKeyRepository, makeApiKey } from '@tributary/store';
import { tracesInDatabase } from '@tributary/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../../../../../packages/sync/src/testing/harness.ts';
import {
  bringIntoMidRun,
  hasNoJobs,
  idsOf,
  syncSome,
  until,
} from '../../../../../packages/sync/src/testing/mid-run.ts';
import { buildApp } from '../../app.ts';

let house: Harness;
let app: Awaited<ReturnType<typeof buildApp>>;
beforeAll(async () => {
  house = await startHarness({ sandbox: { size: 6000 } });
  app = await buildApp({
    publicUrl: 'https://tributary.example.com',
    requestsPerClientPerDay: 1_000_000,
    allowPrivateTargets: false,
    pingQueue: async () => undefined,
    clock: Date.now,
    newId: randomUUID,
    ...house,
  });
});
afterAll(async () => {
  await app.close();
  await house.close();
});

test('DELETE /companies/{companyId} leaves no trace in any table, although a worker is at it', async () => {
  const connection = await house.link();
  await syncSome(house, connection);
  const worker = house.startWorker();
  await bringIntoMidRun(house, connection);
  const ids = await idsOf(house, connection);
  expect((await tracesInDatabase(house.databaseUrl, ids)).length).toBeGreaterThan(12);

  const apiKey = makeApiKey();
  const key = { id: randomUUID(), name: 'test', apiKey };
  await createApiKeyRepository(house.store).create(connection.clientId, key);
  const url = `/companies/${connection.companyId}`;
  const headers = { authorization: `Bearer ${apiKey}` };
  expect((await app.inject({ method: 'DELETE', url, headers })).statusCode).toBe(204);
  const left = await tracesInDatabase(house.databaseUrl, ids);
  expect(left.filter((table) => table.startsWith('public.'))).toEqual([]);
  await until('the worker has noticed', () => hasNoJobs(house));
  await worker.close();
  await house.queue.clearEvents();
  expect(await tracesInDatabase(house.databaseUrl, ids)).toEqual([]);
  expect((await app.inject({ method: 'DELETE', url, headers })).statusCode).toBe(404);
}, 180_000);
