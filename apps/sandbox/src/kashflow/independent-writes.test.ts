/** Writing with a client that nobody here wrote: the npm package `soap`, made from service descriptions. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { createClientAsync } from 'soap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSandbox } from '../app.ts';
import { audit } from '../testing/audit.ts';
import { listen, type SandboxClient } from '../testing/client.ts';

/** KashFlow's own service description, which is not part of this repository. */
const published = fileURLToPath(
  new URL('../../../../../shared/contracts/kashflow/KashFlow.wsdl', import.meta.url),
);
const BUSINESS = 123_456_789n;
const who = { UserName: 'sandbox', Password: 'sandbox-secret' };

let app: FastifyInstance;
let sandbox: SandboxClient;
let address: string;

beforeAll(async () => {
  app = await buildSandbox({ size: 200 });
  sandbox = await listen(app);
  address = `${sandbox.origin}/kashflow/service.asmx`;
});
afterAll(() => app.close());

type Row = Record<string, unknown>;
type Answer = Record<string, unknown> & { Status: string; StatusDetail?: string };

async function clientOf(description: string) {
  const client = await createClientAsync(description);
  client.setEndpoint(address);
  const ask = async (operation: string, args: object = {}): Promise<Answer> => {
    const method = client[`${operation}Async`] as ((args: object) => Promise<[Answer]>) | undefined;
    if (method === undefined) throw new Error(`the description has no ${operation}`);
    const [answer] = await method.call(client, { ...who, ...args });
    return answer;
  };
  const call = async (operation: string, args: object = {}): Promise<unknown> => {
    const answer = await ask(operation, args);
    expect(answer.Status, `${operation}: ${answer.StatusDetail}`).toBe('OK');
    return answer[`${operation}Result`];
  };
  const rows = async (operation: string, type: string, args: object = {}): Promise<Row[]> => {
    const result = (await call(operation, args)) as Record<string, Row | Row[]> | null;
    return [result?.[type] ?? []].flat();
  };
  const one = async (operation: string, args: object): Promise<Row> => (await call(operation, args)) as Row;
  return { ask, call, rows, one };
}

const line = (members: object) => ({
  anyType: [{ attributes: { 'xsi:type': 'InvoiceLine' }, ...members }],
});
const sale = (members: object) => ({
  InvoiceDBID: 0,
  InvoiceNumber: 0,
  InvoiceDate: '2026-03-01T00:00:00',
  DueDate: '2026-03-31T00:00:00',
  CustomerID: 0,
  Paid: 0,
  CustomerReference: 'PO-1',
  SuppressTotal: 0,
  ProjectID: 0,
  ExchangeRate: 1,
  NetAmount: 0,
  VATAmount: 0,
  AmountPaid: 0,
  UseCustomDeliveryAddress: false,
  ...members,
});

/** The members' order is that of the description: the client does not put them in order. */
function ordered(names: readonly string[], members: Row): Row {
  return Object.fromEntries(names.flatMap((name) => (name in members ? [[name, members[name]]] : [])));
}
const SALE_ORDER = [
  ...['InvoiceDBID', 'InvoiceNumber', 'InvoiceDate', 'DueDate', 'Customer', 'CustomerID', 'Paid'],
  ...['CustomerReference', 'SuppressTotal', 'ProjectID', 'CurrencyCode', 'ExchangeRate', 'Lines'],
  ...['NetAmount', 'VATAmount', 'AmountPaid', 'UseCustomDeliveryAddress'],
];

async function writeBooks(description: string) {
  const { ask, call, rows, one } = await clientOf(description);
  const mark = String(Math.random()).slice(2, 8);

  const customerId = Number(
    await call('InsertCustomer', {
      custr: {
        CustomerID: 0,
        Code: `JIM${mark}`,
        Name: 'Jimi <Hendrix> & Söhne',
        Notes: 'kept',
        PaymentTerms: 14,
      },
    }),
  );
  const customer = await one('GetCustomerByID', { CustomerID: customerId });
  expect(customer).toMatchObject({ Name: 'Jimi <Hendrix> & Söhne', Notes: 'kept', PaymentTerms: 14 });
  expect((await one('GetCustomer', { CustomerCode: `JIM${mark}` }))['CustomerID']).toBe(customerId);
  const taken = await ask('InsertCustomer', { custr: { Code: `JIM${mark}`, Name: 'Another' } });
  expect(taken).toMatchObject({ Status: 'NO', InsertCustomerResult: 0 });
  await call('UpdateCustomer', {
    custr: { CustomerID: customerId, Name: 'Jimi', Email: 'jimi@example.test' },
  });
  const renamed = await one('GetCustomerByID', { CustomerID: customerId });
  expect(renamed).toMatchObject({ Name: 'Jimi', Email: 'jimi@example.test' });
  expect(renamed['Notes']).toBe('');

  const supplierId = Number(
    await call('InsertSupplier', { supl: { SupplierID: 0, Name: 'Dell', Notes: 'n' } }),
  );
  expect(await one('GetSupplierByID', { SupplierID: supplierId })).toMatchObject({
    Name: 'Dell',
    Notes: 'n',
  });

  const [product] = await rows('GetProducts', 'Product');
  const nominal = Number(product?.['ProductID']);
  const rates = await rows('GetVATRates', 'BasicDataset');
  const rate = Math.max(...rates.map(({ Value }) => Number(Value)));
  const code = `W-${mark}`;
  const item = {
    id: 0,
    ParentID: nominal,
    Name: 'Widget',
    Code: code,
    Price: 12.5,
    VatRate: rate,
    WholesalePrice: 0,
  };
  const itemId = Number(await call('AddOrUpdateSubProduct', { sp: item }));
  expect(await one('GetSubProductByCode', { ProductCode: code })).toMatchObject({
    id: itemId,
    ParentID: nominal,
  });
  await call('AddOrUpdateSubProduct', { sp: { ...item, id: itemId, Name: 'Better widget' } });
  expect((await one('GetSubProductByID', { ProductID: itemId }))['Name']).toBe('Better widget');

  const lines = line({
    Quantity: 2,
    Description: 'Widget',
    Rate: 50.005,
    ChargeType: nominal,
    VatRate: rate,
    VatAmount: 12.34,
    ProductID: itemId,
  });
  const number = Number(
    await call('InsertInvoice', { Inv: ordered(SALE_ORDER, sale({ CustomerID: customerId, Lines: lines })) }),
  );
  const invoice = await one('GetInvoice', { InvoiceNumber: number });
  expect(invoice).toMatchObject({ CustomerID: customerId, CustomerReference: 'PO-1', CustomerName: 'Jimi' });
  expect([invoice['NetAmount'], invoice['VATAmount']].map(Number)).toEqual([100.01, 12.34]);
  expect(await rows('GetInvoicesForCustomer', 'Invoice', { CustID: customerId })).toHaveLength(1);

  const [bank] = await rows('GetBankAccounts', 'BankAccount');
  const bankId = Number(bank?.['AccountID']);
  const payId = await call('InsertInvoicePayment', {
    InvoicePayment: {
      PayID: 0,
      PayInvoice: number,
      PayDate: '2026-03-05T00:00:00',
      PayNote: 'Card',
      PayMethod: 4,
      PayAccount: bankId,
      PayAmount: 112.35,
    },
  });
  const [payment] = await rows('GetInvoicePayment', 'Payment', { InvoiceNumber: number });
  expect(payment).toMatchObject({ PayID: payId, PayNote: 'Card', PayMethod: 4, PayAccount: bankId });
  expect((await one('GetInvoice', { InvoiceNumber: number }))['Paid']).toBe(1);

  const header = sale({ InvoiceNumber: number, CustomerID: customerId, CustomerReference: 'PO-2' });
  await call('UpdateInvoiceHeader', { Inv: ordered(SALE_ORDER, header) });
  expect((await one('GetInvoice', { InvoiceNumber: number }))['CustomerReference']).toBe('PO-2');

  const receipt = Number(
    await call('InsertReceipt', { Inv: ordered(SALE_ORDER, sale({ CustomerID: supplierId, Lines: lines })) }),
  );
  expect(await one('GetReceipt', { ReceiptNumber: receipt })).toMatchObject({ CustomerID: supplierId });
  expect(await rows('GetReceiptsForSupplier', 'Invoice', { SupplierID: supplierId })).toHaveLength(1);

  const { access_token } = await sandbox.signIn();
  expect((await audit(sandbox, access_token, BUSINESS)).findings).toEqual([]);
}

describe('a client made from a service description', () => {
  it('writes by the description that the sandbox serves', () => writeBooks(`${address}?WSDL`));

  it('writes by the description that KashFlow publishes', async (context) => {
    if (!existsSync(published)) context.skip('KashFlow’s own service description is not on this machine');
    await writeBooks(published);
  });
});
