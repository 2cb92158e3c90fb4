import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { createCompany } from '../data/data.fixture.ts';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
});
afterAll(() => api.close());

test('a product is switched on once, shown with the company, and switched off', async () => {
  const { path } = await createCompany(api, client);
  for (const product of ['lending', 'Spend-Insights', 'lending'])
    expect((await client.send('PUT', `${path}/products/${product}`)).status).toBe(204);
  expect((await client.get(path)).body.products).toEqual(['lending', 'Spend-Insights']);
  expect((await client.send('DELETE', `${path}/products/lending`)).status).toBe(204);
  expect((await client.send('DELETE', `${path}/products/lending`)).status).toBe(404);
  expect((await client.get(path)).body.products).toEqual(['Spend-Insights']);
});

test('switching a product on or off is told to webhook consumers, doing it again is not', async () => {
  const own = await api.createClient();
  const { path } = await createCompany(api, own);
  const created = await own.send('POST', '/webhooks', {
    url: 'https://lender.example.com/hook',
    eventTypes: ['company.product.added', 'company.product.removed'],
  });
  expect(created.status).toBe(201);
  for (const method of ['PUT', 'PUT', 'DELETE', 'DELETE'] as const)
    await own.send(method, `${path}/products/lending`);
  const events = await api.dependencies.store.prisma.webhookEvent.findMany({
    where: { clientId: own.id },
    orderBy: { createdAt: 'asc' },
  });
  expect(events.map(({ eventType }) => eventType)).toEqual([
    'company.product.added',
    'company.product.removed',
  ]);
});

test('refreshing a product starts pulls of all data types, or of those that are named, and says no while they run', async () => {
  const { path } = await createCompany(api, client);
  const refresh = (body?: object) => client.send('POST', `${path}/products/lending/refresh`, body);
  const running = async () =>
    (await client.get(`${path}/data/history?query=status=Queued&pageSize=100`)).body.results
      .map((pull: { dataType: string }) => pull.dataType)
      .toSorted();
  expect((await refresh()).status).toBe(404);
  await client.send('PUT', `${path}/products/lending`);
  const unknown = await refresh({ dataTypes: ['invoices', 'commerce-orders'] });
  expect([unknown.status, unknown.body.error]).toEqual([400, expect.stringContaining('chartOfAccounts')]);
  expect(await running()).toEqual([]);
  expect((await refresh({ dataTypes: ['invoices', 'Customers'] })).status).toBe(202);
  expect(await running()).toEqual(['customers', 'invoices']);
  expect((await refresh({ dataTypes: ['invoices', 'bills'] })).status).toBe(400);
  expect((await refresh({ dataTypes: ['bills'] })).status).toBe(202);
  expect((await refresh()).status).toBe(400);
});

test('a product of a company without a linked connection is not refreshed', async () => {
  const { path } = await createCompany(api, client, 'Unlinked');
  await client.send('PUT', `${path}/products/lending`);
  expect((await client.send('POST', `${path}/products/lending/refresh`)).status).toBe(409);
});

test.each(['a%20b', 'x'.repeat(101), 'a%2Fb'])('%s is no identifier of a product', async (product) => {
  const { path } = await createCompany(api, client);
  expect((await client.send('PUT', `${path}/products/${product}`)).status).toBe(400);
});

test('products of another client’s company do not exist', async () => {
  const { path } = await createCompany(api, await api.createClient());
  for (const method of ['PUT', 'DELETE'] as const)
    expect((await client.send(method, `${path}/products/lending`)).status).toBe(404);
  expect((await client.send('POST', `${path}/products/lending/refresh`)).status).toBe(404);
});
