/** Another client's ids, in every operation of the OpenAPI document that takes one: they answer as ids that nobody has, and nothing changes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCompany, invoices, storeRecords, type TestCompany } from './routes/data/data.fixture.ts';
import { startTestApi, type TestApi, type TestClient } from './testing/api.fixture.ts';

type Operation = { readonly parameters?: readonly { readonly name: string; readonly in: string }[] };

let api: TestApi;
let owner: TestClient;
let other: TestClient;
let company: TestCompany;
/** What belongs to the owner, by the name that paths have for it. */
let owned: Readonly<Record<string, string>>;

beforeAll(async () => {
  api = await startTestApi();
  owner = await api.createClient('Maple Lending');
  other = await api.createClient('Other Lending');
  company = await createCompany(api, owner);
  // The other client has a company of its own, so that its requests fail for the ids alone.
  await createCompany(api, other);
  const run = await owner.send('POST', `${company.path}/data/queue/invoices`);
  await storeRecords(api, company, 'invoices', invoices(1, 3));
  const webhook = await owner.send('POST', '/webhooks', {
    url: 'https://93.184.216.34/hook',
    eventTypes: ['company.created'],
  });
  await owner.createCompany('Delivered');
  const deliveries = await owner.get(`/webhooks/${webhook.body.id}/deliveries`);
  owned = {
    companyId: company.id,
    connectionId: company.connectionId,
    datasetId: run.body.id,
    webhookId: webhook.body.id,
    deliveryId: deliveries.body.results[0]?.id ?? randomUUID(),
    apiKeyId: (await owner.send('POST', '/apiKeys', {})).body.id,
  };
});
afterAll(() => api.close());

/** Holds what any operation asks for; what one does not know, it ignores. */
const body = {
  name: 'taken',
  platformKey: 'ksho',
  status: 'Unlinked',
  settings: [{ dataType: 'invoices', fetchOnFirstLink: false, syncSchedule: 1, syncOrder: 0 }],
  url: 'https://93.184.216.34/taken',
  eventTypes: ['company.deleted'],
};

const others: Readonly<Record<string, string>> = {
  platformKey: 'ksho',
  dataType: 'invoices',
  id: 'inv-1',
  pushOperationKey: '11111111-1111-4111-8111-111111111111',
  recordId: '12',
  periodLength: '1',
  periodsToCompare: '1',
};

function urlOf(path: string, { parameters = [] }: Operation, ids: Readonly<Record<string, string>>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => ids[name] ?? others[name] ?? 'x');
  const needed = parameters.filter((one) => one.in === 'query' && others[one.name] !== undefined);
  return `${filled}?${needed.map(({ name }) => `${name}=${others[name]}`).join('&')}`;
}

async function ask(client: TestClient, method: string, url: string) {
  const sendsBody = ['post', 'put', 'patch'].includes(method);
  const answer = await api.app.inject({
    method: method.toUpperCase() as 'GET',
    url,
    headers: { authorization: `Bearer ${client.apiKey}` },
    // A platform with OAuth takes no credentials.
    ...(sendsBody && { payload: url.includes('/authorization') ? {} : body }),
  });
  const { correlationId: _, ...told } = answer.body.startsWith('{') ? answer.json() : { text: answer.body };
  return { status: answer.statusCode, told };
}

/** All that the owner can see of its own. */
async function seen(): Promise<unknown[]> {
  const urls = [
    company.path,
    `${company.path}/connections`,
    `${company.path}/syncSettings`,
    `${company.path}/data/history`,
    `${company.path}/data/invoices`,
    '/webhooks',
    `/webhooks/${owned['webhookId']}/deliveries`,
    '/apiKeys',
  ];
  const answers = [];
  for (const url of urls) answers.push((await ask(owner, 'get', url)).told);
  return answers;
}

test("another client's ids answer as ids that nobody has, everywhere, and nothing changes", async () => {
  const document = JSON.parse((await api.inject({ method: 'GET', url: '/openapi.json' })).text);
  const before = await seen();
  const unknown = Object.fromEntries(Object.keys(owned).map((name) => [name, randomUUID()]));
  const statuses = new Map<string, number>();
  for (const [path, methods] of Object.entries(document.paths as Record<string, Record<string, Operation>>)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    if (!names.some((name) => owned[name] !== undefined)) continue;
    for (const [method, operation] of Object.entries(methods)) {
      const theirs = await ask(other, method, urlOf(path, operation, owned));
      const none = await ask(other, method, urlOf(path, operation, unknown));
      expect([method, path, theirs]).toEqual([method, path, none]);
      statuses.set(`${method} ${path}`, theirs.status);
    }
  }
  expect(await seen()).toEqual(before);
  const unexpected = [...statuses].filter(([, status]) => status !== 404);
  expect(unexpected).toEqual([]);
  expect(statuses.size).toBeGreaterThan(60);
}, 60_000);
