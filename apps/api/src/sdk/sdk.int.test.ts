/**
 * Codat's official SDK, as it is published, against a server that listens, with a company whose books come from the sandbox. Every
 * operation that the SDK has is called; one that a new version brings makes the test fail until it is called too.
 */
import { randomUUID } from 'node:crypto';
import { CodatPlatform } from '@codat/platform';
import { SDKError } from '@codat/platform/sdk/models/errors/index.js';
import { createApiKeyRepository, makeApiKey } from '@tributary/store';
import { createPushEngine, createSyncEngine } from '@tributary/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Browser } from '../routes/link/testing/browser.ts';
import { startTestHouse, type TestHouse, users } from '../routes/link/testing/test-house.ts';
import { sdkOperations } from './operations.fixture.ts';

let house: TestHouse;
let sdk: CodatPlatform;
let authorization: string;
let ids: { clientId: string; companyId: string; connectionId: string };
const called = new Set<string>();

/** Calls one operation; the SDK checks each answer against its own schemas and throws when it does not fit. */
async function call<Result>(operation: string, work: () => Promise<Result>): Promise<Result> {
  called.add(operation);
  try {
    return await work();
  } catch (error) {
    throw new Error(`${operation}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** What a worker would do: works on every run of the connection to its end. */
async function work(): Promise<void> {
  const engine = createSyncEngine({
    store: house.store,
    queue: house.queue,
    connectors: house.connectors,
    credentials: house.credentials,
    logger: house.logger,
    now: Date.now,
    owner: 'test',
    deletionBrakePercent: 20,
    admit: (clientId) => house.sync.admit(clientId),
  });
  const runs = await house.store.prisma.pullOperation.findMany({
    where: { connectionId: ids.connectionId, completedAt: null },
    orderBy: { requestedAt: 'asc' },
  });
  for (const { id } of runs) await engine.execute(id, new AbortController().signal);
}

beforeAll(async () => {
  house = await startTestHouse();
  const link = await house.createLink();
  await house.linkWith(new Browser(), link.startUrl, users.one);
  const apiKey = makeApiKey();
  await createApiKeyRepository(house.store).create(link.clientId, { id: randomUUID(), name: 'sdk', apiKey });
  ids = link;
  authorization = `Basic ${Buffer.from(apiKey).toString('base64')}`;
  sdk = new CodatPlatform({
    serverURL: house.publicUrl,
    authHeader: authorization,
    retryConfig: { strategy: 'none' },
  });
});
afterAll(() => house.close());

test('companies are created, read, changed and deleted', async () => {
  const created = await call('companies.create', () =>
    sdk.companies.create({ name: 'Technicalium', description: 'web design', tags: { region: 'uk' } }),
  );
  const companyId = created.id;
  expect(created).toMatchObject({ name: 'Technicalium', products: [], tags: { region: 'uk' } });
  const listed = await call('companies.list', () =>
    sdk.companies.list({ tags: 'region = uk', pageSize: 10 }),
  );
  expect(listed.results?.map(({ id }) => id)).toEqual([companyId]);
  const request = { companyId };
  expect(await call('companies.get', () => sdk.companies.get(request))).toEqual(created);
  const replaced = await call('companies.replace', () =>
    sdk.companies.replace({ companyId, companyRequestBody: { name: 'Toft stores' } }),
  );
  expect(replaced).toMatchObject({ name: 'Toft stores' });
  const companyUpdateRequest = { description: 'changed' };
  const updated = await call('companies.update', () =>
    sdk.companies.update({ companyId, companyUpdateRequest }),
  );
  expect(updated).toMatchObject({ name: 'Toft stores', description: 'changed' });
  await call('companies.delete', () => sdk.companies.delete(request));
  await expect(sdk.companies.get(request)).rejects.toMatchObject({ statusCode: 404 });
});

test('products are switched on, refreshed and switched off', async () => {
  await work();
  const product = { companyId: ids.companyId, productIdentifier: 'lending' };
  await call('companies.addProduct', () => sdk.companies.addProduct(product));
  expect((await sdk.companies.get(product)).products).toEqual(['lending']);
  const requestBody = { dataTypes: ['invoices', 'customers'] };
  await call('companies.refreshProductData', () =>
    sdk.companies.refreshProductData({ ...product, requestBody }),
  );
  await expect(sdk.companies.refreshProductData({ ...product, requestBody })).rejects.toMatchObject({
    statusCode: 400,
  });
  await work();
  await call('companies.removeProduct', () => sdk.companies.removeProduct(product));
  expect((await sdk.companies.get(product)).products).toEqual([]);
});

test('connections are created, read, unlinked and deleted', async () => {
  const { id: companyId } = await sdk.companies.create({ name: 'Another shop' });
  const created = await call('connections.create', () =>
    sdk.connections.create({ companyId, requestBody: { platformKey: 'ksho' } }),
  );
  expect(created).toMatchObject({ platformName: 'Kashoo', status: 'PendingAuth' });
  const request = { companyId, connectionId: created.id };
  expect(await call('connections.get', () => sdk.connections.get(request))).toEqual(created);
  const listed = await call('connections.list', () => sdk.connections.list({ companyId }));
  expect(listed.results).toEqual([created]);
  const same = await call('connections.updateAuthorization', () =>
    sdk.connections.updateAuthorization({ ...request, requestBody: {} }),
  );
  expect(same).toEqual(created);
  await house.linkWith(new Browser(), created.linkUrl, users.one);
  const unlinked = await call('connections.unlink', () =>
    sdk.connections.unlink({ ...request, updateConnectionStatus: { status: 'Unlinked' } }),
  );
  expect(unlinked.status).toBe('Unlinked');
  await call('connections.delete', () => sdk.connections.delete(request));
  await expect(sdk.connections.get(request)).rejects.toMatchObject({ statusCode: 404 });
});

test('access tokens are given, and the origins of pages set, at the newer and at the older paths', async () => {
  const request = { companyId: ids.companyId };
  const token = await call('companies.getAccessToken', () => sdk.companies.getAccessToken(request));
  expect(token).toMatchObject({ expiresIn: 86_400, tokenType: 'Bearer' });
  const older = await call('connectionManagement.get', () => sdk.connectionManagement.get(request));
  expect(older.accessToken).toMatch(/^company\./);
  const origins = { allowedOrigins: ['https://app.example.com'] };
  expect(await call('settings.set', () => sdk.settings.set(origins))).toEqual(origins);
  expect(await call('cors.get', () => sdk.cors.get())).toEqual(origins);
  const none = { allowedOrigins: [] };
  expect(await call('cors.set', () => sdk.cors.set(none))).toEqual(none);
  expect(await call('settings.get', () => sdk.settings.get())).toEqual(none);
});

test('data is refreshed, and what became of it is read', async () => {
  const { companyId, connectionId } = ids;
  await call('refreshData.all', () => sdk.refreshData.all({ companyId }));
  await work();
  const pull = await call('refreshData.byDataType', () =>
    sdk.refreshData.byDataType({ companyId, connectionId, dataType: 'invoices' }),
  );
  expect(pull).toMatchObject({ dataType: 'invoices', status: 'Queued', isCompleted: false });
  await work();
  const datasetId = pull.id;
  const done = await call('refreshData.getPullOperation', () =>
    sdk.refreshData.getPullOperation({ companyId, datasetId }),
  );
  expect(done).toMatchObject({ status: 'Complete', progress: 100, isCompleted: true });
  const history = await call('refreshData.listPullOperations', () =>
    sdk.refreshData.listPullOperations({ companyId, query: 'dataType=invoices', pageSize: 1 }),
  );
  expect(history.results).toEqual([done]);
  const statuses = await call('refreshData.get', () => sdk.refreshData.get({ companyId }));
  expect(statuses.invoices).toMatchObject({ currentStatus: 'Complete', latestSyncId: datasetId });
  const validation = await call('readData.getValidationResults', () =>
    sdk.readData.getValidationResults({ companyId, datasetId }),
  );
  expect(validation).toMatchObject({ errors: expect.any(Array), warnings: expect.any(Array) });
});

test('integrations are read, and their pictures load', async () => {
  const listed = await call('integrations.list', () => sdk.integrations.list({ query: 'enabled=true' }));
  expect(listed.results?.map(({ key }) => key)).toContain('ksho');
  const platform = { platformKey: 'ksho' };
  const kashoo = await call('integrations.get', () => sdk.integrations.get(platform));
  expect(kashoo).toMatchObject({ name: 'Kashoo', sourceType: 'Accounting' });
  const branding = await call('integrations.getBranding', () => sdk.integrations.getBranding(platform));
  const answer = await fetch(branding.logo?.full?.image?.src ?? '');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
});

test('profile, sync settings and API keys are read and changed', async () => {
  const changed = { name: 'Bob’s Burgers', redirectUrl: 'https://bobs-burgers.example.com/{companyId}' };
  const profile = await call('settings.updateProfile', () => sdk.settings.updateProfile(changed));
  expect(profile).toMatchObject(changed);
  expect(await call('settings.getProfile', () => sdk.settings.getProfile())).toEqual(profile);
  const setting = { dataType: 'invoices', fetchOnFirstLink: true, syncSchedule: 24, syncOrder: 0 } as const;
  const change = { settings: [setting], overridesDefaults: true };
  await call('settings.updateSyncSettings', () =>
    sdk.settings.updateSyncSettings({ clientId: ids.clientId, ...change }),
  );
  const ofClient = await call('settings.getSyncSettings', () => sdk.settings.getSyncSettings());
  expect(ofClient.settings).toContainEqual(expect.objectContaining(setting));
  const { companyId } = ids;
  await call('companies.setCompanySyncSettings', () =>
    sdk.companies.setCompanySyncSettings({ companyId, requestBody: { companyId, ...change } }),
  );
  const ofCompany = await call('companies.getCompanySyncSettings', () =>
    sdk.companies.getCompanySyncSettings({ companyId }),
  );
  expect(ofCompany).toMatchObject({ companyId, overridesDefaults: true });

  const key = await call('settings.createApiKey', () => sdk.settings.createApiKey({ name: 'second' }));
  expect(key).toMatchObject({ name: 'second', apiKey: expect.any(String) });
  // The SDK looks for a body in a 204, which cannot have one, and throws when the key is deleted: with Codat's own API as well.
  const apiKeyId = key.id ?? '';
  const thrown = await call('settings.deleteApiKey', () =>
    sdk.settings.deleteApiKey({ apiKeyId }).catch((error: unknown) => error),
  );
  expect(thrown).toBeInstanceOf(SDKError);
  expect(thrown).toMatchObject({ statusCode: 204 });
  const keys = await call('settings.listApiKeys', () => sdk.settings.listApiKeys());
  expect(keys.results?.map((stored) => stored?.name)).toEqual(['sdk']);
});

test('writing is described, and its history read', async () => {
  const { companyId, connectionId } = ids;
  const options = await call('pushData.getModelOptions', () =>
    sdk.pushData.getModelOptions({ companyId, connectionId, dataType: 'invoices' }),
  );
  expect(options).toMatchObject({ type: 'Object', displayName: 'Invoice', required: true });
  expect(
    options.properties?.['lineItems']?.properties?.['accountRef']?.properties?.['id']?.options,
  ).not.toEqual([]);
  const none = await call('pushData.listOperations', () => sdk.pushData.listOperations({ companyId }));
  expect(none).toMatchObject({ results: [], totalResults: 0 });
  // The SDK has no operation that writes: that is what its sister for accounting does, with this request.
  const asked = await fetch(
    `${house.publicUrl}/companies/${companyId}/connections/${connectionId}/push/customers`,
    {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ customerName: 'Written with the SDK', status: 'Active' }),
    },
  );
  const { pushOperationKey } = (await asked.json()) as { pushOperationKey: string };
  const pending = await call('pushData.getOperation', () =>
    sdk.pushData.getOperation({ companyId, pushOperationKey }),
  );
  expect(pending).toMatchObject({ status: 'Pending', statusCode: 202, dataType: 'customers' });
  expect((await sdk.pushData.listOperations({ companyId })).results).toEqual([pending]);
  const writer = createPushEngine({
    store: house.store,
    queue: house.queue,
    connectors: house.connectors,
    credentials: house.credentials,
    logger: house.logger,
    now: Date.now,
    owner: 'test',
    requestSync: async () => undefined,
  });
  await writer.execute(pushOperationKey, new AbortController().signal);
  expect(await sdk.pushData.getOperation({ companyId, pushOperationKey })).toMatchObject({
    status: 'Success',
    statusCode: 200,
    changes: [{ type: 'Created', recordRef: { id: expect.any(String), dataType: 'customers' } }],
  });
});

test('supplemental data is configured', async () => {
  const place = { platformKey: 'ksho', dataType: 'invoices' } as const;
  const config = { purchase: { dataSource: '/records/invoices', pullData: { poNumber: 'poNumber' } } };
  await call('supplementalData.configure', () =>
    sdk.supplementalData.configure({
      ...place,
      supplementalDataConfiguration: { supplementalDataConfig: config },
    }),
  );
  const saved = await call('supplementalData.getConfiguration', () =>
    sdk.supplementalData.getConfiguration(place),
  );
  expect(saved.supplementalDataConfig).toEqual(config);
});

test('a custom data type is configured, refreshed and listed', async () => {
  const ofPlatform = { platformKey: 'ksho', customDataIdentifier: 'taxes' };
  const customDataTypeConfiguration = {
    dataSource: '/taxes?version=2',
    requiredData: { code: '$[*].code', rate: '$[*].rate' },
    keyBy: ['$[*].id'],
  };
  const saved = await call('customDataType.configure', () =>
    sdk.customDataType.configure({ ...ofPlatform, customDataTypeConfiguration }),
  );
  expect(saved).toEqual(customDataTypeConfiguration);
  await call('customDataType.getConfiguration', () => sdk.customDataType.getConfiguration(ofPlatform));
  const { companyId, connectionId } = ids;
  const request = { companyId, connectionId, customDataIdentifier: 'taxes' };
  const pull = await call('customDataType.refresh', () => sdk.customDataType.refresh(request));
  expect(pull).toMatchObject({ dataType: 'custom/taxes', status: 'Queued' });
  await work();
  const records = await call('customDataType.list', () => sdk.customDataType.list(request));
  expect(records.totalResults).toBeGreaterThan(0);
  expect(Object.keys(records.results?.[0]?.content ?? {})).toEqual(['code', 'rate']);
});

test('webhook consumers are created, listed and deleted; the key for Zapier comes by plain HTTP', async () => {
  const consumer = {
    url: 'https://lender.example.com/webhooks',
    eventTypes: ['read.completed', 'invoices.write.successful'],
    companyTags: ['region:uk'],
  };
  const created = await call('webhooks.createConsumer', () => sdk.webhooks.createConsumer(consumer));
  expect(created).toMatchObject(consumer);
  const listed = await call('webhooks.listConsumers', () => sdk.webhooks.listConsumers());
  expect(listed.results?.map(({ id }) => id)).toEqual([created.id]);
  const webhookId = created.id ?? '';
  await call('webhooks.deleteConsumer', () => sdk.webhooks.deleteConsumer({ webhookId }));
  expect((await sdk.webhooks.listConsumers()).results).toEqual([]);
  // The SDK has no method for it.
  const zapier = await fetch(`${house.publicUrl}/webhooks/integrationKeys/zapier`, {
    method: 'POST',
    headers: { authorization },
  });
  expect([zapier.status, await zapier.json()]).toEqual([201, { key: expect.any(String) }]);
});

test('every operation that the SDK has was called', () => {
  const all = sdkOperations();
  console.log(`SDK operations: ${called.size} of ${all.length}`);
  expect([...called].toSorted()).toEqual(all);
});
