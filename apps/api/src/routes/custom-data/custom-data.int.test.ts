import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { createCompany } from '../data/data.fixture.ts';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
});
afterAll(() => api.close());

const type = { dataSource: '/items', requiredData: { name: '$[*].name' }, keyBy: ['id'] };
const path = (identifier: string) => `/integrations/ksho/dataTypes/custom/${identifier}`;

describe('a custom data type', () => {
  test('is configured, replaced and read by its client alone', async () => {
    expect((await client.get(path('own'))).status).toBe(404);
    expect((await client.send('PUT', path('own'), type)).body).toEqual(type);
    const changed = { ...type, dataSource: '/businesses/{businessId}/taxes', sourceModifiedDate: ['$.x'] };
    expect((await client.send('PUT', '/integrations/Kashoo/dataTypes/custom/own', changed)).body).toEqual(
      changed,
    );
    expect((await client.get(path('own'))).body).toEqual(changed);
    expect((await client.get(path('Own'))).status).toBe(404);
    expect((await (await api.createClient()).get(path('own'))).status).toBe(404);
  });

  test.each([
    ['/users/me/businesses', 'body.dataSource'],
    ['/businesses/12345/items', 'body.dataSource'],
    ['../items', 'body.dataSource'],
    ['//evil.example.com', 'body.dataSource'],
    ['https://evil.example.com/items', 'body.dataSource'],
    ['/items/%2e%2e/%2e%2e/users', 'body.dataSource'],
    ['/{companyId}/items', 'body.dataSource'],
  ])('cannot be read from %s', async (dataSource, place) => {
    const { status, body } = await client.send('PUT', path('bad'), { ...type, dataSource });
    expect([status, body.validation.errors[0].itemId]).toEqual([400, place]);
    expect((await client.get(path('bad'))).status).toBe(404);
  });

  test.each([
    [{ ...type, requiredData: { a: '$..secret' } }, 'body.requiredData.a'],
    [{ ...type, requiredData: { a: 'a[?(@.b)]' } }, 'body.requiredData.a'],
    [{ ...type, keyBy: [] }, 'body.keyBy'],
    [{ ...type, keyBy: ['a()'] }, 'body.keyBy[0]'],
    [{ requiredData: {}, keyBy: ['id'] }, 'body.dataSource'],
  ])('%j is refused by name', async (body, place) => {
    const answer = await client.send('PUT', path('bad'), body);
    expect([answer.status, answer.body.validation.errors[0].itemId]).toEqual([400, place]);
  });

  test('is refreshed on a linked connection, once at a time, and listed from then on', async () => {
    const { connectionPath, path: ofCompany } = await createCompany(api, client);
    const [queue, list] = [`${connectionPath}/data/queue/custom/own`, `${connectionPath}/data/custom/own`];
    expect((await client.get(`${connectionPath}/data/custom/none`)).status).toBe(404);
    expect((await client.get(list)).status).toBe(409);
    const first = await client.send('POST', queue);
    expect([first.status, first.body.dataType]).toEqual([200, 'custom/own']);
    expect((await client.send('POST', queue)).body.id).toBe(first.body.id);
    expect((await client.get(list)).body).toMatchObject({ results: [], totalResults: 0 });
    const history = await client.get(`${ofCompany}/data/history/${first.body.id}`);
    expect(history.body).toMatchObject({ dataType: 'custom/own', status: 'Queued' });
    expect((await client.get(`${ofCompany}/dataStatus`)).body).not.toHaveProperty('custom/own');

    const unlinked = await createCompany(api, client, 'Unlinked');
    expect((await client.send('POST', `${unlinked.connectionPath}/data/queue/custom/own`)).status).toBe(409);
  });

  test('shows values as objects, with every digit', async () => {
    const { id: companyId, path: ofCompany, connectionId, connectionPath } = await createCompany(api, client);
    await client.send('POST', `${connectionPath}/data/queue/custom/own`);
    await api.dependencies.store.pool.query(
      `INSERT INTO custom_data_records (company_id, connection_id, identifier, id, content, content_hash, modified_at, run_id)
       SELECT $1, $2, 'own', number::text, '{"amount":99999999999999.990,"ref":{"id":1.50},"list":[2.0]}', gen_random_uuid(), now(), gen_random_uuid()
       FROM generate_series(1, 3) AS number`,
      [companyId, connectionId],
    );
    const page = await client.get(`${connectionPath}/data/custom/own?page=2&pageSize=2`);
    expect(page.body).toMatchObject({ pageNumber: 2, pageSize: 2, totalResults: 3 });
    expect(page.text).toContain(
      '"content":{"amount":{"value":99999999999999.990},"ref":{"id":1.50},"list":{"value":[2.0]}}',
    );
    expect(page.body.results[0]).toMatchObject({
      id: '3',
      modifiedDate: { modifiedDate: expect.stringMatching(/Z$/) },
    });
    const exported = (await client.get(`${ofCompany}/export`)).text;
    expect(exported).toContain('"content":{"amount":99999999999999.990,"ref":{"id":1.50},"list":[2.0]}}\n');
    expect(exported).toContain('"customRecord":3');
  });
});

describe('supplemental data', () => {
  const place = (dataType: string) => `/integrations/ksho/dataTypes/${dataType}/supplementalDataConfig`;
  const groups = {
    own: { dataSource: '/Invoices', pullData: { order: 'PONumber', term: 'SalesTermRef.value' } },
  };

  test('is configured with or without the wrapping member, and read with it', async () => {
    expect((await client.get(place('invoices'))).body).toEqual({ supplementalDataConfig: {} });
    const saved = await client.send('PUT', place('invoices'), { supplementalDataConfig: groups });
    expect([saved.status, saved.text]).toEqual([200, '']);
    expect((await client.get(place('Invoices'))).body).toEqual({ supplementalDataConfig: groups });
    await client.send('PUT', place('bills'), groups);
    expect((await client.get(place('bills'))).body).toEqual({ supplementalDataConfig: groups });
    expect((await (await api.createClient()).get(place('bills'))).body).toEqual({
      supplementalDataConfig: {},
    });
  });

  test.each(['balanceSheet', 'journalEntries', 'accountTransactions', 'purchaseOrders', 'nonsense'])(
    'has no place for %s',
    async (dataType) => {
      expect((await client.get(place(dataType))).status).toBe(404);
      expect((await client.send('PUT', place(dataType), groups)).status).toBe(404);
    },
  );

  test('takes dotted names only', async () => {
    const bad = { own: { pullData: { all: '$..*' } } };
    const answer = await client.send('PUT', place('invoices'), bad);
    expect([answer.status, answer.body.validation.errors[0].itemId]).toEqual([
      400,
      'body.supplementalDataConfig.own.pullData.all',
    ]);
  });
});
