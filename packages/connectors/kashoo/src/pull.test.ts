import type { Connector } from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';
import { describe, expect, test } from 'vitest';
import { idsOf, platform, pulled, type Reply, rawsOf } from './test-platform.fixture.ts';

describe('records', () => {
  test.each([
    ['invoices', '/api/businesses/7/records/invoices'],
    ['bills', '/api/businesses/7/records/bills'],
    ['payments', '/api/businesses/7/records/invoicePayments'],
    ['billPayments', '/api/businesses/7/records/billPayments'],
  ] as const)(
    'of %s are asked for with removed ones, what changed, the window and an order',
    async (dataType, path) => {
      const { connector, session, server } = await platform({ [path]: [{ id: 1 }, { id: 2 }] });
      const pages = await pulled(connector, session, dataType, {
        modifiedSinceMs: 1716999647879,
        fromDate: '2023-05-01',
      });
      expect(idsOf(pages)).toEqual(['1', '2']);
      expect(pages[0]).toMatchObject({
        checkpoint: { offset: 2 },
        platformTimeMs: Date.UTC(2024, 4, 20, 8),
        warnings: [],
      });
      const [first, last] = server.received;
      expect(Object.fromEntries(first?.url.searchParams ?? [])).toEqual({
        includeRemoved: 'true',
        modifiedSince: '1716999647879',
        startDate: '2023-05-01',
        sortColumn: 'date',
        sortOrder: 'asc',
        offset: '0',
        limit: '1000',
      });
      expect(last?.url.searchParams.get('offset')).toBe('2');
      expect(server.received).toHaveLength(2);
    },
  );

  test('are read to the end of a platform that caps pages in silence, and resumed from a checkpoint', async () => {
    const records = Array.from({ length: 130 }, (_, index) => ({ id: index + 1 }));
    const { connector, session } = await platform(
      { '/api/businesses/7/records/invoices': records },
      { cap: 50 },
    );
    const pages = await pulled(connector, session, 'invoices');
    expect(pages.map((page) => page.records.length)).toEqual([50, 50, 30]);
    const resumed = await pulled(connector, session, 'invoices', { checkpoint: pages[0]?.checkpoint });
    expect(idsOf(resumed)[0]).toBe('51');
    expect(idsOf(resumed)).toHaveLength(80);
  });

  test('that are malformed do not fail the page: they are quarantined by themselves', async () => {
    const text =
      '[{"id":1,"date":"2024-01-01","totalDue":5}, null, {"date":"2024-01-01"}, "x", {"id":2,"date":false}, {"id":9007199254740993,"date":"2024-01-01"}]';
    const { connector, session } = await platform({ '/api/businesses/7/records/invoices': text });
    const [page] = await pulled(connector, session, 'invoices');
    const lookup = await lookupFor(connector, 'payments');
    const outcomes = page?.records.map((record) => connector.map('invoices', record, lookup));
    expect(outcomes?.map(({ kind }) => kind)).toEqual([
      'mapped',
      'quarantined',
      'quarantined',
      'quarantined',
      'quarantined',
      'mapped',
    ]);
    expect(outcomes?.map(({ id }) => id)).toEqual([
      '1',
      expect.stringMatching(/^unidentified-[0-9a-f]{24}$/),
      expect.stringMatching(/^unidentified-[0-9a-f]{24}$/),
      expect.stringMatching(/^unidentified-[0-9a-f]{24}$/),
      '2',
      '9007199254740993',
    ]);
    // The same text keeps its id, so that the next run finds the entry again.
    expect(idsOf(await pulled(connector, session, 'invoices')).slice(0, 6)).toEqual(
      outcomes?.map(({ id }) => id),
    );
  });
});

/** A lookup as `loadLookup` makes it, of a business with nothing in it. */
async function lookupFor(connector: Connector, dataType: DataTypeKey) {
  const { session } = await platform({
    '/api/businesses/7/accounts': [],
    '/api/users/me/businesses': [{ id: 7, homeCurrency: 'CAD' }],
  });
  return connector.loadLookup(session, dataType);
}

describe('accounts', () => {
  const accounts = [
    { id: 1, type: 'BANK', name: 'Chequing' },
    { id: 2, type: 'EXPENSE' },
    { id: 3, type: 'credit_card' },
    { type: 'CASH', name: 'no id' },
    { id: 5, type: 'CASH' },
  ];
  const answers = {
    '/api/businesses/7/accounts': accounts,
    '/api/accounts/1/balances': '{"balance": 9007199254740993}',
    '/api/accounts/2/balances': '{"balance":-5}',
    '/api/accounts/3/balances': '{"balance":7}',
  };

  test('come with their balance, kept as it was received', async () => {
    const { connector, session, server } = await platform(answers);
    const pages = await pulled(connector, session, 'chartOfAccounts');
    expect(rawsOf(pages)).toEqual([
      '{"account":{"id":1,"type":"BANK","name":"Chequing"},"balance":{"balance": 9007199254740993}}',
      '{"account":{"id":2,"type":"EXPENSE"},"balance":{"balance":-5}}',
      '{"account":{"id":3,"type":"credit_card"},"balance":{"balance":7}}',
      '{"account":{"type":"CASH","name":"no id"}}',
      '{"account":{"id":5,"type":"CASH"}}',
    ]);
    expect(pages[0]?.checkpoint).toEqual({ offset: 5 });
    const balances = server.received.filter(({ url }) => url.pathname.endsWith('/balances'));
    expect(balances.map(({ url }) => url.search)).toEqual(Array(4).fill('?primary=true'));
  });

  test('that hold money are the bank accounts, and only their balances are asked for', async () => {
    const { connector, session, server } = await platform(answers);
    const pages = await pulled(connector, session, 'bankAccounts');
    expect(idsOf(pages).filter((id) => !id.startsWith('unidentified'))).toEqual(['1', '3', '5']);
    expect(pages[0]?.checkpoint).toEqual({ offset: 5 });
    expect(server.received.map(({ url }) => url.pathname)).not.toContain('/api/accounts/2/balances');
  });

  test('are not stored without the balance when the platform fails to give it', async () => {
    const { connector, session } = await platform({
      ...answers,
      '/api/accounts/2/balances': { status: 500 },
    });
    await expect(pulled(connector, session, 'chartOfAccounts')).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  test('come in pages small enough for the smallest hourly budget', async () => {
    const many = Array.from({ length: 120 }, (_, index) => ({ id: index + 1, type: 'EXPENSE' }));
    const { connector, session } = await platform({ '/api/businesses/7/accounts': many });
    const pages = await pulled(connector, session, 'chartOfAccounts');
    expect(pages.map(({ records }) => records.length)).toEqual([50, 50, 20]);
  });
});

describe('contacts', () => {
  const contacts = [
    { id: 1, type: 'CUSTOMER' },
    { id: 2, type: 'VENDOR' },
    { id: 3 },
    { id: 4, type: 'customer' },
  ];
  test.each([
    ['customers', 'CUSTOMER', ['1', '3', '4']],
    ['suppliers', 'VENDOR', ['2', '3']],
  ] as const)(
    '%s are those of their type, also of a platform that ignores the filter',
    async (dataType, type, ids) => {
      const { connector, session, server } = await platform({ '/api/businesses/7/contacts': contacts });
      const pages = await pulled(connector, session, dataType);
      expect(idsOf(pages)).toEqual(ids);
      expect(pages[0]?.checkpoint).toEqual({ offset: 4 });
      expect(server.received[0]?.url.searchParams.get('type')).toBe(type);
      expect(server.received[0]?.url.searchParams.get('includeRemoved')).toBe('true');
    },
  );
});

describe('listings that are not paged', () => {
  test('of taxes are asked for in version 2, and are one page', async () => {
    const { connector, session, server } = await platform({
      '/api/businesses/7/taxes': [{ id: 1 }, { id: 1, code: 'later' }, { id: 2 }],
    });
    const pages = await pulled(connector, session, 'taxRates');
    expect(rawsOf(pages)).toEqual(['{"id":1,"code":"later"}', '{"id":2}']);
    expect(server.received.map(({ url }) => url.search)).toEqual(['?version=2']);
    expect(await pulled(connector, session, 'taxRates', { checkpoint: pages[0]?.checkpoint })).toEqual([]);
  });

  test('of items are one page', async () => {
    const { connector, session } = await platform({ '/api/businesses/7/items': [{ id: 1 }] });
    expect(await pulled(connector, session, 'items')).toMatchObject([
      { records: [{ id: '1' }], warnings: [] },
    ]);
  });

  test.each([
    ['404', { status: 404 }, {}],
    ['an empty list on TrulySmall', [], { site: 'app.trulysmall.com' }],
  ])(
    'of items that answer %s say that the data type is not supported, and are no error',
    async (_name, items, info) => {
      const { connector, session } = await platform({ '/api/businesses/7/items': items as Reply }, { info });
      expect(await pulled(connector, session, 'items')).toMatchObject([
        { records: [], warnings: [{ ruleId: 'data-type-not-supported' }] },
      ]);
    },
  );

  test('of items of Kashoo Classic may be empty', async () => {
    const { connector, session } = await platform({ '/api/businesses/7/items': [] });
    expect(await pulled(connector, session, 'items')).toMatchObject([{ records: [], warnings: [] }]);
  });

  test('find the company among the businesses of the user', async () => {
    const { connector, session } = await platform({
      '/api/users/me/businesses': [{ id: 6 }, { id: 7, name: 'Ours' }],
    });
    expect(rawsOf(await pulled(connector, session, 'company'))).toEqual(['{"id":7,"name":"Ours"}']);
  });

  test('do not take another business for the company', async () => {
    const { connector, session } = await platform({ '/api/users/me/businesses': [{ id: 6 }] });
    await expect(pulled(connector, session, 'company')).rejects.toMatchObject({ code: 'notFound' });
  });
});
