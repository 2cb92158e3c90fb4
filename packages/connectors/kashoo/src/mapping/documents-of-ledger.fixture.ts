import type { DocumentCase } from './document-case.fixture.ts';

const transfers: readonly DocumentCase[] = [
  {
    dataType: 'transfers',
    name: 'from the bank to an account that is none',
    wire: `{"id": 951, "business": 123456789, "type": "TRANSFER", "number": "T-1", "contact": null, "date": "2024-05-02", "currency": "CAD",
      "homeCurrency": "CAD", "exchangeRate": 1.0, "fromAccount": 501, "toAccount": 570, "amount": 250001, "description": "Float",
      "memo": "Till", "removed": false, "creation": "2024-05-02T10:00:00Z", "lastModified": "2024-05-02T10:00:00Z"}`,
    expected: {
      id: '951',
      description: 'Float\nTill',
      date: '2024-05-02T00:00:00',
      from: { accountRef: { id: '501', dataType: 'bankAccounts' }, currency: 'CAD', amount: 2500.01 },
      to: { accountRef: { id: '570', dataType: 'chartOfAccounts' }, currency: 'CAD', amount: 2500.01 },
      sourceModifiedDate: '2024-05-02T10:00:00.000Z',
    },
    isDeleted: false,
    sourceModifiedAt: '2024-05-02T10:00:00.000Z',
  },
  {
    dataType: 'transfers',
    name: 'removed, in a foreign currency, one side not told',
    wire: `{"id": 952, "type": "transfer", "date": "2024-05-03", "currency": "USD", "homeCurrency": "CAD", "exchangeRate": 1.35,
      "fromAccount": 0, "toAccount": 501, "amount": 99999999999999, "removed": true}`,
    expected: {
      id: '952',
      date: '2024-05-03T00:00:00',
      from: { currency: 'USD', amount: 999999999999.99 },
      to: {
        accountRef: { id: '501', dataType: 'bankAccounts' },
        currency: 'USD',
        amount: 999999999999.99,
      },
      status: 'Void',
    },
    isDeleted: true,
  },
];

const entries: readonly DocumentCase[] = [
  {
    dataType: 'journalEntries',
    name: 'of an invoice: receivable, sales and tax',
    wire: `{"id": "11568679628", "lines": [
      {"account": "510", "line": {"id": 31, "record": 11568679628, "recordType": "INVOICE", "account": 510, "date": "2024-02-29",
        "memo": "INVOICE INV-77", "debit": 11896, "credit": 0, "contact": 801, "currency": "CAD"}},
      {"account": "540", "line": {"id": 32, "record": 11568679628, "recordType": "INVOICE", "account": 540, "date": "2024-02-29",
        "memo": "INVOICE INV-77", "debit": 0, "credit": 10997, "contact": 801, "currency": "CAD"}},
      {"account": "599", "line": {"id": 33, "record": 11568679628, "recordType": "INVOICE", "date": "2024-02-29",
        "debit": null, "credit": 899, "contact": 0}}]}`,
    expected: {
      id: '11568679628',
      description: 'INVOICE INV-77',
      postedOn: '2024-02-29T00:00:00',
      journalRef: { id: 'INVOICE', name: 'Invoices' },
      journalLines: [
        {
          description: 'INVOICE INV-77',
          netAmount: 118.96,
          currency: 'CAD',
          accountRef: { id: '510', name: 'Accounts Receivable' },
          contactRef: { id: '801', dataType: 'customers' },
        },
        {
          description: 'INVOICE INV-77',
          netAmount: -109.97,
          currency: 'CAD',
          accountRef: { id: '540', name: 'Sales' },
          contactRef: { id: '801', dataType: 'customers' },
        },
        { netAmount: -8.99, currency: 'CAD', accountRef: { id: '599' } },
      ],
      recordRef: { id: '11568679628', dataType: 'invoices' },
    },
    isDeleted: false,
  },
  {
    dataType: 'journalEntries',
    name: 'of an adjustment, which the published names have no data type for',
    wire: `{"id": "7", "lines": [
      {"account": "560", "line": {"id": 1, "record": 7, "recordType": "adjustment", "date": "2024-01-31", "debit": 900719925474099, "credit": 0, "contact": 5}},
      {"account": "501", "line": {"id": 2, "record": 7, "recordType": "adjustment", "date": "2024-01-31", "debit": 0, "credit": 900719925474099, "contact": 5}}]}`,
    expected: {
      id: '7',
      postedOn: '2024-01-31T00:00:00',
      journalRef: { id: 'ADJUSTMENT', name: 'Adjustments' },
      journalLines: [
        {
          netAmount: 9007199254740.99,
          currency: 'CAD',
          accountRef: { id: '560', name: 'Office Supplies' },
          contactRef: { id: '5' },
        },
        {
          netAmount: -9007199254740.99,
          currency: 'CAD',
          accountRef: { id: '501', name: 'Chequing' },
          contactRef: { id: '5' },
        },
      ],
    },
  },
  {
    dataType: 'journalEntries',
    name: 'of a record type that is not known',
    wire: `{"id": "8", "lines": [
      {"account": "560", "line": {"id": 3, "record": 8, "recordType": "BARTER", "date": "2024-01-31", "debit": 100, "credit": 100}}]}`,
    expected: {
      id: '8',
      postedOn: '2024-01-31T00:00:00',
      journalRef: { id: 'BARTER', name: 'BARTER' },
      journalLines: [{ netAmount: 0, currency: 'CAD', accountRef: { id: '560', name: 'Office Supplies' } }],
    },
    warnings: ['unknown-record-type'],
  },
];

const journals: readonly DocumentCase[] = [
  {
    dataType: 'journals',
    name: 'of a known record type',
    wire: '{"id": "YEAR_END_ADJUSTMENT"}',
    expected: {
      id: 'YEAR_END_ADJUSTMENT',
      journalCode: 'YEAR_END_ADJUSTMENT',
      name: 'Year-end adjustments',
      type: 'YEAR_END_ADJUSTMENT',
      hasChildren: false,
      status: 'Active',
    },
    isDeleted: false,
  },
];

const transactions: readonly DocumentCase[] = [
  {
    dataType: 'accountTransactions',
    name: 'a payment by a customer, received on the bank account',
    wire: `{"id": "41", "account": "501", "line": {"id": 41, "record": 901, "recordType": "INVOICE_PAYMENT", "account": 501,
      "date": "2024-03-10", "memo": "INVOICE_PAYMENT 12", "debit": 5000, "credit": 0, "contact": 801, "currency": "CAD"}}`,
    expected: {
      id: '41',
      transactionId: '901',
      note: 'INVOICE_PAYMENT 12',
      bankAccountRef: { id: '501', name: 'Chequing' },
      date: '2024-03-10T00:00:00',
      currency: 'CAD',
      currencyRate: 1,
      lines: [
        {
          description: 'INVOICE_PAYMENT 12',
          recordRef: { id: '901', dataType: 'payments' },
          amount: 50,
        },
      ],
      totalAmount: 50,
    },
    isDeleted: false,
  },
  {
    dataType: 'accountTransactions',
    name: 'a draw by the owner, paid out by a journal',
    wire: `{"id": "42", "account": "501", "line": {"id": 42, "record": 960, "recordType": "ADJUSTMENT", "date": "2024-03-11",
      "memo": " ", "debit": 0, "credit": 12345, "currency": "USD"}}`,
    expected: {
      id: '42',
      transactionId: '960',
      bankAccountRef: { id: '501', name: 'Chequing' },
      date: '2024-03-11T00:00:00',
      currency: 'USD',
      lines: [{ amount: -123.45 }],
      totalAmount: -123.45,
    },
  },
];

export const ledgerCases: readonly DocumentCase[] = [...transfers, ...entries, ...journals, ...transactions];
