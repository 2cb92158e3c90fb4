/** Writing to KashFlow's service over real HTTP: what it refuses, and what the books show of lost answers. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSandbox } from '../app.ts';
import { listen, type SandboxClient } from '../testing/client.ts';

let app: FastifyInstance;
let client: SandboxClient;

beforeAll(async () => {
  app = await buildSandbox({ size: 100 });
  client = await listen(app);
});
beforeEach(() => client.control('faults', { faults: [] }));
afterAll(() => app.close());

const ask = async (operation: string, content: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${client.origin}/kashflow/service.asmx`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"KashFlow/${operation}"` },
    body: `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body><${operation} xmlns="KashFlow"><UserName>sandbox</UserName><Password>sandbox-secret</Password>${content}</${operation}></soap:Body></soap:Envelope>`,
  });
  return { status: response.status, text: await response.text() };
};
const valueIn = ({ text }: { text: string }, member: string): string =>
  new RegExp(`<${member}>([^<]*)`).exec(text)?.[1] ?? '';

const invoice = ({ customer = '', line = '', head = '' }): string =>
  `<Inv><InvoiceDate>2026-03-01T00:00:00</InvoiceDate><CustomerID>${customer}</CustomerID>${head}<Lines>${line}</Lines></Inv>`;
const LINE =
  '<anyType xsi:type="InvoiceLine"><Quantity>1</Quantity><Rate>10</Rate><VatRate>-1</VatRate></anyType>';

describe('a write', () => {
  let customer: string;
  beforeAll(async () => {
    customer = valueIn(await ask('GetCustomers', ''), 'CustomerID');
  });

  it.each([
    ['no customer', () => invoice({ customer: '0', line: LINE }), 'There is no customer with that ID'],
    [
      'an unknown customer',
      () => invoice({ customer: '2000000000', line: LINE }),
      'There is no customer with that ID',
    ],
    [
      'an unknown VAT rate',
      () => invoice({ customer, line: LINE.replace('-1', '17.5') }),
      '17.5 is not one of your VAT rates',
    ],
    [
      'an unknown product',
      () => invoice({ customer, line: LINE.replace('</VatRate>', '</VatRate><ProductID>7</ProductID>') }),
      'There is no product with that ID',
    ],
    [
      'an unknown nominal code',
      () =>
        invoice({ customer, line: LINE.replace('<VatRate>', '<ChargeType>999999</ChargeType><VatRate>') }),
      'There is no nominal code with that ID',
    ],
    [
      'an amount that no column holds',
      () => invoice({ customer, line: LINE.replace('10', '99999999999999999999') }),
      'Arithmetic overflow',
    ],
    [
      'an unknown currency',
      () => invoice({ customer, line: LINE, head: '<CurrencyCode>XXX</CurrencyCode>' }),
      'XXX is not one of your currencies',
    ],
    ['no date', () => `<Inv><CustomerID>${customer}</CustomerID></Inv>`, 'The date is missing'],
  ])('with %s is refused: result 0, status NO, and nothing is written', async (_what, content, detail) => {
    const before = (await ask('GetInvoicesForCustomer', `<CustID>${customer}</CustID>`)).text;
    const answer = await ask('InsertInvoice', content());
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('<InsertInvoiceResult>0</InsertInvoiceResult><Status>NO</Status>');
    expect(valueIn(answer, 'StatusDetail')).toContain(detail);
    expect((await ask('GetInvoicesForCustomer', `<CustID>${customer}</CustID>`)).text).toBe(before);
  });

  it.each([
    ['a number that is none', () => invoice({ customer, line: LINE.replace('10', '1e20') })],
    ['a day that is none', () => invoice({ customer, line: LINE }).replace('2026-03-01', '2026-02-30')],
    [
      'lines that do not say what they are',
      () => invoice({ customer, line: LINE.replace(' xsi:type="InvoiceLine"', '') }),
    ],
    ['no record', () => ''],
  ])('with %s is a fault', async (_what, content) => {
    const answer = await ask('InsertInvoice', content());
    expect([answer.status, answer.text.includes('<soap:Fault>')]).toEqual([500, true]);
  });

  it('keeps no member that comes out of order', async () => {
    const answer = await ask(
      'InsertCustomer',
      '<custr><Name>Late</Name><Email>a@b.test</Email><Code>LATE</Code></custr>',
    );
    const id = valueIn(answer, 'InsertCustomerResult');
    const written = await ask('GetCustomerByID', `<CustomerID>${id}</CustomerID>`);
    expect([valueIn(written, 'Name'), valueIn(written, 'Email'), valueIn(written, 'Code')]).toEqual([
      'Late',
      'a@b.test',
      `C${id}`,
    ]);
  });

  it('whose answer is lost has taken effect', async () => {
    await client.control('faults', { faults: [{ match: 'InsertInvoice$', kind: 'answerLost' }] });
    const lost = invoice({ customer, line: LINE, head: '<CustomerReference>LOST-1</CustomerReference>' });
    await expect(ask('InsertInvoice', lost)).rejects.toThrow();
    const { text } = await ask('GetInvoicesForCustomer', `<CustID>${customer}</CustID>`);
    expect(text.split('<CustomerReference>LOST-1<')).toHaveLength(2);
  });

  it('that never arrives has not', async () => {
    await client.control('faults', { faults: [{ match: 'InsertInvoice$', kind: 'status', status: 503 }] });
    const refused = invoice({ customer, line: LINE, head: '<CustomerReference>LOST-2</CustomerReference>' });
    expect((await ask('InsertInvoice', refused)).status).toBe(503);
    const { text } = await ask('GetInvoicesForCustomer', `<CustID>${customer}</CustID>`);
    expect(text).not.toContain('LOST-2');
  });
});
