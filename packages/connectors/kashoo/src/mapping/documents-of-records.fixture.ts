import type { DocumentCase } from './document-case.fixture.ts';

/**
 * 3 × 19.99 at 5 per cent and 60.50 less 10.50 at 12 per cent: by line the tax is 3.00 (2.9985 rounded) and 6.00, but the record's
 * own tax is 8.99, so that the largest line carries a cent less.
 */
const saleLines = `[
  {"id": 1, "item": 701, "description": "Brake pads, front", "account": 541, "quantity": 3, "rate": 19.99, "amount": 5997, "taxCode": "GST", "discountCode": ""},
  {"id": 2, "item": 0, "description": null, "account": 0, "quantity": 1.0, "rate": 60.5, "amount": 5000, "taxCode": "MIX", "discountCode": "LOYAL"}]`;

const lineDocuments = [
  {
    description: 'Brake pads, front',
    unitAmount: 19.99,
    quantity: 3,
    discountAmount: 0,
    subTotal: 59.97,
    taxAmount: 2.99,
    totalAmount: 62.96,
    accountRef: { id: '541', name: 'Repairs' },
    taxRateRef: { id: '601', name: 'GST 5%', effectiveTaxRate: 5 },
    itemRef: { id: '701', name: 'Brake pads' },
  },
  {
    unitAmount: 60.5,
    quantity: 1,
    discountAmount: 10.5,
    subTotal: 50,
    taxAmount: 6,
    totalAmount: 56,
    accountRef: { id: 'NullId', name: 'Account not specified' },
    taxRateRef: { id: '602', name: 'GST + PST', effectiveTaxRate: 12 },
  },
] as const;

const [firstLine, secondLine] = lineDocuments;

const invoice: DocumentCase = {
  dataType: 'invoices',
  name: 'an invoice with two taxes, a discount and a part payment',
  wire: `{"id": 11568679628, "business": 123456789, "type": "INVOICE", "number": "INV-77", "contact": 801, "contactName": "Café Zoë & Fils",
    "date": "2024-02-29", "dueDate": "2024-03-30", "currency": "CAD", "homeCurrency": "CAD", "exchangeRate": 1.0, "account": 510,
    "terms": "NET30", "poNumber": "", "description": "Spring service", "memo": "Picked up by Zoë", "totalBeforeTaxes": 10997, "totalDue": 11896,
    "balanceDue": 6896, "totalPaid": 5000, "totalPaidImmediately": 0, "totalPaidLater": 5000, "paid": false, "removed": false,
    "readOnly": false, "foreignCurrency": false, "income": true, "creation": "2024-02-29T15:00:00Z", "lastModified": "2024-03-10T09:08:07.006Z",
    "lineItems": ${saleLines}, "taxAmounts": [{"taxCode": "GST", "name": "GST", "amount": 299}, {"taxCode": "MIX", "name": "PST", "amount": 600}],
    "payments": [{"record": 901, "amount": 5000, "date": "2024-03-10"}], "attachments": [], "links": []}`,
  expected: {
    id: '11568679628',
    invoiceNumber: 'INV-77',
    customerRef: { id: '801', companyName: 'Café Zoë & Fils' },
    issueDate: '2024-02-29T00:00:00',
    dueDate: '2024-03-30T00:00:00',
    currency: 'CAD',
    currencyRate: 1,
    lineItems: [
      { ...firstLine, isDirectIncome: false },
      { ...secondLine, isDirectIncome: false },
    ],
    paymentAllocations: [
      {
        payment: { id: '901', paidOnDate: '2024-03-10T00:00:00' },
        allocation: {
          currency: 'CAD',
          currencyRate: 1,
          allocatedOnDate: '2024-03-10T00:00:00',
          totalAmount: 50,
        },
      },
    ],
    totalDiscount: 10.5,
    subTotal: 109.97,
    totalTaxAmount: 8.99,
    totalAmount: 118.96,
    amountDue: 68.96,
    status: 'PartiallyPaid',
    note: 'Spring service\nPicked up by Zoë',
    sourceModifiedDate: '2024-03-10T09:08:07.006Z',
  },
  isDeleted: false,
  sourceModifiedAt: '2024-03-10T09:08:07.006Z',
};

const paidInvoice: DocumentCase = {
  dataType: 'invoices',
  name: 'a foreign invoice without a customer, paid in two parts',
  wire: `{"id": 1002, "type": "invoice", "number": "INV-78", "contact": null, "contactName": "Walk-in", "date": "2024-02-01", "currency": "USD",
    "homeCurrency": "CAD", "exchangeRate": 1.35, "totalBeforeTaxes": 10000, "totalDue": 10000, "totalLocalDue": 13500, "balanceDue": 0,
    "lineItems": [{"account": 540, "rate": 100, "amount": 10000, "taxCode": ""}],
    "payments": [{"record": 903, "amount": 4000, "date": "2024-04-02"}, {"record": 902, "amount": 6000, "date": "2024-03-01"}]}`,
  expected: {
    id: '1002',
    invoiceNumber: 'INV-78',
    customerRef: { id: 'NullId', companyName: 'Customer not specified' },
    issueDate: '2024-02-01T00:00:00',
    paidOnDate: '2024-04-02T00:00:00',
    currency: 'USD',
    currencyRate: 1.35,
    lineItems: [
      {
        unitAmount: 100,
        quantity: 1,
        discountAmount: 0,
        subTotal: 100,
        taxAmount: 0,
        totalAmount: 100,
        accountRef: { id: '540', name: 'Sales' },
        isDirectIncome: false,
      },
    ],
    paymentAllocations: [
      {
        payment: { id: '903', paidOnDate: '2024-04-02T00:00:00' },
        allocation: { currency: 'USD', allocatedOnDate: '2024-04-02T00:00:00', totalAmount: 40 },
      },
      {
        payment: { id: '902', paidOnDate: '2024-03-01T00:00:00' },
        allocation: { currency: 'USD', allocatedOnDate: '2024-03-01T00:00:00', totalAmount: 60 },
      },
    ],
    totalDiscount: 0,
    subTotal: 100,
    totalTaxAmount: 0,
    totalAmount: 100,
    amountDue: 0,
    status: 'Paid',
  },
};

const bill: DocumentCase = {
  dataType: 'bills',
  name: 'a removed bill with two taxes, a discount and a payment',
  wire: `{"id": 2001, "type": "BILL", "number": "P-9", "contact": 851, "contactName": "Northern Parts", "date": "2024-02-29", "dueDate": "2024-03-30",
    "currency": "CAD", "homeCurrency": "CAD", "exchangeRate": 1.0, "poNumber": "PO-55", "description": "", "memo": "Rush order",
    "totalBeforeTaxes": 10997, "totalDue": 11896, "balanceDue": 6896, "removed": true, "lastModified": "2024-03-10T09:08:07Z",
    "lineItems": ${saleLines}, "payments": [{"record": 911, "amount": 5000, "date": "2024-03-10"}]}`,
  expected: {
    id: '2001',
    reference: 'P-9',
    supplierRef: { id: '851', supplierName: 'Northern Parts' },
    purchaseOrderRefs: [{ purchaseOrderNumber: 'PO-55' }],
    issueDate: '2024-02-29T00:00:00',
    dueDate: '2024-03-30T00:00:00',
    currency: 'CAD',
    currencyRate: 1,
    lineItems: [
      { lineNumber: '1', ...firstLine, isDirectCost: false },
      { lineNumber: '2', ...secondLine, isDirectCost: false },
    ],
    status: 'Void',
    subTotal: 109.97,
    taxAmount: 8.99,
    totalAmount: 118.96,
    amountDue: 68.96,
    note: 'Rush order',
    paymentAllocations: [
      {
        payment: { id: '911', paidOnDate: '2024-03-10T00:00:00' },
        allocation: {
          currency: 'CAD',
          currencyRate: 1,
          allocatedOnDate: '2024-03-10T00:00:00',
          totalAmount: 50,
        },
      },
    ],
    sourceModifiedDate: '2024-03-10T09:08:07.000Z',
  },
  isDeleted: true,
};

const payments: readonly DocumentCase[] = [
  {
    dataType: 'payments',
    name: 'a payment of two invoices with a rest',
    wire: `{"id": 901, "type": "INVOICE_PAYMENT", "number": "R-1", "contact": 801, "contactName": "Café Zoë & Fils", "date": "2024-03-10",
      "currency": "CAD", "homeCurrency": "CAD", "exchangeRate": 1, "description": "Transfer", "memo": "Transfer", "amount": 10000, "unallocatedAmount": 2500,
      "allocations": [{"record": 11568679628, "amount": 5000}, {"record": 1003, "amount": 2500}], "creditAccount": 530, "account": 501,
      "method": "BANK_TRANSFER", "byCheck": false, "removed": false, "lastModified": "2024-03-10T09:08:07Z"}`,
    expected: {
      id: '901',
      customerRef: { id: '801', companyName: 'Café Zoë & Fils' },
      accountRef: { id: '501', name: 'Chequing' },
      paymentMethodRef: { id: 'BANK_TRANSFER', name: 'BANK_TRANSFER' },
      totalAmount: 100,
      currency: 'CAD',
      currencyRate: 1,
      date: '2024-03-10T00:00:00',
      note: 'Transfer',
      reference: 'R-1',
      lines: [
        {
          amount: 50,
          links: [{ type: 'Invoice', id: '11568679628', amount: -50, currencyRate: 1 }],
          allocatedOnDate: '2024-03-10T00:00:00',
        },
        {
          amount: 25,
          links: [{ type: 'Invoice', id: '1003', amount: -25, currencyRate: 1 }],
          allocatedOnDate: '2024-03-10T00:00:00',
        },
        {
          amount: 25,
          links: [{ type: 'PaymentOnAccount', id: '801', amount: -25, currencyRate: 1 }],
          allocatedOnDate: '2024-03-10T00:00:00',
        },
      ],
      sourceModifiedDate: '2024-03-10T09:08:07.000Z',
    },
    isDeleted: false,
  },
  {
    dataType: 'payments',
    name: 'a payment by nobody for nothing',
    wire: '{"id": 904, "contact": 0, "contactName": "", "date": "2024-03-11", "amount": 700, "unallocatedAmount": 700, "allocations": [], "byCheck": true}',
    expected: {
      id: '904',
      customerRef: { id: 'NullId', companyName: 'Customer not specified' },
      paymentMethodRef: { id: 'CHECK', name: 'Check' },
      totalAmount: 7,
      currency: 'CAD',
      currencyRate: 1,
      date: '2024-03-11T00:00:00',
      lines: [
        {
          amount: 7,
          links: [{ type: 'PaymentOnAccount', id: 'NullId', amount: -7, currencyRate: 1 }],
          allocatedOnDate: '2024-03-11T00:00:00',
        },
      ],
    },
  },
];

const billPayment: DocumentCase = {
  dataType: 'billPayments',
  name: 'a payment of a bill, removed',
  wire: `{"id": 911, "type": "BILL_PAYMENT", "number": "C-14", "contact": 851, "contactName": "Northern Parts", "date": "2024-03-10",
    "currency": "CAD", "homeCurrency": "CAD", "memo": "Cheque 14", "amount": 5000, "unallocatedAmount": 0,
    "allocations": [{"record": 2001, "amount": 5000}], "account": 501, "method": "CHECK", "removed": true, "lastModified": "2024-03-10T09:08:07Z"}`,
  expected: {
    id: '911',
    supplierRef: { id: '851', supplierName: 'Northern Parts' },
    accountRef: { id: '501', name: 'Chequing' },
    totalAmount: 50,
    currency: 'CAD',
    currencyRate: 1,
    date: '2024-03-10T00:00:00',
    note: 'Cheque 14',
    paymentMethodRef: { id: 'CHECK', name: 'CHECK' },
    lines: [
      {
        amount: 50,
        links: [{ type: 'Bill', id: '2001', amount: -50, currencyRate: 1 }],
        allocatedOnDate: '2024-03-10T00:00:00',
      },
    ],
    reference: 'C-14',
    sourceModifiedDate: '2024-03-10T09:08:07.000Z',
  },
  isDeleted: true,
};

/** Invoices, bills and their payments. */
export const recordCases: readonly DocumentCase[] = [invoice, paidInvoice, bill, ...payments, billPayment];
