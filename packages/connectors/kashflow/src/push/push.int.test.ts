/** Writing to KashFlow: what arrives in its books, what a lost answer comes to, and what is never sent. */
import { WriteRefusedError } from '@tributary/connector-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Desk, openDesk } from './desk.fixture.ts';
import { markOf } from './mark.ts';
import { writer } from './writer.ts';

let desk: Desk;
let customer: string;
let supplier: string;
let taxRate: { id: string; effectiveTaxRate: number };
let product: string;
let bank: string;

beforeAll(async () => {
  desk = await openDesk();
  const [customers, suppliers, taxes, items, accounts] = await Promise.all([
    desk.all('customers'),
    desk.all('suppliers'),
    desk.all('taxRates'),
    desk.all('items'),
    desk.all('chartOfAccounts'),
  ]);
  customer = customers[0]?.id ?? '';
  supplier = suppliers[0]?.id ?? '';
  taxRate = taxes.find(({ effectiveTaxRate }) => Number(effectiveTaxRate) > 4) as unknown as typeof taxRate;
  product = items[0]?.id ?? '';
  bank = accounts.find(({ isBankAccount }) => isBankAccount === true)?.id ?? '';
});
beforeEach(() => desk.control('faults', { faults: [] }));
afterAll(() => desk.close());

const today = '2026-03-01';
const invoice = (more: object = {}) => ({
  customerRef: { id: customer },
  issueDate: `${today}T00:00:00`,
  dueDate: '2026-03-31',
  lineItems: [
    {
      description: 'Widget',
      unitAmount: 10.5,
      quantity: 3,
      accountRef: { id: product },
      taxRateRef: { id: taxRate.id },
    },
  ],
  status: 'Submitted',
  ...more,
});
const bill = (more: object = {}) => {
  const { customerRef: _customerRef, status: _status, ...rest } = invoice();
  return { ...rest, supplierRef: { id: supplier }, reference: 'INV-77', status: 'Open', ...more };
};
const payment = (invoiceId: string, amount: number, more: object = {}) => ({
  accountRef: { id: bank },
  totalAmount: amount,
  date: today,
  note: 'Card',
  lines: [{ amount, links: [{ type: 'Invoice', id: invoiceId, amount: -amount }] }],
  ...more,
});
const item = (more: object = {}) => ({
  name: 'Widget',
  itemStatus: 'Active',
  type: 'NonInventory',
  invoiceItem: {
    description: 'A widget',
    unitPrice: 9.99,
    accountRef: { id: product },
    taxRateRef: { id: taxRate.id },
  },
  ...more,
});
const NAME = '<b>&amp; "Søn\' ☃ 👩‍💻 ]]> <!-- x --></Name><Code>X</Code>';

describe('what is created', () => {
  test('a customer, with every character of its name', async () => {
    const record = await desk.written(
      desk.request('customers', {
        customerName: NAME,
        contactName: 'Jo',
        emailAddress: 'jo@example.test',
        phone: '+44 20 1234',
        taxNumber: 'GB1',
        defaultCurrency: 'EUR',
        addresses: [
          {
            type: 'Billing',
            line1: '1 High St',
            line2: 'Flat 2',
            city: 'London',
            region: 'Kent',
            country: 'UK',
            postalCode: 'SE1',
          },
          { type: 'Delivery', line1: 'Dock 4', city: 'Hull', country: 'UK', postalCode: 'HU1' },
        ],
        status: 'Active',
      }),
    );
    expect(record).toMatchObject({
      customerName: NAME,
      contactName: 'Jo',
      emailAddress: 'jo@example.test',
      phone: '+44 20 1234',
      taxNumber: 'GB1',
      defaultCurrency: 'EUR',
      addresses: [
        {
          type: 'Billing',
          line1: '1 High St',
          line2: 'Flat 2',
          city: 'London',
          region: 'Kent',
          country: 'UK',
          postalCode: 'SE1',
        },
        { type: 'Delivery', line1: 'Dock 4', city: 'Hull', country: 'UK', postalCode: 'HU1' },
      ],
    });
    expect((await desk.all('customers')).find(({ id }) => id === record.id)).toEqual(record);
  });

  test('a supplier', async () => {
    const result = await desk.write(
      desk.request('suppliers', {
        supplierName: 'Dell & Co',
        addresses: [{ type: 'Billing', line1: '2 Low St', country: 'UK', postalCode: 'W1' }],
        status: 'Active',
      }),
    );
    if (result.kind === 'invalid') throw new Error('refused');
    expect(result.record).toMatchObject({
      supplierName: 'Dell & Co',
      addresses: [{ line1: '2 Low St', postalCode: 'W1' }],
    });
    expect(result.warnings.map(({ itemId }) => itemId)).toEqual(['addresses[0].country']);
    expect((await desk.all('suppliers')).find(({ id }) => id === result.record.id)).toEqual(result.record);
  });

  test('an item below its product, with a code of its own when it has none', async () => {
    const request = desk.request('items', item());
    const record = await desk.written(request);
    expect(record).toMatchObject({
      name: 'Widget',
      code: markOf(request.operationId),
      invoiceItem: {
        description: 'A widget',
        unitPrice: 9.99,
        accountRef: { id: product },
        taxRateRef: { id: taxRate.id },
      },
    });
    expect((await desk.all('items')).find(({ id }) => id === record.id)).toEqual(record);
    const coded = await desk.written(desk.request('items', item({ code: 'W-1' })));
    expect(coded['code']).toBe('W-1');
    await expect(desk.write(desk.request('items', item({ code: 'W-1' })))).rejects.toThrow(
      /has an item with the code W-1/,
    );
  });

  test('an invoice: the VAT that the rate comes to, the next number, and the list shows it', async () => {
    const request = desk.request('invoices', invoice());
    const record = await desk.written(request);
    const vat = Math.round(31.5 * taxRate.effectiveTaxRate) / 100;
    expect(record).toMatchObject({
      customerRef: { id: customer },
      issueDate: `${today}T00:00:00`,
      lineItems: [
        {
          description: 'Widget',
          unitAmount: 10.5,
          quantity: 3,
          subTotal: 31.5,
          accountRef: { id: product },
          taxRateRef: { id: taxRate.id },
        },
      ],
      subTotal: 31.5,
      totalTaxAmount: vat,
      amountDue: 31.5 + vat,
      status: 'Submitted',
    });
    expect(record['invoiceNumber']).toMatch(/^\d+$/);
    expect((await desk.all('invoices')).filter(({ id }) => id === record.id)).toEqual([record]);
  });

  test('an invoice under its own number, and with a VAT of its own', async () => {
    const [line] = invoice().lineItems;
    const own = invoice({ invoiceNumber: '770077', lineItems: [{ ...line, taxAmount: 1.23 }] });
    const record = await desk.written(desk.request('invoices', own));
    expect(record).toMatchObject({ invoiceNumber: '770077', totalTaxAmount: 1.23 });
    await expect(desk.write(desk.request('invoices', own))).rejects.toThrow(
      /an invoice with the number 770077/,
    );
  });

  test('a bill in another currency', async () => {
    const record = await desk.written(desk.request('bills', bill({ currency: 'EUR', currencyRate: 0.85 })));
    expect(record).toMatchObject({
      supplierRef: { id: supplier },
      currency: 'EUR',
      currencyRate: 0.85,
      subTotal: 31.5,
    });
    expect((await desk.all('bills')).filter(({ id }) => id === record.id)).toEqual([record]);
  });

  test('a payment, which changes its invoice', async () => {
    const paid = await desk.written(desk.request('invoices', invoice()));
    const result = await desk.write(desk.request('payments', payment(paid.id, Number(paid['amountDue']))));
    if (result.kind === 'invalid') throw new Error('refused');
    expect(result.record).toMatchObject({
      note: 'Card',
      accountRef: { id: bank },
      customerRef: { id: customer },
      totalAmount: paid['amountDue'],
      lines: [{ links: [{ type: 'Invoice', id: paid.id, amount: -Number(paid['amountDue']) }] }],
    });
    expect(result.written.records.map(({ dataType, change }) => `${dataType} ${change}`)).toEqual([
      'payments Created',
      'invoices Modified',
    ]);
    expect((await desk.all('invoices')).find(({ id }) => id === paid.id)?.['status']).toBe('Paid');
    expect((await desk.all('payments')).filter(({ id }) => id === result.record.id)).toEqual([result.record]);
  });
});

describe('what is updated', () => {
  test('a customer keeps what was not said', async () => {
    const before = await desk.written(
      desk.request('customers', { customerName: 'Old', phone: '1', status: 'Active' }),
    );
    const update = desk.request(
      'customers',
      { customerName: 'New', emailAddress: 'n@example.test' },
      { action: 'update', id: before.id },
    );
    const after = await desk.written(update);
    expect(after).toMatchObject({
      id: before.id,
      customerName: 'New',
      phone: '1',
      emailAddress: 'n@example.test',
    });
    const seenAt = Date.parse(`${after['sourceModifiedDate']}`);
    const stale = { ...update, expectedModifiedMs: seenAt - 60_000 };
    await expect(desk.write(stale)).rejects.toThrow(/changed at KashFlow since/);
    await expect(desk.write({ ...stale, expectedModifiedMs: seenAt })).resolves.toMatchObject({
      kind: 'written',
    });
  });

  test('an invoice: the header alone where the lines are the same, the lines where they are not', async () => {
    const created = await desk.written(desk.request('invoices', invoice()));
    desk.called.length = 0;
    const update = (more: object) =>
      desk.request('invoices', invoice(more), { action: 'update', id: created.id });
    const later = await desk.written(update({ dueDate: '2026-05-01' }));
    expect(later).toEqual({ ...created, dueDate: '2026-05-01T00:00:00' });
    expect(desk.called.filter((name) => name.startsWith('Update'))).toEqual(['UpdateInvoiceHeader']);
    const [line] = invoice().lineItems;
    const more = await desk.written(update({ lineItems: [line, { ...line, quantity: 1 }] }));
    expect(more).toMatchObject({ id: created.id, subTotal: 42, invoiceNumber: created['invoiceNumber'] });
    expect(desk.called.filter((name) => name.startsWith('Update'))).toEqual([
      'UpdateInvoiceHeader',
      'UpdateInvoice',
    ]);
  });

  test('a bill, an item and a supplier', async () => {
    const created = await desk.written(desk.request('bills', bill()));
    const update = desk.request('bills', bill({ dueDate: '2026-06-30' }), {
      action: 'update',
      id: created.id,
    });
    expect(await desk.written(update)).toEqual({ ...created, dueDate: '2026-06-30T00:00:00' });
    const thing = await desk.written(desk.request('items', item()));
    const renamed = desk.request('items', { name: 'Gadget' }, { action: 'update', id: thing.id });
    expect(await desk.written(renamed)).toEqual({ ...thing, name: 'Gadget' });
    const firm = await desk.written(desk.request('suppliers', { supplierName: 'Firm', status: 'Active' }));
    const moved = desk.request('suppliers', { supplierName: 'Firm 2' }, { action: 'update', id: firm.id });
    expect(await desk.written(moved)).toMatchObject({ id: firm.id, supplierName: 'Firm 2' });
  });
});

describe('NullId', () => {
  test('an invoice read without a customer is pushed back without one', async () => {
    const nobody = (await desk.all('invoices')).find(
      ({ customerRef }) => (customerRef as { id: string }).id === 'NullId',
    );
    if (nobody === undefined) throw new Error('the books have no such invoice');
    const update = desk.request(
      'invoices',
      { ...nobody, dueDate: '2030-01-01' },
      { action: 'update', id: nobody.id },
    );
    expect(await desk.written(update)).toEqual({ ...nobody, dueDate: '2030-01-01T00:00:00' });
  });

  test('a new one is refused before anything is sent, and so is one that would lose its customer', async () => {
    const created = await desk.written(desk.request('invoices', invoice()));
    desk.called.length = 0;
    for (const customerRef of [undefined, { id: 'NullId', companyName: 'Customer not specified' }])
      expect(await desk.write(desk.request('invoices', invoice({ customerRef })))).toMatchObject({
        kind: 'invalid',
        errors: [{ itemId: 'customerRef', validatorName: 'customer-required' }],
      });
    expect(await desk.write(desk.request('bills', bill({ supplierRef: { id: 'NullId' } })))).toMatchObject({
      kind: 'invalid',
      errors: [{ itemId: 'supplierRef', validatorName: 'supplier-required' }],
    });
    expect(desk.called).toEqual([]);
    const losing = desk.request('invoices', invoice({ customerRef: { id: 'NullId' } }), {
      action: 'update',
      id: created.id,
    });
    await expect(desk.write(losing)).rejects.toThrow(/lets no invoice lose its customer/);
    expect(desk.called.filter((name) => !name.startsWith('Get'))).toEqual([]);
  });

  test('a payment that names nobody is the invoice’s', async () => {
    const paid = await desk.written(desk.request('invoices', invoice()));
    const record = await desk.written(
      desk.request('payments', payment(paid.id, 5, { customerRef: { id: 'NullId' } })),
    );
    expect(record).toMatchObject({ customerRef: { id: customer }, totalAmount: 5 });
  });
});

describe('the default item', () => {
  test('takes lines whose item is not there, and lines that name nothing', async () => {
    const fallback = await desk.written(desk.request('items', item()));
    const known = await desk.written(desk.request('items', item()));
    const { accountRef: _accountRef, ...line } = invoice().lineItems[0] as Record<string, unknown>;
    const lineItems = [
      { ...line, itemRef: { id: '999999' } },
      line,
      { ...line, itemRef: { id: known.id } },
      { ...line, itemRef: { id: product } },
    ];
    const refused = desk.request('invoices', invoice({ lineItems }));
    await expect(desk.write(refused)).rejects.toMatchObject({
      problems: [
        { itemId: 'lineItems[0].itemRef', validatorName: 'unknown-reference' },
        { itemId: 'lineItems[1]', validatorName: 'account-required' },
      ],
    });
    const record = await desk.written(
      desk.request('invoices', invoice({ lineItems, defaultItemRef: { id: fallback.id } })),
    );
    const items = (record['lineItems'] as { itemRef?: { id: string }; accountRef: { id: string } }[]).map(
      ({ itemRef, accountRef }) => [itemRef?.id, accountRef.id],
    );
    expect(items).toEqual([
      [fallback.id, product],
      [fallback.id, product],
      [known.id, product],
      [undefined, product],
    ]);
  });
});

describe('a lost answer', () => {
  const cases = [
    ['customers', () => ({ customerName: 'Lost', status: 'Active' })],
    ['suppliers', () => ({ supplierName: 'Lost', status: 'Active' })],
    ['items', () => item()],
    ['invoices', () => invoice()],
    ['bills', () => bill()],
  ] as const;

  test.each(cases)(
    'of %s is found when it was carried out, and absent when it was not',
    async (dataType, record) => {
      const request = desk.request(dataType, record());
      const before = await desk.all(dataType);
      expect(await desk.lost(request, { kind: 'status', status: 503 })).toEqual({ kind: 'absent' });
      expect(await desk.all(dataType)).toHaveLength(before.length);
      const found = await desk.lost(request, { kind: 'answerLost' });
      expect(found).toMatchObject({ kind: 'found', records: [{ dataType, change: 'Created' }] });
      expect(await desk.all(dataType)).toHaveLength(before.length + 1);
    },
  );

  test('of a payment too', async () => {
    const paid = await desk.written(desk.request('invoices', invoice()));
    const request = desk.request('payments', payment(paid.id, 7));
    expect(await desk.lost(request, { kind: 'status', status: 503 })).toEqual({ kind: 'absent' });
    expect(await desk.lost(request, { kind: 'answerLost' })).toMatchObject({
      kind: 'found',
      records: [{ dataType: 'payments' }, { dataType: 'invoices', change: 'Modified' }],
    });
  });

  test('of a customer whose mark is gone is not guessed at', async () => {
    const request = desk.request('customers', { customerName: 'Twice', status: 'Active' });
    const answer = await desk.lost(request, { kind: 'status', status: 503 });
    expect(answer).toEqual({ kind: 'absent' });
    // Somebody enters the same customer by hand, before the write is looked for.
    const other = desk.request('customers', { customerName: 'Twice', status: 'Active' });
    await desk.lost(other, { kind: 'answerLost' });
    const lost = { memory: null, sentAtMs: Date.now(), others: async () => new Set<string>() };
    expect(await writer.findWritten(desk.session, request, lost)).toMatchObject({ kind: 'unknown' });
  });

  test.each(['customers', 'invoices', 'bills', 'items', 'suppliers'] as const)(
    'of an update of %s',
    async (dataType) => {
      const records = {
        customers: { customerName: 'Up', status: 'Active' },
        suppliers: { supplierName: 'Up', status: 'Active' },
        items: item(),
        invoices: invoice(),
        bills: bill(),
      };
      const changes = {
        customers: { phone: '2' },
        suppliers: { phone: '2' },
        items: { name: 'Up' },
        invoices: { dueDate: '2027-01-01' },
        bills: { dueDate: '2027-01-01' },
      };
      const created = await desk.written(desk.request(dataType, records[dataType]));
      const update = desk.request(
        dataType,
        { ...records[dataType], ...changes[dataType] },
        { action: 'update', id: created.id },
      );
      expect(await desk.lost(update, { kind: 'status', status: 503 })).toEqual({ kind: 'absent' });
      expect(await desk.lost(update, { kind: 'answerLost' })).toMatchObject({
        kind: 'found',
        records: [{ change: 'Modified' }],
      });
    },
  );
});

describe('KashFlow’s own refusals', () => {
  test('a result of 0 beside OK is one', async () => {
    const request = desk.request('customers', { customerName: 'Zero', status: 'Active' });
    const find = '(<InsertCustomerResult>)\\d+';
    await desk.control('faults', {
      faults: [{ match: 'InsertCustomer$', kind: 'rewrite', find, replace: '$10' }],
    });
    await expect(desk.write(request)).rejects.toThrow(WriteRefusedError);
  });

  test('a status of NO brings what it says', async () => {
    const request = desk.request('customers', { customerName: 'No', status: 'Active' });
    const find = '<InsertCustomerResult>\\d+</InsertCustomerResult><Status>OK</Status><StatusDetail />';
    const replace =
      '<InsertCustomerResult xsi:nil="true" /><Status>NO</Status><StatusDetail>Code &lt;in&gt; use</StatusDetail>';
    await desk.control('faults', { faults: [{ match: 'InsertCustomer$', kind: 'rewrite', find, replace }] });
    await expect(desk.write(request)).rejects.toThrow('KashFlow refused the record: Code <in> use');
  });

  test('a fault that blames the call is one, any other is a lost answer', async () => {
    const request = desk.request('customers', { customerName: 'Fault', status: 'Active' });
    const answer = (code: string) => ({
      status: 500,
      text: `<soap:Envelope xmlns:soap="x"><soap:Body><soap:Fault><faultcode>soap:${code}</faultcode></soap:Fault></soap:Body></soap:Envelope>`,
      platformTimeMs: undefined,
    });
    await expect(writer.readWritten(desk.session, request, answer('Client'))).rejects.toThrow(
      WriteRefusedError,
    );
    await expect(writer.readWritten(desk.session, request, answer('Server'))).rejects.toMatchObject({
      code: 'unexpected',
      mayHaveTakenEffect: true,
    });
  });
});

describe('nonsense', () => {
  const [huge, tiny] = [1e20, 0.00001];
  const line = () => invoice().lineItems[0];
  const invalid: readonly (readonly [string, () => object, string])[] = [
    ['no lines', () => ({ lineItems: [] }), 'lineItems'],
    ['1e20 for a unit', () => ({ lineItems: [{ ...line(), unitAmount: huge }] }), 'lineItems[0].unitAmount'],
    ['too many decimals', () => ({ lineItems: [{ ...line(), quantity: tiny }] }), 'lineItems[0].quantity'],
    [
      'a product beyond every column',
      () => ({ lineItems: [{ ...line(), unitAmount: 999999999999999, quantity: 99999 }] }),
      'lineItems',
    ],
    ['a total below 0', () => ({ lineItems: [{ ...line(), quantity: -1 }] }), 'lineItems'],
    ['a number with letters', () => ({ invoiceNumber: 'A-1' }), 'invoiceNumber'],
    ['a day that is none', () => ({ issueDate: '2026-02-30' }), 'issueDate'],
    ['an id that is none', () => ({ customerRef: { id: "1' OR 1=1" } }), 'customerRef.id'],
    [
      'a tax amount without a rate',
      () => ({ lineItems: [{ ...line(), taxRateRef: undefined, taxAmount: 1 }] }),
      'lineItems[0].taxRateRef',
    ],
    [
      'text for a number',
      () => ({ lineItems: [{ ...line(), unitAmount: 'ten' }] }),
      'lineItems[0].unitAmount',
    ],
  ];
  test.each(invalid)('%s is invalid: nothing is sent', async (_what, more, itemId) => {
    desk.called.length = 0;
    const result = await desk.write(desk.request('invoices', invoice(more())));
    expect(result).toMatchObject({ kind: 'invalid', errors: [{ itemId }] });
    expect(desk.called).toEqual([]);
  });

  const unknown: readonly (readonly [string, () => object, string])[] = [
    ['customer', () => ({ customerRef: { id: '2000000000' } }), 'customerRef.id'],
    [
      'tax rate',
      () => ({ lineItems: [{ ...line(), taxRateRef: { id: '123456' } }] }),
      'lineItems[0].taxRateRef',
    ],
    [
      'account',
      () => ({ lineItems: [{ ...line(), accountRef: { id: '123456' } }] }),
      'lineItems[0].accountRef',
    ],
    ['item', () => ({ lineItems: [{ ...line(), itemRef: { id: '123456' } }] }), 'lineItems[0].itemRef'],
    ['default item', () => ({ defaultItemRef: { id: '123456' } }), 'defaultItemRef'],
    ['currency', () => ({ currency: 'XXX' }), 'currency'],
  ];
  test.each(unknown)('an unknown %s is refused before anything is sent', async (_what, more, itemId) => {
    desk.called.length = 0;
    const refused = desk.write(desk.request('invoices', invoice(more())));
    await expect(refused).rejects.toMatchObject({ problems: [{ itemId }] });
    expect(desk.called.filter((name) => !name.startsWith('Get'))).toEqual([]);
  });

  test('a payment is refused that is too large, for two invoices, for a stranger, or through no bank account', async () => {
    const paid = await desk.written(desk.request('invoices', invoice()));
    const refused = async (record: object, itemId: string) => {
      const result = await desk
        .write(desk.request('payments', record))
        .catch((error: WriteRefusedError) => ({ errors: error.problems }));
      expect(result).toMatchObject({ errors: [{ itemId }] });
    };
    await refused(payment(paid.id, 1_000_000), 'totalAmount');
    await refused(payment(paid.id, 0), 'totalAmount');
    await refused(payment(paid.id, 1, { customerRef: { id: '1' } }), 'customerRef.id');
    await refused(payment(paid.id, 1, { accountRef: { id: product } }), 'accountRef.id');
    await refused(payment(paid.id, 1, { lines: [] }), 'lines');
    await refused(payment('424242', 1), 'lines[0].links[0].id');
    await refused(payment(paid.id, 1, { paymentMethodRef: { id: '77' } }), 'paymentMethodRef.id');
  });
});
