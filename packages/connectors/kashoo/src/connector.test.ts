import {
  type Connector,
  createLocalPacer,
  createPlatformDispatcher,
  createPlatformSession,
  type PlatformSession,
  type PullPage,
  type PullRequest,
} from '@tributary/connector-kit';
import { createManualClock, type ReceivedRequest, startTestServer } from '@tributary/connector-kit/testing';
import { type DataTypeKey, dataTypeKeys } from '@tributary/model';
import { afterEach, describe, expect, test } from 'vitest';
import { createKashooConnector } from './connector.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Reply = string | { readonly status: number; readonly body?: string };

/** A platform that answers by path (lists are cut by `offset` and `limit`, and by `cap` if given); anything else is 404. */
async function platform(
  answers: Readonly<Record<string, readonly unknown[] | Reply>>,
  options: { cap?: number; info?: Record<string, string> } = {},
) {
  const server = await startTestServer((request, response) => {
    const reply = replyTo(request, answers[request.url.pathname], options.cap);
    const { status, body = '{"error":"no"}' } =
      typeof reply === 'string' ? { status: 200, body: reply } : reply;
    response.writeHead(status, { 'content-type': 'application/json', date: 'Mon, 20 May 2024 08:00:00 GMT' });
    response.end(body);
  });
  const dispatcher = createPlatformDispatcher();
  cleanups.push(
    () => server.close(),
    () => dispatcher.destroy(),
  );
  const clock = createManualClock(Date.UTC(2024, 4, 20, 8));
  const connector = createKashooConnector({
    apiUrl: `${server.url}/api`,
    tsaApiUrl: `${server.url}/tsa`,
    oauthUrl: `${server.url}/oauth2`,
    authorizeUrl: 'https://platform.example/authorize',
    requestsPerSecond: 10,
    requestsPerHour: undefined,
    dispatcher,
    clock,
  });
  const session = createPlatformSession({
    baseUrl: `${server.url}/api`,
    businessId: '7',
    info: options.info ?? {},
    tokens: {
      current: async () => ({ accessToken: 't', version: 1 }),
      refresh: async () => ({ accessToken: 't', version: 2 }),
    },
    pacer: createLocalPacer({ requestsPerSecond: 1000, requestsPerHour: undefined, clock }),
    pacingKeys: ['application', 'connection'],
    clock,
    random: () => 0,
    dispatcher,
    limits: { maxAttempts: 1 },
  });
  return { server, connector, session };
}

function replyTo(
  request: ReceivedRequest,
  answer: readonly unknown[] | Reply | undefined,
  cap = 1000,
): Reply {
  if (answer === undefined) return { status: 404 };
  if (!Array.isArray(answer)) return answer as Reply;
  const { searchParams } = request.url;
  if (!searchParams.has('offset')) return JSON.stringify(answer);
  const offset = Number(searchParams.get('offset'));
  return JSON.stringify(answer.slice(offset, offset + Math.min(Number(searchParams.get('limit')), cap)));
}

async function pulled(
  connector: Connector,
  session: PlatformSession,
  dataType: DataTypeKey,
  request: Partial<PullRequest> = {},
): Promise<PullPage[]> {
  const pages: PullPage[] = [];
  const pull = connector.pull(session, {
    dataType,
    modifiedSinceMs: undefined,
    fromDate: undefined,
    checkpoint: undefined,
    ...request,
  });
  for await (const page of pull) pages.push(page);
  return pages;
}

const rawsOf = (pages: readonly PullPage[]) => pages.flatMap(({ records }) => records.map(({ raw }) => raw));
const idsOf = (pages: readonly PullPage[]) => pages.flatMap(({ records }) => records.map(({ id }) => id));

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

describe('businesses', () => {
  test('are listed with name and what lenders see of them', async () => {
    const { connector, session } = await platform({
      '/api/users/me/businesses': [
        { id: 5, name: ' ' },
        { id: 6, name: 'Classic', homeCurrency: 'CAD', site: 'app.kashoo.com' },
        { id: 8, contactInformation: { name: 'Small Ltd' }, site: 'app.trulysmall.com' },
        { name: 'without an id' },
      ],
    });
    expect(await connector.listBusinesses(session)).toEqual([
      { id: '5', name: '5', info: { product: 'Kashoo Classic' } },
      {
        id: '6',
        name: 'Classic',
        info: { product: 'Kashoo Classic', site: 'app.kashoo.com', homeCurrency: 'CAD' },
      },
      { id: '8', name: 'Small Ltd', info: { product: 'TrulySmall Accounting', site: 'app.trulysmall.com' } },
    ]);
  });

  test('decide by their site which host serves them', async () => {
    const { connector, server } = await platform({});
    expect(connector.apiUrl({})).toBe(`${server.url}/api`);
    expect(connector.apiUrl({ site: 'app.kashoo.com' })).toBe(`${server.url}/api`);
    expect(connector.apiUrl({ site: 'app.trulysmall.com' })).toBe(`${server.url}/tsa`);
  });
});

describe('the lookup', () => {
  const answers = {
    '/api/users/me/businesses': [{ id: 7, homeCurrency: 'GBP' }],
    '/api/businesses/7/accounts': [
      { id: 540, name: 'Sales' },
      { id: 541, name: 'Repairs', parent: 540 },
      'junk',
    ],
    '/api/businesses/7/taxes': [
      { id: 60, code: 'VAT', name: 'VAT 20%', rate: 20 },
      { id: 59, code: 'VAT', name: 'VAT 17.5%', rate: 17.5, removed: true },
      { id: 58, code: 'OLD', name: 'Gone', rate: 1, removed: true },
      null,
    ],
    '/api/businesses/7/items': [{ id: 70, name: 'Brake pads' }, { id: 71 }],
  };
  const invoice = JSON.stringify({
    id: 1,
    date: '2024-01-01',
    totalBeforeTaxes: 300,
    totalDue: 321,
    lineItems: [
      { account: 541, item: 70, amount: 100, taxCode: 'VAT' },
      { account: 99, item: 71, amount: 200, taxCode: 'OLD' },
    ],
  });

  test('names accounts, taxes and items, and gives the home currency', async () => {
    const { connector, session } = await platform(answers);
    const lookup = await connector.loadLookup(session, 'invoices');
    const outcome = connector.map('invoices', { id: '1', raw: invoice }, lookup);
    expect(JSON.parse(JSON.stringify(outcome))).toMatchObject({
      kind: 'mapped',
      warnings: [],
      record: {
        currency: 'GBP',
        currencyRate: 1,
        lineItems: [
          {
            taxAmount: 0.2,
            accountRef: { id: '541', name: 'Repairs' },
            itemRef: { id: '70', name: 'Brake pads' },
            taxRateRef: { id: '60', name: 'VAT 20%', effectiveTaxRate: 20 },
          },
          {
            taxAmount: 0.01,
            accountRef: { id: '99' },
            itemRef: { id: '71' },
            taxRateRef: { id: '58', name: 'Gone', effectiveTaxRate: 1 },
          },
        ],
      },
    });
  });

  test.each([403, 404])('does without items that answer %i', async (status) => {
    const { connector, session } = await platform({ ...answers, '/api/businesses/7/items': { status } });
    const lookup = await connector.loadLookup(session, 'invoices');
    expect(connector.map('invoices', { id: '1', raw: invoice }, lookup)).toMatchObject({ kind: 'mapped' });
  });

  test('takes the home currency from what is known of the connection, and asks only for what is needed', async () => {
    const { connector, session, server } = await platform({}, { info: { homeCurrency: 'CAD' } });
    for (const dataType of ['company', 'customers', 'suppliers', 'taxRates', 'bankAccounts'] as const)
      await connector.loadLookup(session, dataType);
    expect(server.received).toEqual([]);
  });

  test('tells the company the day at which its financial year is looked for', async () => {
    const { connector, session } = await platform({});
    const lookup = await connector.loadLookup(session, 'company');
    const outcome = connector.map(
      'company',
      { id: '7', raw: '{"id":7,"name":"X","fiscalYearEnd":"03-31"}' },
      lookup,
    );
    expect(outcome).toMatchObject({ record: { financialYearStartDate: '2024-04-01T00:00:00' } });
  });

  test('of another connector is a mistake of the caller', async () => {
    const { connector } = await platform({});
    expect(() => connector.map('invoices', { id: '1', raw: invoice }, {})).toThrow(TypeError);
  });
});

describe('a probe', () => {
  const paths: Readonly<Partial<Record<DataTypeKey, string>>> = {
    chartOfAccounts: '/api/accounts/5',
    bankAccounts: '/api/accounts/5',
    customers: '/api/contacts/5',
    suppliers: '/api/contacts/5',
    items: '/api/businesses/7/items/5',
    invoices: '/api/records/5',
    bills: '/api/records/5',
    payments: '/api/records/5',
    billPayments: '/api/records/5',
  };

  test.each(Object.entries(paths) as [DataTypeKey, string][])('of %s asks %s', async (dataType, path) => {
    const there = await platform({ [path]: '{"id":5,"removed":false}' });
    expect(await there.connector.probe(there.session, dataType, '5')).toBe('present');
    expect(there.server.received.map(({ url }) => url.pathname)).toEqual([path]);
    const removed = await platform({ [path]: '{"id":5,"removed":true}' });
    expect(await removed.connector.probe(removed.session, dataType, '5')).toBe('absent');
    const gone = await platform({});
    expect(await gone.connector.probe(gone.session, dataType, '5')).toBe('absent');
  });

  test.each([403, 500, 400])('that is answered with %i proves nothing', async (status) => {
    const { connector, session } = await platform({ '/api/records/5': { status } });
    await expect(connector.probe(session, 'invoices', '5')).rejects.toMatchObject({ status });
  });

  test('of a tax looks into the listing', async () => {
    const { connector, session } = await platform({
      '/api/businesses/7/taxes': [{ id: 5 }, { id: 6, removed: true }],
    });
    expect(await connector.probe(session, 'taxRates', '5')).toBe('present');
    expect(await connector.probe(session, 'taxRates', '6')).toBe('absent');
    expect(await connector.probe(session, 'taxRates', '7')).toBe('absent');
  });

  test('of the company looks among the businesses', async () => {
    const { connector, session } = await platform({ '/api/users/me/businesses': [{ id: 7 }] });
    expect(await connector.probe(session, 'company', '7')).toBe('present');
    expect(await connector.probe(session, 'company', '8')).toBe('absent');
  });

  test('never leaves its place in the path, whatever the id', async () => {
    const { connector, session, server } = await platform({});
    await connector.probe(session, 'invoices', '../users/me?x=1#');
    expect(server.received.map(({ url }) => url.href.slice('http://test.invalid'.length))).toEqual([
      '/api/records/..%2Fusers%2Fme%3Fx%3D1%23',
    ]);
  });
});

describe('the manifest', () => {
  test('has every data type of the model, and a logo that is a PNG', async () => {
    const { connector } = await platform({});
    const { manifest } = connector;
    expect([...manifest.dataTypes.keys()].sort()).toEqual([...dataTypeKeys].sort());
    expect([manifest.platformKey, manifest.word, manifest.name]).toEqual(['ksho', 'kashoo', 'Kashoo']);
    expect(Buffer.from(manifest.logo.body).subarray(1, 4).toString()).toBe('PNG');
    expect(manifest.integrationId).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  test('sends the browser to the authorisation page, and token calls below the OAuth address', async () => {
    const { connector, server } = await platform({});
    const url = connector.oauth2?.authorizeUrl({
      clientId: 'c',
      redirectUri: 'https://us.example/link/callback/ksho',
      state: 's',
    });
    expect(url).toBe(
      'https://platform.example/authorize?client_id=c&response_type=code&scope=full-access&redirect_uri=https%3A%2F%2Fus.example%2Flink%2Fcallback%2Fksho&state=s',
    );
    await connector.oauth2
      ?.refresh({ keys: { clientId: 'c', clientSecret: 's' }, refreshToken: 'r' })
      .catch(() => {});
    expect(server.received.map(({ method, url: { pathname } }) => `${method} ${pathname}`)).toEqual([
      'POST /oauth2/token',
    ]);
  });
});
