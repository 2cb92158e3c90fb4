/** The stand-in, asked by a client that nobody here wrote: the npm package `soap`, made from service descriptions. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { createClientAsync } from 'soap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSandbox } from '../app.ts';

/** KashFlow's own service description, which is not part of this repository. */
const published = fileURLToPath(
  new URL('../../../../../shared/contracts/kashflow/KashFlow.wsdl', import.meta.url),
);

const who = { UserName: 'sandbox', Password: 'sandbox-secret' };

let app: FastifyInstance;
let address: string;

beforeAll(async () => {
  app = await buildSandbox({ size: 200 });
  address = `${await app.listen({ host: '127.0.0.1', port: 0 })}/kashflow/service.asmx`;
});
afterAll(() => app.close());

type Answer = Record<string, { [member: string]: unknown }> & { Status: string };

async function read(description: string) {
  const client = await createClientAsync(description);
  client.setEndpoint(address);
  const call = async (operation: string, args: object = {}): Promise<Answer> => {
    const method = client[`${operation}Async`] as ((args: object) => Promise<[Answer]>) | undefined;
    if (method === undefined) throw new Error(`the description has no ${operation}`);
    const [answer] = await method.call(client, { ...who, ...args });
    expect(answer.Status, operation).toBe('OK');
    return answer;
  };
  const customers = await call('GetCustomers');
  const invoices = await call('GetInvoicesByDateRange', {
    StartDate: '2000-01-01T00:00:00',
    EndDate: '2100-01-01T00:00:00',
  });
  const receipts = await call('GetReceiptsWithPaging', { Page: 1, PerPage: 100, FilterBy: 'All' });
  const company = await call('GetCompanyDetails');
  const payments = await call('GetInvoicePaymentsByDateRange', {
    StartDate: '2000-01-01T00:00:00',
    EndDate: '2100-01-01T00:00:00',
    PageNumber: 1,
  });
  const sheet = await call('GetBalanceSheet', { Date: `${new Date().toISOString().slice(0, 10)}T00:00:00` });
  return { customers, invoices, receipts, company, payments, sheet };
}

function expectBooks({
  customers,
  invoices,
  receipts,
  company,
  payments,
  sheet,
}: Awaited<ReturnType<typeof read>>) {
  expect(company['GetCompanyDetailsResult']?.['CompanyName']).toBe('Harbour & Pine Outfitters Ltd.');
  const rows = (answer: Answer, operation: string, type: string) =>
    answer[`${operation}Result`]?.[type] as readonly Record<string, unknown>[];
  const [customer] = rows(customers, 'GetCustomers', 'Customer');
  expect(customer?.['CustomerID']).toBeTypeOf('number');
  expect(customer?.['Updated']).toBeInstanceOf(Date);
  const sales = rows(invoices, 'GetInvoicesByDateRange', 'Invoice');
  expect(sales.length).toBeGreaterThan(10);
  for (const invoice of sales) {
    const { anyType: lines } = invoice['Lines'] as { anyType: Record<string, unknown>[] };
    expect([lines].flat().length).toBeGreaterThan(0);
    expect(Number(invoice['NetAmount'])).not.toBeNaN();
  }
  expect(rows(receipts, 'GetReceiptsWithPaging', 'Invoice').length).toBeGreaterThan(5);
  expect(Number(receipts['TotalRecords'])).toBeGreaterThan(5);
  expect(rows(payments, 'GetInvoicePaymentsByDateRange', 'Payment').length).toBeGreaterThan(5);
  expect(Number(sheet['GetBalanceSheetResult']?.['CurrentAssetsTotal'])).toBeGreaterThan(0);
}

describe('a client made from a service description', () => {
  it('reads the books by the description that the sandbox serves', async () => {
    expectBooks(await read(`${address}?WSDL`));
  });

  it('reads the books by the description that KashFlow publishes', async (context) => {
    if (!existsSync(published)) context.skip('KashFlow’s own service description is not on this machine');
    expectBooks(await read(published));
  });
});
