import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { createCompany, storeRecords, type TestCompany } from '../data/data.fixture.ts';

let api: TestApi;
let client: TestClient;
let company: TestCompany;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
  company = await createCompany(api, client);
});
afterAll(() => api.close());

const options = (dataType: string) => client.get(`${company.connectionPath}/options/${dataType}`);

describe('push options', () => {
  test.each([
    'customers',
    'suppliers',
    'invoices',
    'bills',
    'payments',
    'billPayments',
    'items',
    'journals',
    'journalEntries',
    'transfers',
    'accounts',
    'chartOfAccounts',
    'CUSTOMERS',
  ])('describe how Kashoo takes %s', async (dataType) => {
    const { status, body } = await options(dataType);
    expect(status).toBe(200);
    expect(body).toMatchObject({ type: 'Object', required: true, properties: expect.any(Object) });
    const required = Object.values<{ required: boolean }>(body.properties).filter((part) => part.required);
    expect(required.length).toBeGreaterThan(0);
  });

  test.each(['purchaseOrders', 'balanceSheet', 'taxRates', 'nonsense'])(
    'are not there for %s, which cannot be written',
    async (dataType) => {
      expect((await options(dataType)).status).toBe(404);
    },
  );

  test('offer the accounts and tax rates of the books as they were read, without those that are put away', async () => {
    await client.send('POST', `${company.path}/data/queue/chartOfAccounts`);
    await client.send('POST', `${company.path}/data/queue/taxRates`);
    const account = (id: string, members: object, isDeleted = false) => {
      const fields = { id, name: `Account ${id}`, type: 'Asset', status: 'Active', isBankAccount: false };
      return { id, isDeleted, document: JSON.stringify({ ...fields, ...members }) };
    };
    await storeRecords(api, company, 'chartOfAccounts', [
      account('1', { nominalCode: '4000' }),
      account('2', { isBankAccount: true }),
      account('3', { status: 'Archived' }),
      account('4', {}, true),
    ]);
    const rate = { id: '7', name: 'GST', status: 'Active', effectiveTaxRate: 5, totalTaxRate: 5 };
    await storeRecords(api, company, 'taxRates', [{ id: '7', document: JSON.stringify(rate) }]);
    const invoice = (await options('invoices')).body.properties.lineItems.properties;
    const values = (part: { properties: { id: { options: { value: string; displayName: string }[] } } }) =>
      part.properties.id.options.map(({ value, displayName }) => `${value} ${displayName}`);
    expect(values(invoice.accountRef)).toEqual(['1 4000 Account 1', '2 Account 2']);
    expect(values(invoice.taxRateRef)).toEqual(['7 GST']);
    expect(values((await options('payments')).body.properties.accountRef)).toEqual(['2 Account 2']);
  });

  test('of another client’s connection do not exist', async () => {
    const foreign = await createCompany(api, await api.createClient());
    expect((await client.get(`${foreign.connectionPath}/options/invoices`)).status).toBe(404);
    expect(
      (await client.get(`${company.path}/connections/${foreign.connectionId}/options/invoices`)).status,
    ).toBe(404);
  });
});

describe('push history', () => {
  const add = async (status: string, changes: object = {}) => {
    const { id: companyId, connectionId } = company;
    const data = {
      id: randomUUID(),
      clientId: client.id,
      companyId,
      connectionId,
      dataType: 'invoices',
      status,
    };
    await api.dependencies.store.prisma.pushOperation.create({ data: { ...data, ...changes } });
    return data.id;
  };

  test('is empty as long as nothing was written', async () => {
    expect((await client.get(`${company.path}/push`)).body).toMatchObject({ results: [], totalResults: 0 });
  });

  test('shows what became of each write, filtered and ordered', async () => {
    const done = await add('Success', {
      statusCode: 200,
      completedAt: new Date(),
      timeoutInMinutes: 10,
      changes: [{ type: 'Created', recordRef: { id: '12', dataType: 'invoices' } }],
    });
    const failed = await add('Failed', {
      statusCode: 400,
      errorMessage: 'A line has no account.',
      validation: { errors: [{ itemId: 'lineItems[0]', message: 'no account', validatorName: 'x' }] },
    });
    const { body } = await client.get(`${company.path}/push/${done}`);
    expect(body).toEqual({
      pushOperationKey: done,
      companyId: company.id,
      dataConnectionKey: company.connectionId,
      dataType: 'invoices',
      status: 'Success',
      statusCode: 200,
      requestedOnUtc: expect.stringMatching(/Z$/),
      completedOnUtc: expect.stringMatching(/Z$/),
      timeoutInMinutes: 10,
      changes: [{ type: 'Created', recordRef: { id: '12', dataType: 'invoices' } }],
    });
    const keys = async (query: string) =>
      (await client.get(`${company.path}/push?${query}`)).body.results.map(
        (push: { pushOperationKey: string }) => push.pushOperationKey,
      );
    expect(await keys('query=status=failed')).toEqual([failed]);
    expect(await keys('query=changes.type=created&&changes.recordRef.id=12')).toEqual([done]);
    expect(await keys('query=changes.recordRef.dataType!=invoices')).toEqual([failed]);
    expect(await keys('orderBy=-statusCode')).toEqual([failed, done]);
    expect((await client.get(`${company.path}/push?query=colour=red`)).status).toBe(400);
  });

  test('of another client does not exist', async () => {
    const foreign = await createCompany(api, await api.createClient());
    expect((await client.get(`${foreign.path}/push`)).status).toBe(404);
    const key = await add('Pending');
    const other = await api.createClient();
    const own = await createCompany(api, other);
    for (const path of [company.path, own.path])
      expect((await other.get(`${path}/push/${key}`)).status).toBe(404);
  });
});
