/** Writing from the request of a lender to the record at the platform, over the API, with a worker and the sandbox. */
import { randomUUID } from 'node:crypto';
import { createApiKeyRepository, makeApiKey } from '@tributary/store';
import { createErasure } from '@tributary/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../../../../../packages/sync/src/testing/harness.ts';
import { atPlatform } from '../../../../../packages/sync/src/testing/writes.ts';
import { buildApp } from '../../app.ts';
import { createAnswerCheck } from '../../testing/codat-specification.fixture.ts';

const checkAnswer = createAnswerCheck();
let harness: Harness;
let app: Awaited<ReturnType<typeof buildApp>>;
let income: string;
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
});
afterAll(async () => {
  await app.close();
  await harness.close();
});

async function createLender() {
  const connection = await harness.link();
  await harness.sync.connectionLinked(connection);
  const chart = await atPlatform(harness, connection, '/businesses/{business}/accounts');
  income = String(chart.find(({ type }: { type: string }) => type === 'INCOME').id);
  const apiKey = makeApiKey();
  await createApiKeyRepository(harness.store).create(connection.clientId, {
    id: randomUUID(),
    name: 'lender',
    apiKey,
  });
  const send = async (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: object | string,
    headers: Record<string, string> = {},
  ) => {
    const answer = await app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const json = answer.body === '' ? undefined : JSON.parse(answer.body);
    checkAnswer({ method, url, status: answer.statusCode, body: json });
    return { status: answer.statusCode, body: json, text: answer.body };
  };
  const companyPath = `/companies/${connection.companyId}`;
  return { connection, send, companyPath, pushPath: `${companyPath}/connections/${connection.id}/push` };
}

const work = (pushId: string) =>
  harness.pushEngineFor('worker').execute(pushId, new AbortController().signal);

/** A complete record, as the published schema has it. */
const invoice = (changes: object = {}) => ({
  issueDate: '2026-05-20T00:00:00',
  status: 'Submitted',
  totalTaxAmount: 0,
  totalAmount: 12.5,
  amountDue: 12.5,
  lineItems: [{ unitAmount: 12.5, quantity: 1, accountRef: { id: income } }],
  ...changes,
});

test('an invoice is written, its operation told, and the record readable at once', async () => {
  const { send, pushPath, companyPath, connection } = await createLender();
  const text = JSON.stringify(invoice()).replace('"unitAmount":12.5', '"unitAmount":12.500000000000000001');
  const asked = await send(
    'POST',
    `${pushPath}/invoices?timeoutInMinutes=5&allowSyncOnPushComplete=false`,
    text,
  );
  expect([asked.status, asked.body.status, asked.body.statusCode]).toEqual([200, 'Pending', 202]);
  expect(asked.body).toMatchObject({
    timeoutInMinutes: 5,
    dataType: 'invoices',
    dataConnectionKey: connection.id,
  });
  // Every digit comes back as it was sent.
  expect(asked.text).toContain('12.500000000000000001');
  const path = `${companyPath}/push/${asked.body.pushOperationKey}`;
  expect((await send('GET', path)).body.status).toBe('Pending');
  await work(asked.body.pushOperationKey);
  const { body: done } = await send('GET', path);
  expect(done).toMatchObject({
    status: 'Success',
    statusCode: 200,
    completedOnUtc: expect.stringMatching(/Z$/),
  });
  expect(done.changes).toEqual([
    { type: 'Created', recordRef: { id: expect.any(String), dataType: 'invoices' } },
  ]);
  // What was left out is told.
  expect(done.validation.warnings.map(({ itemId }: { itemId: string }) => itemId)).toContain('totalAmount');
  const read = await send('GET', `${companyPath}/data/invoices/${done.changes[0].recordRef.id}`);
  expect([read.status, read.body.totalAmount]).toEqual([200, 12.5]);
  const list = await send('GET', `${companyPath}/data/invoices?query=id=${done.changes[0].recordRef.id}`);
  expect(list.body.totalResults).toBe(1);
  expect((await send('GET', `${companyPath}/push`)).body.results).toEqual([done]);
  const { results } = (await send('GET', `${path}/requests`)).body;
  expect(results.filter(({ method }: { method: string }) => method === 'POST')).toMatchObject([
    { path: expect.stringMatching(/\/records\/invoices$/), status: 201 },
  ]);
});

test('an idempotency key writes once, however often the request is sent', async () => {
  const { send, pushPath, companyPath } = await createLender();
  const key = { 'idempotency-key': randomUUID() };
  const customer = { customerName: 'Once', status: 'Active' };
  const first = await send('POST', `${pushPath}/customers`, customer, key);
  const second = await send('POST', `${pushPath}/customers`, customer, key);
  expect(second.body).toEqual(first.body);
  expect(
    (await send('POST', `${pushPath}/customers`, { ...customer, customerName: 'Other' }, key)).status,
  ).toBe(422);
  expect((await send('GET', `${companyPath}/push`)).body.totalResults).toBe(1);
});

test('a sync of the data type follows unless it is switched off', async () => {
  const { send, pushPath, connection } = await createLender();
  for (const [query, runs] of [
    ['?allowSyncOnPushComplete=false', 0],
    ['', 1],
  ] as const) {
    await harness.store.prisma.pullOperation.deleteMany({
      where: { connectionId: connection.id, dataType: 'suppliers' },
    });
    const { body } = await send('POST', `${pushPath}/suppliers${query}`, {
      supplierName: 'S',
      status: 'Active',
    });
    await work(body.pushOperationKey);
    const where = { connectionId: connection.id, dataType: 'suppliers', trigger: 'request' as const };
    expect(await harness.store.prisma.pullOperation.count({ where })).toBe(runs);
  }
});

test.each([
  ['customers', {}, ['customerName', 'status']],
  ['customers', { customerName: '', status: 'Sleeping' }, ['status']],
  ['customers', { customerName: ' ', status: 'Archived' }, ['status', 'customerName']],
  ['suppliers', { supplierName: 7, status: 'Active' }, ['supplierName']],
  ['invoices', { lineItems: [] }, ['issueDate', 'status']],
  [
    'invoices',
    { issueDate: '2026-02-30', status: 'Submitted', lineItems: [{}] },
    ['issueDate', 'lineItems[0].unitAmount', 'lineItems[0].quantity', 'lineItems[0].accountRef'],
  ],
  [
    'invoices',
    {
      issueDate: '2026-02-03',
      status: 'Paid',
      lineItems: [{ unitAmount: 1, quantity: 1, accountRef: { id: 'abc' }, discountAmount: 2 }],
    },
    ['lineItems[0].accountRef.id', 'lineItems[0].discountAmount', 'status'],
  ],
  ['bills', { issueDate: '2026-02-03', status: 'Open', lineItems: 'none' }, ['lineItems']],
  [
    'payments',
    {
      date: '2026-02-03',
      accountRef: { id: '1' },
      totalAmount: 10.001,
      lines: [{ amount: 5, links: [{ type: 'Invoice', amount: -4 }] }],
    },
    ['totalAmount', 'lines[0].links[0].id', 'lines[0].amount'],
  ],
  [
    'billPayments',
    { date: '2026-02-03', accountRef: { id: '1' }, totalAmount: 10, lines: [{ amount: 5 }] },
    ['totalAmount'],
  ],
  ['items', { name: 'x', itemStatus: 'Active', type: 'Inventory' }, ['type']],
  [
    'journals',
    { postedOn: '2026-02-03', journalLines: [{ netAmount: 5, accountRef: { id: 'NullId' } }] },
    ['journalLines', 'journalLines[0].accountRef', 'journalLines'],
  ],
  [
    'transfers',
    {
      date: '2026-02-03',
      from: { accountRef: { id: '1' }, amount: 5 },
      to: { accountRef: { id: '1' }, amount: 6 },
    },
    ['to.amount', 'to.accountRef'],
  ],
  ['accounts', { name: 'x', fullyQualifiedCategory: 'Asset.Gold' }, ['fullyQualifiedCategory']],
])('a record of %s that is wrong is refused at once: %o', async (dataType, record, places) => {
  const { send, pushPath, companyPath } = await createLender();
  const { status, body } = await send('POST', `${pushPath}/${dataType}`, record);
  expect(status).toBe(400);
  expect(body.validation.errors.map(({ itemId }: { itemId: string }) => itemId)).toEqual(places);
  expect((await send('GET', `${companyPath}/push`)).body.totalResults).toBe(0);
});

test('what is no record, or too large, is refused', async () => {
  const { send, pushPath } = await createLender();
  expect((await send('POST', `${pushPath}/customers`)).status).toBe(400);
  expect((await send('POST', `${pushPath}/customers`, '[]')).status).toBe(400);
  expect((await send('POST', `${pushPath}/customers`, '{"customerName":')).status).toBe(400);
  expect(
    (await send('POST', `${pushPath}/customers`, '{"customerName":1e999999,"status":"Active"}')).status,
  ).toBe(400);
  expect(
    (await send('POST', `${pushPath}/customers`, { customerName: 'a\u0000b', status: 'Active' })).status,
  ).toBe(400);
  const large = { customerName: 'x'.repeat(3_000_000), status: 'Active' };
  expect((await send('POST', `${pushPath}/customers`, large)).status).toBe(413);
  const query = '?timeoutInMinutes=0';
  expect(
    (await send('POST', `${pushPath}/customers${query}`, { customerName: 'x', status: 'Active' })).status,
  ).toBe(400);
});

test('what cannot be written, or is not the client’s, is not there', async () => {
  const { send, pushPath } = await createLender();
  const other = await createLender();
  const record = { customerName: 'x', status: 'Active' };
  for (const [method, path] of [
    ['POST', `${pushPath}/purchaseOrders`],
    ['POST', `${pushPath}/nonsense`],
    ['PUT', `${pushPath}/payments/12`],
    ['POST', `${other.pushPath}/customers`],
    ['PUT', `${other.pushPath}/customers/12`],
    [
      'POST',
      pushPath.replace(/connections\/[^/]+/, `connections/${other.connection.id}`).concat('/customers'),
    ],
  ] as const)
    expect((await send(method, path, record)).status, path).toBe(404);
  expect((await other.send('GET', `${other.companyPath}/push`)).body.totalResults).toBe(0);
});

test('nothing can be written to a connection that is not linked', async () => {
  const { send, pushPath, companyPath, connection } = await createLender();
  const record = { customerName: 'Unlinked', status: 'Active' };
  const waiting = (await send('POST', `${pushPath}/customers`, record)).body.pushOperationKey;
  await send('PATCH', `${companyPath}/connections/${connection.id}`, { status: 'Unlinked' });
  expect((await send('POST', `${pushPath}/customers`, record)).status).toBe(409);
  await work(waiting);
  expect((await send('GET', `${companyPath}/push/${waiting}`)).body).toMatchObject({
    status: 'Failed',
    statusCode: 409,
    errorMessage: 'Not written: the connection is not linked any more.',
  });
});

test('access that is revoked in the middle ends the write and the connection', async () => {
  const { send, pushPath, companyPath, connection } = await createLender();
  const { body } = await send('POST', `${pushPath}/customers`, { customerName: 'Revoked', status: 'Active' });
  await harness.control('faults', { match: '^POST /api/businesses', kind: 'accessRevoked' });
  await work(body.pushOperationKey);
  const done = (await send('GET', `${companyPath}/push/${body.pushOperationKey}`)).body;
  expect([done.status, done.statusCode]).toEqual(['Failed', 401]);
  expect(done.errorMessage).toMatch(/^Not written: /);
  expect((await send('GET', `${companyPath}/connections/${connection.id}`)).body.status).toBe('Deauthorized');
});

test('a company that is erased in the middle leaves nothing behind', async () => {
  const { send, pushPath, companyPath, connection } = await createLender();
  const { body } = await send('POST', `${pushPath}/customers`, { customerName: 'Erased', status: 'Active' });
  await harness.control('faults', { match: '^POST /api/businesses', kind: 'answerHeld', delayMs: 700 });
  const working = work(body.pushOperationKey);
  await new Promise((done) => setTimeout(done, 300));
  await createErasure(harness).company(connection.clientId, connection.companyId);
  await working;
  expect((await send('GET', `${companyPath}/push/${body.pushOperationKey}`)).status).toBe(404);
  const where = { companyId: connection.companyId };
  expect(await harness.store.prisma.pushOperation.count({ where })).toBe(0);
  expect(await harness.store.prisma.upstreamRequest.count({ where })).toBe(0);
  const { rows } = await harness.store.pool.query('SELECT FROM customers WHERE company_id = $1', [
    connection.companyId,
  ]);
  expect(rows).toEqual([]);
});

test('two workers and a sync at the same time write each record once, in order', async () => {
  const { send, pushPath, companyPath, connection } = await createLender();
  const keys: string[] = [];
  for (let index = 0; index < 12; index += 1) {
    const customer = { customerName: `Crowd ${index}`, status: 'Active' };
    keys.push((await send('POST', `${pushPath}/customers`, customer)).body.pushOperationKey);
  }
  const run = harness.pull(connection, 'customers');
  await Promise.all(keys.map(work));
  expect((await run).status).toBe('Complete');
  const { body } = await send('GET', `${companyPath}/push?orderBy=requestedOnUtc`);
  expect(body.results.map(({ status }: { status: string }) => status)).toEqual(keys.map(() => 'Success'));
  expect((await harness.pull(connection, 'customers')).status).toBe('Complete');
  const contacts = await atPlatform(harness, connection, '/businesses/{business}/contacts?limit=1000');
  const names = contacts
    .map(({ name }: { name: string }) => name)
    .filter((name: string) => name.startsWith('Crowd'));
  expect(names).toEqual(keys.map((_, index) => `Crowd ${index}`));
  const list = await send('GET', `${companyPath}/data/customers?query=customerName~Crowd`);
  expect(list.body.totalResults).toBe(12);
});

test('a change that is written while a sync reads the record is not taken back by it', async () => {
  const { send, pushPath, companyPath, connection } = await createLender();
  const made = (await send('POST', `${pushPath}/customers`, { customerName: 'Before', status: 'Active' }))
    .body;
  await work(made.pushOperationKey);
  const { changes } = (await send('GET', `${companyPath}/push/${made.pushOperationKey}`)).body;
  const { id } = changes[0].recordRef;
  await harness.pull(connection, 'customers');
  // The page with the record is read, and held back until the record has changed.
  await harness.control('faults', {
    match: '^GET /api/businesses/.*/contacts',
    kind: 'answerHeld',
    delayMs: 1500,
  });
  const run = harness.pull(connection, 'customers');
  await new Promise((done) => setTimeout(done, 400));
  const changed = (
    await send('PUT', `${pushPath}/customers/${id}`, { customerName: 'After', status: 'Active' })
  ).body;
  await work(changed.pushOperationKey);
  const read = async () => (await send('GET', `${companyPath}/data/customers/${id}`)).body.customerName;
  expect(await read()).toBe('After');
  expect((await run).status).toBe('Complete');
  expect(await read()).toBe('After');
  await harness.pull(connection, 'customers');
  expect(await read()).toBe('After');
});

test('consumers of webhooks hear of each end', async () => {
  const { send, pushPath, companyPath, connection } = await createLender();
  await send('POST', '/webhooks', {
    url: 'http://127.0.0.1:9/hook',
    eventTypes: [
      'customers.write.successful',
      'payments.write.unsuccessful',
      'chartOfAccounts.write.successful',
    ],
  });
  const good = (await send('POST', `${pushPath}/customers`, { customerName: 'Told', status: 'Active' })).body;
  const account = (
    await send('POST', `${pushPath}/accounts`, {
      name: 'Told',
      fullyQualifiedCategory: 'Expense',
      type: 'Expense',
      status: 'Active',
      isBankAccount: false,
    })
  ).body;
  const bad = (
    await send('POST', `${pushPath}/payments`, {
      date: '2026-05-01',
      accountRef: { id: '1' },
      totalAmount: 1,
    })
  ).body;
  for (const { pushOperationKey } of [good, account, bad]) await work(pushOperationKey);
  const { rows } = await harness.store.pool.query(
    'SELECT event_type AS type, body FROM webhook_events WHERE client_id = $1 ORDER BY created_at',
    [connection.clientId],
  );
  const { changes } = (await send('GET', `${companyPath}/push/${good.pushOperationKey}`)).body;
  expect(rows.map(({ type }) => type)).toEqual([
    'customers.write.successful',
    'chartOfAccounts.write.successful',
    'payments.write.unsuccessful',
  ]);
  const { payload } = JSON.parse(rows[0].body);
  expect(payload).toMatchObject({
    id: good.pushOperationKey,
    type: 'Create',
    status: 'Success',
    record: { id: changes[0].recordRef.id },
  });
});
