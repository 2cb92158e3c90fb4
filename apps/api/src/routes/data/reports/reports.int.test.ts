import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../../testing/api.fixture.ts';
import { createCompany, storeRecords, type TestCompany } from '../data.fixture.ts';

const now = Date.UTC(2024, 5, 15, 12);

let api: TestApi;
let client: TestClient;
let company: TestCompany;
beforeAll(async () => {
  api = await startTestApi({ clock: () => now });
  client = await api.createClient();
  company = await newCompany();
});
afterAll(() => api.close());

const needed = ['invoices', 'payments', 'bills', 'billPayments', 'company', 'customers', 'suppliers'];

async function newCompany(): Promise<TestCompany> {
  const made = await createCompany(api, client);
  for (const type of needed) await client.send('POST', `${made.path}/data/queue/${type}`);
  return made;
}

const markRead = (target: TestCompany) =>
  api.dependencies.store.pool.query(
    'UPDATE datasets SET last_successful_sync_at = now() WHERE connection_id = $1',
    [target.connectionId],
  );

const raw = (cents: number) => JSON.rawJSON((cents / 100).toFixed(2));
const cents = (value: number) => Math.round(value * 100);

type Document = {
  id: string;
  party: string;
  currency: string | undefined;
  day: string;
  due: number;
  status: string;
};
const sale = ({ id, party, currency, day, due, status }: Document, isDeleted = false) => ({
  id,
  isDeleted,
  document: JSON.stringify({
    id,
    customerRef: {
      id: party,
      companyName: party === 'NullId' ? 'Customer not specified' : `Customer ${party}`,
    },
    issueDate: `${day}T00:00:00`,
    ...(currency === undefined ? {} : { currency }),
    totalTaxAmount: raw(0),
    totalAmount: raw(due),
    amountDue: raw(due),
    status,
  }),
});
type Part = { type: 'Invoice' | 'PaymentOnAccount'; id: string; paid: number };
const receipt = (
  { id, party, day, currency }: { id: string; party: string; day: string; currency: string },
  parts: readonly Part[],
  isDeleted = false,
) => ({
  id,
  isDeleted,
  document: JSON.stringify({
    id,
    customerRef: { id: party },
    date: `${day}T00:00:00`,
    currency,
    totalAmount: raw(parts.reduce((sum, { paid }) => sum + paid, 0)),
    lines: parts.map(({ type, id: linked, paid }) => ({
      amount: raw(paid),
      links: [{ type, id: linked, amount: raw(-paid) }],
      allocatedOnDate: `${day}T00:00:00`,
    })),
  }),
});

const report = async (query = '', target = company) =>
  client.get(`${target.path}/reports/agedDebtor${query === '' ? '' : `?${query}`}`);

describe('an aged report', () => {
  test('is not available until what it is made of has been read; an empty business has an empty one', async () => {
    const other = await createCompany(api, client);
    const available = `${other.path}/reports/agedCreditor/available`;
    expect((await client.get(available)).text).toBe('false');
    const { status, body } = await client.get(`${other.path}/reports/agedCreditor`);
    expect([status, body.error]).toEqual([409, 'The data set has not been requested.']);
    for (const type of ['bills', 'billPayments'])
      await client.send('POST', `${other.path}/data/queue/${type}`);
    expect((await client.get(available)).text).toBe('false');
    expect((await client.get(`${other.path}/reports/agedCreditor`)).status).toBe(409);
    await markRead(other);
    expect(
      (await client.get(available.toUpperCase().replace(other.path.toUpperCase(), other.path))).text,
    ).toBe('true');
    const empty = await client.get(`${other.path}/reports/agedCreditor`);
    expect([empty.status, empty.headers['x-data-derived-from'], empty.body]).toEqual([
      200,
      'bills, billPayments',
      { generated: '2024-06-15T12:00:00.000Z', reportDate: '2024-06-15T00:00:00', data: [] },
    ]);
  });

  test('says what was outstanding at the day: later payments are added back, payments on account taken off', async () => {
    await markRead(company);
    const one = { party: '7', currency: 'CAD', status: 'Paid' };
    await storeRecords(api, company, 'invoices', [
      sale({ ...one, id: 'a', day: '2024-03-31', due: 0 }),
      sale({ ...one, id: 'b', day: '2024-01-01', due: 1_000_050, status: 'Submitted' }),
      sale({ ...one, id: 'c', day: '2024-04-01', due: 7_00, status: 'Submitted' }),
      sale({ ...one, id: 'void', day: '2024-03-01', due: 7_00, status: 'Void' }),
      sale({ ...one, id: 'gone', day: '2024-03-01', due: 7_00, status: 'Submitted' }, true),
      sale({
        ...one,
        id: 'none',
        party: 'NullId',
        currency: undefined,
        day: '2024-03-01',
        due: 1,
        status: 'Submitted',
      }),
    ]);
    await storeRecords(api, company, 'payments', [
      receipt({ ...one, id: 'p', day: '2024-04-02' }, [{ type: 'Invoice', id: 'a', paid: 50_00 }]),
      receipt({ ...one, id: 'q', day: '2024-03-30' }, [
        { type: 'PaymentOnAccount', id: '7', paid: 3_10 },
        { type: 'Invoice', id: 'c', paid: 2_00 },
      ]),
      receipt(
        { ...one, id: 'r', day: '2024-03-30' },
        [{ type: 'PaymentOnAccount', id: '7', paid: 9_00 }],
        true,
      ),
    ]);
    await storeRecords(api, company, 'company', [{ id: '1', document: '{"baseCurrency":"USD"}' }]);
    await storeRecords(api, company, 'customers', [
      { id: '7', document: '{"id":"7","customerName":"Ada","status":"Active"}' },
    ]);
    const { body } = await report('reportDate=2024-03-31&numberOfPeriods=2&periodLengthDays=30');
    expect(body.reportDate).toBe('2024-03-31T00:00:00');
    expect(body.data).toEqual([
      {
        customerId: '7',
        customerName: 'Ada',
        agedCurrencyOutstanding: [
          {
            currency: 'CAD',
            agedOutstandingAmounts: [
              {
                fromDate: '2024-03-02T00:00:00',
                toDate: '2024-03-31T00:00:00',
                amount: 44.9,
                details: [
                  { name: 'Invoices', amount: 50 },
                  { name: 'Payments', amount: -5.1 },
                ],
              },
              { fromDate: '2024-02-01T00:00:00', toDate: '2024-03-01T00:00:00', amount: 0, details: [] },
              {
                toDate: '2024-01-31T00:00:00',
                amount: 10000.5,
                details: [{ name: 'Invoices', amount: 10000.5 }],
              },
            ],
          },
        ],
      },
      {
        customerId: 'NullId',
        customerName: 'Customer not specified',
        agedCurrencyOutstanding: [
          {
            currency: 'USD',
            agedOutstandingAmounts: [
              { fromDate: '2024-03-02T00:00:00', toDate: '2024-03-31T00:00:00', amount: 0, details: [] },
              {
                fromDate: '2024-02-01T00:00:00',
                toDate: '2024-03-01T00:00:00',
                amount: 0.01,
                details: [{ name: 'Invoices', amount: 0.01 }],
              },
            ],
          },
        ],
      },
    ]);
  });

  test('adds up to what a ledger of the same invoices and payments says, at any day', async () => {
    const days = fc
      .integer({ min: 0, max: 200 })
      .map((day) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10));
    const books = fc.record({
      sales: fc.array(
        fc.record({
          day: days,
          total: fc.integer({ min: -5_000, max: 50_000 }),
          party: fc.constantFrom('1', '2', 'NullId'),
          isDeleted: fc.boolean(),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      receipts: fc.array(
        fc.record({
          day: days,
          of: fc.nat(),
          paid: fc.integer({ min: 1, max: 9_000 }),
          onAccount: fc.integer({ min: 0, max: 500 }),
        }),
        { maxLength: 10 },
      ),
      at: fc.array(days, { minLength: 3, maxLength: 3 }),
    });
    for (const { sales, receipts, at } of fc.sample(books, { numRuns: 8, seed: 20 })) {
      const target = await newCompany();
      await markRead(target);
      const valid = sales.map(({ isDeleted }) => !isDeleted);
      const paidOn = receipts.map(({ of }) => of % sales.length);
      const due = sales.map(({ total }, index) =>
        receipts.reduce((left, { paid }, n) => left - (paidOn[n] === index ? paid : 0), total),
      );
      await storeRecords(
        api,
        target,
        'invoices',
        sales.map(({ day, party, isDeleted }, index) =>
          sale(
            { id: String(index), party, currency: 'CAD', day, due: due[index] ?? 0, status: 'Submitted' },
            isDeleted,
          ),
        ),
      );
      await storeRecords(
        api,
        target,
        'payments',
        receipts.map(({ day, paid, onAccount }, n) =>
          receipt({ id: `p${n}`, party: '1', day, currency: 'CAD' }, [
            { type: 'Invoice', id: String(paidOn[n]), paid },
            ...(onAccount === 0 ? [] : [{ type: 'PaymentOnAccount' as const, id: '1', paid: onAccount }]),
          ]),
        ),
      );
      for (const day of at) {
        const expected =
          sales.reduce(
            (sum, { day: issued, total }, index) => sum + (valid[index] && issued <= day ? total : 0),
            0,
          ) -
          receipts.reduce(
            (sum, { day: paidAt, paid, onAccount }, n) =>
              sum + (paidAt <= day ? onAccount + (valid[paidOn[n] ?? 0] ? paid : 0) : 0),
            0,
          );
        const { body } = await report(`reportDate=${day}&numberOfPeriods=3&periodLengthDays=17`, target);
        const shown = body.data
          .flatMap(({ agedCurrencyOutstanding: all }: { agedCurrencyOutstanding: object[] }) => all)
          .flatMap(({ agedOutstandingAmounts: all }: { agedOutstandingAmounts: object[] }) => all)
          .reduce((sum: number, { amount }: { amount: number }) => sum + cents(amount), 0);
        expect([day, shown]).toEqual([day, expected]);
      }
    }
  });

  test('refuses what is no day and what is no number of days', async () => {
    for (const [query, named] of [
      ['reportDate=31-12-2023', 'reportDate'],
      ['reportDate=2023-02-29', 'reportDate'],
      ['numberOfPeriods=0', 'numberOfPeriods'],
      ['periodLengthDays=1.5', 'periodLengthDays'],
      ['numberOfPeriods=240&periodLengthDays=3660', 'numberOfPeriods'],
    ] as const) {
      const { status, body } = await report(query);
      expect([query, status, body.error]).toEqual([query, 400, expect.stringContaining(named)]);
    }
    const stranger = await api.createClient();
    expect((await stranger.get(`${company.path}/reports/agedDebtor`)).status).toBe(404);
    expect((await stranger.get(`${company.path}/reports/agedDebtor/available`)).status).toBe(404);
  });
});
