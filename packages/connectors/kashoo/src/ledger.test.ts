import { type LedgerReader, PlatformError } from '@tributary/connector-kit';
import { describe, expect, test } from 'vitest';
import { platform, pulled, type Reply } from './test-platform.fixture.ts';

const trulySmall = { site: 'app.trulysmall.com', homeCurrency: 'CAD' };

async function ledgerAt(
  answers: Readonly<Record<string, readonly unknown[] | Reply>>,
  options: { cap?: number; info?: Record<string, string> } = {},
) {
  const { connector, ...rest } = await platform(answers, { info: { homeCurrency: 'CAD' }, ...options });
  if (connector.ledger === undefined) throw new Error('Kashoo has a ledger');
  return { ledger: connector.ledger, connector, ...rest };
}

const accountsPath = '/api/businesses/7/accounts';
const recordsPath = '/api/businesses/7/records';

describe('the accounts of the ledger', () => {
  test('have a section, a side and whether they are bank accounts, archived and removed ones too', async () => {
    const { ledger, session, server } = await ledgerAt({
      [accountsPath]: [
        { id: 1, name: 'Chequing', type: 'bank', normalBalanceCredit: false },
        { id: 2, name: 'Visa', type: 'CREDIT_CARD', archived: true },
        { id: 3, name: 'Draw', type: 'EQUITY', normalBalanceCredit: false, removed: true },
        { id: 4, name: 'Sales', type: 'INCOME' },
        { id: 5, name: 'Exchange', type: 'GAIN_OR_LOSS_ON_EXCHANGE' },
        { id: 6, name: ' ', type: 'COST_OF_GOODS_SOLD' },
      ],
    });
    const account = (
      id: string,
      name: string | undefined,
      section: string,
      isBank: boolean,
      normalSide: string,
    ) => ({
      id,
      name,
      section,
      isBank,
      normalSide,
    });
    expect(await ledger.accounts(session)).toEqual({
      homeCurrency: 'CAD',
      accounts: [
        account('1', 'Chequing', 'asset', true, 'debit'),
        account('2', 'Visa', 'liability', true, 'credit'),
        account('3', 'Draw', 'equity', false, 'debit'),
        account('4', 'Sales', 'income', false, 'credit'),
        account('5', 'Exchange', 'other', false, 'credit'),
        account('6', undefined, 'costOfSales', false, 'debit'),
      ],
      platformTimeMs: Date.UTC(2024, 4, 20, 8),
      warnings: [],
    });
    expect(server.received.every(({ url }) => !url.searchParams.has('archived'))).toBe(true);
  });

  test('of a type that is not known stand on their normal side; one that cannot be read is told', async () => {
    const { ledger, session } = await ledgerAt({
      [accountsPath]: [
        { id: 1, type: 'CRYPTO', normalBalanceCredit: true },
        { id: 2, type: 'CRYPTO' },
        { name: 'no id' },
      ],
    });
    const { accounts, warnings } = await ledger.accounts(session);
    expect(accounts.map(({ id, section }) => [id, section])).toEqual([
      ['1', 'liability'],
      ['2', 'asset'],
    ]);
    expect(warnings.map(({ ruleId, itemId }) => [ruleId, itemId])).toEqual([
      ['unknown-account-type', '1'],
      ['unknown-account-type', '2'],
      ['account-unreadable', undefined],
    ]);
  });
});

describe('opening balances', () => {
  const accounts: Parameters<LedgerReader['openings']>[1] = [
    { id: '1', name: undefined, section: 'asset', isBank: true, normalSide: 'debit' },
    { id: '2', name: undefined, section: 'liability', isBank: false, normalSide: 'credit' },
    { id: '3', name: undefined, section: 'asset', isBank: false, normalSide: 'debit' },
  ];

  test('of TrulySmall count on the normal side of their account, and add up by date', async () => {
    const { ledger, session } = await ledgerAt(
      {
        '/api/accounts/1/openingBalances': [
          { account: 1, date: '2022-01-01', amount: 150 },
          { account: 1, date: '2022-01-01', amount: 1 },
          { account: 1, date: '2022-02-01', amount: -5 },
          { account: 1, date: 'soon', amount: 7 },
          { account: 1, date: '2022-01-01' },
        ],
        '/api/accounts/2/openingBalances': '[{"date":"2022-01-01","amount":9007199254740993}]',
      },
      { info: trulySmall },
    );
    const { openings, warnings } = await ledger.openings(session, accounts);
    expect(openings).toEqual([
      { accountId: '1', date: '2022-01-01', cents: 151n },
      { accountId: '1', date: '2022-02-01', cents: -5n },
      { accountId: '2', date: '2022-01-01', cents: -9007199254740993n },
    ]);
    expect(warnings.map(({ ruleId, itemId }) => [ruleId, itemId])).toEqual([
      ['opening-balance-unreadable', '1'],
      ['opening-balance-unreadable', '1'],
    ]);
  });

  test('of Kashoo Classic are records: nothing is asked for', async () => {
    const { ledger, session, server } = await ledgerAt({});
    expect(await ledger.openings(session, accounts)).toEqual({ openings: [], warnings: [] });
    expect(server.received).toEqual([]);
  });
});

describe('changes', () => {
  test('are the records of every type that changed since, removed ones included', async () => {
    const { ledger, session, server } = await ledgerAt({
      [recordsPath]: [
        { id: 5, type: 'BILL', date: '2024-03-02', lastModified: '2024-05-20T07:59:59.250Z' },
        { id: 6, type: 'TRANSFER', date: '2024-03-01', lastModified: 1716192000000, removed: true },
        { id: 7, type: 'ADJUSTMENT', date: '2024-03-03' },
      ],
    });
    expect(await ledger.changes(session, 1716000000000)).toEqual({
      records: [
        {
          recordId: '5',
          date: '2024-03-02',
          isRemoved: false,
          modifiedMs: Date.UTC(2024, 4, 20, 7, 59, 59, 250),
        },
        { recordId: '6', date: '2024-03-01', isRemoved: true, modifiedMs: 1716192000000 },
        { recordId: '7', date: '2024-03-03', isRemoved: false, modifiedMs: undefined },
      ],
      platformTimeMs: Date.UTC(2024, 4, 20, 8),
    });
    expect(Object.fromEntries(server.received[0]?.url.searchParams ?? [])).toMatchObject({
      modifiedSince: '1716000000000',
      includeRemoved: 'true',
    });
  });

  test.each([
    ['a platform that wants a type', { status: 400 }],
    ['a platform without such a list', { status: 404 }],
    ['a record without a date', '[{"id":5}]'],
    ['a record that is none', '[null]'],
  ])('are not known with %s: everything is to be read', async (_name, answer) => {
    const { ledger, session } = await ledgerAt({ [recordsPath]: answer });
    expect(await ledger.changes(session, 1)).toBeUndefined();
  });

  test('that cannot be asked for now are no answer', async () => {
    const { ledger, session } = await ledgerAt({ [recordsPath]: { status: 503 } });
    await expect(ledger.changes(session, 1)).rejects.toBeInstanceOf(PlatformError);
  });
});

describe('lines', () => {
  test('come with exact cents, their record, and whether they close a year; unreadable ones are told', async () => {
    const raws = [
      '{"id":31,"record":9007199254740993,"recordType":"invoice","date":"2024-02-29","debit":99999999999999999,"credit":0}',
      '{"id":32,"record":8,"recordType":"YEAR_END_ADJUSTMENT","date":"2024-12-31","debit":null,"credit":5}',
      '{"id":33,"recordType":"BILL","date":"2024-12-31","debit":1}',
      '{"id":34,"record":8,"recordType":"BILL","date":"31.12.2024","debit":1}',
      '{"id":35,"record":8,"date":"2024-01-01","debit":1.5}',
      '{"id":36,"record":8,"date":"2024-01-01"}',
    ];
    const { ledger, session } = await ledgerAt({ '/api/accounts/4/journalEntries': `[${raws.join(', ')}]` });
    const request = { accountId: '4', fromDate: undefined, checkpoint: undefined };
    const [page] = await Array.fromAsync(ledger.lines(session, request));
    const line = (index: number, members: object) => ({ raw: raws[index], isClosing: false, ...members });
    expect(page?.lines).toEqual([
      line(0, {
        id: '31',
        recordId: '9007199254740993',
        recordType: 'INVOICE',
        date: '2024-02-29',
        cents: 99999999999999999n,
      }),
      line(1, {
        id: '32',
        recordId: '8',
        recordType: 'YEAR_END_ADJUSTMENT',
        date: '2024-12-31',
        cents: -5n,
        isClosing: true,
      }),
      line(5, { id: '36', recordId: '8', recordType: 'UNKNOWN', date: '2024-01-01', cents: 0n }),
    ]);
    expect(page?.warnings.map(({ ruleId, itemId }) => [ruleId, itemId])).toEqual([
      ['journal-line-unreadable', '33'],
      ['journal-line-unreadable', '34'],
      ['journal-line-unreadable', '35'],
    ]);
  });

  test('are asked for by account and date; an account that is denied has none', async () => {
    const { ledger, session, server } = await ledgerAt({});
    const request = { accountId: '4', fromDate: '2024-02-01', checkpoint: undefined };
    const pages = await Array.fromAsync(ledger.lines(session, request));
    expect(pages.flatMap(({ lines }) => lines)).toEqual([]);
    const [asked] = server.received;
    expect(asked?.url.pathname).toBe('/api/accounts/4/journalEntries');
    expect(Object.fromEntries(asked?.url.searchParams ?? [])).toMatchObject({
      startDate: '2024-02-01',
      sortColumn: 'date',
    });
  });
});

test('transfers are records of their type; a platform that ignores the filter sends others, which are left out', async () => {
  const { connector, session, server } = await ledgerAt({
    [recordsPath]: [
      { id: 1, type: 'TRANSFER' },
      { id: 2, type: 'BILL' },
      { id: 3, type: 'transfer' },
    ],
  });
  const pages = await pulled(connector, session, 'transfers', { modifiedSinceMs: 5 });
  expect(pages.flatMap(({ records }) => records.map(({ id }) => id))).toEqual(['1', '3']);
  expect(Object.fromEntries(server.received[0]?.url.searchParams ?? [])).toMatchObject({
    type: 'TRANSFER',
    modifiedSince: '5',
    includeRemoved: 'true',
  });
});

test('an entry whose lines do not add up is none, and the difference is told', async () => {
  const { connector, session } = await ledgerAt({ [accountsPath]: [] });
  const lookup = await connector.loadLookup(session, 'journalEntries');
  const line = (account: string, debit: number, credit: number) => ({
    account,
    line: { id: Number(account), record: 8, recordType: 'BILL', date: '2024-01-01', debit, credit },
  });
  const raw = JSON.stringify({ id: '8', lines: [line('1', 1000, 0), line('2', 0, 901)] });
  expect(connector.map('journalEntries', { id: '8', raw }, lookup)).toEqual({
    kind: 'quarantined',
    id: '8',
    reason: 'lines: they add up to 0.99, not to 0',
  });
  expect(connector.map('balanceSheet', { id: '8', raw }, lookup)).toMatchObject({ kind: 'quarantined' });
});
