/** What tests of the ledger and of statements need: the platform's own books, and what is stored of them. */
import type { LedgerLine, PlatformSession } from '@tributary/connector-kit';
import { type DataTypeKey, dataTypes, lastDayOfMonth } from '@tributary/model';
import { accountMonths } from '@tributary/store';
import { expect } from 'vitest';
import type { Harness } from './harness.ts';

export type Linked = Awaited<ReturnType<Harness['link']>>;

export async function sessionOf(harness: Harness, connection: Linked): Promise<PlatformSession> {
  const row = await harness.store.prisma.connection.findUniqueOrThrow({ where: { id: connection.id } });
  const info = (row.connectionInfo ?? {}) as Record<string, string>;
  return harness.credentials.openSession(connection, { id: row.businessId ?? undefined, info });
}

/** Links one of a user's businesses, the nth of the platform's list. */
export async function linkBusiness(harness: Harness, user: string, index: number): Promise<Linked> {
  const connection = await harness.link(user);
  const connector = harness.connectors.get('ksho');
  const business = (await connector?.listBusinesses(await sessionOf(harness, connection)))?.[index];
  if (business === undefined) throw new Error('there is such a business');
  await harness.store.prisma.connection.update({
    where: { id: connection.id },
    data: { businessId: business.id, businessName: business.name, connectionInfo: business.info },
  });
  return connection;
}

export async function pullAll(
  harness: Harness,
  connection: Linked,
  ...types: Parameters<Harness['pull']>[1][]
): Promise<void> {
  for (const dataType of types) {
    const run = await harness.pull(connection, dataType);
    expect([run.status, run.errorMessage, run.quarantined], dataType).toEqual(['Complete', null, 0]);
  }
}

type WireAccount = { id: string; type: string; archived: boolean };

/** Ids may lie above 2^53: numbers are read as text. */
const parseWire = (text: string): unknown =>
  JSON.parse(text, (_key, value, { source }) => (typeof value === 'number' ? source : value));

async function accountsOf(session: PlatformSession): Promise<WireAccount[]> {
  const path = `/businesses/${session.businessId}/accounts`;
  const { text } = await session.request({ method: 'GET', path, query: { limit: 1000 } });
  return parseWire(text) as WireAccount[];
}

async function balanceOf(session: PlatformSession, account: string, date: string): Promise<bigint> {
  const path = `/accounts/${account}/balances`;
  const { text } = await session.request({ method: 'GET', path, query: { date, primary: true } });
  return BigInt((parseWire(text) as { balance: string }).balance);
}

interface Sheet {
  readonly assets: Section;
  readonly liabilities: Section;
  readonly equity: Section;
  readonly netAssets: bigint;
}
interface Section {
  readonly value: bigint;
  readonly items: readonly { accountId?: string; name?: string; value: bigint }[];
}
interface Earnings {
  readonly income: Section;
  readonly costOfSales: Section;
  readonly expenses: Section;
  readonly otherIncome: Section;
  readonly otherExpenses: Section;
  readonly netProfit: bigint;
}

/** Stored months as cents. */
async function months<Report>(
  harness: Harness,
  connection: Linked,
  table: string,
): Promise<Map<string, Report>> {
  const { rows } = await harness.store.pool.query<{ id: string; document: string }>(
    `SELECT id, document::text AS document FROM ${table} WHERE connection_id = $1 ORDER BY id`,
    [connection.id],
  );
  return new Map(
    rows.map(({ id, document }): [string, Report] => [
      id,
      JSON.parse(document, (_key, value, { source }) =>
        typeof value === 'number' ? cents(source) : value,
      ) as Report,
    ]),
  );
}

function cents(source = ''): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(source) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(2, '0')}`);
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
const total = (sections: readonly Section[]) =>
  sum(sections.flatMap(({ items }) => items.map(({ value }) => value)));

/** Asserts for every month what a statement promises. @returns the months */
export async function checkStatements(harness: Harness, connection: Linked): Promise<string[]> {
  const sheets = await months<Sheet>(harness, connection, 'balance_sheets');
  const earnings = await months<Earnings>(harness, connection, 'profit_and_loss_reports');
  expect([...earnings.keys()]).toEqual([...sheets.keys()]);
  const postings = await accountMonths(harness.store.pool, {
    companyId: connection.companyId,
    connectionId: connection.id,
  });
  let equityBefore = 0n;
  for (const [month, sheet] of sheets) {
    for (const section of [sheet.assets, sheet.liabilities, sheet.equity])
      expect(section.value, month).toBe(total([section]));
    expect(sheet.assets.value - sheet.liabilities.value, month).toBe(sheet.equity.value);
    expect(sheet.netAssets, month).toBe(sheet.equity.value);
    const report = earnings.get(month);
    if (report === undefined) throw new Error('each month has both');
    expect(report.netProfit, month).toBe(
      total([report.income, report.otherIncome]) -
        total([report.costOfSales, report.expenses, report.otherExpenses]),
    );
    // Credits to equity accounts, what closings of years move within equity, and opening balances kept beside the ledger.
    const straight = postings
      .filter((posting) => posting.month === month)
      .map(({ section, cents: all, operatingCents, openingCents }) => {
        if (section === 'equity') return -all;
        const isEarning = section !== 'asset' && section !== 'liability';
        return (isEarning ? operatingCents - all : 0n) + (isEarning ? 0n : openingCents);
      });
    expect(sheet.equity.value - equityBefore, month).toBe(report.netProfit + sum(straight));
    equityBefore = sheet.equity.value;
  }
  return [...sheets.keys()];
}

interface CashFlow {
  readonly cashReceipts: Section;
  readonly cashPayments: Section;
}

/** Asserts that every month's receipts less payments are what the balance sheets say that cash accounts gained. @returns the months */
export async function checkCashFlow(harness: Harness, connection: Linked): Promise<string[]> {
  const sheets = await months<Sheet>(harness, connection, 'balance_sheets');
  const flows = await months<CashFlow>(harness, connection, 'cash_flow_reports');
  expect([...flows.keys()]).toEqual([...sheets.keys()]);
  const { rows } = await harness.store.pool.query<{ id: string }>(
    `SELECT id FROM ledger_accounts WHERE connection_id = $1 AND is_bank AND section = 'asset'`,
    [connection.id],
  );
  const cash = new Set(rows.map(({ id }) => id));
  let opening = 0n;
  for (const [month, { cashReceipts, cashPayments }] of flows) {
    const lines = sheets.get(month)?.assets.items ?? [];
    const closing = sum(lines.filter(({ accountId }) => cash.has(accountId ?? '')).map(({ value }) => value));
    for (const section of [cashReceipts, cashPayments]) expect(section.value, month).toBe(total([section]));
    expect(opening + cashReceipts.value - cashPayments.value, month).toBe(closing);
    opening = closing;
  }
  return [...flows.keys()];
}

const SIGNED_SECTIONS: Readonly<Record<string, 'assets' | 'liabilities' | 'equity'>> = {
  ACCOUNTS_RECEIVABLE: 'assets',
  BANK: 'assets',
  CASH: 'assets',
  FIXED_ASSET: 'assets',
  INVENTORY: 'assets',
  OTHER_ASSET: 'assets',
  OTHER_CURRENT_ASSET: 'assets',
  PREPAID_EXPENSE: 'assets',
  ACCOUNTS_PAYABLE: 'liabilities',
  CLIENT_CREDIT: 'liabilities',
  CREDIT_CARD: 'liabilities',
  LONG_TERM_LIABILITY: 'liabilities',
  OTHER_CURRENT_LIABILITY: 'liabilities',
  PAYROLL_TAX: 'liabilities',
  TAXES: 'liabilities',
  EQUITY: 'equity',
  RETAINED_EARNINGS: 'equity',
};

/** Asserts that balance sheets show, account by account, what the platform itself says at the end of some months. */
export async function checkBalances(
  harness: Harness,
  connection: Linked,
  which: readonly (string | undefined)[],
): Promise<void> {
  const session = await sessionOf(harness, connection);
  const accounts = await accountsOf(session);
  const sheets = await months<Sheet>(harness, connection, 'balance_sheets');
  for (const month of which) {
    const sheet = sheets.get(month ?? '');
    if (month === undefined || sheet === undefined) throw new Error(`there is a balance sheet of ${month}`);
    let undistributed = 0n;
    for (const account of accounts) {
      const balance = await balanceOf(session, account.id, lastDayOfMonth(month));
      const section = SIGNED_SECTIONS[account.type];
      if (section === undefined) {
        const isIncome = account.type === 'INCOME' || account.type === 'GAIN_OR_LOSS_ON_EXCHANGE';
        undistributed += isIncome ? balance : -balance;
        continue;
      }
      const shown = sheet[section].items.find(({ accountId }) => accountId === account.id)?.value ?? 0n;
      expect(shown, `${month} ${account.type} ${account.id}`).toBe(balance);
    }
    const line = sheet.equity.items.find(({ name }) => name === 'Undistributed profit')?.value ?? 0n;
    expect(line, month).toBe(undistributed);
  }
}

interface PlatformLine {
  readonly accountId: string;
  readonly isBank: boolean;
  readonly line: LedgerLine;
}

/** Every line of the platform's ledger, read in full past the engine and the database. */
async function platformLines(harness: Harness, connection: Linked): Promise<PlatformLine[]> {
  const reader = harness.connectors.get(connection.platformKey)?.ledger;
  if (reader === undefined) throw new Error('the connector has a ledger');
  const session = await sessionOf(harness, connection);
  const lines: PlatformLine[] = [];
  for (const { id, isBank } of (await reader.accounts(session)).accounts) {
    const request = { accountId: id, fromDate: undefined, checkpoint: undefined };
    for await (const page of reader.lines(session, request))
      lines.push(...page.lines.map((line) => ({ accountId: id, isBank, line })));
  }
  return lines;
}

/** What the platform's ledger comes to, mapped directly: documents by id. */
export async function expectedRecords(
  harness: Harness,
  connection: Linked,
  dataType: 'journalEntries' | 'journals' | 'accountTransactions',
): Promise<Record<string, unknown>> {
  const connector = harness.connectors.get(connection.platformKey);
  if (connector === undefined) throw new Error('there is a connector');
  const lookup = await connector.loadLookup(await sessionOf(harness, connection), dataType);
  const raws = rawRecords(await platformLines(harness, connection), dataType);
  return Object.fromEntries(
    [...raws].map(([id, raw]) => {
      const outcome = connector.map(dataType, { id, raw }, lookup);
      if (outcome.kind === 'quarantined') throw new Error(`${id}: ${outcome.reason}`);
      return [id, JSON.parse(JSON.stringify(outcome.record))];
    }),
  );
}

function rawRecords(
  lines: readonly PlatformLine[],
  dataType: 'journalEntries' | 'journals' | 'accountTransactions',
): Map<string, string> {
  const text = ({ accountId, line }: PlatformLine) =>
    `"account":${JSON.stringify(accountId)},"line":${line.raw}`;
  switch (dataType) {
    case 'journals':
      return new Map(
        lines.map(({ line: { recordType } }) => [recordType, JSON.stringify({ id: recordType })]),
      );
    case 'accountTransactions':
      return new Map(
        lines
          .filter(({ isBank }) => isBank)
          .map((one) => [one.line.id, `{"id":${JSON.stringify(one.line.id)},${text(one)}}`]),
      );
    case 'journalEntries': {
      const rank = ({ accountId, line }: PlatformLine) =>
        [line.date, accountId.padStart(24), line.id.padStart(24)].join();
      const byRecord = Map.groupBy(
        [...lines].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)),
        ({ line }) => line.recordId,
      );
      return new Map(
        [...byRecord].map(([id, own]) => [
          id,
          `{"id":${JSON.stringify(id)},"lines":[${own.map((one) => `{${text(one)}}`).join()}]}`,
        ]),
      );
    }
  }
}

/** Stored documents by id. */
export async function storedRecords(
  harness: Harness,
  connection: Linked,
  dataType: DataTypeKey,
  isDeleted = false,
): Promise<Record<string, unknown>> {
  const { rows } = await harness.store.pool.query<{ id: string; document: string }>(
    `SELECT id, document::text AS document FROM ${dataTypes[dataType].table} WHERE connection_id = $1 AND is_deleted = $2`,
    [connection.id, isDeleted],
  );
  return Object.fromEntries(rows.map(({ id, document }) => [id, JSON.parse(document)]));
}
