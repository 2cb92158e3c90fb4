import { customDataTypeKey } from '@tributary/model';
import {
  createCustomDataTypeRepository,
  createSupplementalDataRepository,
  listCustomRecords,
  type SupplementalConfig,
} from '@tributary/store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createErasure } from '../erasure.ts';
import { type Harness, startHarness } from '../testing/harness.ts';

let harness: Harness;
let connection: Awaited<ReturnType<Harness['link']>>;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 40 } });
});
beforeEach(async () => {
  connection = await harness.link();
});
afterAll(() => harness.close());

const invoices = async () => {
  const { rows } = await harness.store.pool.query<{ id: string; document: string; modified: string }>(
    'SELECT id, document::text AS document, modified_at::text AS modified FROM invoices WHERE connection_id = $1 ORDER BY id',
    [connection.id],
  );
  return rows.map((row) => ({ ...row, document: JSON.parse(row.document) }));
};
const rawInvoices = async () => {
  const { rows } = await harness.store.pool.query<{ id: string; raw: string }>(
    `SELECT id, raw::text AS raw FROM raw_records WHERE connection_id = $1 AND data_type = 'invoices' ORDER BY id`,
    [connection.id],
  );
  return new Map(rows.map(({ id, raw }) => [id, JSON.parse(raw)]));
};

describe('supplemental data', () => {
  const configure = (dataType: string, config: SupplementalConfig) =>
    createSupplementalDataRepository(harness.store).save(connection.clientId, 'ksho', dataType, config);

  it('is in every record of a first sync, as the platform wrote it', async () => {
    const pullData = { order: 'poNumber', due: '$.totalDue', nothing: 'no.such.member' };
    await configure('invoices', { purchase: { pullData } });
    await harness.pull(connection, 'invoices');
    const raw = await rawInvoices();
    const stored = await invoices();
    expect(stored.length).toBeGreaterThan(0);
    for (const { id, document } of stored) {
      const { poNumber, totalDue } = raw.get(id);
      const order = poNumber == null ? {} : { order: poNumber };
      expect(document.supplementalData).toEqual({ content: { purchase: { ...order, due: totalDue } } });
    }
  });

  it('reaches stored records with the next sync, without asking the platform for them, and leaves with the configuration', async () => {
    await harness.pull(connection, 'invoices');
    const before = await invoices();
    expect(before[0]?.document).not.toHaveProperty('supplementalData');
    await configure('invoices', { own: { pullData: { type: 'type' } } });
    const run = await harness.pull(connection, 'invoices');
    expect(run.listing).toBe('incremental');
    const after = await invoices();
    expect(after.map(({ document }) => document.supplementalData)).toEqual(
      after.map(() => ({ content: { own: { type: 'INVOICE' } } })),
    );
    // The last pages of the platform overlap; what matters is that it was not read whole.
    const { rows } = await harness.store.pool.query(
      `SELECT coalesce(sum(records), 0)::int AS records FROM upstream_requests WHERE run_id = $1 AND path LIKE '%/records/invoices%'`,
      [run.id],
    );
    expect(rows[0].records).toBeLessThan(before.length);

    const again = await harness.pull(connection, 'invoices');
    expect(again.changed).toBe(0);
    expect(again.recordsRead).toBeLessThan(before.length);
    await configure('invoices', {});
    await harness.pull(connection, 'invoices');
    expect((await invoices()).map(({ document }) => document)).toEqual(
      before.map(({ document }) => document),
    );
  });

  it('of one client changes nothing for another', async () => {
    const other = await harness.link();
    await configure('customers', { own: { pullData: { type: 'type' } } });
    await harness.pull(other, 'customers');
    const { rows } = await harness.store.pool.query(
      `SELECT count(*)::int AS count FROM customers WHERE connection_id = $1 AND document ->> 'supplementalData' IS NOT NULL`,
      [other.id],
    );
    expect(rows[0].count).toBe(0);
  });
});

describe('a custom data type', () => {
  const configure = (dataSource: string, changes: object = {}) =>
    createCustomDataTypeRepository(harness.store).save(connection.clientId, 'ksho', 'mine', {
      dataSource,
      requiredData: { name: 'name', type: 'type' },
      keyBy: ['id'],
      sourceModifiedDate: ['lastModified'],
      ...changes,
    });
  const pull = async () => {
    const run = await harness.sync.requestRun({
      connection,
      dataType: customDataTypeKey('mine'),
      trigger: 'request',
    });
    await harness.engineFor('test').execute(run.id, new AbortController().signal);
    return harness.store.prisma.pullOperation.findUniqueOrThrow({ where: { id: run.id } });
  };
  const records = async () => {
    const scope = { companyId: connection.companyId, connectionId: connection.id };
    const page = await listCustomRecords(harness.store.pool, scope, 'mine', { page: 1, pageSize: 5000 });
    return page.rows;
  };

  it('reads every page of the listing, and keeps what the client asked for', async () => {
    await configure('/contacts?type=CUSTOMER');
    const run = await pull();
    const stored = await records();
    expect(stored.length).toBeGreaterThan(10);
    expect([run.status, run.inserted, run.errorMessage]).toEqual(['Complete', stored.length, null]);
    expect(JSON.parse(stored[0]?.content ?? '')).toEqual({ name: expect.any(String), type: 'CUSTOMER' });
    expect(stored[0]?.sourceModifiedDate).toEqual(expect.any(String));
    const again = await pull();
    expect([again.inserted, again.changed, again.unchanged]).toEqual([0, 0, stored.length]);
    expect(await records()).toEqual(stored);
  });

  it('forgets what the listing does not show any more', async () => {
    await configure('/contacts?type=CUSTOMER');
    await pull();
    await configure('/contacts?type=VENDOR');
    const run = await pull();
    expect(run.deleted).toBeGreaterThan(0);
    expect(new Set((await records()).map(({ content }) => JSON.parse(content).type))).toEqual(
      new Set(['VENDOR']),
    );
  });

  it('warns of elements without a key, and keeps the others', async () => {
    await configure('/contacts', { keyBy: ['no.such'] });
    const run = await pull();
    expect([run.status, run.inserted]).toEqual(['Complete', 0]);
    expect(run.warnings).toBe(run.recordsRead);
  });

  it.each([
    '../../users/me/businesses',
    '/users/me/businesses',
    '/businesses/2/contacts',
    'https://x.example/',
  ])('that was stored with the source %s asks the platform for nothing', async (dataSource) => {
    await configure(dataSource);
    const run = await pull();
    expect(run.status).toBe('FetchError');
    expect(await harness.store.prisma.upstreamRequest.count({ where: { runId: run.id } })).toBe(0);
  });

  it('is not scheduled, and its records go with the connection', async () => {
    await configure('/contacts');
    await pull();
    await harness.sync.settingsChanged({ clientId: connection.clientId });
    const dataset = await harness.store.prisma.dataset.findFirstOrThrow({
      where: { connectionId: connection.id, dataType: 'custom/mine' },
    });
    expect(dataset.nextRunAt).toBeNull();
    await createErasure(harness).connection(connection.clientId, connection.companyId, connection.id);
    const where = { connectionId: connection.id };
    expect(await harness.store.prisma.customDataRecord.count({ where })).toBe(0);
  });
});
