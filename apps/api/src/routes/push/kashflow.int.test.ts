/** Writing to KashFlow over the API: what is refused at once, what is written, and reading it at once. */
import { randomUUID } from 'node:crypto';
import { createApiKeyRepository, makeApiKey } from '@tributary/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../../../../../packages/sync/src/testing/harness.ts';
import { buildApp } from '../../app.ts';
import { createAnswerCheck } from '../../testing/codat-specification.fixture.ts';

const checkAnswer = createAnswerCheck();
let harness: Harness;
let app: Awaited<ReturnType<typeof buildApp>>;
let connection: Awaited<ReturnType<Harness['linkKashFlow']>>;
let apiKey: string;

beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 120 } });
  app = await buildApp({
    publicUrl: 'https://tributary.example.com',
    requestsPerClientPerDay: 1_000_000,
    allowPrivateTargets: true,
    pingQueue: async () => undefined,
    clock: Date.now,
    newId: randomUUID,
    ...harness,
  });
  connection = await harness.linkKashFlow();
  for (const dataType of ['customers', 'chartOfAccounts', 'taxRates', 'items', 'invoices'] as const)
    await harness.pull(connection, dataType);
  apiKey = makeApiKey();
  const key = { id: randomUUID(), name: 'lender', apiKey };
  await createApiKeyRepository(harness.store).create(connection.clientId, key);
});
afterAll(async () => {
  await app.close();
  await harness.close();
});

/** Members that the published schema asks for, and KashFlow computes. */
const computed = { status: 'Submitted', totalTaxAmount: 0, totalAmount: 1, amountDue: 1 };

const company = () => `/companies/${connection.companyId}`;
const pushPath = () => `${company()}/connections/${connection.id}/push`;

async function send(
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  body?: object,
  // biome-ignore lint/suspicious/noExplicitAny: bodies of several routes, looked into by the tests
): Promise<{ status: number; body: any }> {
  const answer = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { payload: JSON.stringify(body) }),
  });
  const json = JSON.parse(answer.body);
  // The answer shows the record as it was sent, with KashFlow's own member that no published schema has.
  if (json.data?.defaultItemRef === undefined)
    checkAnswer({ method, url, status: answer.statusCode, body: json });
  return { status: answer.statusCode, body: json };
}

/** Asks for a write, lets a worker carry it out, and reads what became of it. */
async function pushed(method: 'POST' | 'PUT', path: string, record: object) {
  const asked = await send(method, `${pushPath()}/${path}?allowSyncOnPushComplete=false`, record);
  expect([asked.status, asked.body.status]).toEqual([200, 'Pending']);
  const key = asked.body.pushOperationKey;
  await harness.pushEngineFor('worker').execute(key, new AbortController().signal);
  return (await send('GET', `${company()}/push/${key}`)).body;
}

const first = async (path: string, query = '') =>
  (await send('GET', `${company()}/data/${path}?page=1&pageSize=1${query}`)).body.results[0];

test('the options are KashFlow’s own, with what the books offer', async () => {
  const { status, body } = await send('GET', `${company()}/connections/${connection.id}/options/invoices`);
  expect(status).toBe(200);
  expect(body.properties.customerRef.validation.warnings[0].details).toContain('NullId');
  const line = body.properties.lineItems.properties;
  expect(line.taxRateRef.properties.id.options.length).toBeGreaterThan(1);
  expect(body.properties.defaultItemRef.properties.id.type).toBe('String');
});

test('an invoice is written, read at once, and what was read is pushed back', async () => {
  const customer = await first('customers');
  const item = await first('items', `&query=${encodeURIComponent('code=SKU-1000')}`);
  const record = {
    ...computed,
    customerRef: { id: customer.id },
    issueDate: '2026-05-20T00:00:00',
    lineItems: [
      { description: '<Widget> & “Söhne”', unitAmount: 19.99, quantity: 2, itemRef: { id: item.id } },
      { description: 'Unmatched', unitAmount: 1, quantity: 1, itemRef: { id: '1999999999' } },
    ],
    defaultItemRef: { id: item.id },
  };
  const done = await pushed('POST', 'invoices', record);
  expect([done.status, done.errorMessage]).toEqual(['Success', undefined]);
  const { id } = done.changes[0].recordRef;
  const read = (await send('GET', `${company()}/data/invoices/${id}`)).body;
  expect(read).toMatchObject({ customerRef: { id: customer.id }, subTotal: 40.98, status: 'Submitted' });
  expect(read.lineItems.map(({ itemRef }: { itemRef: { id: string } }) => itemRef.id)).toEqual([
    item.id,
    item.id,
  ]);

  const changed = await pushed('PUT', `invoices/${id}`, { ...read, dueDate: '2026-07-01T00:00:00' });
  expect([changed.status, changed.changes[0].type]).toEqual(['Success', 'Modified']);
  const again = (await send('GET', `${company()}/data/invoices/${id}`)).body;
  expect(again).toMatchObject({ dueDate: '2026-07-01T00:00:00', lineItems: read.lineItems });
});

test('a new invoice of nobody is refused at once; one that was read without a customer is pushed back without', async () => {
  const nobody = await first('invoices', `&query=${encodeURIComponent('customerRef.id=NullId')}`);
  const asked = await send('POST', `${pushPath()}/invoices`, nobody);
  expect(asked.status).toBe(400);
  expect(JSON.stringify(asked.body)).toContain('KashFlow needs a customer on every invoice');
  const done = await pushed('PUT', `invoices/${nobody.id}`, { ...nobody, dueDate: '2031-01-01T00:00:00' });
  expect([done.status, done.errorMessage]).toEqual(['Success', undefined]);
  const after = (await send('GET', `${company()}/data/invoices/${nobody.id}`)).body;
  expect(after).toMatchObject({ customerRef: { id: 'NullId' }, dueDate: '2031-01-01T00:00:00' });
});

test('nonsense is refused at once, with every place; foreign ids are refused by name', async () => {
  const customer = await first('customers');
  const lineItems = [{ unitAmount: 1e20, quantity: 1, accountRef: { id: '</ChargeType>' } }];
  const asked = await send('POST', `${pushPath()}/invoices`, {
    ...computed,
    customerRef: { id: customer.id },
    issueDate: '2026-05-20',
    lineItems,
  });
  expect(asked.status).toBe(400);
  const text = JSON.stringify(asked.body);
  for (const place of ['lineItems[0].unitAmount', 'lineItems[0].accountRef']) expect(text).toContain(place);
  expect((await send('POST', `${pushPath()}/billPayments`, {})).status).toBe(404);
  expect((await send('PUT', `${pushPath()}/payments/1`, {})).status).toBe(404);

  const done = await pushed('POST', 'invoices', {
    ...computed,
    customerRef: { id: '2000000000' },
    issueDate: '2026-05-20T00:00:00',
    lineItems: [{ unitAmount: 1, quantity: 1, accountRef: { id: '1' } }],
  });
  expect(done).toMatchObject({ status: 'Failed', statusCode: 400 });
  expect(done.validation.errors[0].itemId).toBe('customerRef.id');
});
