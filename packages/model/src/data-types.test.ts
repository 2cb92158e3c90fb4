import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  allDataTypeKeys,
  type DataTypeKey,
  datasetStatuses,
  dataTypeKeys,
  dataTypes,
  exactNumber,
  fieldsOf,
  type Invoice,
  issueMessages,
  type JsonSchema,
  parseDataTypeKey,
  toJsonSchema,
  validateRecord,
} from './index.ts';

const amount = exactNumber;
const invoice: Invoice = {
  id: '11568679628',
  invoiceNumber: 'INV-1',
  customerRef: { id: '77', companyName: 'Prairie Bakery' },
  issueDate: '2024-02-29T00:00:00',
  lineItems: [
    {
      description: 'Flour',
      unitAmount: amount('2.5'),
      quantity: amount('4'),
      taxRateRef: { id: '5', effectiveTaxRate: amount('5') },
    },
  ],
  totalTaxAmount: amount('0.5'),
  totalAmount: amount('99999999999999.99'),
  amountDue: amount('0'),
  status: 'Paid',
  sourceModifiedDate: '2024-03-01T08:00:00.000Z',
};

const noCredit = {
  totalAmount: amount('0'),
  totalDiscount: amount('0'),
  subTotal: amount('0'),
  totalTaxAmount: amount('0'),
  discountPercentage: amount('0'),
  status: 'Submitted',
};

/** The smallest record of each type: what a mapping cannot leave out. */
const smallest: Record<DataTypeKey, object> = {
  company: {},
  chartOfAccounts: { id: '1', type: 'Asset', status: 'Active', isBankAccount: true },
  bankAccounts: { id: '1' },
  customers: { id: '1', status: 'Active' },
  suppliers: { id: '1', status: 'Active' },
  invoices: {
    id: '1',
    issueDate: '2024-02-29T00:00:00',
    totalTaxAmount: amount('0'),
    totalAmount: amount('0'),
    amountDue: amount('0'),
    status: 'Submitted',
  },
  bills: {
    id: '1',
    issueDate: '2024-02-29T00:00:00',
    status: 'Open',
    subTotal: amount('0'),
    taxAmount: amount('0'),
    totalAmount: amount('0'),
  },
  payments: { id: '1', date: '2024-02-29T00:00:00' },
  billPayments: { id: '1', date: '2024-02-29T00:00:00' },
  items: { id: '1', itemStatus: 'Active', type: 'Unknown', isBillItem: false, isInvoiceItem: true },
  taxRates: { id: '1' },
  journalEntries: { id: '1', postedOn: '2024-02-29T00:00:00' },
  journals: { id: '1' },
  transfers: { id: '1', date: '2024-02-29T00:00:00' },
  accountTransactions: { id: '1', date: '2024-02-29T00:00:00' },
  creditNotes: { id: '1', ...noCredit, remainingCredit: amount('0') },
  billCreditNotes: { id: '1', ...noCredit },
  bankTransactions: { id: '1' },
  balanceSheet: {
    date: '2024-02-29T00:00:00',
    ...sections('assets', 'liabilities', 'equity'),
    netAssets: amount('0'),
  },
  profitAndLoss: {
    fromDate: '2024-02-01T00:00:00',
    toDate: '2024-02-29T00:00:00',
    ...sections('income', 'costOfSales', 'expenses', 'otherExpenses', 'otherIncome'),
    grossProfit: amount('0'),
    netOperatingProfit: amount('0'),
    netOtherIncome: amount('0'),
    netProfit: amount('0'),
  },
  cashFlowStatement: {
    fromDate: '2024-02-01T00:00:00',
    toDate: '2024-02-29T00:00:00',
    ...sections('cashReceipts', 'cashPayments'),
  },
};

/** Empty sections of a statement. */
function sections(...names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, { value: amount('0'), items: [] }]));
}

function issuesOf(key: DataTypeKey, value: unknown): readonly string[] {
  const outcome = validateRecord(key, value);
  return outcome.ok ? [] : outcome.issues;
}

describe('validateRecord', () => {
  test('takes a full invoice, and its digits reach the JSON text', () => {
    const outcome = validateRecord('invoices', invoice);
    expect(outcome).toEqual({ ok: true, value: invoice });
    expect(JSON.stringify(outcome.ok && outcome.value)).toContain('"totalAmount":99999999999999.99,');
  });

  test.each(dataTypeKeys)('%s: the required properties suffice, and each of them is needed', (key) => {
    expect(issuesOf(key, smallest[key])).toEqual([]);
    for (const name of Object.keys(smallest[key])) {
      const without = Object.fromEntries(Object.entries(smallest[key]).filter(([other]) => other !== name));
      expect(issuesOf(key, without)).toEqual([expect.stringMatching(new RegExp(`^${name}: expected `))]);
    }
  });

  test.each(dataTypeKeys)('%s: unknown members, columns of the response and null are refused', (key) => {
    expect(issuesOf(key, { ...smallest[key], colour: 'red' })).toEqual(['(record): unknown "colour"']);
    for (const name of ['modifiedDate', 'metadata', 'supplementalData']) {
      expect(issuesOf(key, { ...smallest[key], [name]: {} })).toEqual([`(record): unknown "${name}"`]);
    }
    for (const name of Object.keys(dataTypes[key].record.shape)) {
      expect(issuesOf(key, { ...smallest[key], [name]: null })).toHaveLength(1);
    }
  });

  test.each([
    [{ ...invoice, totalAmount: 12.5 }, 'totalAmount: expected an exact number'],
    [{ ...invoice, totalAmount: '12.5' }, 'totalAmount: expected an exact number'],
    [
      { ...invoice, status: 'paid' },
      'status: expected one of Unknown, Draft, Submitted, PartiallyPaid, Paid, Void',
    ],
    [
      { ...invoice, issueDate: '2024-02-30T00:00:00' },
      'issueDate: expected a local date YYYY-MM-DDT00:00:00',
    ],
    [{ ...invoice, issueDate: '2024-02-29' }, 'issueDate: expected a local date YYYY-MM-DDT00:00:00'],
    [
      { ...invoice, issueDate: '2024-02-29T00:00:00Z' },
      'issueDate: expected a local date YYYY-MM-DDT00:00:00',
    ],
    [
      { ...invoice, sourceModifiedDate: '2024-03-01T08:00:00' },
      'sourceModifiedDate: expected an instant that ends in Z',
    ],
    [{ ...invoice, id: '' }, 'id: must not be empty'],
    [{ ...invoice, note: 'a\u0000b' }, 'note: has characters that cannot be stored'],
    [{ ...invoice, note: 'a\ud83d' }, 'note: has characters that cannot be stored'],
    [{ ...invoice, customerRef: { companyName: 'x' } }, 'customerRef.id: expected string'],
    [
      { ...invoice, lineItems: [{ unitAmount: amount('1'), quantity: 1 }] },
      'lineItems[0].quantity: expected an exact number',
    ],
    [[], '(record): expected object'],
    [undefined, '(record): expected object'],
  ])('names the path of the problem (%#)', (value, message) => {
    expect(issuesOf('invoices', value)).toEqual([message]);
  });

  test('keeps a hopeless record to ten messages', () => {
    const lineItems = Array.from({ length: 50 }, () => ({}));
    const issues = issuesOf('invoices', { ...invoice, lineItems });
    expect(issues).toHaveLength(11);
    expect(issues.at(-1)).toBe('and 90 more');
  });
});

describe('response schemas', () => {
  test('take the JSON that a client reads', () => {
    const body = JSON.parse(JSON.stringify({ ...invoice, totalAmount: amount('10.5') }));
    const response = { ...body, modifiedDate: '2024-03-02T00:00:00.000Z', metadata: { isDeleted: false } };
    const result = dataTypes.invoices.response.safeParse(response);
    expect(result.success ? [] : issueMessages(result.error as z.ZodError)).toEqual([]);
  });

  test.each(dataTypeKeys.filter((key) => key !== 'company'))(
    '%s: the response is the body and its columns',
    (key) => {
      const { record, response } = dataTypes[key];
      const added = Object.keys(response.shape).filter((name) => !(name in record.shape));
      const spine = 'withoutMetadata' in dataTypes[key] ? ['modifiedDate'] : ['modifiedDate', 'metadata'];
      expect(added.filter((name) => name !== 'supplementalData')).toEqual(spine);
      expect(Object.keys(record.shape).filter((name) => !(name in response.shape))).toEqual([]);
    },
  );
});

/** Every schema below a JSON Schema, itself included. */
function walk(schema: JsonSchema): JsonSchema[] {
  const below = [...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : [])];
  return [
    schema,
    ...below.flatMap((member) => (typeof member === 'object' ? walk(member as JsonSchema) : [])),
  ];
}

describe('toJsonSchema', () => {
  test.each(dataTypeKeys)('%s: body and response have the same JSON Schema but for the columns', (key) => {
    const body = toJsonSchema(dataTypes[key].record);
    const response = toJsonSchema(dataTypes[key].response);
    for (const [name, member] of Object.entries(body.properties ?? {}))
      expect(response.properties?.[name]).toEqual(member);
    for (const schema of [...walk(body), ...walk(response)]) expect(schema.type).toBeTypeOf('string');
  });

  test('decimals are numbers, dates are described strings, members are closed', () => {
    const { properties, additionalProperties } = toJsonSchema(dataTypes.invoices.record);
    expect(properties?.['totalAmount']).toEqual({ type: 'number' });
    expect(properties?.['issueDate']).toEqual({
      type: 'string',
      description: expect.stringContaining('YYYY-MM-DDT00:00:00'),
    });
    expect(properties?.['sourceModifiedDate']).toEqual({
      type: 'string',
      description: expect.stringContaining('UTC'),
    });
    expect(additionalProperties).toBe(false);
  });
});

describe('dataTypes', () => {
  test('keys, tables and routes are those of their entry, each once', () => {
    for (const key of dataTypeKeys) expect(dataTypes[key].key).toBe(key);
    for (const name of ['table', 'listPath'] as const) {
      expect(new Set(dataTypeKeys.map((key) => dataTypes[key][name])).size).toBe(dataTypeKeys.length);
    }
  });

  test.each(dataTypeKeys)(
    '%s: every column names a property of its kind, none twice, none of the spine',
    (key) => {
      const { columns, record, response } = dataTypes[key];
      const kinds = {
        text: ['text', 'id', 'enum'],
        numeric: ['number'],
        localDate: ['localDate'],
        instant: ['instant'],
        boolean: ['boolean'],
      };
      const fields = fieldsOf(response);
      for (const { name, path, kind } of columns) {
        expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
        expect(kinds[kind]).toContain(fields.get(path.toLowerCase())?.kind);
        expect(Object.keys(record.shape)).toContain(path.split('.')[0]);
      }
      expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
      expect(new Set(columns.map(({ path }) => path)).size).toBe(columns.length);
      const spine = [
        'id',
        'company_id',
        'connection_id',
        'seq',
        'document',
        'content_hash',
        'modified_at',
        'source_modified_at',
        'is_deleted',
      ];
      expect(columns.filter(({ name }) => spine.includes(name))).toEqual([]);
    },
  );

  test.each(dataTypeKeys)(
    '%s: every property outside lists that a query can name has a column or is of the spine',
    (key) => {
      const { columns, response } = dataTypes[key];
      const spine = ['id', 'modifiedDate', 'sourceModifiedDate', 'metadata.isDeleted'];
      const searchable = [...columns.map(({ path }) => path as string), ...spine];
      const left = [...fieldsOf(response).values()]
        .filter(({ path, lists }) => lists === undefined && !path.endsWith('.*'))
        .map(({ path }) => path)
        .filter((path) => !searchable.includes(path));
      expect(left).toEqual(withoutColumn[key] ?? []);
    },
  );
});

/** Read from the document by the few queries that name them. */
const withoutColumn: Partial<Record<DataTypeKey, string[]>> = {
  chartOfAccounts: ['description'],
  invoices: ['additionalTaxAmount', 'additionalTaxPercentage', 'discountPercentage'],
  creditNotes: ['additionalTaxAmount', 'additionalTaxPercentage'],
  payments: ['paymentMethodRef.id', 'paymentMethodRef.name'],
  billPayments: ['paymentMethodRef.id', 'paymentMethodRef.name'],
  items: ['billItem', 'invoiceItem'].flatMap((side) =>
    [
      'description',
      'accountRef.id',
      'accountRef.name',
      'taxRateRef.id',
      'taxRateRef.name',
      'taxRateRef.effectiveTaxRate',
    ].map((name) => `${side}.${name}`),
  ),
  balanceSheet: ['assets', 'liabilities', 'equity'].flatMap(sectionFields),
  profitAndLoss: ['income', 'costOfSales', 'expenses', 'otherExpenses', 'otherIncome'].flatMap(sectionFields),
  cashFlowStatement: ['cashReceipts.name', 'cashPayments.name'],
};

function sectionFields(section: string): string[] {
  return [`${section}.name`, `${section}.value`];
}

describe('names of the published API', () => {
  test('every served data type is one of them; keys parse in any case', () => {
    for (const key of dataTypeKeys) {
      expect(allDataTypeKeys).toContain(key);
      expect(parseDataTypeKey(key.toUpperCase())).toBe(key);
    }
    expect(parseDataTypeKey('BANKING-TRANSACTIONS')).toBe('banking-transactions');
  });

  test('route segments and unknown names are no keys', () => {
    for (const name of ['accounts', 'info', '', 'invoice', ' invoices', '__proto__', 'constructor']) {
      expect(parseDataTypeKey(name)).toBeUndefined();
    }
  });

  test('there are 43 data types and 21 statuses, none twice', () => {
    expect(new Set(allDataTypeKeys).size).toBe(43);
    expect(new Set(datasetStatuses).size).toBe(21);
  });
});
