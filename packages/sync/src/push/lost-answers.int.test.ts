/** Writes whose answer does not come, or not in time: at most once at the platform, and told as it was. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';
import { atPlatform, operation, requestWrite, stored, write } from '../testing/writes.ts';

let harness: Harness;
let connection: Awaited<ReturnType<Harness['link']>>;
let accounts: Record<string, number>;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 120 } });
  connection = await harness.link();
  await harness.sync.connectionLinked(connection);
  const chart = await atPlatform(harness, connection, '/businesses/{business}/accounts');
  accounts = Object.fromEntries(
    chart
      .filter((row: { archived: boolean; removed: boolean }) => !row.archived && !row.removed)
      .map((row: { id: number; type: string }) => [row.type, row.id]),
  );
});
beforeEach(() => harness.control('faults', { faults: [] }));
afterAll(() => harness.close());

const never = new AbortController().signal;
const writes = '^(POST|PUT) /api/(businesses|records|contacts)';
const fault = (kind: string, more: object = {}) =>
  harness.control('faults', { match: writes, kind, ...more });
const ref = (type: string) => ({ id: String(accounts[type]) });

let serial = 0;
const unique = () => {
  serial += 1;
  return `Lost ${serial}`;
};

/** A record of each data type, told apart by a word, and how many of them the platform has. */
const examples: Readonly<
  Record<string, { record(word: string): object; count(word: string): Promise<number> }>
> = {
  customers: {
    record: (word) => ({ customerName: word, status: 'Active' }),
    count: (word) => named('/businesses/{business}/contacts?limit=1000', 'name', word),
  },
  suppliers: {
    record: (word) => ({ supplierName: word, status: 'Active' }),
    count: (word) => named('/businesses/{business}/contacts?limit=1000', 'name', word),
  },
  invoices: {
    record: (word) => ({
      issueDate: '2026-05-20',
      status: 'Submitted',
      note: word,
      lineItems: [
        { unitAmount: 10.55, quantity: 1.5, accountRef: ref('INCOME'), description: ` two  blanks ` },
      ],
    }),
    count: (word) => named('/businesses/{business}/records/invoices?limit=1000', 'memo', word),
  },
  bills: {
    record: (word) => ({
      issueDate: '2026-05-20',
      status: 'Open',
      note: word,
      lineItems: [{ unitAmount: 10, quantity: 1, accountRef: ref('EXPENSE') }],
    }),
    count: (word) => named('/businesses/{business}/records/bills?limit=1000', 'memo', word),
  },
  payments: {
    record: (word) => ({ accountRef: ref('BANK'), totalAmount: 10, date: '2026-05-20', note: word }),
    count: (word) => named('/businesses/{business}/records/invoicePayments?limit=1000', 'memo', word),
  },
  billPayments: {
    record: (word) => ({ accountRef: ref('BANK'), totalAmount: 10, date: '2026-05-20', note: word }),
    count: (word) => named('/businesses/{business}/records/billPayments?limit=1000', 'memo', word),
  },
  items: {
    record: (word) => ({
      name: word,
      itemStatus: 'Active',
      type: 'Service',
      invoiceItem: { unitPrice: 1.25 },
    }),
    count: (word) => named('/businesses/{business}/items', 'name', word),
  },
  journals: {
    record: (word) => ({
      postedOn: '2026-05-20',
      description: word,
      journalLines: [
        { netAmount: 7, accountRef: ref('EXPENSE') },
        { netAmount: -7, accountRef: ref('BANK') },
      ],
    }),
    count: (word) => named('/businesses/{business}/records?type=ADJUSTMENT&limit=1000', 'memo', word),
  },
  transfers: {
    record: (word) => ({
      date: '2026-05-20',
      description: word,
      from: { accountRef: ref('BANK'), amount: 5 },
      to: { accountRef: ref('CASH'), amount: 5 },
    }),
    count: (word) => named('/businesses/{business}/records?type=TRANSFER&limit=1000', 'memo', word),
  },
  chartOfAccounts: {
    record: (word) => ({ name: word, fullyQualifiedCategory: 'Expense' }),
    count: (word) => named('/businesses/{business}/accounts?limit=1000', 'name', word),
  },
};

async function named(path: string, member: string, word: string): Promise<number> {
  const rows: Record<string, unknown>[] = await atPlatform(harness, connection, path);
  return rows.filter((row) => row[member] === word).length;
}

const typesOfRecords = Object.keys(examples) as (keyof typeof examples & 'customers')[];

/** Goes on with a write until it has come to its end, as workers would. */
async function finish(id: string) {
  const engine = harness.pushEngineFor('another');
  for (let round = 0; round < 50; round += 1) {
    await engine.execute(id, never);
    const row = await operation(harness, id);
    if (row.closedAt !== null) return row;
    await delay(60);
  }
  throw new Error('the write does not come to its end');
}

describe.each(typesOfRecords)('a write of %s', (dataType) => {
  const example = examples[dataType];
  if (example === undefined) throw new Error(dataType);

  it('that was carried out although its answer was lost is found, and not repeated', async () => {
    const word = unique();
    await fault('answerLost');
    const begun = await write(harness, connection, dataType, example.record(word));
    expect([begun.status, begun.stage, begun.closedAt]).toEqual(['Pending', 'sent', null]);
    const done = await finish(begun.id);
    expect([done.status, done.errorMessage]).toEqual(['Success', null]);
    expect(done.changes[0]?.type).toBe('Created');
    expect(await example.count(word)).toBe(1);
    const storedAs = done.changes[0]?.recordRef.dataType ?? 'invoices';
    expect(await stored(harness, connection, storedAs, done.writtenId)).toBeDefined();
  });

  it('that was not carried out is proven absent, and sent again', async () => {
    const word = unique();
    await fault('status', { status: 500 });
    const begun = await write(harness, connection, dataType, example.record(word));
    expect(begun.stage).toBe('sent');
    expect((await finish(begun.id)).status).toBe('Success');
    expect(await example.count(word)).toBe(1);
  });
});

describe('a write', () => {
  const invoice = (word: string) =>
    (examples['invoices'] as NonNullable<(typeof examples)[string]>).record(word);
  const count = (word: string) =>
    (examples['invoices'] as NonNullable<(typeof examples)[string]>).count(word);

  it.each(['cut', 'truncatedJson', 'html'])('with an answer that is damaged (%s) is found', async (kind) => {
    const word = unique();
    await fault(kind);
    const begun = await write(harness, connection, 'invoices', invoice(word));
    expect((await finish(begun.id)).status).toBe('Success');
    expect(await count(word)).toBe(1);
  });

  it('that looks like two that appeared since ends with a message instead of a guess', async () => {
    const word = unique();
    await fault('answerLost');
    const begun = await write(harness, connection, 'customers', { customerName: word, status: 'Active' });
    const row = await harness.store.prisma.connection.findUniqueOrThrow({ where: { id: connection.id } });
    const session = await harness.credentials.openSession(connection, {
      id: row.businessId ?? undefined,
      info: {},
    });
    await session.request({
      method: 'POST',
      path: `/businesses/${row.businessId}/contacts`,
      body: JSON.stringify({ type: 'CUSTOMER', name: word }),
    });
    const done = await finish(begun.id);
    expect([done.status, done.statusCode]).toEqual(['Failed', 502]);
    expect(done.errorMessage).toMatch(
      /whether it was written is not known: 2 records like it appeared since/,
    );
  });

  it('and another that is the same, whose answers are both lost, are two records', async () => {
    const word = unique();
    await fault('answerLost', { times: 2 });
    const first = await requestWrite(harness, connection, 'invoices', invoice(word));
    const second = await requestWrite(harness, connection, 'invoices', invoice(word));
    const [one, two] = [await finish(first), await finish(second)];
    expect([one.status, two.status]).toEqual(['Success', 'Success']);
    expect(new Set([one.writtenId, two.writtenId]).size).toBe(2);
    expect(await count(word)).toBe(2);
  });

  it('waits while the platform is away, and goes through when it is back', async () => {
    const word = unique();
    await harness.control('faults', { match: '^GET /api/businesses', kind: 'status', status: 503, times: 4 });
    const begun = await write(harness, connection, 'invoices', invoice(word));
    expect([begun.status, begun.stage]).toEqual(['Pending', 'waiting']);
    expect(begun.lastFailure).toMatch(/503/);
    expect(begun.notBefore?.getTime()).toBeGreaterThan(Date.now());
    await harness.store.prisma.pushOperation.update({ where: { id: begun.id }, data: { notBefore: null } });
    expect((await finish(begun.id)).status).toBe('Success');
    expect(await count(word)).toBe(1);
  });

  it('waits for the platform’s limit, and knows that a refusal for it had no effect', async () => {
    const word = unique();
    await fault('rateLimited', { retryAfterSeconds: 600 });
    const begun = await write(harness, connection, 'invoices', invoice(word));
    expect([begun.status, begun.stage, begun.attempts]).toEqual(['Pending', 'waiting', 0]);
    expect(begun.notBefore?.getTime()).toBeGreaterThan(Date.now() + 500_000);
    await harness.store.prisma.pushOperation.update({ where: { id: begun.id }, data: { notBefore: null } });
    expect((await finish(begun.id)).status).toBe('Success');
    expect(await count(word)).toBe(1);
  });

  it('that the platform refuses says so, in its words', async () => {
    const done = await write(harness, connection, 'payments', {
      accountRef: ref('BANK'),
      totalAmount: 10,
      date: '2026-05-20',
      lines: [{ amount: 10, links: [{ type: 'Invoice', id: '4711', amount: -10 }] }],
    });
    expect([done.status, done.statusCode, done.writtenAt]).toEqual(['Failed', 400, null]);
    expect(done.errorMessage).toMatch(/^Kashoo refused the record with status 400: allocations: 4711/);
  });

  it('that refers to what is not there is refused before anything is sent', async () => {
    const done = await write(harness, connection, 'invoices', {
      ...invoice('x'),
      customerRef: { id: '999' },
      lineItems: [{ unitAmount: 1, quantity: 1, accountRef: { id: '77' }, taxRateRef: { id: '88' } }],
      currency: 'EUR',
    });
    expect([done.status, done.sentAt]).toEqual(['Failed', null]);
    const { errors } = done.validation as { errors: { itemId: string }[] };
    expect(errors.map(({ itemId }) => itemId).sort()).toEqual([
      'currencyRate',
      'customerRef',
      'lineItems[0].accountRef',
      'lineItems[0].taxRateRef',
    ]);
  });

  it('that times out before it was sent is never sent', async () => {
    const word = unique();
    const id = await requestWrite(harness, connection, 'invoices', invoice(word));
    await harness.store.prisma.pushOperation.update({
      where: { id },
      data: { timesOutAt: new Date(Date.now() - 1000) },
    });
    expect((await harness.pushes.tick()).timedOut).toBe(1);
    await harness.pushEngineFor('late').execute(id, never);
    const done = await operation(harness, id);
    expect([done.status, done.statusCode, done.sentAt]).toEqual(['TimedOut', 408, null]);
    expect(done.errorMessage).toMatch(/^Not written/);
    expect(await count(word)).toBe(0);
  });

  it('that times out while it is being prepared is not sent either', async () => {
    const word = unique();
    const id = await requestWrite(harness, connection, 'invoices', invoice(word));
    await harness.control('faults', { match: '^GET /api/businesses', kind: 'delay', delayMs: 600, times: 1 });
    const working = harness.pushEngineFor('slow').execute(id, never);
    await delay(200);
    await harness.store.prisma.pushOperation.update({
      where: { id },
      data: { timesOutAt: new Date(Date.now() - 1) },
    });
    await working;
    await harness.pushes.tick();
    expect((await operation(harness, id)).status).toBe('TimedOut');
    expect(await count(word)).toBe(0);
  });

  it('that times out after it was sent is looked for all the same, and turns into a success', async () => {
    const word = unique();
    await fault('answerLost');
    const { id } = await write(harness, connection, 'invoices', invoice(word));
    await harness.store.prisma.pushOperation.update({
      where: { id },
      data: { timesOutAt: new Date(Date.now() - 1000) },
    });
    await harness.pushes.tick();
    const late = await operation(harness, id);
    expect([late.status, late.closedAt]).toEqual(['TimedOut', null]);
    expect(late.errorMessage).toMatch(/do not write it again/);
    const done = await finish(id);
    expect([done.status, done.statusCode, done.errorMessage]).toEqual(['Success', 200, null]);
    expect(await count(word)).toBe(1);
  });

  it('that times out, and is proven absent then, stays timed out', async () => {
    const word = unique();
    await fault('status', { status: 500 });
    const { id } = await write(harness, connection, 'invoices', invoice(word));
    await harness.store.prisma.pushOperation.update({
      where: { id },
      data: { timesOutAt: new Date(Date.now() - 1000) },
    });
    await harness.pushes.tick();
    const done = await finish(id);
    expect([done.status, done.errorMessage]).toEqual([
      'TimedOut',
      expect.stringMatching(/^Not written: it was sent and got lost/),
    ]);
    expect(await count(word)).toBe(0);
  });
});

describe('an update', () => {
  it('whose answer was lost is found by how the record is, and repeated when it is as before', async () => {
    const { writtenId } = await write(harness, connection, 'customers', {
      customerName: unique(),
      status: 'Active',
    });
    for (const kind of ['answerLost', 'status']) {
      const customerName = unique();
      await fault(kind, kind === 'status' ? { status: 500 } : {});
      const begun = await write(
        harness,
        connection,
        'customers',
        { customerName, status: 'Active' },
        { recordId: writtenId },
      );
      expect(begun.stage).toBe('sent');
      const done = await finish(begun.id);
      expect([done.status, done.changes]).toEqual([
        'Success',
        [{ type: 'Modified', recordRef: { id: writtenId, dataType: 'customers' } }],
      ]);
      expect((await stored(harness, connection, 'customers', writtenId)).document.customerName).toBe(
        customerName,
      );
    }
  });

  it('is refused when the record has changed since its client has seen it, unless that is forced', async () => {
    const made = await write(harness, connection, 'customers', { customerName: unique(), status: 'Active' });
    const { rows } = await harness.store.pool.query(
      'SELECT source_modified_at AS at FROM customers WHERE connection_id = $1 AND id = $2',
      [connection.id, made.writtenId],
    );
    const change = (customerName: string, expectedModifiedAt?: Date) =>
      write(
        harness,
        connection,
        'customers',
        { customerName, status: 'Active' },
        {
          recordId: made.writtenId,
          ...(expectedModifiedAt && { expectedModifiedAt }),
        },
      );
    expect((await change('First', rows[0].at)).status).toBe('Success');
    const refused = await change('Second', rows[0].at);
    expect([refused.status, refused.errorMessage]).toEqual([
      'Failed',
      expect.stringContaining('forceUpdate=true'),
    ]);
    expect((await change('Third')).status).toBe('Success');
    expect((await stored(harness, connection, 'customers', made.writtenId)).document.customerName).toBe(
      'Third',
    );
  });

  it('of a record that is not there, or is of another kind, is refused', async () => {
    const made = await write(harness, connection, 'customers', { customerName: unique(), status: 'Active' });
    for (const recordId of ['4711', made.writtenId]) {
      const done = await write(
        harness,
        connection,
        'suppliers',
        { supplierName: 'x', status: 'Active' },
        { recordId },
      );
      expect([done.status, done.errorMessage]).toEqual(['Failed', 'Kashoo has no such record of suppliers.']);
    }
  });
});

describe('the NullId rule', () => {
  it('holds both ways: a record read with NullId and written back has no customer', async () => {
    const made = await write(harness, connection, 'invoices', {
      issueDate: '2026-05-20',
      status: 'Submitted',
      lineItems: [{ unitAmount: 10, quantity: 1, accountRef: ref('INCOME') }],
    });
    const { document } = await stored(harness, connection, 'invoices', made.writtenId);
    expect(document.customerRef).toEqual({ id: 'NullId', companyName: 'Customer not specified' });
    const { id: _id, invoiceNumber: _number, ...record } = document;
    const again = await write(harness, connection, 'invoices', record);
    const wire = await atPlatform(harness, connection, `/records/${again.writtenId}`);
    expect(wire.contact ?? null).toBeNull();
    expect((await stored(harness, connection, 'invoices', again.writtenId)).document.customerRef.id).toBe(
      'NullId',
    );
    const customer = await write(harness, connection, 'customers', {
      customerName: unique(),
      status: 'Active',
    });
    const withCustomer = { ...record, customerRef: { id: customer.writtenId } };
    expect(
      (await write(harness, connection, 'invoices', withCustomer, { recordId: made.writtenId })).status,
    ).toBe('Success');
    expect((await stored(harness, connection, 'invoices', made.writtenId)).document.customerRef.id).toBe(
      customer.writtenId,
    );
    expect((await write(harness, connection, 'invoices', record, { recordId: made.writtenId })).status).toBe(
      'Success',
    );
    expect((await stored(harness, connection, 'invoices', made.writtenId)).document.customerRef.id).toBe(
      'NullId',
    );
  });
});
