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
    for (const name of ['KSHO', 'kashoo', 'Kashoo']) {
      expect((await client.get(`/integrations/${name}`)).body).toEqual(kashoo);
    }
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
    const keys = { clientId: 'my-application', clientSecret: 'correct-horse-battery-staple' };
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

  test('lose what was copied around them', async () => {
    const lender = await api.createClient();
    const keys = { clientId: ' my-application\n', clientSecret: '\t§ecret-пароль \r\n' };
    const saved = await lender.send('PUT', '/integrations/kashoo/credentials', keys);
    expect([saved.status, saved.body.clientId]).toEqual([200, 'my-application']);
    expect(await api.dependencies.credentials.applicationKeys(lender.id, 'ksho')).toEqual({
      clientId: 'my-application',
      clientSecret: '§ecret-пароль',
    });
  });

  test('come with what the platform said against them, until others are saved', async () => {
    const lender = await api.createClient();
    const url = '/integrations/ksho/credentials';
    const keys = { clientId: 'my-application', clientSecret: 'wrong' };
    await lender.send('PUT', url, keys);
    expect((await lender.get(url)).body).not.toHaveProperty('alert');
    await api.dependencies.store.prisma.clientIntegration.updateMany({
      where: { clientId: lender.id, platformKey: 'ksho' },
      data: { alert: 'Kashoo refused the application keys.' },
    });
    expect((await lender.get(url)).body).toEqual({
      clientId: 'my-application',
      clientSecret: '********',
      alert: 'Kashoo refused the application keys.',
    });
    await lender.send('PUT', url, keys);
    expect((await lender.get(url)).body).not.toHaveProperty('alert');
  });

  test.each([
    [{}, 'body.clientId'],
    [{ clientId: 'a' }, 'body.clientSecret'],
    [{ clientId: '', clientSecret: 'b' }, 'body.clientId'],
    [{ clientId: ' \n', clientSecret: 'b' }, 'body.clientId'],
    [{ clientId: 'a', clientSecret: 7 }, 'body.clientSecret'],
    [{ clientId: 'a b', clientSecret: 'c' }, 'body.clientId'],
    [{ clientId: 'a', clientSecret: 'b\r\nX-Header: c' }, 'body.clientSecret'],
    [{ clientId: 'a\u0000', clientSecret: 'b' }, 'body.clientId'],
    [{ clientId: 'a', clientSecret: 'b\u0007c' }, 'body.clientSecret'],
    [{ clientId: 'a', clientSecret: 'b\u200bc' }, 'body.clientSecret'],
  ])('refuse %j and store nothing', async (body, named) => {
    const lender = await api.createClient();
    const answer = await lender.send('PUT', '/integrations/ksho/credentials', body);
    expect([answer.status, answer.body.error]).toEqual([400, expect.stringContaining(named)]);
    expect((await lender.get('/integrations/ksho/credentials')).status).toBe(404);
  });
});
