import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DataTypeDefinition, dataTypeKeys, dataTypes } from '@tributary/model';
import { StreamExpiredError } from '@tributary/store';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRecordService } from '../../data/record-service.ts';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import {
  createCompany,
  invoice,
  invoices,
  setStatus,
  storeRecords,
  type TestCompany,
} from './data.fixture.ts';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await startTestApi({}, undefined, { hasFragments: true });
  client = await api.createClient();
});
afterAll(() => api.close());

async function requested(company: TestCompany, ...types: string[]) {
  for (const type of types) {
    const { status } = await client.send('POST', `${company.path}/data/queue/${type}`);
    expect(status).toBe(200);
  }
  return company;
}
const idsOf = (body: { results: { id: string }[] }) => body.results.map(({ id }) => id);

describe('reading a data type', () => {
  test('that was never requested is 409, from then on 200 with what is stored so far', async () => {
    const company = await createCompany(api, client);
    const before = await client.get(`${company.path}/data/invoices`);
    expect([before.status, before.body.error]).toEqual([409, 'The data set has not been requested.']);
    expect((await client.get(`${company.path}/data/invoices/inv-1`)).status).toBe(409);
    await requested(company, 'invoices');
    const empty = await client.get(`${company.path}/data/invoices`);
    expect(empty.status).toBe(200);
    expect(empty.body).toEqual({
      results: [],
      pageNumber: 1,
      pageSize: 100,
      totalResults: 0,
      _links: {
        self: { href: `${company.path}/data/invoices` },
        current: { href: `${company.path}/data/invoices?page=1&pageSize=100` },
      },
    });
    await storeRecords(api, company, 'invoices', invoices(1, 3));
    expect(idsOf((await client.get(`${company.path}/data/invoices`)).body)).toEqual([
      'inv-1',
      'inv-2',
      'inv-3',
    ]);
  });

  test('that the platform lacks for this business is 404 once a pull has found out, unless records are stored', async () => {
    const company = await requested(await createCompany(api, client), 'items', 'invoices');
    const paths = [`${company.path}/data/items`, `${company.connectionPath}/data/items`];
    const answers = () =>
      Promise.all([...paths, `${company.path}/data/items/1`].map((path) => client.get(path)));
    expect((await answers()).map(({ status }) => status)).toEqual([200, 200, 404]);
    const { pool } = api.dependencies.store;
    await pool.query(
      `UPDATE pull_operations SET status = 'NotSupported', completed_at = now()
        WHERE connection_id = $1 AND data_type = 'items'`,
      [company.connectionId],
    );
    for (const { status, body } of await answers()) {
      expect([status, body.error]).toEqual([404, 'Datatype items not supported by platform(s) Kashoo.']);
    }
    expect((await client.get(`${company.path}/data/invoices`)).status).toBe(200);
    await storeRecords(api, company, 'items', [{ id: '1', document: '{"id":"1"}' }]);
    expect((await answers()).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('of every kind has its list and its single record, at the published paths, in any case', async () => {
    const kashoo = api.dependencies.connectors.get('ksho');
    const supported = dataTypeKeys.filter((type) => kashoo?.manifest.dataTypes.has(type));
    const company = await requested(await createCompany(api, client), ...supported);
    for (const key of supported.filter((type) => type !== 'company' && !('servedAs' in dataTypes[type]))) {
      const { listPath, scopes }: DataTypeDefinition = dataTypes[key];
      await storeRecords(api, company, key, [{ id: 'Ä 1/2', document: '{"id":"Ä 1/2"}' }]);
      const bases = [company.connectionPath, ...(scopes.includes('company') ? [company.path] : [])];
      for (const base of bases) {
        for (const path of [listPath, listPath.toUpperCase(), listPath.toLowerCase()]) {
          const list = await client.get(`${base}/data/${path}`);
          expect([list.status, idsOf(list.body)]).toEqual([200, ['Ä 1/2']]);
        }
        const one = await client.get(`${base}/data/${listPath}/${encodeURIComponent('Ä 1/2')}`);
        expect(one.body).toEqual({
          id: 'Ä 1/2',
          modifiedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          metadata: { isDeleted: false },
        });
      }
    }
  });

  test('keeps every digit, and tells deleted records', async () => {
    const company = await requested(await createCompany(api, client), 'invoices');
    const document = '{"id":"x","totalAmount":99999999999999.99,"amountDue":0.10,"totalTaxAmount":-0}';
    await storeRecords(api, company, 'invoices', [
      { id: 'x', document, isDeleted: true },
      { id: 'e', document: '{}' },
    ]);
    const one = await client.get(`${company.path}/data/invoices/x`);
    expect(one.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(one.text).toMatch(
      /^\{"id":"x","totalAmount":99999999999999\.99,"amountDue":0\.10,"totalTaxAmount":-0,"modifiedDate":"[^"]+","metadata":\{"isDeleted":true\}\}$/,
    );
    const empty = await client.get(`${company.path}/data/invoices/e`);
    expect(empty.text).toMatch(/^\{"modifiedDate":"[^"]+","metadata":\{"isDeleted":false\}\}$/);
    const list = await client.get(`${company.path}/data/invoices`);
    expect(list.text.startsWith(`{"results":[${one.text},${empty.text}],"pageNumber":1,`)).toBe(true);
  });

  test('gives 404 for a record, a data type and a path that are not there, naming them', async () => {
    const company = await requested(await createCompany(api, client), 'invoices');
    const error = async (path: string) => {
      const { status, body } = await client.get(`${company.path}${path}`);
      return [status, body.error];
    };
    expect(await error('/data/invoices/none')).toEqual([404, 'The invoice was not found.']);
    expect(await error('/data/invoices/a%00b')).toEqual([404, 'The invoice was not found.']);
    const lacks = (type: string) => [404, `Datatype ${type} not supported by platform(s) Kashoo.`];
    expect(await error('/data/creditNotes')).toEqual(lacks('creditNotes'));
    expect(await error('/data/CREDITNOTES/1')).toEqual(lacks('creditNotes'));
    for (const [path, type] of [
      ['/data/directIncomes/1/attachments/2/download', 'directIncomes'],
      ['/data/bankAccounts/1/transactions', 'bankTransactions'],
      [`/connections/${company.connectionId}/data/bankAccounts/1/bankTransactions`, 'bankTransactions'],
      [`/connections/${company.connectionId}/data/commerce-info`, 'commerce-companyInfo'],
      [`/connections/${company.connectionId}/data/banking-accounts/1`, 'banking-accounts'],
    ] as const)
      expect(await error(path)).toEqual(lacks(type));
    expect(await error(`/connections/${company.connectionId}/data/directCosts`)).toEqual(
      lacks('directCosts'),
    );
    expect(await error('/data/unicorns')).toEqual([404, 'There is no data type "unicorns".']);
    const read =
      'Datatype bankAccounts is read at /companies/{companyId}/connections/{connectionId}/data/bankAccounts.';
    expect(await error('/data/bankAccounts')).toEqual([404, read]);
  });

  test("answers for another client's company and connection as for none", async () => {
    const company = await requested(await createCompany(api, client), 'invoices');
    await storeRecords(api, company, 'invoices', invoices(1, 1));
    const other = await api.createClient('Other Lender');
    const own = await createCompany(api, other);
    const nobody = crypto.randomUUID();
    const withoutId = ({ status, body }: Awaited<ReturnType<TestClient['get']>>) => ({
      status,
      ...body,
      correlationId: '',
    });
    for (const path of [
      '/data/invoices',
      '/data/invoices/inv-1',
      '/data/info',
      '/data/creditNotes',
      '/dataStatus',
      '/data/history',
    ]) {
      const foreign = await other.get(`${company.path}${path}`);
      expect(foreign.status).toBe(404);
      expect(withoutId(foreign)).toEqual(withoutId(await other.get(`/companies/${nobody}${path}`)));
    }
    const crossed = await other.get(`${own.path}/connections/${company.connectionId}/data/invoices`);
    expect(withoutId(crossed)).toEqual(
      withoutId(await other.get(`${own.path}/connections/${nobody}/data/invoices`)),
    );
    expect(crossed.body.error).toBe('The connection was not found.');
  });
});

describe('the connection that serves a company', () => {
  test('is the Linked one; after an unlink the data stays readable, and a new link takes over', async () => {
    const company = await requested(await createCompany(api, client), 'invoices');
    await storeRecords(api, company, 'invoices', invoices(1, 2));
    await api.dependencies.store.pool.query('UPDATE connections SET last_sync_at = now() WHERE id = $1', [
      company.connectionId,
    ]);
    const second = await client.send('POST', `${company.path}/connections`, { platformKey: 'ksho' });
    const secondId: string = second.body.id;
    expect(idsOf((await client.get(`${company.path}/data/invoices`)).body)).toEqual(['inv-1', 'inv-2']);
    await setStatus(api.dependencies.store, company.connectionId, 'Unlinked');
    expect(idsOf((await client.get(`${company.path}/data/invoices`)).body)).toEqual(['inv-1', 'inv-2']);
    await setStatus(api.dependencies.store, secondId, 'Linked');
    expect((await client.get(`${company.path}/data/invoices`)).status).toBe(409);
    await requested(company, 'invoices');
    await storeRecords(api, { id: company.id, connectionId: secondId }, 'invoices', invoices(7, 7));
    expect(idsOf((await client.get(`${company.path}/data/invoices`)).body)).toEqual(['inv-7']);
    expect(idsOf((await client.get(`${company.connectionPath}/data/invoices`)).body)).toEqual([
      'inv-1',
      'inv-2',
    ]);
  });

  test('is missing from a company without connections: nothing was requested', async () => {
    const company = await client.createCompany('Blank');
    expect((await client.get(`/companies/${company.id}/data/invoices`)).status).toBe(409);
    expect((await client.get(`/companies/${company.id}/data/info`)).status).toBe(409);
  });
});

test('attachments are listed as far as the platform tells of them; contents and PDFs are not to be had', async () => {
  const company = await requested(await createCompany(api, client), 'invoices', 'customers');
  await storeRecords(api, company, 'invoices', [invoice(1), invoice(2)]);
  const wire = `{"attachments":[{"id":9007199254740993,"name":"receipt.jpg","contentType":"image/jpeg","size":46153,"creation":"2024-02-29T10:00:00Z"},{"id":7,"name":null},"odd",{}]}`;
  await api.dependencies.store.pool.query(
    `INSERT INTO raw_records (company_id, connection_id, data_type, id, raw, raw_hash, mapping_version)
     VALUES ($1, $2, 'invoices', 'inv-1', $3, gen_random_uuid(), 1)`,
    [company.id, company.connectionId, wire],
  );
  const base = `${company.connectionPath}/data/invoices/inv-1/attachments`;
  const receipt = {
    id: '9007199254740993',
    name: 'receipt.jpg',
    contentType: 'image/jpeg',
    dateCreated: '2024-02-29T10:00:00.000Z',
    fileSize: 46153,
  };
  expect((await client.get(base)).body).toEqual({ attachments: [receipt, { id: '7' }] });
  expect((await client.get(`${base}/${receipt.id}`)).body).toEqual(receipt);
  expect((await client.get(base.replace('inv-1', 'inv-2'))).body).toEqual({ attachments: [] });
  for (const [path, error] of [
    [`${base}/8`, 'The attachment was not found.'],
    [`${base}/7/download`, 'Kashoo does not give the content of attachments.'],
    [base.replace('inv-1', 'none'), 'The invoice was not found.'],
    [`${company.path}/data/invoices/inv-1/pdf`, 'Kashoo does not give invoices as PDF.'],
    [
      `${company.path}/reports/enhancedInvoices`,
      'Reconciliation of invoices needs banking data, which no platform here gives.',
    ],
  ] as const) {
    const { status, body } = await client.get(path);
    expect([path, status, body.error]).toEqual([path, 404, error]);
  }
});

test('the company info is 409 until it was read, then the body alone', async () => {
  const company = await createCompany(api, client);
  expect((await client.get(`${company.path}/data/info`)).body.error).toBe(
    'The data set has not been requested.',
  );
  await requested(company, 'company');
  const waiting = await client.get(`${company.path}/data/info`);
  expect([waiting.status, waiting.body.canBeRetried]).toEqual([409, 'True']);
  const document = '{"companyName":"Corner Bakery","companyLegalName":"Corner Bakery Ltd"}';
  await storeRecords(api, company, 'company', [{ id: 'b1', document }]);
  for (const base of [company.path, company.connectionPath]) {
    expect((await client.get(`${base}/data/info`)).text).toBe(document);
  }
});

describe('lists', () => {
  let company: TestCompany;
  beforeAll(async () => {
    company = await requested(await createCompany(api, client), 'invoices');
    await storeRecords(api, company, 'invoices', invoices(1, 250));
  });
  const list = (parameters: string) => client.get(`${company.path}/data/invoices?${parameters}`);

  test('are walked by their links, which keep query, order and page size', async () => {
    for (const own of [
      '',
      'query=status%3DPaid&orderBy=-totalAmount',
      'orderBy=status',
      'query=totalAmount%3E100',
    ]) {
      const ids: string[] = [];
      let href: string | undefined = `${company.path}/data/invoices?pageSize=40&${own}`;
      let total = 0;
      for (let page = 1; href !== undefined; page += 1) {
        const { status, body } = await client.get(href);
        expect([status, body.pageNumber, body.pageSize]).toEqual([200, page, 40]);
        expect(body._links.previous === undefined).toBe(page === 1);
        ids.push(...idsOf(body));
        total = body.totalResults;
        href = body._links.next?.href;
        if (href !== undefined) expect(new URL(href, 'http://x').searchParams.get('cursor')).not.toBeNull();
      }
      const whole = await list(`pageSize=5000&${own}`);
      expect(ids).toEqual(idsOf(whole.body));
      expect(ids.length).toBe(total);
      const lastByNumber = await list(`page=${Math.ceil(total / 40)}&pageSize=40&${own}`);
      expect(idsOf(lastByNumber.body)).toEqual(ids.slice(-idsOf(lastByNumber.body).length));
    }
  });

  test('take conditions as clients send them: bare, encoded, encoded twice, parameters in any case', async () => {
    const whole = 'totalAmount>100&&{status=Paid||status=void}&&totalAmount<=110.5';
    const expected = ['inv-100', 'inv-102', 'inv-104', 'inv-106', 'inv-108', 'inv-110'];
    for (const parameters of [
      `query=${encodeURIComponent(whole)}`,
      `query=${encodeURIComponent(whole).toLowerCase().replaceAll('totalamount', 'totalAmount')}`,
      `query=${whole}`,
      `Query=${whole}&pageSize=50`,
      `pageSize=50&query=${whole.replaceAll('&&', ' && ')}&page=1`,
      `query=${encodeURIComponent(encodeURIComponent(whole))}`,
      `QUERY=${encodeURIComponent(whole)}&PAGESIZE=50&orderby=totalAmount`,
    ]) {
      const { status, body } = await list(parameters);
      expect([parameters, status, idsOf(body)]).toEqual([parameters, 200, expected]);
    }
    const first = await list(`query=${whole}&pagesize=4&orderBy=-totalAmount`);
    const { status, body } = await client.get(first.body._links.next.href);
    expect([status, idsOf(body), body.totalResults]).toEqual([200, ['inv-102', 'inv-100'], 6]);
    const twice = await list('pageSize=5&pagesize=6');
    expect([twice.status, twice.body.error]).toEqual([400, expect.stringContaining('query.pageSize')]);
  });

  test('refuse bad parameters with a 400 that names them', async () => {
    for (const [parameters, named] of [
      ['page=0', 'page'],
      ['pageSize=5001', 'pageSize'],
      ['query=nope%3D1', 'nope'],
      ['query=status', 'status'],
      ['orderBy=-nope', 'nope'],
      ['orderBy=lineItems.quantity', 'lineItems.quantity'],
      ['query=totalAmount%3Eten', 'totalAmount expects a plain decimal number, not "ten"'],
      ['query=status%253DPaid%2526%2526nope%253D1', 'nope'],
      ['query=100%25', '"100"'],
      ['cursor=abc', 'cursor'],
      ['page=2&cursor=WyJhIiwiMSJd', 'cursor'],
    ]) {
      const { status, body } = await list(parameters ?? '');
      expect([parameters, status, body.error]).toEqual([
        parameters,
        400,
        expect.stringContaining(named ?? ''),
      ]);
      expect(body.validation.errors[0].itemId).toMatch(/^query\./);
    }
    expect((await list('query=note%3D%22a%00b%22')).body.totalResults).toBe(0);
    expect((await client.get('/companies/no-uuid/data/invoices')).body.error).toContain('companyId');
    expect((await client.get(`${company.path}/connections/no-uuid/data/invoices`)).body.error).toContain(
      'connectionId',
    );
  });

  test('need a key', async () => {
    expect((await api.inject({ method: 'GET', url: `${company.path}/data/invoices` })).status).toBe(401);
  });
});

describe('a page of thousands', () => {
  let company: TestCompany;
  beforeAll(async () => {
    company = await requested(await createCompany(api, client), 'invoices');
    await storeRecords(
      api,
      company,
      'invoices',
      Array.from({ length: 3000 }, (_, n) => invoice(n, { note: 'x'.repeat(2000) })),
    );
  });
  const isIdle = () => {
    const { pool } = api.dependencies.store;
    expect(pool.idleCount).toBe(pool.totalCount);
  };

  test('is streamed and reads as the same records that small pages give', async () => {
    const small: string[] = [];
    for (let page = 1; page <= 30; page += 1) {
      small.push(...idsOf((await client.get(`${company.path}/data/invoices?page=${page}`)).body));
    }
    for (const [own, total] of [
      ['', 3000],
      ['&query=status%3DPaid', 1500],
      ['&orderBy=-totalAmount', 3000],
      ['&query=status%3DVoid', 0],
    ] as const) {
      const { headers, body } = await client.get(`${company.path}/data/invoices?pageSize=5000${own}`);
      expect(headers['content-length']).toBeUndefined();
      expect([body.totalResults, body.results.length, body._links.next]).toEqual([total, total, undefined]);
      if (own === '') expect(idsOf(body)).toEqual(small);
    }
    const first = await client.get(`${company.path}/data/invoices?pageSize=1000&orderBy=id`);
    const next = await client.get(first.body._links.next.href);
    expect(next.body.results[0].id > first.body.results[999].id).toBe(true);
    isIdle();
  });

  test('that a client breaks off, and more of them at a time than there are connections, leave no connection behind', async () => {
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = api.app.server.address() as AddressInfo;
    const headers = { authorization: `Bearer ${client.apiKey}` };
    const start = async () => {
      const call = httpRequest({ port, path: `${company.path}/data/invoices?pageSize=5000`, headers }).end();
      const [response] = await once(call, 'response');
      return { call, response };
    };
    const { call, response } = await start();
    await once(response, 'data');
    response.on('error', () => {});
    call.destroy();
    await vi.waitFor(isIdle, { timeout: 30_000 });
    const sizes = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const { response: whole } = await start();
        let size = 0;
        for await (const chunk of whole) size += chunk.length;
        return size;
      }),
    );
    expect(new Set(sizes).size).toBe(1);
    expect(sizes[0]).toBeGreaterThan(6_000_000);
    await vi.waitFor(isIdle, { timeout: 30_000 });
  });

  test('that nobody reads is given up in time: those that wait get their turn', async () => {
    const records = createRecordService(api.dependencies, { maxOpenMs: 30 });
    const paging = { page: 1, pageSize: 5000 };
    const openAndStall = async () => {
      const page = await records.list(client.id, { companyId: company.id }, 'invoices', { url: '/', paging });
      if (Buffer.isBuffer(page)) throw new Error('the page is not streamed');
      return new Promise((resolve) => page.once('error', resolve));
    };
    // More than there are slots: the last ones get theirs when the first are given up.
    const errors = await Promise.all(Array.from({ length: 4 }, openAndStall));
    for (const error of errors) expect(error).toBeInstanceOf(StreamExpiredError);
    await vi.waitFor(isIdle, { timeout: 30_000 });
  });
});
