import { allDataTypeKeys } from '@tributary/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicUrl, startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';

let api: TestApi;
let client: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
});
afterAll(() => api.close());

describe('integrations', () => {
  test('are disabled for a new client, and tell which data types they serve', async () => {
    const { status, body } = await client.get('/integrations');
    expect(status).toBe(200);
    const kashoo = body.results.find((integration: { key: string }) => integration.key === 'ksho');
    expect(kashoo).toMatchObject({
      key: 'ksho',
      name: 'Kashoo',
      logoUrl: `${publicUrl}/integrations/ksho/logo`,
      enabled: false,
      sourceType: 'Accounting',
      integrationType: 'Accounting',
      isOfflineConnector: false,
    });
    const stateOf = (dataType: string) =>
      kashoo.datatypeFeatures.find((feature: { dataType: string }) => feature.dataType === dataType)
        .supportedFeatures;
    expect(stateOf('invoices')).toEqual([{ featureType: 'Get', featureState: 'Release' }]);
    expect(stateOf('commerce-orders')).toEqual([{ featureType: 'Get', featureState: 'NotSupported' }]);
    expect(kashoo.datatypeFeatures).toHaveLength(allDataTypeKeys.length);
    expect((await client.get('/integrations/KSHO')).body).toEqual(kashoo);
  });

  test('are switched for one client alone', async () => {
    const other = await api.createClient();
    const answer = await client.send('PATCH', '/integrations/ksho', { enabled: true });
    expect([answer.status, answer.body.enabled]).toEqual([200, true]);
    expect((await other.get('/integrations/ksho')).body.enabled).toBe(false);
    const count = async (lender: TestClient, parameters: string) =>
      (await lender.get(`/integrations?${parameters}`)).body.totalResults;
    const query = encodeURIComponent('sourceType=Accounting&&enabled=true');
    expect([await count(client, `query=${query}`), await count(other, `query=${query}`)]).toEqual([1, 0]);
    expect(await count(client, 'integrationType=accounting')).toBeGreaterThan(0);
    expect(await count(client, 'integrationType=Banking')).toBe(0);
    await client.send('PATCH', '/integrations/ksho', { enabled: false });
    expect(await count(client, `query=${query}&orderBy=-name`)).toBe(0);
  });

  test('have a logo that a browser loads without a key', async () => {
    const answer = await api.app.inject({ method: 'GET', url: '/integrations/ksho/logo' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('image/png');
    expect(answer.rawPayload.subarray(1, 4).toString()).toBe('PNG');
    expect((await api.inject({ method: 'GET', url: '/integrations/zzzz/logo' })).status).toBe(404);
  });

  test.each([{}, { enabled: 'yes' }, { enabled: null }])('refuse a switch of %j', async (body) => {
    const answer = await client.send('PATCH', '/integrations/ksho', body);
    expect([answer.status, answer.body.error]).toEqual([400, expect.stringContaining('body.enabled')]);
  });
});

describe('application keys', () => {
  test('are stored sealed, never shown again, and belong to one client', async () => {
    const keys = { clientId: 'my-application', clientSecret: 'correct horse battery staple' };
    expect((await client.get('/integrations/ksho/credentials')).status).toBe(404);
    const saved = await client.send('PUT', '/integrations/ksho/credentials', keys);
    expect([saved.status, saved.body]).toEqual([
      200,
      { clientId: 'my-application', clientSecret: '********' },
    ]);
    expect((await client.get('/integrations/ksho/credentials')).body).toEqual(saved.body);
    const { store, credentials } = api.dependencies;
    const row = await store.prisma.clientIntegration.findFirstOrThrow({ where: { clientId: client.id } });
    expect(row.applicationSecret).not.toContain('horse');
    expect(await credentials.applicationKeys(client.id, 'ksho')).toEqual(keys);
    expect(api.lines.join('\n')).not.toContain('horse');
    const other = await api.createClient();
    expect((await other.get('/integrations/ksho/credentials')).status).toBe(404);
    expect(await credentials.applicationKeys(other.id, 'ksho')).toBeUndefined();
  });

  test.each([{}, { clientId: 'a' }, { clientId: '', clientSecret: 'b' }, { clientId: 'a', clientSecret: 7 }])(
    'refuse %j',
    async (body) => {
      expect((await client.send('PUT', '/integrations/ksho/credentials', body)).status).toBe(400);
    },
  );
});
