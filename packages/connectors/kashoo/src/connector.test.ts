import { type DataTypeKey, dataTypeKeys } from '@tributary/model';
import { describe, expect, test } from 'vitest';
import { platform } from './test-platform.fixture.ts';

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
    // What Kashoo lacks: it has negative invoices and bills instead, and lines of the ledger for bank accounts.
    const lacking: readonly DataTypeKey[] = ['creditNotes', 'billCreditNotes', 'bankTransactions'];
    const expected = dataTypeKeys.filter((key) => !lacking.includes(key));
    expect([...manifest.dataTypes.keys()].sort()).toEqual(expected.sort());
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
