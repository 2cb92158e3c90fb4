import { randomUUID } from 'node:crypto';
import { dataTypeKeys, dataTypes } from '@tributary/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';

let api: TestApi;
let client: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
  await client.send('PATCH', '/integrations/ksho', { enabled: true });
});
afterAll(() => api.close());

/** A company whose connection has been linked, with tokens, runs and a record of every data type. */
async function linkedCompany() {
  const { store, sync, credentials } = api.dependencies;
  const company = await client.createCompany('Corner Shop', 'ksho');
  const id: string = company.dataConnections[0].id;
  const connectionInfo = { businessId: '7' };
  await store.prisma.connection.update({
    where: { id },
    data: { status: 'Linked', businessId: '7', connectionInfo },
  });
  const ref = { id, clientId: client.id, companyId: company.id as string, platformKey: 'ksho' };
  await credentials.save(ref, { accessToken: 'token', expiresAtMs: Date.now() + 60_000 });
  await sync.connectionLinked(ref);
  const scope = [company.id, id];
  for (const key of dataTypeKeys) {
    await store.pool.query(
      `INSERT INTO ${dataTypes[key].table} (company_id, connection_id, id, seq, document, content_hash, modified_at)
       SELECT $1, $2, n::text, n, '{}', $3, now() FROM generate_series(1, 3) AS n`,
      [...scope, randomUUID()],
    );
  }
  const run = await store.prisma.pullOperation.findFirstOrThrow({ where: { connectionId: id } });
  await store.pool.query(`INSERT INTO raw_records VALUES ($1, $2, 'invoices', '1', '{}', $3, 1)`, [
    ...scope,
    randomUUID(),
  ]);
  await store.pool.query(
    `INSERT INTO data_warnings (company_id, run_id, severity, rule_id, message) VALUES ($1, $2, 'warning', 'a', 'b')`,
    [company.id, run.id],
  );
  await store.pool.query(`INSERT INTO run_seen_records VALUES ($1, '1')`, [run.id]);
  return { companyId: company.id as string, id, url: `/companies/${company.id}/connections/${id}` };
}

/** Rows of every table that names the company or the connection. */
async function rowsOf({ companyId, id }: { companyId: string; id: string }): Promise<Record<string, number>> {
  const { pool } = api.dependencies.store;
  const { rows: columns } = await pool.query<{ table: string; column: string }>(
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name IN ('company_id', 'connection_id')`,
  );
  const counts: Record<string, number> = {};
  for (const { table, column } of columns) {
    const value = column === 'company_id' ? companyId : id;
    const { rows } = await pool.query(`SELECT count(*)::int AS count FROM ${table} WHERE ${column} = $1`, [
      value,
    ]);
    if (rows[0].count > 0) counts[table] = rows[0].count;
  }
  return counts;
}

describe('connections', () => {
  test('are created, read and listed, with what the platform told of the business', async () => {
    const company = await client.createCompany('Corner Shop');
    const created = await client.send('POST', `/companies/${company.id}/connections`, {
      platformKey: 'ksho',
    });
    expect(created.status).toBe(200);
    const url = `/companies/${company.id}/connections/${created.body.id}`;
    expect((await client.get(url)).body).toEqual(created.body);
    await api.dependencies.store.prisma.connection.update({
      where: { id: created.body.id },
      data: { connectionInfo: { businessId: '7' }, lastSyncAt: new Date('2024-02-29T10:00:00Z') },
    });
    const { body } = await client.get(`/companies/${company.id}/connections`);
    expect(body).toMatchObject({ totalResults: 1, pageNumber: 1 });
    expect(body.results).toEqual([
      { ...created.body, connectionInfo: { businessId: '7' }, lastSync: '2024-02-29T10:00:00.000Z' },
    ]);
  });

  test('of a disabled platform are refused', async () => {
    const other = await api.createClient();
    const company = await other.createCompany('Corner Shop');
    const answer = await other.send('POST', `/companies/${company.id}/connections`, { platformKey: 'ksho' });
    expect([answer.status, answer.body.error]).toEqual([400, expect.stringContaining('disabled')]);
    expect((await other.get(`/companies/${company.id}/connections`)).body.totalResults).toBe(0);
  });

  test('filter and order by what their platform is', async () => {
    const company = await client.createCompany('Corner Shop', 'ksho');
    const list = async (parameters: Record<string, string>) =>
      (await client.get(`/companies/${company.id}/connections?${new URLSearchParams(parameters)}`)).body
        .totalResults;
    expect(await list({ query: 'platformName=Kashoo&&sourceType=accounting&&status=PendingAuth' })).toBe(1);
    expect(await list({ query: 'integrationKey!=ksho' })).toBe(0);
    expect(await list({ query: `id=${company.dataConnections[0].id}`, orderBy: '-platformName' })).toBe(1);
  });

  test('show why they stopped working', async () => {
    const { id, url } = await linkedCompany();
    await api.dependencies.store.prisma.connectionError.create({
      data: {
        id: randomUUID(),
        connectionId: id,
        statusCode: '401',
        statusText: 'Unauthorized',
        errorMessage: 'Access was revoked',
      },
    });
    expect((await client.get(url)).body.dataConnectionErrors).toEqual([
      {
        statusCode: '401',
        statusText: 'Unauthorized',
        errorMessage: 'Access was revoked',
        erroredOnUtc: expect.any(String),
        status: 'Active',
      },
    ]);
  });
});

describe('unlinking', () => {
  test('keeps the data, drops tokens and schedules, and ends the runs', async () => {
    const linked = await linkedCompany();
    const { prisma } = api.dependencies.store;
    const where = { connectionId: linked.id };
    expect(await prisma.pullOperation.count({ where: { ...where, completedAt: null } })).toBeGreaterThan(0);
    const answer = await client.send('PATCH', linked.url, { status: 'Unlinked' });
    expect([answer.status, answer.body.status]).toEqual([200, 'Unlinked']);
    expect(await prisma.connectionCredential.count({ where })).toBe(0);
    expect(await prisma.dataset.count({ where: { ...where, nextRunAt: { not: null } } })).toBe(0);
    expect(await prisma.pullOperation.count({ where: { ...where, completedAt: null } })).toBe(0);
    expect((await rowsOf(linked))['invoices']).toBe(3);
    expect((await client.get(`/companies/${linked.companyId}`)).body.status).toBe('Deauthorised');
    expect((await client.send('PATCH', linked.url, { status: 'Unlinked' })).status).toBe(200);
  });

  test.each([
    ['Linked', 400, 'linkUrl'],
    ['Deauthorized', 400, 'Unlinked'],
    ['nonsense', 400, 'Unlinked'],
  ])('is the one change of status: %s is refused with a reason', async (status, code, reason) => {
    const { url } = await linkedCompany();
    const answer = await client.send('PATCH', url, { status });
    expect([answer.status, answer.body.error]).toEqual([code, expect.stringContaining(reason)]);
    expect((await client.get(url)).body.status).toBe('Linked');
  });

  test('does not apply to a connection that was never linked', async () => {
    const company = await client.createCompany('Corner Shop', 'ksho');
    const url = `/companies/${company.id}/connections/${company.dataConnections[0].id}`;
    expect((await client.send('PATCH', url, { status: 'Unlinked' })).status).toBe(409);
  });
});

describe('deleting', () => {
  test('a connection erases every row that was read through it, and no other', async () => {
    const [one, two] = [await linkedCompany(), await linkedCompany()];
    const before = await rowsOf(two);
    const answer = await client.send('DELETE', one.url);
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect((await client.get(one.url)).status).toBe(404);
    expect(await rowsOf(one)).toEqual({});
    expect(await rowsOf(two)).toEqual(before);
    expect(before['data_warnings']).toBe(1);
    expect((await client.get(`/companies/${one.companyId}`)).body.status).toBe('Blank');
  });

  test('a company erases all of it', async () => {
    const linked = await linkedCompany();
    const { rows } = await api.dependencies.store.pool.query(
      'SELECT count(*)::int AS before FROM run_seen_records',
    );
    expect((await client.send('DELETE', `/companies/${linked.companyId}`)).status).toBe(204);
    expect(await rowsOf(linked)).toEqual({});
    const { rows: after } = await api.dependencies.store.pool.query(
      'SELECT count(*)::int AS after FROM run_seen_records',
    );
    expect(after[0].after).toBe(rows[0].before - 1);
  });
});
