/** Records are checked while they are read: what is found is what a check of everything finds, and nothing sound is read back. */
import type { Connector, PullPage } from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';
import { listWarnings } from '@tributary/store';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';

type Linked = Awaited<ReturnType<Harness['link']>>;
// biome-ignore lint/suspicious/noExplicitAny: records of every kind, damaged by the tests
type Mapped = any;

let harness: Harness;
/** What the platform's own books have wrong, in the record that is the nth of its listing. */
let damage: ((record: Mapped, nth: number) => void) | undefined;
/** What happens before a listing shows its nth page. */
let beforePage: ((nth: number) => Promise<void>) | undefined;
/** Documents that were read from the database. */
let readBack = 0;

beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 600, pageLimit: 25 } });
  const connectors = harness.connectors as Map<string, Connector>;
  const connector = connectors.get('ksho');
  if (connector === undefined) throw new Error('there is a connector');
  const places = new Map<string, number>();
  connectors.set('ksho', {
    ...connector,
    async *pull(session, request): AsyncGenerator<PullPage> {
      const before = beforePage;
      beforePage = undefined;
      let nth = 0;
      for await (const page of connector.pull(session, request)) {
        await before?.(nth);
        nth += 1;
        yield page;
      }
    },
    map(dataType, record, lookup) {
      const outcome = connector.map(dataType, record, lookup);
      if (outcome.kind !== 'mapped' || outcome.isDeleted) return outcome;
      const key = `${dataType} ${outcome.id}`;
      places.set(
        key,
        places.get(key) ?? [...places.keys()].filter((known) => known.startsWith(dataType)).length,
      );
      const copy = structured(outcome.record);
      damage?.(copy, places.get(key) ?? 0);
      return { ...outcome, record: copy };
    },
  });
  countReadBack(harness.store.pool);
}, 60_000);
afterAll(() => harness.close());
afterEach(async () => {
  damage = undefined;
  await harness.control('faults', { faults: [] });
});

/** Counts the documents that every connection of a pool reads, asked by the pool itself (with a callback) or in a transaction. */
function countReadBack(pool: Harness['store']['pool']): void {
  const watched = new WeakSet<object>();
  const count = ({ rows }: { rows: readonly object[] }): void => {
    readBack += rows.length;
  };
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    const query = client.query.bind(client) as (...request: unknown[]) => Promise<{ rows: object[] }>;
    client.query = ((...request: unknown[]) => {
      if (!String(request[0]).includes('document::text AS text')) return query(...request);
      const done = request.at(-1);
      if (typeof done !== 'function') {
        return query(...request).then((result) => {
          count(result);
          return result;
        });
      }
      return query(...request.slice(0, -1), (error: Error | null, result?: { rows: object[] }) => {
        if (result !== undefined) count(result);
        done(error, result);
      });
    }) as typeof client.query;
  });
}

const structured = (value: Mapped): Mapped =>
  Array.isArray(value)
    ? value.map(structured)
    : typeof value === 'object' && value !== null && !JSON.isRawJSON(value)
      ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, structured(member)]))
      : value;
const more = (value: Mapped): Mapped => JSON.rawJSON((Number(value.rawJSON) + 1).toFixed(2));

async function findingsOf(connection: Linked, run: { id: string; status: string; warnings: number }) {
  expect(run.status).toBe('Complete');
  const rows = await listWarnings(harness.store.pool, connection.companyId, run.id, 1000);
  expect(run.warnings).toBe(rows.length);
  return rows.map(({ itemId, ruleId, message }) => `${itemId} ${ruleId} ${message}`);
}

async function pull(connection: Linked, dataType: DataTypeKey = 'invoices') {
  readBack = 0;
  return findingsOf(connection, await harness.pull(connection, dataType));
}

/** The next run lists everything as changed since, and writes what comes out differently. */
const startOver = (connection: Linked) =>
  harness.store.pool.query(`UPDATE datasets SET cursor_at = '2000-01-01' WHERE connection_id = $1`, [
    connection.id,
  ]);
const forgetChecks = (connection: Linked) =>
  harness.store.pool.query('UPDATE datasets SET checked_at = NULL WHERE connection_id = $1', [connection.id]);
const storedInvoices = async (connection: Linked) =>
  Number(
    (
      await harness.store.pool.query(
        `SELECT count(*) FROM invoices WHERE connection_id = $1 AND NOT is_deleted`,
        [connection.id],
      )
    ).rows[0].count,
  );

const few = (record: Mapped, nth: number): void => {
  if (nth === 3) record.totalAmount = more(record.totalAmount);
  if (nth === 60) record.customerRef = { id: 'nowhere' };
  if (nth === 61) record.lineItems[0].accountRef = { id: 'nowhere' };
  if (nth === 70 || nth === 140) record.invoiceNumber = 'the same';
  if (nth === 150) {
    record.currency = 'QQQ';
    delete record.currencyRate;
  }
};

it('a first listing finds what a check of everything finds, and reads back only that', async () => {
  const connection = await harness.link();
  for (const dataType of ['company', 'customers', 'chartOfAccounts', 'items', 'taxRates'] as const)
    expect(await pull(connection, dataType)).toEqual([]);
  damage = few;
  const found = await pull(connection);
  expect(readBack).toBe(6);
  const rules = found.map((finding) => finding.split(' ')[1]?.slice(-3));
  for (const rule of ['030', '033', '040', '041', '050', '051', '060']) expect(rules).toContain(rule);
  expect(rules.filter((rule) => rule === '060')).toHaveLength(2);
  const before = await harness.store.prisma.dataset.findFirstOrThrow({
    where: { connectionId: connection.id, dataType: 'invoices' },
  });
  expect(before.checkedAt).not.toBeNull();
  await forgetChecks(connection);
  expect(await pull(connection)).toEqual(found);
  expect(readBack).toBe(await storedInvoices(connection));
});

it('an incremental run finds what it breaks and forgets what it mends, and reads back only that', async () => {
  const connection = await harness.link();
  for (const dataType of [
    'company',
    'customers',
    'chartOfAccounts',
    'items',
    'taxRates',
    'invoices',
  ] as const)
    expect(await pull(connection, dataType)).toEqual([]);
  await startOver(connection);
  damage = few;
  const broken = await pull(connection);
  expect(broken.length).toBeGreaterThanOrEqual(8);
  expect(readBack).toBe(6);
  await startOver(connection);
  expect(await pull(connection)).toEqual(broken);
  await startOver(connection);
  damage = (record, nth) => {
    if (nth !== 3 && nth !== 140) few(record, nth);
  };
  const half = await pull(connection);
  // What is alone with its number now was not written.
  expect(half).toEqual(broken.filter((finding) => !/-(030|033|060) /.test(finding)));
  await startOver(connection);
  damage = undefined;
  expect(await pull(connection)).toEqual([]);
});

it('a new record that doubles an old one gives both a finding', async () => {
  const connection = await harness.link();
  let number = '';
  damage = (record, nth) => {
    if (nth === 10) number = record.invoiceNumber;
  };
  expect(await pull(connection)).toEqual([]);
  await startOver(connection);
  damage = (record, nth) => {
    if (nth === 20) record.invoiceNumber = number;
  };
  const found = await pull(connection);
  expect(found).toHaveLength(2);
  for (const finding of found) expect(finding).toMatch(/-060 The number .+ is that of 2 records\.$/);
});

it('a run that was put off finds what its earlier attempt read', async () => {
  const connection = await harness.link();
  await pull(connection, 'customers');
  damage = few;
  await harness.control('faults', {
    match: 'GET .*/records/invoices.*offset=100',
    kind: 'status',
    status: 503,
    times: 20,
  });
  const first = await harness.pull(connection, 'invoices');
  expect([first.status, first.pages > 0]).toEqual(['Queued', true]);
  await harness.control('faults', { faults: [] });
  await harness.store.prisma.pullOperation.update({ where: { id: first.id }, data: { notBefore: null } });
  const found = await pull(connection);
  expect(found.some((finding) => finding.includes('-030 '))).toBe(true);
  expect(readBack).toBe(await storedInvoices(connection));
  await startOver(connection);
  expect(await pull(connection)).toEqual(found);
  await forgetChecks(connection);
  expect(await pull(connection)).toEqual(found);
}, 120_000);

it('more than is kept of a rule is counted exactly', async () => {
  const connection = await harness.link();
  damage = (record) => {
    record.issueDate = '1850-01-01T00:00:00';
    record.dueDate = '1850-01-01T00:00:00';
  };
  const found = await pull(connection);
  const alive = await storedInvoices(connection);
  expect(alive).toBeGreaterThan(210);
  expect(found).toHaveLength(402);
  expect(found.filter((finding) => finding.startsWith('null'))).toEqual(
    ['071', '072'].map(
      (rule) => `null accounting-invoice-${rule} ${alive - 200} more findings of this rule are not listed.`,
    ),
  );
  // Until they are counted again, nothing but what is known is looked at, and what the listing shows again.
  expect(await pull(connection)).toEqual(found);
  expect(readBack).toBeLessThan(210);
  damage = undefined;
  await startOver(connection);
  await forgetChecks(connection);
  expect(await pull(connection)).toEqual([]);
});

it('many with one number are counted without being read back', async () => {
  const connection = await harness.link();
  damage = (record) => {
    record.invoiceNumber = 'n';
  };
  const found = await pull(connection);
  expect(found).toHaveLength(201);
  expect(readBack).toBeLessThanOrEqual(200);
  await forgetChecks(connection);
  expect(await pull(connection)).toEqual(found);
});

it.each([
  ['all lead somewhere, nothing is read back', undefined, 0],
  ['one leads nowhere, it is found', 'nowhere', 1],
])('references to what comes to be read during the run are judged: when %s', async (_what, id, count) => {
  const connection = await harness.link();
  damage = (record, nth) => {
    if (id !== undefined && nth === 5 && 'lineItems' in record) record.customerRef = { id };
  };
  beforePage = async (nth) => {
    if (nth !== 1) return;
    await harness.pull(connection, 'company');
    await harness.pull(connection, 'customers');
  };
  const found = await pull(connection);
  expect(found).toHaveLength(count);
  expect(readBack).toBe(count * (await storedInvoices(connection)));
});

it('a record that refers to what is read a moment later is sound', async () => {
  const connection = await harness.link();
  await pull(connection, 'customers');
  await harness.store.pool.query(
    `CREATE TABLE put_away AS SELECT * FROM customers WHERE connection_id = $1`,
    [connection.id],
  );
  await harness.store.pool.query('DELETE FROM customers WHERE connection_id = $1', [connection.id]);
  // It is asked for when the third page is taken: the first has been written by then.
  const sixth = 5;
  beforePage = async (nth) => {
    if (nth === sixth) await harness.store.pool.query('INSERT INTO customers SELECT * FROM put_away');
  };
  expect(await pull(connection)).toEqual([]);
  expect(readBack).toBeGreaterThan(0);
});
