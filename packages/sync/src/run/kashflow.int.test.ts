/** A platform with user name and password, and without change marks, through the whole engine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';

const untilIdle = async ({ store }: Harness, connectionId: string): Promise<void> => {
  const deadline = Date.now() + 60_000;
  while ((await store.prisma.pullOperation.count({ where: { connectionId, completedAt: null } })) > 0) {
    if (Date.now() > deadline) throw new Error('the runs did not end');
    await new Promise((resolve) => setImmediate(resolve));
  }
};

let harness: Harness;
let connection: Awaited<ReturnType<Harness['linkKashFlow']>>;

beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 250 } });
  connection = await harness.linkKashFlow();
});
afterAll(() => harness.close());

const documents = async (table: string): Promise<Map<string, { is_deleted: boolean; document: never }>> => {
  const { rows } = await harness.store.pool.query(
    `SELECT id, is_deleted, document FROM ${table} WHERE connection_id = $1`,
    [connection.id],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

/** Makes the last full listing lie so many days back. */
const ageFullRead = (dataType: string, days: number) =>
  harness.store.pool.query(
    `UPDATE pull_operations SET started_at = started_at - $3 * interval '1 day'
     WHERE connection_id = $1 AND data_type = $2 AND listing IN ('initial', 'full')`,
    [connection.id, dataType, days],
  );

describe('KashFlow', () => {
  test('the first sync starts by itself and completes every data type, nothing quarantined', async () => {
    const worker = harness.startWorker();
    try {
      await harness.sync.connectionLinked(connection);
      await untilIdle(harness, connection.id);
    } finally {
      await worker.close();
    }
    const runs = await harness.store.prisma.pullOperation.findMany({
      where: { connectionId: connection.id },
    });
    const dataTypes = [...(harness.connectors.get('wvzu')?.manifest.dataTypes.keys() ?? [])];
    expect(Object.fromEntries(runs.map((run) => [run.dataType, run.status]))).toEqual(
      Object.fromEntries(dataTypes.map((dataType) => [dataType, 'Complete'])),
    );
    for (const run of runs) {
      expect([run.dataType, run.quarantined]).toEqual([run.dataType, 0]);
      expect(run.recordsRead, run.dataType).toBeGreaterThan(0);
      expect(run.inserted, run.dataType).toBe(run.recordsRead);
    }
  });

  test('its lines add up to its totals, and nothing else is odd but what the books themselves leave open', async () => {
    const { rows } = await harness.store.pool.query<{ rule_id: string; message: string }>(
      'SELECT DISTINCT rule_id, message FROM data_warnings WHERE company_id = $1 ORDER BY 1, 2',
      [connection.companyId],
    );
    // Products and accounts that were removed, and records still name.
    expect(rows.filter(({ rule_id }) => !/-05\d$/.test(rule_id))).toEqual([]);
  });

  test('has the books that Kashoo has: the same invoices, the negative ones as credit notes', async () => {
    const other = await harness.link();
    await harness.pull(other, 'invoices');
    const { rows } = await harness.store.pool.query<{ total: string }>(
      'SELECT total_amount::text AS total FROM invoices WHERE connection_id = $1 AND NOT is_deleted',
      [other.id],
    );
    const theirs = rows.map(({ total }) => Number(total)).toSorted((a, b) => a - b);
    const { rows: ours } = await harness.store.pool.query<{ total: string }>(
      `SELECT total_amount::text AS total FROM invoices WHERE connection_id = $1
       UNION ALL SELECT (-total_amount)::text FROM credit_notes WHERE connection_id = $1`,
      [connection.id],
    );
    expect(ours.map(({ total }) => Number(total)).toSorted((a, b) => a - b)).toEqual(theirs);
    expect((await documents('credit_notes')).size).toBeGreaterThan(0);
  });

  test('no password stands in the request log, and its paths name the operations', async () => {
    const { rows } = await harness.store.pool.query<{ path: string; all: string }>(
      'SELECT path, row_to_json(upstream_requests)::text AS all FROM upstream_requests WHERE company_id = $1',
      [connection.companyId],
    );
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter(({ all }) => all.includes('sandbox-secret'))).toEqual([]);
    expect(rows.some(({ path }) => path.startsWith('/GetInvoicesByDateRange?StartDate=20'))).toBe(true);
    expect(rows.some(({ path }) => /GetReceipts(?!WithPaging)/.test(path))).toBe(false);
  });

  test('between full reads only what is recent or open is read, and edits there arrive', async () => {
    const before = await documents('invoices');
    await harness.control('live', { edits: 80 });
    const run = await harness.pull(connection, 'invoices');
    expect([run.status, run.listing]).toEqual(['Complete', 'incremental']);
    expect(run.recordsRead).toBeLessThan(before.size);
    expect(run.inserted + run.changed).toBeGreaterThan(0);
    expect(run.deleted).toBe(0);
  });

  test('after a week everything is read; what vanished is asked for by itself at the next run, and then marked', async () => {
    const weekly = async () => {
      await ageFullRead('invoices', 8);
      return harness.pull(connection, 'invoices');
    };
    await harness.control('live', { edits: 120 });
    const first = await weekly();
    expect([first.listing, first.deleted]).toEqual(['full', 0]);
    const missing = await harness.store.prisma.missingRecord.count({
      where: { connectionId: connection.id, dataType: 'invoices' },
    });
    expect(missing).toBeGreaterThan(0);
    const second = await harness.pull(connection, 'invoices');
    expect([second.listing, second.deleted]).toEqual(['full', missing]);
    const third = await harness.pull(connection, 'invoices');
    expect(third.listing).toBe('incremental');
  });

  test('customers are asked for by what changed', async () => {
    const run = await harness.pull(connection, 'customers');
    expect(run.listing).toBe('incremental');
    const { rows } = await harness.store.pool.query<{ path: string }>(
      'SELECT path FROM upstream_requests WHERE run_id = $1',
      [run.id],
    );
    expect(rows.some(({ path }) => path.startsWith('/GetCustomersModifiedSince?ModifiedSince=20'))).toBe(
      true,
    );
  });

  test('an API that is switched off fails the run with what to change, and the connection stays linked', async () => {
    await harness.control('kashflow', { refuse: 'apiOff' });
    const run = await harness.pull(connection, 'taxRates');
    expect(run.status).toBe('PermissionsError');
    expect(run.errorMessage).toContain('Enable SOAP API');
    const { status } = await harness.store.prisma.connection.findUniqueOrThrow({
      where: { id: connection.id },
    });
    expect(status).toBe('Linked');
  });

  test('a password that is no longer accepted deauthorizes the connection', async () => {
    await harness.control('kashflow', { refuse: 'credentials' });
    const run = await harness.pull(connection, 'taxRates');
    expect(run.status).toBe('AuthError');
    const { status } = await harness.store.prisma.connection.findUniqueOrThrow({
      where: { id: connection.id },
    });
    expect(status).toBe('Deauthorized');
    expect(harness.errors).toEqual([]);
  });
});
