import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSandbox } from '../../app.ts';
import { parseJson } from '../../exact/json.ts';
import { audit } from '../../testing/audit.ts';
import { listen, type SandboxClient, type Wire } from '../../testing/client.ts';

const BUSINESS = 123_456_789n;
const LISTS = `/businesses/${BUSINESS}`;
const START = Date.parse('2026-05-20T10:00:00.000Z');

let app: FastifyInstance;
let client: SandboxClient;
let token: string;
let nowMs = START;

beforeAll(async () => {
  app = await buildSandbox({ size: 400, clock: () => new Date(nowMs) });
  client = await listen(app);
});
beforeEach(async () => {
  nowMs += 60_000;
  token = (await client.signIn()).access_token;
});
afterAll(() => app.close());

const send = async (method: string, path: string, body?: string): Promise<{ status: number; body: Wire }> => {
  const response = await client.call(token, path, { method, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (parseJson(text) as Wire) };
};
const changedNow = async (): Promise<Wire[]> =>
  client.all(token, `${LISTS}/records?includeRemoved=true&modifiedSince=${nowMs}`);
const clean = async (): Promise<void> => expect((await audit(client, token, BUSINESS)).findings).toEqual([]);
const idsOf = (rows: readonly Wire[]): unknown[] => rows.map((row) => row['id']).toSorted();

const newInvoice = async (cents = '10000'): Promise<Wire> => {
  const rate = `${cents.slice(0, -2)}.${cents.slice(-2)}`;
  const { status, body } = await send(
    'POST',
    `${LISTS}/records/invoices`,
    `{"lineItems":[{"rate":${rate},"account":11000000023}]}`,
  );
  expect(status).toBe(201);
  return body;
};
const pay = (invoice: Wire, cents: bigint, allocated = cents) =>
  send(
    'POST',
    `${LISTS}/records/invoicePayments`,
    `{"amount":${cents},"allocations":[{"record":${invoice['id']},"amount":${allocated}}]}`,
  );

describe('writes', () => {
  it('a new invoice gets its totals, the next number and today’s date, and posts', async () => {
    const { status, body } = await send(
      'POST',
      `${LISTS}/records/invoices`,
      '{"contact":11000000041,"lineItems":[{"quantity":1.5,"rate":33.33,"taxCode":"GST","account":11000000023}]}',
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({
      contactName: "D'Angelo & Sons",
      date: '2026-05-20',
      totalBeforeTaxes: 5000n,
      totalDue: 5250n,
      balanceDue: 5250n,
      paid: false,
    });
    expect(idsOf(await changedNow())).toEqual([body['id']]);
    await clean();
  });

  it('keeps every digit of an amount beyond what doubles can hold', async () => {
    const invoice = await newInvoice('9999999999999999');
    expect(invoice['totalDue']).toBe(9_999_999_999_999_999n);
    expect(await (await client.call(token, `/records/${invoice['id']}`)).text()).toContain(
      '"totalDue":9999999999999999',
    );
    await send('DELETE', `/records/${invoice['id']}`);
    await clean();
  });

  it('a payment changes the invoice it settles, and both count as modified', async () => {
    const invoice = await newInvoice();
    nowMs += 1000;
    const { body: payment } = await pay(invoice, 12_000n, 10_000n);
    expect(payment).toMatchObject({ unallocatedAmount: 2_000n });
    expect(await client.read(token, `/records/${invoice['id']}`)).toMatchObject({
      paid: true,
      balanceDue: 0n,
      totalPaid: 10_000n,
    });
    expect(idsOf(await changedNow())).toEqual(idsOf([invoice, payment]));
    await clean();
  });

  it('removing a payment opens the invoice again; removing an invoice frees its payments', async () => {
    const invoice = await newInvoice();
    const { body: first } = await pay(invoice, 4_000n);
    const { body: second } = await pay(invoice, 6_000n);
    expect((await send('DELETE', `/records/${first['id']}`)).status).toBe(204);
    expect(await client.read(token, `/records/${invoice['id']}`)).toMatchObject({
      paid: false,
      balanceDue: 4_000n,
    });
    expect((await send('DELETE', `/records/${invoice['id']}`)).status).toBe(204);
    expect(await client.read(token, `/records/${second['id']}`)).toMatchObject({
      removed: false,
      allocations: [],
      unallocatedAmount: 6_000n,
    });
    expect(await client.read(token, `/records/${invoice['id']}`)).toMatchObject({ removed: true });
    await clean();
  });

  it('an update overlays the record, and cannot change amounts that payments rest on', async () => {
    const invoice = await newInvoice();
    expect(
      (
        await send(
          'PUT',
          `/records/${invoice['id']}`,
          '{"memo":"é","lineItems":[{"rate":50,"account":11000000023}]}',
        )
      ).body,
    ).toMatchObject({ memo: 'é', totalDue: 5_000n });
    await pay(invoice, 5_000n);
    expect((await send('PUT', `/records/${invoice['id']}`, '{"lineItems":[]}')).status).toBe(409);
    expect((await send('PUT', `/records/${invoice['id']}`, '{"memo":"later"}')).body).toMatchObject({
      memo: 'later',
      totalDue: 5_000n,
      paid: true,
    });
    await clean();
  });

  it.each([
    ['invoices', '{"lineItems":[{"rate":"12"}]}', 'lineItems.0.rate'],
    ['invoices', '{"contact":1,"lineItems":[]}', 'contact'],
    ['invoices', '{"lineItems":[{"rate":1,"taxCode":"NOPE"}]}', 'taxCode'],
    ['invoices', '{"lineItems":[{"rate":1,"account":5}]}', 'account'],
    ['invoices', '{"currency":"USD","lineItems":[]}', 'exchangeRate'],
    ['invoicePayments', '{"amount":1.5}', 'amount'],
    ['invoicePayments', '{"amount":100,"allocations":[{"record":5,"amount":100}]}', 'allocations'],
    ['invoices', '{', 'JSON'],
  ])('a POST to %s of %s is refused, names %s, and changes nothing', async (path, body, named) => {
    const before = await client.all(token, `${LISTS}/records?includeRemoved=true`);
    const answer = await send('POST', `${LISTS}/records/${path}`, body);
    expect([answer.status, String(answer.body['message'])]).toEqual([400, expect.stringContaining(named)]);
    expect(await client.all(token, `${LISTS}/records?includeRemoved=true`)).toEqual(before);
  });

  it('an allocation of more than is open is refused whole', async () => {
    const invoice = await newInvoice();
    expect((await pay(invoice, 10_001n)).status).toBe(400);
    expect(await client.read(token, `/records/${invoice['id']}`)).toEqual(invoice);
  });

  it('adjustments must balance', async () => {
    const lines = (credit: string): string =>
      `{"type":"ADJUSTMENT","lines":[{"account":11000000002,"debit":500},{"account":11000000020,"credit":${credit}}]}`;
    expect((await send('POST', `${LISTS}/records`, lines('499'))).status).toBe(400);
    expect((await send('POST', `${LISTS}/records`, lines('500'))).status).toBe(201);
    await clean();
  });

  it('contacts, items and accounts can be added', async () => {
    expect((await send('POST', `${LISTS}/contacts`, '{"type":"CUSTOMER","name":"נועה"}')).body).toMatchObject(
      { name: 'נועה', lastModified: BigInt(nowMs) },
    );
    expect(
      (await send('POST', `${LISTS}/items`, '{"name":"Box","defaultSellRate":1.10}')).body,
    ).toMatchObject({ name: 'Box' });
    expect((await send('POST', `${LISTS}/accounts`, '{"name":"Float","type":"CASH"}')).body).toMatchObject({
      type: 'CASH',
      normalBalanceCredit: false,
    });
    expect((await send('POST', `${LISTS}/contacts`, '{"type":"FRIEND","name":"x"}')).status).toBe(400);
  });
});

describe('live edits', () => {
  it('leave the books consistent after hundreds of changes, and every touched record is found by modifiedSince', async () => {
    const answer = (await client.control('live', { edits: 400 })) as unknown as {
      edits: { edit: string; id: string }[];
    };
    expect(answer.edits).toHaveLength(400);
    expect(new Set(answer.edits.map(({ edit }) => edit)).size).toBeGreaterThanOrEqual(10);
    const changed = new Set((await changedNow()).map((row) => String(row['id'])));
    for (const { edit, id } of answer.edits) {
      if (!edit.startsWith('contact')) expect(changed.has(id)).toBe(true);
    }
    await clean();
  });

  it('touch the business that was asked for, and none when it does not exist', async () => {
    const sam = await client.signIn('1002');
    await client.control('live', { edits: 3, business: '123456802' });
    const changed = await client.all(
      sam.access_token,
      `/businesses/123456802/records?modifiedSince=${nowMs}&includeRemoved=true`,
    );
    const contacts = await client.all(sam.access_token, '/businesses/123456802/contacts?includeRemoved=true');
    expect(
      changed.length + contacts.filter((row) => row['lastModified'] === BigInt(nowMs)).length,
    ).toBeGreaterThan(0);
    await expect(client.control('live', { business: '5' })).rejects.toThrow('404');
  });

  it('reset brings the generated books back and keeps the tokens', async () => {
    await client.control('live', { edits: 20 });
    await client.control('reset', {});
    expect(await changedNow()).toEqual([]);
    expect((await client.all(token, `${LISTS}/records?includeRemoved=true`)).length).toBeLessThanOrEqual(410);
    await clean();
  });
});
