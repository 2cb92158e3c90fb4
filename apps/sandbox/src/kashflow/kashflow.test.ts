/** KashFlow's service over real HTTP: what a client sees of it. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSandbox } from '../app.ts';
import { listen, type SandboxClient } from '../testing/client.ts';
import { OPERATIONS } from './description.ts';

let app: FastifyInstance;
let client: SandboxClient;

beforeAll(async () => {
  app = await buildSandbox({ size: 300, pageLimit: 20 });
  client = await listen(app);
});
beforeEach(() => client.control('faults', { faults: [] }));
afterAll(() => app.close());

const post = (operation: string, body: string, action = operation): Promise<Response> =>
  fetch(`${client.origin}/kashflow/service.asmx`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"KashFlow/${action}"` },
    body,
  });
const envelope = (operation: string, content: string): string =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><${operation} xmlns="KashFlow">${content}</${operation}></soap:Body></soap:Envelope>`;
const credentials = (username = 'sandbox', password = 'sandbox-secret'): string =>
  `<UserName>${username}</UserName><Password>${password}</Password>`;
const ask = async (operation: string, args = '', who = credentials()): Promise<string> =>
  (await post(operation, envelope(operation, who + args))).text();
const period = '<StartDate>2000-01-01T00:00:00</StartDate><EndDate>2100-01-01T00:00:00</EndDate>';
const valuesIn = (text: string, member: string): string[] =>
  [...text.matchAll(new RegExp(`<${member}>([^<]*)`, 'g'))].map(([, value = '']) => value);

describe('calls', () => {
  it('answer in the form of the service, for every operation that is described', async () => {
    for (const [operation, { args, result }] of Object.entries(OPERATIONS)) {
      const record = args.find(([, type]) => type.startsWith('tns:'))?.[0];
      const content = record === undefined ? '' : `<${record} />`;
      const text = await ask(operation, operation.includes('Date') && content === '' ? period : content);
      const first = result === undefined ? 'Status' : `${operation}Result`;
      expect(text).toContain(`<${operation}Response xmlns="KashFlow"><${first}`);
      expect(text).toMatch(/<Status>(OK|NO)<\/Status>/);
    }
  });

  it.each([
    ['a wrong password', credentials('sandbox', 'x'), 'Incorrect username or password'],
    ['nobody', '', 'Incorrect username or password'],
    ['an API that is switched off', credentials('api-off'), 'Access denied. The API'],
    ['another address', credentials('other-address'), 'Access denied. Your IP address'],
  ])('%s is refused with HTTP 200 and Status NO', async (_who, who, detail) => {
    const response = await post('GetCustomers', envelope('GetCustomers', who));
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toContain(`<Status>NO</Status><StatusDetail>${detail}`);
    expect(valuesIn(text, 'CustomerID')).toEqual([]);
  });

  it.each([
    ['no XML', 'GetCustomers', 'no XML at all'],
    ['an operation that the header does not name', 'GetSuppliers', envelope('GetCustomers', credentials())],
    ['an operation that does not exist', 'GetLost', envelope('GetLost', credentials())],
    [
      'a document type',
      'GetCustomers',
      `<!DOCTYPE a [<!ENTITY b "c">]>${envelope('GetCustomers', credentials())}`,
    ],
  ])('%s is a fault with HTTP 500', async (_what, action, body) => {
    const response = await post(action, body);
    expect([response.status, (await response.text()).includes('<soap:Fault>')]).toEqual([500, true]);
  });

  it('an element out of order is dropped without a word', async () => {
    const first = valuesIn(
      await ask('GetReceiptsWithPaging', '<Page>1</Page><PerPage>5</PerPage><FilterBy>All</FilterBy>'),
      'InvoiceDBID',
    );
    expect(first).toHaveLength(5);
    const id = valuesIn(await ask('GetCustomers'), 'CustomerID')[0];
    const right = await ask('GetCustomerByID', `<CustomerID>${id}</CustomerID>`);
    expect(right).toContain('<Status>OK</Status>');
    const body = `<CustomerID>${id}</CustomerID>${credentials()}`;
    expect(await (await post('GetCustomerByID', envelope('GetCustomerByID', body))).text()).toContain(
      'Incorrect username or password',
    );
  });

  it('the plain list of receipts gives the last hundred at most, the paged one all', async () => {
    const all: string[] = [];
    for (let page = 1; ; page += 1) {
      const text = await ask(
        'GetReceiptsWithPaging',
        `<Page>${page}</Page><PerPage>100</PerPage><FilterBy>All</FilterBy>`,
      );
      const ids = valuesIn(text, 'InvoiceDBID');
      if (ids.length === 0) break;
      expect(ids.length).toBeLessThanOrEqual(20);
      all.push(...ids);
    }
    expect(new Set(all).size).toBe(all.length);
    expect(valuesIn(await ask('GetReceipts'), 'InvoiceDBID')).toEqual(all.slice(-100));
  });

  it('journals and statements balance', async () => {
    const journals = await ask('GetJournals');
    for (const [, lines = ''] of journals.matchAll(/<Lines>([\s\S]*?)<\/Lines>/g)) {
      const cents = valuesIn(lines, 'Amount').reduce(
        (sum, amount) => sum + Math.round(Number(amount) * 100),
        0,
      );
      expect(cents).toBe(0);
    }
    const sheet = await ask(
      'GetBalanceSheet',
      `<Date>${new Date().toISOString().slice(0, 10)}T00:00:00</Date>`,
    );
    const total = (name: string): number => Math.round(Number(valuesIn(sheet, `${name}Total`)[0]) * 100);
    expect(total('FixedAssets') + total('CurrentAssets') - total('CurrentLiabilities')).toBe(
      total('CapitalReserves'),
    );
  });

  it('shows edits that are made at the books, and refuses everybody when told to', async () => {
    const before = await ask('GetInvoicesByDateRange', period);
    await client.control('live', { edits: 30 });
    expect(await ask('GetInvoicesByDateRange', period)).not.toBe(before);
    await client.control('kashflow', { refuse: 'address' });
    expect(await ask('GetCustomers')).toContain('IP address');
    await client.control('kashflow', { refuse: null });
    expect(await ask('GetCustomers')).toContain('<Status>OK</Status>');
  });
});

describe('faults', () => {
  const receipts = (page: number): Promise<string> =>
    ask('GetReceiptsWithPaging', `<Page>${page}</Page><PerPage>100</PerPage><FilterBy>All</FilterBy>`);
  const ids = async (page: number): Promise<string[]> => valuesIn(await receipts(page), 'InvoiceDBID');
  const fault = (kind: string, parameters: object = {}) =>
    client.control('faults', {
      faults: [{ match: 'GetReceiptsWithPaging$', kind, times: null, ...parameters }],
    });

  it('strike by the name of the operation, and leave others alone', async () => {
    await fault('status', { status: 503 });
    expect(
      (await post('GetReceiptsWithPaging', envelope('GetReceiptsWithPaging', credentials()))).status,
    ).toBe(503);
    expect(await ask('GetCustomers')).toContain('<Status>OK</Status>');
  });

  it('of listings page by the body of the call', async () => {
    const [first, second] = [await ids(1), await ids(2)];
    await fault('repeatedPage');
    expect(await ids(2)).toEqual(first);
    await fault('duplicateRecords');
    expect((await ids(1)).slice(0, 4)).toEqual([first[0], first[0], first[1], first[1]]);
    await fault('endlessListing');
    expect((await ids(500)).length).toBe(first.length);
    await fault('shortPage', { rows: 3 });
    expect(await ids(1)).toEqual(first.slice(0, 3));
    await client.control('faults', { faults: [] });
    expect(await ids(2)).toEqual(second);
  });

  it('of records damage one element', async () => {
    const whole = await receipts(1);
    await fault('malformedRecord', { damage: 'missingId', index: 1 });
    expect(valuesIn(await receipts(1), 'InvoiceDBID')).toEqual(
      valuesIn(whole, 'InvoiceDBID').toSpliced(1, 1),
    );
    await fault('malformedRecord', { damage: 'notAnObject', index: 0 });
    expect(await receipts(1)).toContain('<Invoice>not a record</Invoice>');
    await fault('hugeAmount');
    expect(await receipts(1)).toContain('<NetAmount>99999999999999.9900</NetAmount>');
    await fault('unstorableText');
    expect(await receipts(1)).toContain('&#x0;&#xD83D;');
  });
});
