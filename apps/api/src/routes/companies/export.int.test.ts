import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { exportCompany } from '@tributary/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { createCompany, invoice, invoices, storeRecords, type TestCompany } from '../data/data.fixture.ts';

let api: TestApi;
let client: TestClient;
let company: TestCompany;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
  await client.send('POST', '/webhooks', { url: 'https://lender.example.com/' });
  company = await createCompany(api, client);
  const { pool } = api.dependencies.store;
  await pool.query(
    `INSERT INTO datasets (company_id, connection_id, client_id, data_type) VALUES ($1, $2, $3, 'invoices')`,
    [company.id, company.connectionId, client.id],
  );
  await pool.query(
    `INSERT INTO pull_operations (id, client_id, company_id, connection_id, data_type, "trigger", status, requested_at, completed_at)
     SELECT gen_random_uuid(), $3, $1, $2, 'invoices', 'schedule', 'Complete', now() - n * interval '1 hour', now()
     FROM generate_series(1, 450) AS n`,
    [company.id, company.connectionId, client.id],
  );
  const awkward = invoice(9001, {
    totalAmount: JSON.rawJSON('99999999999999.99'),
    note: 'two\nlines, “quotes” \\ and \u2028',
  });
  await storeRecords(api, company, 'invoices', [...invoices(1, 450), awkward]);
  await storeRecords(api, company, 'invoices', [{ ...invoice(1), isDeleted: true }]);
  const settings = (await client.get(`${company.path}/syncSettings`)).body.settings;
  await client.send('POST', `${company.path}/syncSettings`, { settings: settings.slice(0, 2) });
});
afterAll(() => api.close());

const linesOf = (text: string) => {
  expect(text.endsWith('\n')).toBe(true);
  return text.trimEnd().split('\n');
};
const parsed = (text: string) => linesOf(text).map((line) => JSON.parse(line));

describe('the export of a company', () => {
  test('is NDJSON with every record, its digits exact, the connections, settings and history, and an end that counts them', async () => {
    const answer = await client.get(`${company.path}/export`);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    expect(answer.headers['content-disposition']).toContain(company.id);
    const all = parsed(answer.text);
    const of = (kind: string) => all.filter((line) => line.kind === kind);
    expect(of('company')).toEqual([
      { kind: 'company', id: company.id, name: 'Corner Bakery', created: expect.stringMatching(/Z$/) },
    ]);
    expect(of('connection')).toMatchObject([
      { id: company.connectionId, platformKey: 'ksho', status: 'Linked' },
    ]);
    expect(of('syncSetting')).toHaveLength(2);
    expect(of('pullOperation')).toHaveLength(450);
    expect(new Set(of('pullOperation').map(({ id }) => id)).size).toBe(450);
    expect(of('pullOperation')[0]).toEqual({
      kind: 'pullOperation',
      id: expect.any(String),
      connectionId: company.connectionId,
      dataType: 'invoices',
      trigger: 'schedule',
      status: 'Complete',
      requested: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      completed: expect.stringMatching(/Z$/),
      recordsRead: 0,
      inserted: 0,
      changed: 0,
      unchanged: 0,
      deleted: 0,
      quarantined: 0,
      warnings: 0,
    });
    expect(of('webhookEvent')[0]).toMatchObject({
      eventType: 'company.created',
      body: { payload: { id: company.id, name: 'Corner Bakery' } },
    });
    const records = of('record');
    expect(records).toHaveLength(451);
    expect(records[0]).toEqual({
      kind: 'record',
      connectionId: company.connectionId,
      dataType: 'invoices',
      id: 'inv-1',
      isDeleted: true,
      modifiedDate: expect.stringMatching(/Z$/),
      document: JSON.parse(invoice(1).document),
    });
    expect(answer.text).toContain('"totalAmount":99999999999999.99,');
    expect(all.at(-1)).toEqual({
      kind: 'end',
      lines: { company: 1, connection: 1, syncSetting: 2, record: 451, pullOperation: 450, webhookEvent: 2 },
    });
  });

  test('of another client does not exist', async () => {
    const stranger = await api.createClient();
    for (const id of [company.id, randomUUID()]) {
      expect((await stranger.get(`/companies/${id}/export`)).body).toMatchObject({
        statusCode: 404,
        error: 'The company was not found.',
      });
    }
  });

  test('by the command is the same, byte for byte, on standard output alone', async () => {
    const program = fileURLToPath(new URL('../../../../cli/src/export.ts', import.meta.url));
    const { rows } = await api.dependencies.store.pool.query('SELECT current_database() AS name');
    const databaseUrl = new URL(api.dependencies.store.pool.options.connectionString ?? '');
    expect(databaseUrl.pathname).toBe(`/${rows[0].name}`);
    const run = (...words: string[]) =>
      promisify(execFile)(process.execPath, [program, ...words], {
        env: { ...process.env, DATABASE_URL: databaseUrl.href },
        maxBuffer: 100_000_000,
      });
    const { stdout, stderr } = await run(company.id);
    expect([stdout, stderr]).toEqual([(await client.get(`${company.path}/export`)).text, '']);
    await expect(run(randomUUID())).rejects.toMatchObject({ code: 1, stdout: '' });
    await expect(run('7')).rejects.toMatchObject({ code: 2, stdout: '' });
  });

  test('breaks off, without its end, when the company is deleted meanwhile', async () => {
    const doomed = await createCompany(api, client);
    await api.dependencies.store.pool.query(
      `INSERT INTO datasets (company_id, connection_id, client_id, data_type) VALUES ($1, $2, $3, 'invoices')`,
      [doomed.id, doomed.connectionId, client.id],
    );
    await storeRecords(api, doomed, 'invoices', invoices(1, 700));
    const lines = await exportCompany(api.dependencies.store.pool, { companyId: doomed.id });
    const first = await lines?.next();
    expect(first?.value).toContain('"kind":"company"');
    expect((await client.send('DELETE', `/companies/${doomed.id}`)).status).toBe(204);
    const rest = async () => {
      for await (const text of lines ?? []) expect(text).not.toContain('"kind":"end"');
    };
    await expect(rest()).rejects.toThrow('deleted while it was exported');
  });
});
