/**
 * Whole records as Kashoo sends them beside the whole documents that they become, written by hand.
 * `documents.test.ts` maps each of them, compares the complete documents, and counts which properties of the model were asserted.
 */
import type { DataTypeKey } from '@tributary/model';
import { KashooLookup } from '../lookup.ts';

export interface DocumentCase {
  readonly dataType: DataTypeKey;
  readonly name: string;
  /** As the platform sends it; for accounts together with the answer to the request for the balance. */
  readonly wire: string;
  readonly expected: object;
  readonly isDeleted?: boolean;
  readonly sourceModifiedAt?: string;
  /** Rule ids of the expected warnings. */
  readonly warnings?: readonly string[];
}

export const lookup = new KashooLookup({
  homeCurrency: 'CAD',
  today: '2024-05-20',
  accounts: new Map([
    ['501', { name: 'Chequing', parentId: undefined }],
    ['510', { name: 'Accounts Receivable', parentId: undefined }],
    ['540', { name: 'Sales', parentId: undefined }],
    ['541', { name: 'Repairs', parentId: '540' }],
    ['560', { name: 'Office Supplies', parentId: undefined }],
    ['561', { name: 'Software', parentId: '560' }],
    ['570', { name: 'Inventory', parentId: undefined }],
  ]),
  taxes: new Map([
    ['GST', { id: '601', name: 'GST 5%', effectiveRate: { unscaled: 5n, scale: 0 } }],
    ['MIX', { id: '602', name: 'GST + PST', effectiveRate: { unscaled: 120n, scale: 1 } }],
  ]),
  items: new Map([['701', 'Brake pads']]),
});

const company: DocumentCase = {
  dataType: 'company',
  name: 'a business with address, phones and a financial year that ends in June',
  wire: `{"id": 123456789, "name": "Ridge Cycles",
    "contactInformation": {"name": "Ridge Cycles Ltd.",
      "address": {"street": "12 Summit Rd\\nUnit 4", "city": "Banff", "province": "AB", "postalCode": "T1L 1A1", "country": "CA"},
      "phones": ["+1 403 555 0100", {"number": "+1 403 555 0199", "type": "FAX"}, {"number": "+1 403 555 0122", "type": "mobile"},
                 {"number": "+1 403 555 0133", "type": "WORK"}, "+1 403 555 0144"], "email": "office@ridge.example"},
    "homeCurrency": "CAD", "fiscalYearEnd": "06-30", "site": "app.kashoo.com"}`,
  expected: {
    companyName: 'Ridge Cycles',
    accountingPlatformRef: '123456789',
    companyLegalName: 'Ridge Cycles Ltd.',
    addresses: [
      {
        type: 'Unknown',
        line1: '12 Summit Rd',
        line2: 'Unit 4',
        city: 'Banff',
        region: 'AB',
        country: 'CA',
        postalCode: 'T1L 1A1',
      },
    ],
    phoneNumbers: [
      { number: '+1 403 555 0100', type: 'Primary' },
      { number: '+1 403 555 0199', type: 'Fax' },
      { number: '+1 403 555 0122', type: 'Mobile' },
      { number: '+1 403 555 0133', type: 'Landline' },
      { number: '+1 403 555 0144', type: 'Unknown' },
    ],
    financialYearStartDate: '2023-07-01T00:00:00',
    baseCurrency: 'CAD',
  },
};

const accounts: readonly DocumentCase[] = [
  {
    dataType: 'chartOfAccounts',
    name: 'an expense account below another, archived',
    wire: `{"account": {"id": 561, "business": 123456789, "name": "Software", "type": "EXPENSE", "number": "6110",
      "description": "Licences and hosting", "parent": 560, "archived": true, "removed": false, "normalBalanceCredit": false,
      "lastModified": 1704164645123}, "balance": {"balance": 1234567}}`,
    expected: {
      id: '561',
      nominalCode: '6110',
      name: 'Software',
      description: 'Licences and hosting',
      fullyQualifiedCategory: 'Expense',
      fullyQualifiedName: 'Office Supplies:Software',
      currency: 'CAD',
      currentBalance: 12345.67,
      type: 'Expense',
      status: 'Archived',
      isBankAccount: false,
      sourceModifiedDate: '2024-01-02T03:04:05.123Z',
    },
    isDeleted: false,
    sourceModifiedAt: '2024-01-02T03:04:05.123Z',
  },
  {
    dataType: 'chartOfAccounts',
    name: 'a bank account in foreign currency that is overdrawn',
    wire: '{"account": {"id": 502, "name": "US Dollars", "type": "bank", "currency": "USD"}, "balance": {"balance": -5}}',
    expected: {
      id: '502',
      name: 'US Dollars',
      fullyQualifiedCategory: 'Asset.BankAccount',
      fullyQualifiedName: 'US Dollars',
      currency: 'USD',
      currentBalance: -0.05,
      type: 'Asset',
      status: 'Active',
      isBankAccount: true,
    },
  },
];

const bankAccounts: readonly DocumentCase[] = [
  {
    dataType: 'bankAccounts',
    name: 'a bank account',
    wire: `{"account": {"id": 501, "name": "Chequing", "type": "BANK", "number": "1060", "normalBalanceCredit": false, "archived": false,
      "lastModified": 1704164645000}, "balance": {"balance": 250000}}`,
    expected: {
      id: '501',
      accountName: 'Chequing',
      accountType: 'Debit',
      nominalCode: '1060',
      currency: 'CAD',
      balance: 2500,
      status: 'Active',
      sourceModifiedDate: '2024-01-02T03:04:05.000Z',
    },
  },
  {
    dataType: 'bankAccounts',
    name: 'a credit card with money owed, which is positive',
    wire: `{"account": {"id": 520, "name": "Card", "type": "CREDIT_CARD", "normalBalanceCredit": true, "archived": true, "removed": true},
      "balance": {"balance": 80010}}`,
    expected: {
      id: '520',
      accountName: 'Card',
      accountType: 'Credit',
      currency: 'CAD',
      balance: 800.1,
      status: 'Archived',
    },
    isDeleted: true,
  },
];

const customer: DocumentCase = {
  dataType: 'customers',
  name: 'a customer with everything',
  wire: `{"id": 801, "business": 123456789, "type": "CUSTOMER", "name": "Café Zoë & Fils",
    "contactInformation": {"name": "Zoë Martin",
      "address": {"street": "7 Rue du Port", "city": "Québec", "province": "QC", "postalCode": "G1K 4A1", "country": "CA"},
      "phones": [{"number": "418 555 0170", "type": "MOBILE"}], "email": "z.martin@cafe.example"},
    "email": "accounts@cafe.example", "phoneNumbers": "418 555 0171; 418 555 0170", "address": "ignored, the structured one wins",
    "currency": "USD", "defaultTaxCode": "GST", "paymentTerms": "NET30", "removed": false, "archived": false, "organization": true,
    "lastModified": 1704164645000}`,
  expected: {
    id: '801',
    customerName: 'Café Zoë & Fils',
    contactName: 'Zoë Martin',
    emailAddress: 'accounts@cafe.example',
    defaultCurrency: 'USD',
    phone: '418 555 0170',
    addresses: [
      {
        type: 'Billing',
        line1: '7 Rue du Port',
        city: 'Québec',
        region: 'QC',
        country: 'CA',
        postalCode: 'G1K 4A1',
      },
    ],
    contacts: [
      {
        name: 'Zoë Martin',
        email: 'accounts@cafe.example',
        phone: [
          { number: '418 555 0170', type: 'Mobile' },
          { number: '418 555 0171', type: 'Unknown' },
        ],
        address: {
          type: 'Billing',
          line1: '7 Rue du Port',
          city: 'Québec',
          region: 'QC',
          country: 'CA',
          postalCode: 'G1K 4A1',
        },
        status: 'Active',
        modifiedDate: '2024-01-02T03:04:05.000Z',
      },
    ],
    status: 'Active',
    sourceModifiedDate: '2024-01-02T03:04:05.000Z',
  },
  isDeleted: false,
};

const customerWithText: DocumentCase = {
  dataType: 'customers',
  name: 'a removed customer whose address and phones are text only',
  wire: `{"id": 802, "type": "CUSTOMER", "name": "Old Mill", "phoneNumbers": "555 0180, 555 0181",
    "address": "1 Mill Lane\\r\\nLower Town\\nB1 2CD", "email": "", "removed": true}`,
  expected: {
    id: '802',
    customerName: 'Old Mill',
    phone: '555 0180',
    addresses: [{ type: 'Billing', line1: '1 Mill Lane', line2: 'Lower Town, B1 2CD' }],
    contacts: [
      {
        phone: [
          { number: '555 0180', type: 'Primary' },
          { number: '555 0181', type: 'Unknown' },
        ],
        address: { type: 'Billing', line1: '1 Mill Lane', line2: 'Lower Town, B1 2CD' },
        status: 'Archived',
      },
    ],
    status: 'Archived',
  },
  isDeleted: true,
};

const supplier: DocumentCase = {
  dataType: 'suppliers',
  name: 'a supplier with everything',
  wire: `{"id": 851, "type": "VENDOR", "name": "Northern Parts",
    "contactInformation": {"name": "Ida Berg", "email": "ida@parts.example", "phones": ["867 555 0101"],
      "address": {"street": "3 Depot St\\nDock B\\nRear", "city": "Yellowknife", "province": "NT", "postalCode": "X1A 2B2", "country": "CA"}},
    "currency": "CAD", "archived": true, "lastModified": 1704164645000}`,
  expected: {
    id: '851',
    supplierName: 'Northern Parts',
    contactName: 'Ida Berg',
    emailAddress: 'ida@parts.example',
    phone: '867 555 0101',
    addresses: [
      {
        type: 'Billing',
        line1: '3 Depot St',
        line2: 'Dock B, Rear',
        city: 'Yellowknife',
        region: 'NT',
        country: 'CA',
        postalCode: 'X1A 2B2',
      },
    ],
    status: 'Archived',
    defaultCurrency: 'CAD',
    sourceModifiedDate: '2024-01-02T03:04:05.000Z',
  },
  isDeleted: false,
};

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

const items: readonly DocumentCase[] = [
  {
    dataType: 'items',
    name: 'a stocked product that is bought and sold',
    wire: `{"id": 701, "itemId": "BP", "business": 123456789, "name": "Brake pads", "sku": "BP-100", "description": "Front pads",
      "defaultTaxCode": "GST", "defaultBuyRate": 8.4, "defaultSellRate": 19.99, "inventoryAccount": 570, "cogsAccount": 0,
      "creditAccount": 540, "debitAccount": 0, "removed": false, "tracked": true, "archived": false, "lastModified": 1704164645000}`,
    expected: {
      id: '701',
      name: 'Brake pads',
      code: 'BP-100',
      itemStatus: 'Active',
      type: 'Inventory',
      isBillItem: true,
      billItem: {
        description: 'Front pads',
        unitPrice: 8.4,
        accountRef: { id: '570', name: 'Inventory' },
        taxRateRef: { id: '601', name: 'GST 5%', effectiveTaxRate: 5 },
      },
      isInvoiceItem: true,
      invoiceItem: {
        description: 'Front pads',
        unitPrice: 19.99,
        accountRef: { id: '540', name: 'Sales' },
        taxRateRef: { id: '601', name: 'GST 5%', effectiveTaxRate: 5 },
      },
      sourceModifiedDate: '2024-01-02T03:04:05.000Z',
    },
    isDeleted: false,
  },
  {
    dataType: 'items',
    name: 'an archived service that is sold only',
    wire: '{"id": 702, "itemId": "LAB", "name": "Labour", "defaultBuyRate": 0, "defaultSellRate": 85, "tracked": false, "archived": true}',
    expected: {
      id: '702',
      name: 'Labour',
      code: 'LAB',
      itemStatus: 'Archived',
      type: 'NonInventory',
      isBillItem: false,
      isInvoiceItem: true,
      invoiceItem: { unitPrice: 85 },
    },
  },
];

const taxRates: readonly DocumentCase[] = [
  {
    dataType: 'taxRates',
    name: 'a tax of two components, the second on top of the first',
    wire: `{"id": 603, "code": "QST", "name": "GST + QST", "rate": 14.975, "removed": false,
      "components": [{"name": "GST", "rate": 5.0, "compound": false}, {"name": "QST", "rate": 9.5, "compound": true}]}`,
    expected: {
      id: '603',
      name: 'GST + QST',
      code: 'QST',
      status: 'Active',
      effectiveTaxRate: 14.975,
      totalTaxRate: 14.5,
      components: [
        { name: 'GST', rate: 5, isCompound: false },
        { name: 'QST', rate: 9.5, isCompound: true },
      ],
    },
    isDeleted: false,
  },
  {
    dataType: 'taxRates',
    name: 'a removed tax without components',
    wire: '{"id": 604, "code": "OLD", "name": "GST 6%", "rate": 6, "removed": true}',
    expected: {
      id: '604',
      name: 'GST 6%',
      code: 'OLD',
      status: 'Archived',
      effectiveTaxRate: 6,
      totalTaxRate: 6,
    },
    isDeleted: true,
  },
];

export const documentCases: readonly DocumentCase[] = [
  company,
  ...accounts,
  ...bankAccounts,
  customer,
  customerWithText,
  supplier,
  invoice,
  paidInvoice,
  bill,
  ...payments,
  billPayment,
  ...items,
  ...taxRates,
];
