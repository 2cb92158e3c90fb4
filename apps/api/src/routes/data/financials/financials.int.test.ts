import {
  balanceSheetOf,
  balanceSheetResponse,
  cashFlowOf,
  cashFlowResponse,
  lastDayOfMonth,
  profitAndLossOf,
  profitAndLossResponse,
  type StatementAmount,
} from '@tributary/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../../testing/api.fixture.ts';
import { createCompany, setStatus, storeRecords, type TestCompany } from '../data.fixture.ts';

const now = Date.UTC(2024, 4, 20, 12);

let api: TestApi;
let client: TestClient;
let company: TestCompany;
beforeAll(async () => {
  api = await startTestApi({ clock: () => now });
  client = await api.createClient();
  company = await createCompany(api, client);
  for (const type of ['balanceSheet', 'profitAndLoss', 'cashFlowStatement'])
    expect((await client.send('POST', `${company.path}/data/queue/${type}`)).status).toBe(200);
  await storeMonths(company);
});
afterAll(() => api.close());

const posted = (section: StatementAmount['section'], cents: bigint): StatementAmount => ({
  accountId: section,
  name: section,
  section,
  cents,
});

/** January: 100.10 sold. March: 50.05 spent, and a gain on exchange. April: a loss on exchange. May: nothing yet. */
const postings: Readonly<Record<string, readonly StatementAmount[]>> = {
  '2024-01': [posted('asset', 10_010n), posted('income', -10_010n)],
  '2024-03': [posted('asset', -4_005n), posted('expense', 5_005n), posted('other', -1_000n)],
  '2024-04': [posted('asset', -2_500n), posted('other', 2_500n)],
  '2024-05': [],
};

async function storeMonths(target: TestCompany): Promise<void> {
  const months = Object.keys(postings);
  await storeRecords(
    api,
    target,
    'balanceSheet',
    months.map((month, index) => {
      const all = months.slice(0, index + 1).flatMap((earlier) => postings[earlier] ?? []);
      return { id: month, document: JSON.stringify(balanceSheetOf(lastDayOfMonth(month), all, [])) };
    }),
  );
  await storeRecords(
    api,
    target,
    'profitAndLoss',
    months.map((month) => {
      const period = { from: `${month}-01`, to: lastDayOfMonth(month) };
      return { id: month, document: JSON.stringify(profitAndLossOf(period, postings[month] ?? [])) };
    }),
  );
  await storeRecords(
    api,
    target,
    'cashFlowStatement',
    months.map((month) => {
      const period = { from: `${month}-01`, to: lastDayOfMonth(month) };
      const movements = (postings[month] ?? [])
        .filter(({ section }) => section !== 'asset')
        .map(({ accountId, name, cents }) => ({ accountId, name, isReceipt: cents < 0n, cents: -cents }));
      return { id: month, document: JSON.stringify(cashFlowOf(period, movements)) };
    }),
  );
  await api.dependencies.store.pool.query(
    `INSERT INTO ledgers (company_id, connection_id, home_currency, read_at, fully_read_at, lines_changed_at) VALUES ($1, $2, 'CAD', now(), now(), now())`,
    [target.id, target.connectionId],
  );
}

const sheets = (query: string) => client.get(`${company.path}/data/financials/balanceSheet?${query}`);
const earnings = (query: string) => client.get(`${company.path}/data/financials/profitAndLoss?${query}`);

test('a cash flow statement adds up the months of each period', async () => {
  const { status, headers, body } = await client.get(
    `${company.path}/data/financials/cashFlowStatement?periodLength=3&periodsToCompare=2`,
  );
  expect([status, headers['x-data-derived-from']]).toEqual([200, 'chartOfAccounts, journalEntries']);
  expect(cashFlowResponse.safeParse(body).error).toBeUndefined();
  const line = (accountId: string, value: number) => ({ accountId, name: accountId, value });
  expect(body).toEqual({
    reports: [
      {
        fromDate: '2024-03-01T00:00:00',
        toDate: '2024-05-31T00:00:00',
        cashReceipts: { name: 'Cash receipts', value: 10, items: [line('other', 10)] },
        cashPayments: {
          name: 'Cash payments',
          value: 75.05,
          items: [line('expense', 50.05), line('other', 25)],
        },
      },
      {
        fromDate: '2023-12-01T00:00:00',
        toDate: '2024-02-29T00:00:00',
        cashReceipts: { name: 'Cash receipts', value: 100.1, items: [line('income', 100.1)] },
        cashPayments: { name: 'Cash payments', value: 0, items: [] },
      },
    ],
    reportBasis: 'Cash',
    reportInput: 'Direct',
    currency: 'CAD',
    mostRecentAvailableMonth: '2024-05-01T00:00:00',
    earliestAvailableMonth: '2024-01-01T00:00:00',
  });
});

describe('a balance sheet', () => {
  test('is asked for by period, newest first, and stays what it was in months without postings', async () => {
    const { status, headers, body } = await sheets('periodLength=1&periodsToCompare=6');
    expect(status).toBe(200);
    expect(headers['x-data-derived-from']).toBe('chartOfAccounts, journalEntries');
    expect(balanceSheetResponse.safeParse(body).error).toBeUndefined();
    expect(
      body.reports.map((report: { date: string; netAssets: number }) => [report.date, report.netAssets]),
    ).toEqual([
      ['2024-05-31T00:00:00', 35.05],
      ['2024-04-30T00:00:00', 35.05],
      ['2024-03-31T00:00:00', 60.05],
      ['2024-02-29T00:00:00', 100.1],
      ['2024-01-31T00:00:00', 100.1],
      ['2023-12-31T00:00:00', 0],
    ]);
    expect(body.reports[5]).toEqual({
      date: '2023-12-31T00:00:00',
      assets: { name: 'Assets', value: 0, items: [] },
      liabilities: { name: 'Liabilities', value: 0, items: [] },
      netAssets: 0,
      equity: { name: 'Equity', value: 0, items: [] },
    });
    expect(body).toMatchObject({
      currency: 'CAD',
      mostRecentAvailableMonth: '2024-05-01T00:00:00',
      earliestAvailableMonth: '2024-01-01T00:00:00',
    });
  });

  test('of periods of several months stands at the end of each', async () => {
    const { body } = await sheets('periodLength=3&periodsToCompare=2&startMonth=2024-04-01T00:00:00Z');
    expect(body.reports.map(({ date }: { date: string }) => date)).toEqual([
      '2024-04-30T00:00:00',
      '2024-01-31T00:00:00',
    ]);
  });
});

describe('a profit and loss', () => {
  test('adds the months of a period up, and is zeros where nothing was posted', async () => {
    const { status, headers, body } = await earnings('periodLength=2&periodsToCompare=4&startMonth=2024-04');
    expect(status).toBe(200);
    expect(headers['x-data-derived-from']).toBe('chartOfAccounts, journalEntries');
    expect(profitAndLossResponse.safeParse(body).error).toBeUndefined();
    expect(body.reportBasis).toBe('Accrual');
    const shown = body.reports.map((report: Record<string, { value: number }>) => [
      report['fromDate'],
      report['toDate'],
      report['income']?.value,
      report['expenses']?.value,
      report['otherIncome']?.value,
      report['otherExpenses']?.value,
      report['netProfit'],
    ]);
    expect(shown).toEqual([
      ['2024-03-01T00:00:00', '2024-04-30T00:00:00', 0, 50.05, 0, 15, -65.05],
      ['2024-01-01T00:00:00', '2024-02-29T00:00:00', 100.1, 0, 0, 0, 100.1],
      ['2023-11-01T00:00:00', '2023-12-31T00:00:00', 0, 0, 0, 0, 0],
      ['2023-09-01T00:00:00', '2023-10-31T00:00:00', 0, 0, 0, 0, 0],
    ]);
  });

  test('moves the equity of the balance sheets of the same periods', async () => {
    const query = 'periodLength=1&periodsToCompare=5';
    const equity = (await sheets(query)).body.reports.map(
      (report: { netAssets: number }) => report.netAssets,
    );
    const profit = (await earnings(query)).body.reports.map(
      (report: { netProfit: number }) => report.netProfit,
    );
    for (let index = 0; index < 4; index += 1)
      expect(equity[index] - equity[index + 1]).toBeCloseTo(profit[index], 2);
  });
});

describe('the parameters of a statement', () => {
  test.each([
    ['', 'query.periodLength'],
    ['periodLength=1', 'query.periodsToCompare'],
    ['periodsToCompare=1', 'query.periodLength'],
    ['periodLength=0&periodsToCompare=1', 'query.periodLength'],
    ['periodLength=-1&periodsToCompare=1', 'query.periodLength'],
    ['periodLength=1.5&periodsToCompare=1', 'query.periodLength'],
    ['periodLength=x&periodsToCompare=1', 'query.periodLength'],
    ['periodLength=121&periodsToCompare=1', 'query.periodLength'],
    ['periodLength=1&periodsToCompare=0', 'query.periodsToCompare'],
    ['periodLength=1&periodsToCompare=241', 'query.periodsToCompare'],
    ['periodLength=12&periodsToCompare=101', 'query.periodsToCompare'],
    ['periodLength=1&periodsToCompare=1&startMonth=May', 'query.startMonth'],
    ['periodLength=1&periodsToCompare=1&startMonth=2024-13', 'query.startMonth'],
    ['periodLength=1&periodsToCompare=1&startMonth=2024-02-30', 'query.startMonth'],
    ['periodLength=1&periodsToCompare=1&startMonth=1850-01', 'query.startMonth'],
    ['periodLength=1&periodsToCompare=1&startMonth=2024-05&startMonth=2024-06', 'query.startMonth'],
  ])('%j: 400 that names %s', async (query, parameter) => {
    for (const statement of ['balanceSheet', 'profitAndLoss', 'cashFlowStatement']) {
      const { status, body } = await client.get(`${company.path}/data/financials/${statement}?${query}`);
      expect(status).toBe(400);
      expect(body.error).toContain(parameter);
      expect(body.validation.errors.map(({ itemId }: { itemId: string }) => itemId)).toContain(parameter);
    }
  });

  test.each([
    ['2024-03', '2024-03-31T00:00:00'],
    ['2024-03-15', '2024-03-31T00:00:00'],
    ['2024-03-01T00:00:00', '2024-03-31T00:00:00'],
    ['2024-03-01T00:00:00.000Z', '2024-03-31T00:00:00'],
    ['', '2024-05-31T00:00:00'],
    ['2031-12', '2031-12-31T00:00:00'],
  ])('startMonth=%s ends on %s', async (startMonth, date) => {
    const { body } = await sheets(`periodLength=1&periodsToCompare=1&startMonth=${startMonth}`);
    expect(body.reports.map((report: { date: string }) => report.date)).toEqual([date]);
  });

  test('take the longest span that is allowed', async () => {
    const { status, body } = await earnings('periodLength=5&periodsToCompare=240&startMonth=1900-01');
    expect([status, body.reports.length]).toEqual([200, 240]);
  });
});

describe('a statement', () => {
  const query = 'periodLength=1&periodsToCompare=2';

  test('that was never requested is 409; from then on it has no reports until it was pulled', async () => {
    const fresh = await createCompany(api, client);
    const path = `${fresh.path}/data/financials/balanceSheet`;
    const before = await client.get(`${path}?${query}`);
    expect([before.status, before.body.error]).toEqual([409, 'The data set has not been requested.']);
    await client.send('POST', `${fresh.path}/data/queue/balanceSheet`);
    const after = await client.get(`${path}?${query}`);
    expect([after.status, after.body]).toEqual([200, { reports: [] }]);
  });

  test('has the status of its pulls among those of the company', async () => {
    const { body } = await client.get(`${company.path}/dataStatus`);
    expect(body.balanceSheet).toMatchObject({ dataType: 'balanceSheet', currentStatus: 'Queued' });
    expect(body.profitAndLoss).toMatchObject({ dataType: 'profitAndLoss', currentStatus: 'Queued' });
  });

  test('is found in any case, and for the connection that it comes from', async () => {
    for (const path of [
      `${company.path}/data/Financials/BALANCESHEET`,
      `${company.path}/data/financials/profitandloss`,
      `${company.connectionPath}/data/financials/balanceSheet`,
    ]) {
      const { status, body } = await client.get(`${path}?${query}`);
      expect([status, body.reports.length]).toEqual([200, 2]);
    }
  });

  test("of another client's company does not exist", async () => {
    const stranger = await api.createClient();
    const { status, body } = await stranger.get(`${company.path}/data/financials/balanceSheet?${query}`);
    expect([status, body.error]).toEqual([404, 'The company was not found.']);
  });

  test('stays readable after the connection was unlinked', async () => {
    const other = await createCompany(api, client);
    await client.send('POST', `${other.path}/data/queue/balanceSheet`);
    await client.send('POST', `${other.path}/data/queue/profitAndLoss`);
    await client.send('POST', `${other.path}/data/queue/cashFlowStatement`);
    await storeMonths(other);
    await setStatus(api.dependencies.store, other.connectionId, 'Unlinked');
    const { status, body } = await client.get(`${other.path}/data/financials/balanceSheet?${query}`);
    expect([status, body.reports.length]).toEqual([200, 2]);
  });

  test('is no list: the paths of lists and single records are not there', async () => {
    const { status, body } = await client.get(`${company.path}/data/balanceSheet`);
    expect([status, body.error]).toEqual([
      404,
      'Datatype balanceSheet is read at /companies/{companyId}/data/financials/balanceSheet.',
    ]);
    expect((await client.get(`${company.path}/data/financials/balanceSheet/2024-05`)).status).toBe(404);
  });
});
