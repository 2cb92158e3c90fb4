import { createConnectors } from '@tributary/connectors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { createCompany, storeRecords } from './data.fixture.ts';

const nowhere = 'http://127.0.0.1:9';
const kashoo = {
  apiUrl: nowhere,
  trulySmallApiUrl: nowhere,
  oauthUrl: nowhere,
  authorizeUrl: nowhere,
  requestsPerSecond: 10,
  requestsPerHour: undefined,
};

let api: TestApi;
let client: TestClient;

beforeAll(async () => {
  const kashflow = { soapUrl: nowhere, requestsPerSecond: 4 };
  api = await startTestApi({ connectors: createConnectors({ kashoo, kashflow }) });
  client = await api.createClient();
});
afterAll(() => api.close());

test('bank transactions are listed for the bank account in the path, filtered and paged within it; deleted ones, which the published model cannot tell apart, are left out', async () => {
  const company = await createCompany(api, client);
  await api.dependencies.store.prisma.connection.update({
    where: { id: company.connectionId },
    data: { platformKey: 'wvzu' },
  });
  expect((await client.send('POST', `${company.path}/data/queue/bankTransactions`)).status).toBe(200);
  const record = (account: string, number: number) => ({
    id: `${account}:${number}`,
    document: JSON.stringify({ id: `${account}:${number}`, accountId: account, amount: number }),
  });
  await storeRecords(api, company, 'bankTransactions', [record('7', 1), record('8', 2), record('7', 3)]);
  await storeRecords(api, company, 'bankTransactions', [{ ...record('7', 4), isDeleted: true }]);
  const list = async (path: string) => {
    const { status, body } = await client.get(`${company.connectionPath}/data/${path}`);
    return [status, body.totalResults, body.results?.map(({ id }: { id: string }) => id)];
  };
  expect(await list('bankAccounts/7/bankTransactions')).toEqual([200, 2, ['7:1', '7:3']]);
  expect(await list('BANKACCOUNTS/8/banktransactions')).toEqual([200, 1, ['8:2']]);
  expect(await list('bankAccounts/9/bankTransactions')).toEqual([200, 0, []]);
  expect(await list('bankAccounts/7/bankTransactions?query=amount%3E2')).toEqual([200, 1, ['7:3']]);
  expect(await list('bankAccounts/7/bankTransactions?pageSize=1&page=2')).toEqual([200, 2, ['7:3']]);
  expect((await client.get(`${company.connectionPath}/data/bankTransactions`)).status).toBe(404);
});
