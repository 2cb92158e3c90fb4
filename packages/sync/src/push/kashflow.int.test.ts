/** Writes to KashFlow through the engine: over SOAP, to the sandbox, with the database in between. */
import { randomUUID } from 'node:crypto';
import type { DataTypeKey } from '@tributary/model';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { effectiveSettings } from '../settings.ts';
import { type Harness, startHarness } from '../testing/harness.ts';

let harness: Harness;
let connection: Awaited<ReturnType<Harness['linkKashFlow']>>;
const never = new AbortController().signal;

beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 120 } });
  connection = await harness.linkKashFlow();
  for (const dataType of [
    'customers',
    'suppliers',
    'taxRates',
    'chartOfAccounts',
    'items',
    'invoices',
    'bills',
  ] as const)
    await harness.pull(connection, dataType);
});
beforeEach(() => harness.control('faults', { faults: [] }));
afterAll(async () => {
  await harness.close();
  expect(harness.errors).toEqual([]);
});

type Table =
  | 'customers'
  | 'suppliers'
  | 'tax_rates'
  | 'accounts'
  | 'items'
  | 'invoices'
  | 'bills'
  | 'payments';
type Document = Readonly<Record<string, unknown>> & { readonly id: string };

/** Documents as they are served, by id. */
async function stored(table: Table): Promise<Document[]> {
  const { rows } = await harness.store.pool.query<{ document: string }>(
    `SELECT document::text AS document FROM ${table} WHERE connection_id = $1 AND NOT is_deleted ORDER BY id`,
    [connection.id],
  );
  return rows.map(({ document }) => JSON.parse(document) as Document);
}

async function push(dataType: DataTypeKey, record: object, recordId?: string) {
  const id = randomUUID();
  await harness.pushes.request({
    id,
    connectionId: connection.id,
    dataType,
    action: recordId === undefined ? 'create' : 'update',
    recordId,
    data: JSON.stringify(record),
    expectedModifiedAt: undefined,
    syncAfterwards: false,
    validation: undefined,
    timeoutInMinutes: 60,
    traceId: randomUUID(),
  });
  return id;
}
const carryOut = (id: string) => harness.pushEngineFor('test').execute(id, never);
const operation = (id: string) => harness.store.prisma.pushOperation.findUniqueOrThrow({ where: { id } });

async function written(dataType: DataTypeKey, record: object, recordId?: string): Promise<string> {
  const id = await push(dataType, record, recordId);
  await carryOut(id);
  const { status, errorMessage, changes } = await operation(id);
  expect([status, errorMessage]).toEqual(['Success', null]);
  const [change] = changes as { recordRef: { id: string; dataType: string } }[];
  return change?.recordRef.id ?? '';
}

async function refs() {
  const [customer] = await stored('customers');
  const [supplier] = await stored('suppliers');
  const tax = (await stored('tax_rates')).find(({ effectiveTaxRate }) => Number(effectiveTaxRate) > 4);
  const accounts = await stored('accounts');
  const sales = accounts.find(({ name }) => name === 'Sales');
  const bank = accounts.find(({ isBankAccount }) => isBankAccount === true);
  const id = (record: Document | undefined) => ({ id: record?.id ?? '' });
  return { customer: id(customer), supplier: id(supplier), tax: id(tax), sales: id(sales), bank: id(bank) };
}

async function sale(more: object = {}) {
  const { customer, tax, sales } = await refs();
  return {
    customerRef: customer,
    issueDate: '2026-03-01',
    lineItems: [
      { description: 'Widget & <more>', unitAmount: 10.5, quantity: 3, accountRef: sales, taxRateRef: tax },
    ],
    ...more,
  };
}

const find = async (table: Table, id: string) => (await stored(table)).filter((record) => record.id === id);

test('each kind of record is readable at once, and the next full listing neither doubles nor changes it', async () => {
  const { supplier, tax, sales, bank } = await refs();
  const invoiceId = await written('invoices', await sale());
  const [invoice] = await find('invoices', invoiceId);
  const total = Number(invoice?.['totalAmount']);
  const { customerRef: _customer, ...purchase } = await sale();
  const made = {
    invoices: invoiceId,
    customers: await written('customers', { customerName: 'Søn & Co <b>', status: 'Active' }),
    suppliers: await written('suppliers', { supplierName: 'Dell', status: 'Active' }),
    items: await written('items', {
      name: 'Widget',
      invoiceItem: { accountRef: sales, unitPrice: 2.5, taxRateRef: tax },
    }),
    bills: await written('bills', { ...purchase, supplierRef: supplier, reference: 'INV-77' }),
    payments: await written('payments', {
      accountRef: bank,
      date: '2026-03-02',
      totalAmount: total,
      lines: [{ amount: total, links: [{ type: 'Invoice', id: invoiceId, amount: -total }] }],
    }),
  };
  // The invoice that the payment was for was stored with it.
  expect((await find('invoices', invoiceId))[0]).toMatchObject({ status: 'Paid', amountDue: 0 });
  for (const [table, id] of Object.entries(made) as [Table & DataTypeKey, string][]) {
    const before = await find(table, id);
    expect(before, table).toHaveLength(1);
    await harness.store.pool.query(
      `UPDATE datasets SET cursor_at = NULL WHERE connection_id = $1 AND data_type = $2`,
      [connection.id, table],
    );
    const run = await harness.pull(connection, table);
    expect([run.status, run.errorMessage], table).toEqual(['Complete', null]);
    expect(await find(table, id), table).toEqual(before);
  }
});

test('tax rates are read every day unless somebody says otherwise, and a run tells how many it read', async () => {
  const { store } = harness;
  const setting = await effectiveSettings(store, connection, ['taxRates', 'items']);
  expect(setting.map(({ syncSchedule }) => syncSchedule)).toEqual([24, 24]);
  const first = await harness.linkKashFlow();
  const run = await harness.pull(first, 'taxRates');
  const { rows } = await store.pool.query('SELECT 1 FROM tax_rates WHERE connection_id = $1', [first.id]);
  expect(rows.length).toBeGreaterThan(2);
  expect(run.statusDescription).toBe(
    `Complete: ${rows.length} records read, ${rows.length} new, 0 changed, 0 deleted`,
  );
  const again = await harness.pull(first, 'taxRates');
  expect(again.statusDescription).toBe(`Complete: ${rows.length} records read, 0 new, 0 changed, 0 deleted`);
});

test('a record that was read is changed by what was read of it, a customer that was none stays none', async () => {
  const nobody = (await stored('invoices')).find(
    ({ customerRef }) => (customerRef as { id: string }).id === 'NullId',
  );
  const id = nobody?.id ?? '';
  expect(await written('invoices', { ...nobody, dueDate: '2031-01-01' }, id)).toBe(id);
  const [after] = await find('invoices', id);
  expect(after).toMatchObject({
    customerRef: { id: 'NullId' },
    dueDate: '2031-01-01T00:00:00',
    lineItems: nobody?.['lineItems'],
  });
});

test.each(['invoices', 'customers'] as const)(
  'a lost answer to %s is looked up: written once',
  async (dataType) => {
    const record = dataType === 'invoices' ? await sale() : { customerName: 'Lost once', status: 'Active' };
    const before = (await stored(dataType)).length;
    await harness.control('faults', { faults: [{ match: 'Insert(Invoice|Customer)$', kind: 'answerLost' }] });
    const id = await push(dataType, record);
    await carryOut(id);
    expect(await operation(id)).toMatchObject({ status: 'Pending', stage: 'sent' });
    await expect
      .poll(
        async () => {
          await harness.store.pool.query(`UPDATE push_operations SET not_before = NULL WHERE id = $1`, [id]);
          await carryOut(id);
          return (await operation(id)).status;
        },
        { timeout: 15_000, interval: 300 },
      )
      .toBe('Success');
    await harness.pull(connection, dataType);
    expect(await stored(dataType)).toHaveLength(before + 1);
  },
);

test('what KashFlow does not have is refused with the place in the record, and nothing is written', async () => {
  const before = await stored('invoices');
  const id = await push('invoices', await sale({ customerRef: { id: '2000000000' } }));
  await carryOut(id);
  const { status, statusCode, validation, errorMessage } = await operation(id);
  expect([status, statusCode]).toEqual(['Failed', 400]);
  expect(errorMessage).toContain('customerRef.id');
  expect(validation).toMatchObject({
    errors: [{ itemId: 'customerRef.id', validatorName: 'unknown-reference' }],
  });
  await harness.pull(connection, 'invoices');
  expect(await stored('invoices')).toEqual(before);
});

test('a password that is refused while writing says so', async () => {
  const other = await harness.linkKashFlow();
  await harness.control('kashflow', { refuse: 'credentials' });
  const id = randomUUID();
  const data = JSON.stringify({ customerName: 'X', status: 'Active' });
  const more = {
    recordId: undefined,
    expectedModifiedAt: undefined,
    syncAfterwards: false,
    validation: undefined,
  };
  await harness.pushes.request({
    ...{ id, connectionId: other.id, dataType: 'customers', action: 'create', data },
    ...{ ...more, timeoutInMinutes: 60, traceId: randomUUID() },
  });
  await carryOut(id);
  await harness.control('kashflow', { refuse: null });
  expect((await operation(id)).status).toBe('Failed');
  const { status } = await harness.store.prisma.connection.findUniqueOrThrow({ where: { id: other.id } });
  expect(status).toBe('Deauthorized');
});
