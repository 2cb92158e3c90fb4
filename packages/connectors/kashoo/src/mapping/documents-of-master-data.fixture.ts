import type { DocumentCase } from './document-case.fixture.ts';

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

/** The business, accounts, contacts, items and taxes. */
export const masterDataCases: readonly DocumentCase[] = [
  company,
  ...accounts,
  ...bankAccounts,
  customer,
  customerWithText,
  supplier,
  ...items,
  ...taxRates,
];
