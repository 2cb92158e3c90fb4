/** Every data type that Kashoo takes, written to the sandbox, read back, and still one record after the next sync. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';
import { atPlatform, stored, write } from '../testing/writes.ts';

let harness: Harness;
let connection: Awaited<ReturnType<Harness['link']>>;
let accounts: Record<string, string>;
let taxRate: string;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 120 } });
  connection = await harness.link();
  await harness.sync.connectionLinked(connection);
  const chart: { id: number; type: string; archived: boolean; removed: boolean }[] = await atPlatform(
    harness,
    connection,
    '/businesses/{business}/accounts',
  );
  accounts = Object.fromEntries(
    chart.filter(({ archived, removed }) => !archived && !removed).map(({ id, type }) => [type, String(id)]),
  );
  const [tax] = await atPlatform(harness, connection, '/businesses/{business}/taxes');
  taxRate = String(tax.id);
});
afterAll(() => harness.close());

const account = (type: string) => ({ id: accounts[type] });
const invoice = (changes: object = {}) => ({
  issueDate: '2026-05-20T00:00:00',
  dueDate: '2026-06-20',
  status: 'Submitted',
  note: 'Thank you',
  lineItems: [
    {
      description: 'Consulting',
      unitAmount: 120.1,
      quantity: 2.5,
      accountRef: account('INCOME'),
      taxRateRef: { id: taxRate },
    },
  ],
  ...changes,
});

async function success(dataType: Parameters<typeof write>[2], record: object, options = {}) {
  const done = await write(harness, connection, dataType, record, options);
  expect([done.status, done.errorMessage, done.statusCode]).toEqual(['Success', null, 200]);
  expect(done.closedAt).not.toBeNull();
  return done.writtenId;
}

/** The record is stored, and a sync neither changes nor doubles it. */
async function survives(dataType: Parameters<typeof stored>[2], id: string) {
  const before = await stored(harness, connection, dataType, id);
  expect(before).toBeDefined();
  const run = await harness.pull(connection, dataType);
  expect([run.status, run.errorMessage]).toEqual(['Complete', null]);
  expect(await stored(harness, connection, dataType, id)).toEqual(before);
  const { rows } = await harness.store.pool.query(
    `SELECT record_count::int AS count, last_seq::int AS last FROM datasets WHERE connection_id = $1 AND data_type = $2`,
    [connection.id, dataType],
  );
  expect(rows[0].count).toBe(rows[0].last);
  return before.document;
}

describe('what is written to Kashoo is readable at once and survives the next sync', () => {
  it('a customer', async () => {
    const address = {
      type: 'Billing',
      line1: '1 Main St',
      line2: 'Suite 5',
      city: 'Vancouver',
      region: 'BC',
      postalCode: 'V5K 0A1',
      country: 'Canada',
    };
    const id = await success('customers', {
      customerName: 'Zoë & Söhne',
      emailAddress: 'zoe@example.com',
      phone: '+1 604 555 0101',
      addresses: [address],
      status: 'Active',
    });
    expect(await survives('customers', id)).toMatchObject({
      id,
      customerName: 'Zoë & Söhne',
      emailAddress: 'zoe@example.com',
      phone: '+1 604 555 0101',
      addresses: [address],
      status: 'Active',
    });
  });

  it('a supplier', async () => {
    const id = await success('suppliers', { supplierName: 'Paper Ltd', status: 'Active' });
    expect(await survives('suppliers', id)).toMatchObject({ supplierName: 'Paper Ltd' });
  });

  it('an invoice with tax, and its payment, which changes the invoice', async () => {
    const customer = await success('customers', { customerName: 'Payer', status: 'Active' });
    const id = await success('invoices', invoice({ customerRef: { id: customer } }));
    const document = await survives('invoices', id);
    expect(document).toMatchObject({
      customerRef: { id: customer, companyName: 'Payer' },
      status: 'Submitted',
      subTotal: 300.25,
      note: 'Thank you',
      dueDate: '2026-06-20T00:00:00',
      lineItems: [{ unitAmount: 120.1, quantity: 2.5, taxRateRef: { id: taxRate } }],
    });
    expect(document.totalTaxAmount).toBeGreaterThan(0);
    const due = document.amountDue;
    const payment = await success('payments', {
      customerRef: { id: customer },
      accountRef: account('BANK'),
      totalAmount: due,
      date: '2026-05-22',
      lines: [{ amount: due, links: [{ type: 'Invoice', id, amount: -due }] }],
    });
    expect((await stored(harness, connection, 'invoices', id)).document).toMatchObject({
      status: 'Paid',
      amountDue: 0,
      paidOnDate: '2026-05-22T00:00:00',
    });
    expect(await survives('payments', payment)).toMatchObject({ totalAmount: due });
    expect(await survives('invoices', id)).toMatchObject({ status: 'Paid' });
  });

  it('a bill and its payment, some of it on account', async () => {
    const supplier = await success('suppliers', { supplierName: 'Biller', status: 'Active' });
    const id = await success('bills', {
      reference: 'B-77',
      supplierRef: { id: supplier },
      issueDate: '2026-05-01',
      status: 'Open',
      lineItems: [{ unitAmount: 10, quantity: 3, accountRef: account('EXPENSE') }],
    });
    expect(await survives('bills', id)).toMatchObject({ reference: 'B-77', totalAmount: 30, status: 'Open' });
    const payment = await success('billPayments', {
      supplierRef: { id: supplier },
      accountRef: account('BANK'),
      totalAmount: 25,
      date: '2026-05-02',
      lines: [
        { amount: 20, links: [{ type: 'Bill', id, amount: -20 }] },
        { amount: 5, links: [{ type: 'PaymentOnAccount', id: supplier, amount: -5 }] },
      ],
    });
    expect(await survives('billPayments', payment)).toMatchObject({ totalAmount: 25 });
    expect(await survives('bills', id)).toMatchObject({ status: 'PartiallyPaid', amountDue: 10 });
  });

  it('an item', async () => {
    const id = await success('items', {
      name: 'Stapler',
      code: 'ST-1',
      itemStatus: 'Active',
      type: 'NonInventory',
      isBillItem: false,
      isInvoiceItem: true,
      invoiceItem: {
        unitPrice: 12.345,
        accountRef: account('INCOME'),
        description: 'Red',
        taxRateRef: { id: taxRate },
      },
    });
    expect(await survives('items', id)).toMatchObject({
      name: 'Stapler',
      code: 'ST-1',
      invoiceItem: { unitPrice: 12.345, description: 'Red', accountRef: account('INCOME') },
    });
  });

  it('a journal, which is read as an entry of the ledger', async () => {
    const id = await success('journals', {
      postedOn: '2026-04-30',
      description: 'Accrual',
      journalLines: [
        { netAmount: 100.5, accountRef: account('EXPENSE') },
        { netAmount: -100.5, accountRef: account('BANK') },
      ],
    });
    const { document } = await stored(harness, connection, 'journalEntries', id);
    expect(document).toMatchObject({ id, postedOn: '2026-04-30T00:00:00', journalRef: { id: 'ADJUSTMENT' } });
    expect(document.journalLines.map((line: { netAmount: number }) => line.netAmount).sort()).toEqual([
      -100.5, 100.5,
    ]);
    expect(await survives('journalEntries', id)).toEqual(document);
  });

  it('a transfer', async () => {
    const id = await success('transfers', {
      date: '2026-05-05',
      description: 'To the till',
      from: { accountRef: account('BANK'), amount: 50 },
      to: { accountRef: account('CASH'), amount: 50 },
    });
    expect(await survives('transfers', id)).toMatchObject({
      from: { amount: 50 },
      description: 'To the till',
    });
  });

  it('an account, a bank account twice over', async () => {
    const id = await success('chartOfAccounts', {
      name: 'New savings',
      nominalCode: '1099',
      fullyQualifiedCategory: 'Asset.BankAccount',
    });
    expect(await survives('chartOfAccounts', id)).toMatchObject({
      name: 'New savings',
      isBankAccount: true,
      currentBalance: 0,
    });
    expect(await survives('bankAccounts', id)).toMatchObject({ accountName: 'New savings', balance: 0 });
  });
});
