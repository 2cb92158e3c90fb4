import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';

let api: TestApi;
let client: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
});
afterAll(() => api.close());

const settingOf = async (lender: TestClient, url: string, dataType: string) =>
  (await lender.get(url)).body.settings.find(
    (setting: { dataType: string }) => setting.dataType === dataType,
  );

const profileUrl = '/profile/syncSettings';

describe('sync settings', () => {
  test('start with the defaults: fetched on first link, daily, no window', async () => {
    const { body } = await client.get(profileUrl);
    expect(body).toMatchObject({ clientId: client.id, overridesDefaults: false });
    const types = body.settings.map((setting: { dataType: string }) => setting.dataType);
    expect(types).toEqual(expect.arrayContaining(['company', 'chartOfAccounts', 'invoices', 'billPayments']));
    for (const setting of body.settings) {
      expect(setting).toEqual({
        dataType: expect.any(String),
        fetchOnFirstLink: true,
        syncSchedule: 24,
        syncOrder: expect.any(Number),
        isLocked: false,
      });
    }
  });

  test('of a company stand above those of the client, and fall back to them', async () => {
    const company = await client.createCompany('Corner Shop');
    const url = `/companies/${company.id}/syncSettings`;
    const setting = {
      dataType: 'invoices',
      fetchOnFirstLink: false,
      syncSchedule: 1,
      syncOrder: 3,
      syncFromUtc: '2024-02-29T12:00:00+02:00',
      monthsToSync: 12,
      isLocked: true,
    };
    const saved = await client.send('POST', url, {
      companyId: 'ignored',
      settings: [setting],
      overridesDefaults: true,
    });
    expect([saved.status, saved.text]).toEqual([204, '']);
    expect(await settingOf(client, url, 'invoices')).toEqual({
      ...setting,
      syncFromUtc: '2024-02-29T10:00:00.000Z',
    });
    expect((await client.get(url)).body).toMatchObject({ companyId: company.id, overridesDefaults: true });
    expect(
      (await client.send('POST', profileUrl, { settings: [{ dataType: 'invoices', syncSchedule: 720 }] }))
        .status,
    ).toBe(204);
    expect((await settingOf(client, profileUrl, 'invoices')).syncSchedule).toBe(720);
    expect((await settingOf(client, url, 'invoices')).syncSchedule).toBe(1);
    await client.send('POST', url, { settings: [], overridesDefaults: false });
    expect(await settingOf(client, url, 'invoices')).toMatchObject({
      syncSchedule: 720,
      fetchOnFirstLink: true,
    });
    await client.send('POST', profileUrl, { settings: [], overridesDefaults: false });
    expect((await settingOf(client, url, 'invoices')).syncSchedule).toBe(24);
  });

  test('are replaced: schedule, order and first fetch stay where they are left out, everything else goes', async () => {
    const lender = await api.createClient();
    await lender.send('POST', profileUrl, {
      settings: [
        {
          dataType: 'bills',
          syncSchedule: 168,
          syncOrder: 5,
          syncFromWindow: 6,
          monthsToSync: 3,
          isLocked: true,
        },
      ],
    });
    expect(await settingOf(lender, profileUrl, 'bills')).toMatchObject({ syncFromWindow: 6, isLocked: true });
    await lender.send('POST', profileUrl, { settings: [{ dataType: 'bills', fetchOnFirstLink: false }] });
    expect(await settingOf(lender, profileUrl, 'bills')).toEqual({
      dataType: 'bills',
      syncSchedule: 168,
      syncOrder: 5,
      fetchOnFirstLink: false,
      isLocked: false,
    });
    const window = { syncFromUtc: '2024-01-01T00:00:00Z', syncFromWindow: null };
    await lender.send('POST', profileUrl, { settings: [{ dataType: 'bills', ...window }] });
    const bills = await settingOf(lender, profileUrl, 'bills');
    expect(bills).toMatchObject({ syncSchedule: 168, syncFromUtc: '2024-01-01T00:00:00.000Z' });
    await lender.send('POST', profileUrl, { settings: [{ ...bills, syncFromUtc: null, syncFromWindow: 2 }] });
    expect(await settingOf(lender, profileUrl, 'bills')).toEqual({
      ...bills,
      syncFromUtc: undefined,
      syncFromWindow: 2,
    });
    expect((await settingOf(lender, profileUrl, 'items')).syncSchedule).toBe(24);
  });

  test('of data types that no platform here has yet are kept for when one has', async () => {
    const lender = await api.createClient();
    await lender.send('POST', profileUrl, { settings: [{ dataType: 'commerce-orders', syncSchedule: 0 }] });
    expect(await settingOf(lender, profileUrl, 'commerce-orders')).toMatchObject({ syncSchedule: 0 });
  });

  test('move the due times of linked connections at once', async () => {
    const { store, sync } = api.dependencies;
    const company = await client.createCompany('Corner Shop', 'ksho');
    const id = company.dataConnections[0].id;
    await store.prisma.connection.update({ where: { id }, data: { status: 'Linked', businessId: '7' } });
    await sync.connectionLinked({ id, clientId: client.id, companyId: company.id, platformKey: 'ksho' });
    const hours = async () =>
      (await store.prisma.dataset.findFirstOrThrow({ where: { connectionId: id, dataType: 'invoices' } }))
        .scheduleHours;
    expect(await hours()).toBe(24);
    await client.send('POST', `/companies/${company.id}/syncSettings`, {
      settings: [{ dataType: 'invoices', syncSchedule: 1 }],
    });
    expect(await hours()).toBe(1);
  });

  test.each([
    [{}, 'body.settings'],
    [{ settings: [{ dataType: 'colours', syncSchedule: 1 }] }, '"colours"'],
    [{ settings: [{ dataType: 'invoices', syncSchedule: 8761 }] }, 'body.settings[0].syncSchedule'],
    [{ settings: [{ dataType: 'invoices', syncSchedule: -1 }] }, 'body.settings[0].syncSchedule'],
    [{ settings: [{ dataType: 'invoices', syncSchedule: 1.5 }] }, 'body.settings[0].syncSchedule'],
    [{ settings: [{ dataType: 'invoices', syncSchedule: '24' }] }, 'body.settings[0].syncSchedule'],
    [{ settings: [{ dataType: 'invoices' }, { dataType: 'invoices' }] }, '"invoices" stands twice'],
    [{ settings: [{ dataType: 'invoices', syncFromUtc: 'yesterday' }] }, 'body.settings[0].syncFromUtc'],
    [{ settings: [{ dataType: 'invoices', syncFromWindow: -1 }] }, 'body.settings[0].syncFromWindow'],
  ])('refuse %j and keep what they were', async (body, named) => {
    const before = (await client.get(profileUrl)).text;
    const answer = await client.send('POST', profileUrl, body);
    expect([answer.status, answer.body.error]).toEqual([400, expect.stringContaining(named)]);
    expect((await client.get(profileUrl)).text).toBe(before);
  });
});
