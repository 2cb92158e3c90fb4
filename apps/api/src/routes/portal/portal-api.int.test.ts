import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicUrl, startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { signedIn, type TestBrowser } from '../../testing/portal.fixture.ts';
import { createCompany, invoices, storeRecords } from '../data/data.fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const query = (text: string, values: unknown[] = []) => api.dependencies.store.pool.query(text, values);

async function house(): Promise<{ client: TestClient; admin: TestBrowser }> {
  const client = await api.createClient('Maple Lending');
  return { client, admin: await signedIn(api, client.id, 'admin') };
}

describe('branding', () => {
  const path = '/portal/api/branding';
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(60, 1)]);
  const urlOf = (body: Buffer, type = 'image/png') => `data:${type};base64,${body.toString('base64')}`;
  const none = { displayName: null, logo: null, colour: null, contactEmail: null, helpUrl: null };

  test('is empty at first, is replaced as a whole, and its logo is served to anybody under an address that never changes', async () => {
    const { admin } = await house();
    expect((await admin.get(path)).body).toEqual(none);
    const saved = await admin.send('PUT', path, {
      displayName: 'Maple <b>& Co',
      logo: urlOf(png),
      colour: '#1A2b3C',
      contactEmail: 'help@maple.example',
      helpUrl: 'https://maple.example/help',
    });
    expect([saved.status, saved.body]).toEqual([
      200,
      {
        displayName: 'Maple <b>& Co',
        logo: urlOf(png),
        logoUrl: expect.stringMatching(/^https:\/\/tributary\.example\.com\/branding\/logos\/[\da-f]{64}$/),
        colour: '#1a2b3c',
        contactEmail: 'help@maple.example',
        helpUrl: 'https://maple.example/help',
      },
    ]);
    expect((await admin.get(path)).body).toEqual(saved.body);
    const logo = await api.app.inject({ method: 'GET', url: saved.body.logoUrl.slice(publicUrl.length) });
    expect([logo.statusCode, logo.rawPayload.equals(png)]).toEqual([200, true]);
    expect(logo.headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    expect((await admin.send('PUT', path, {})).body).toEqual(none);
    const gone = await api.app.inject({ method: 'GET', url: saved.body.logoUrl.slice(publicUrl.length) });
    expect(gone.statusCode).toBe(404);
  });

  test('takes PNG, JPEG and WebP by their bytes, whatever they are called', async () => {
    const { admin } = await house();
    const logoOf = async (logo: string) => (await admin.send('PUT', path, { logo })).body.logo;
    const jpeg = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(20)]);
    const webp = Buffer.concat([Buffer.from('RIFF0000WEBPVP8 ', 'latin1'), Buffer.alloc(20)]);
    expect(await logoOf(urlOf(jpeg, 'image/png'))).toBe(urlOf(jpeg, 'image/jpeg'));
    expect(await logoOf(urlOf(webp, 'text/html'))).toBe(urlOf(webp, 'image/webp'));
  });

  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  test.each([
    [{ logo: urlOf(svg, 'image/svg+xml') }, 'PNG, JPEG or WebP'],
    [{ logo: urlOf(svg, 'image/png') }, 'PNG, JPEG or WebP'],
    [{ logo: 'https://evil.example/logo.png' }, 'data URL'],
    [{ logo: `data:image/png,${'x'.repeat(20)}` }, 'data URL'],
    [{ logo: urlOf(Buffer.concat([png, Buffer.alloc(262_144)])) }, '256 kB'],
    [{ logo: '' }, 'data URL'],
    [{ colour: 'red; background: url(https://evil.example)' }, 'colour'],
    [{ colour: '#12345' }, 'colour'],
    [{ contactEmail: 'nobody' }, 'e-mail'],
    [{ helpUrl: 'javascript:alert(1)' }, 'http or https'],
    [{ displayName: '' }, 'empty'],
    [{ displayName: 'x'.repeat(101) }, '100 characters'],
  ])('refuses %#', async (body, reason) => {
    const { admin } = await house();
    const answer = await admin.send('PUT', path, body);
    expect([answer.status, answer.body.error]).toEqual([400, expect.stringContaining(reason)]);
  });

  test('belongs to one client', async () => {
    const one = await house();
    const two = await house();
    await one.admin.send('PUT', path, { displayName: 'One', logo: urlOf(png) });
    expect((await two.admin.get(path)).body).toEqual(none);
    await two.admin.send('PUT', path, { logo: urlOf(png) });
    await one.admin.send('PUT', path, {});
    expect((await two.admin.get(path)).body.logo).toBe(urlOf(png));
  });
});

describe('the summary', () => {
  test('counts what there is, and tells which of the first steps are done', async () => {
    const { client, admin } = await house();
    const empty = await admin.get('/portal/api/summary');
    expect(empty.body).toEqual({
      companies: 0,
      connections: { PendingAuth: 0, Linked: 0, Unlinked: 0, Deauthorized: 0 },
      enabledIntegrations: [],
      lastSyncs: [],
      firstRun: {
        integrationSetUp: false,
        companyCreated: false,
        companyLinked: false,
        dataSynced: false,
        apiKeyUsed: false,
        webhookCreated: false,
      },
    });
    await admin.send('PATCH', '/integrations/ksho', { enabled: true });
    expect((await admin.get('/portal/api/summary')).body.firstRun.integrationSetUp).toBe(false);
    await admin.send('PUT', '/integrations/ksho/credentials', { clientId: 'a', clientSecret: 'b' });
    await client.createCompany('Waiting', 'ksho');
    const linked = await client.createCompany('Linked', 'ksho');
    await query(
      `UPDATE connections SET status = 'Linked', last_sync_at = '2026-05-01T10:00:00Z' WHERE company_id = $1`,
      [linked.id],
    );
    await client.send('POST', '/webhooks', {
      url: 'https://93.184.216.34/hook',
      eventTypes: ['company.created'],
    });
    expect((await admin.get('/portal/api/summary')).body).toEqual({
      companies: 2,
      connections: { PendingAuth: 1, Linked: 1, Unlinked: 0, Deauthorized: 0 },
      enabledIntegrations: ['ksho'],
      lastSyncs: [
        {
          companyId: linked.id,
          companyName: 'Linked',
          connectionId: linked.dataConnections[0].id,
          platformKey: 'ksho',
          lastSync: '2026-05-01T10:00:00.000Z',
        },
      ],
      firstRun: {
        integrationSetUp: true,
        companyCreated: true,
        companyLinked: true,
        dataSynced: true,
        apiKeyUsed: true,
        webhookCreated: true,
      },
    });
  });
});

describe('the data types of a company', () => {
  test('are listed for each connection, with what is stored and how the latest pull goes', async () => {
    const { client, admin } = await house();
    const company = await createCompany(api, client);
    await query(`UPDATE connections SET status = 'Linked' WHERE id = $1`, [company.connectionId]);
    const run = await client.send('POST', `${company.path}/data/queue/invoices`);
    await storeRecords(api, company, 'invoices', invoices(1, 7));
    await query(
      `UPDATE pull_operations SET pages = 3, records_read = 250, progress = 40, status = 'Fetching', lease_until = now() + interval '1 min',
         started_at = now() WHERE id = $1`,
      [run.body.id],
    );
    await query(
      `UPDATE datasets SET schedule_hours = 24, next_run_at = '2026-06-01T00:00:00Z' WHERE company_id = $1`,
      [company.id],
    );
    const { status, body } = await admin.get(`/portal/api/companies/${company.id}/datasets`);
    expect(status).toBe(200);
    const types = body.results.map(({ dataType }: { dataType: string }) => dataType);
    expect(new Set(types).size).toBe(types.length);
    expect(types).toEqual(expect.arrayContaining(['invoices', 'bills', 'company']));
    const of = (dataType: string) =>
      body.results.find((row: { dataType: string }) => row.dataType === dataType);
    expect(of('invoices')).toMatchObject({
      connectionId: company.connectionId,
      platformKey: 'ksho',
      status: 'Fetching',
      records: 7,
      deleted: 0,
      scheduleHours: 24,
      nextSync: '2026-06-01T00:00:00.000Z',
      latestPull: { id: run.body.id, progress: 40, pages: 3, records: 250, warnings: 0 },
    });
    expect(of('bills')).toEqual({
      connectionId: company.connectionId,
      platformKey: 'ksho',
      dataType: 'bills',
      status: 'Initial',
      records: 0,
      deleted: 0,
      scheduleHours: 0,
    });
    await query(
      `UPDATE pull_operations SET status = 'FetchError', error_message = 'Kashoo was away', completed_at = now() WHERE id = $1`,
      [run.body.id],
    );
    const after = await admin.get(`/portal/api/companies/${company.id}/datasets`);
    expect(after.body.results.find((row: { dataType: string }) => row.dataType === 'invoices')).toMatchObject(
      {
        status: 'FetchError',
        latestPull: { errorMessage: 'Kashoo was away', completed: expect.any(String) },
      },
    );
    expect((await admin.get(`/portal/api/companies/${randomUUID()}/datasets`)).status).toBe(404);
  });
});

describe('a raw record', () => {
  test('is what the platform sent, to the last digit', async () => {
    const { client, admin } = await house();
    const company = await createCompany(api, client);
    await client.send('POST', `${company.path}/data/queue/invoices`);
    await storeRecords(api, company, 'invoices', invoices(1, 2));
    const raw = '{"id": "inv-1", "amount": 12345678901234567890.120, "note": "é\\u0007"}';
    await query(
      `INSERT INTO raw_records (company_id, connection_id, data_type, id, raw, raw_hash, mapping_version) VALUES ($1, $2, 'invoices', 'inv-1', $3, $4, 5)
       ON CONFLICT (company_id, connection_id, data_type, id) DO UPDATE SET raw = excluded.raw, mapping_version = excluded.mapping_version`,
      [company.id, company.connectionId, raw, randomUUID()],
    );
    const path = `/portal/api/companies/${company.id}/connections/${company.connectionId}/records`;
    const answer = await admin.get(`${path}/INVOICES/inv-1/raw`);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(`{"raw":${raw},"mappingVersion":5,"readAt":"`);
    expect((await admin.get(`${path}/invoices/none/raw`)).status).toBe(404);
    expect((await admin.get(`${path}/invoices/a%00b/raw`)).status).toBe(404);
    expect((await admin.get(`${path}/unicorns/inv-1/raw`)).status).toBe(404);
    expect((await admin.get(`${path}/bills/inv-1/raw`)).status).toBe(409);
    const elsewhere = `/portal/api/companies/${company.id}/connections/${randomUUID()}/records/invoices/inv-1/raw`;
    expect((await admin.get(elsewhere)).status).toBe(404);
  });
});

describe('the set-up of an integration', () => {
  test('tells the redirect URI to register, and of the keys nothing that is secret', async () => {
    const { admin } = await house();
    const path = '/portal/api/integrations/kashoo';
    expect((await admin.get(path)).body).toEqual({
      key: 'ksho',
      name: 'Kashoo',
      enabled: false,
      authType: 'oauth2',
      redirectUri: `${publicUrl}/link/callback/ksho`,
      hasSecret: false,
      usesDeploymentKeys: false,
    });
    expect((await admin.send('POST', `${path}/test`)).body).toEqual({
      ok: false,
      message: expect.stringContaining('No keys are saved'),
    });
    await admin.send('PUT', '/integrations/ksho/credentials', {
      clientId: 'our-id',
      clientSecret: 'our-secret',
    });
    const shown = await admin.get(path);
    expect(shown.body).toMatchObject({ clientId: 'our-id', hasSecret: true });
    expect(shown.text).not.toContain('our-secret');
    // The platform of these tests has no address.
    const tested = await admin.send('POST', `${path}/test`);
    expect([tested.status, tested.body]).toEqual([
      200,
      {
        ok: false,
        message: 'Kashoo could not be reached, so the keys could not be tested. Try again later.',
      },
    ]);
    expect((await admin.get('/portal/api/integrations/unicorn')).status).toBe(404);
  });
});
