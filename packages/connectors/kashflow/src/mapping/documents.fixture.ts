/** Whole records as KashFlow sends them beside the whole documents that they become, written by hand; as long as there are data types. */
import type { DataTypeKey } from '@tributary/model';
import { KashFlowLookup } from '../lookup.ts';
import { type JsonMember, jsonOf } from '../raw-records.ts';
import { parseXml } from '../xml.ts';

export interface DocumentCase {
  readonly dataType: DataTypeKey;
  readonly name: string;
  /** As the connector keeps it. */
  readonly raw: JsonMember;
  readonly expected: object;
  readonly sourceModifiedAt?: string;
  /** Rule ids of the expected warnings. */
  readonly warnings?: readonly string[];
}

export const xml = (text: string): JsonMember => jsonOf(parseXml(text));

export const lookup = new KashFlowLookup({
  homeCurrency: 'GBP',
  currencies: new Map([
    ['1', 'GBP'],
    ['2', 'EUR'],
  ]),
  accounts: new Map([
    ['17387826', { name: 'Sale of Goods', code: '4000', balance: undefined }],
    ['17387829', { name: 'Materials purchased', code: '5000', balance: undefined }],
    ['17387830', { name: 'Current Account', code: '1200', balance: { unscaled: 3_033_200n, scale: 4 } }],
  ]),
  bankCodes: new Map([['55166', '1200']]),
  taxes: new Map([
    ['20e-0', { id: '1', name: '20.00%' }],
    ['-1e-0', { id: '4', name: 'N/A' }],
  ]),
  invoices: new Map([
    [
      '6',
      {
        id: '72655684',
        isCredit: false,
        customerId: '47414686',
        customerName: 'Jimi Hendrix',
        currency: 'EUR',
        rate: { unscaled: 844737287n, scale: 9 },
      },
    ],
    [
      '7',
      {
        id: '72655685',
        isCredit: true,
        customerId: undefined,
        customerName: 'Nobody',
        currency: 'GBP',
        rate: { unscaled: 10000n, scale: 4 },
      },
    ],
  ]),
});

const line = (quantity: string, rate: string, vat: string, rest = '') =>
  `<anyType><Quantity>${quantity}</Quantity><Rate>${rate}</Rate><VatAmount>${vat}</VatAmount>${rest}</anyType>`;
const party = '<CustomerID>47414686</CustomerID><CustomerName>Jimi Hendrix</CustomerName>';

const lineDocument = {
  description: 'Strings',
  unitAmount: 8.33,
  quantity: 1,
  subTotal: 8.33,
  taxAmount: 1.67,
  totalAmount: 10,
  accountRef: { id: '17387826', name: 'Sale of Goods' },
  taxRateRef: { id: '1', name: '20.00%', effectiveTaxRate: 20 },
  itemRef: { id: '2747099' },
};
const bareLine = {
  unitAmount: 0.3333,
  quantity: 3,
  subTotal: 0.9999,
  taxAmount: 0,
  totalAmount: 0.9999,
  accountRef: { id: 'NullId', name: 'Account not specified' },
};
const fullLine = line(
  '1.0000',
  '8.3300',
  '1.6700',
  '<Description>Strings</Description><ChargeType>17387826</ChargeType><VatRate>20.0000</VatRate><ProductID>2747099</ProductID>',
);
const emptyLine = line(
  '3.0000',
  '0.3333',
  '0',
  '<Description/><ChargeType>0</ChargeType><VatRate>17.5</VatRate><ProductID>0</ProductID>',
);

const sale = (lines: string, amounts: string, who = party) =>
  xml(`<Invoice><InvoiceDBID>72655684</InvoiceDBID><InvoiceNumber>6</InvoiceNumber><InvoiceDate>2016-09-16T00:00:00</InvoiceDate>
    <DueDate>2016-09-21T00:00:00</DueDate>${who}<CurrencyCode>EUR</CurrencyCode><ExchangeRate>0.844737287</ExchangeRate><Lines>${lines}</Lines>${amounts}</Invoice>`);
const currency = { currency: 'EUR', currencyRate: 0.844737287 };

const sales: readonly DocumentCase[] = [
  {
    dataType: 'invoices',
    name: 'a part-paid invoice of two lines, one with nothing but an amount',
    raw: sale(
      fullLine + emptyLine,
      '<Paid>0</Paid><NetAmount>9.3299</NetAmount><VATAmount>1.6700</VATAmount><AmountPaid>3.0000</AmountPaid>',
    ),
    expected: {
      id: '72655684',
      invoiceNumber: '6',
      customerRef: { id: '47414686', companyName: 'Jimi Hendrix' },
      issueDate: '2016-09-16T00:00:00',
      dueDate: '2016-09-21T00:00:00',
      ...currency,
      lineItems: [
        { ...lineDocument, isDirectIncome: false },
        { ...bareLine, isDirectIncome: false },
      ],
      subTotal: 9.3299,
      totalTaxAmount: 1.67,
      totalAmount: 10.9999,
      amountDue: 7.9999,
      status: 'PartiallyPaid',
    },
  },
  {
    dataType: 'invoices',
    name: 'an invoice of nobody, without lines, dates or currency of its own, that lines would not add up to',
    raw: xml(
      `<Invoice><InvoiceDBID>5</InvoiceDBID><InvoiceDate>2016-09-16T00:00:00</InvoiceDate><DueDate>0001-01-01T00:00:00</DueDate><CustomerID>0</CustomerID><CustomerName>Cash sale</CustomerName><Paid>1</Paid><CurrencyCode/><ExchangeRate>0</ExchangeRate><Lines>${line('1', '4.0000', '0')}</Lines><NetAmount>5.0000</NetAmount><VATAmount>0</VATAmount><AmountPaid>1.0000</AmountPaid></Invoice>`,
    ),
    expected: {
      id: '5',
      customerRef: { id: 'NullId', companyName: 'Customer not specified' },
      issueDate: '2016-09-16T00:00:00',
      currency: 'GBP',
      currencyRate: 1,
      lineItems: [
        {
          unitAmount: 4,
          quantity: 1,
          subTotal: 4,
          taxAmount: 0,
          totalAmount: 4,
          accountRef: bareLine.accountRef,
          isDirectIncome: false,
        },
      ],
      subTotal: 5,
      totalTaxAmount: 0,
      totalAmount: 5,
      amountDue: 4,
      status: 'Paid',
    },
    warnings: ['lines-do-not-add-up', 'paid-amount-differs'],
  },
  {
    dataType: 'creditNotes',
    name: 'a negative invoice',
    raw: sale(
      line('-1.0000', '8.3300', '-1.6700'),
      '<Paid>0</Paid><NetAmount>-8.3300</NetAmount><VATAmount>-1.6700</VATAmount><AmountPaid>0.0000</AmountPaid>',
    ),
    expected: {
      id: '72655684',
      creditNoteNumber: '6',
      customerRef: { id: '47414686', companyName: 'Jimi Hendrix' },
      issueDate: '2016-09-16T00:00:00',
      ...currency,
      totalAmount: 10,
      totalDiscount: 0,
      subTotal: 8.33,
      totalTaxAmount: 1.67,
      discountPercentage: 0,
      remainingCredit: 10,
      status: 'Submitted',
      lineItems: [
        {
          unitAmount: 8.33,
          quantity: -1,
          subTotal: -8.33,
          taxAmount: -1.67,
          totalAmount: -10,
          accountRef: bareLine.accountRef,
          isDirectIncome: false,
        },
      ],
    },
  },
  {
    dataType: 'creditNotes',
    name: 'a credit note that is used up, its line in full',
    raw: sale(
      fullLine,
      '<Paid>1</Paid><NetAmount>-8.33</NetAmount><VATAmount>-1.67</VATAmount><AmountPaid>-10</AmountPaid>',
      '<CustomerID>0</CustomerID>',
    ),
    expected: {
      id: '72655684',
      creditNoteNumber: '6',
      customerRef: { id: 'NullId', companyName: 'Customer not specified' },
      issueDate: '2016-09-16T00:00:00',
      ...currency,
      totalAmount: 10,
      totalDiscount: 0,
      subTotal: 8.33,
      totalTaxAmount: 1.67,
      discountPercentage: 0,
      remainingCredit: 0,
      status: 'Paid',
      lineItems: [{ ...lineDocument, isDirectIncome: false }],
    },
    warnings: ['lines-do-not-add-up'],
  },
  {
    dataType: 'bills',
    name: 'a receipt, whose customer is the supplier',
    raw: sale(
      fullLine,
      '<Paid>0</Paid><NetAmount>8.3300</NetAmount><VATAmount>1.6700</VATAmount><AmountPaid>0</AmountPaid>',
    ),
    expected: {
      id: '72655684',
      reference: '6',
      supplierRef: { id: '47414686', supplierName: 'Jimi Hendrix' },
      issueDate: '2016-09-16T00:00:00',
      dueDate: '2016-09-21T00:00:00',
      ...currency,
      lineItems: [{ lineNumber: '1', ...lineDocument, isDirectCost: false }],
      status: 'Open',
      subTotal: 8.33,
      taxAmount: 1.67,
      totalAmount: 10,
      amountDue: 10,
    },
  },
  {
    dataType: 'billCreditNotes',
    name: 'a negative receipt',
    raw: sale(
      fullLine.replace('1.0000', '-1').replace('1.6700', '-1.67'),
      '<Paid>0</Paid><NetAmount>-8.33</NetAmount><VATAmount>-1.67</VATAmount><AmountPaid>-4</AmountPaid>',
    ),
    expected: {
      id: '72655684',
      billCreditNoteNumber: '6',
      supplierRef: { id: '47414686', supplierName: 'Jimi Hendrix' },
      issueDate: '2016-09-16T00:00:00',
      ...currency,
      totalAmount: 10,
      totalDiscount: 0,
      subTotal: 8.33,
      totalTaxAmount: 1.67,
      discountPercentage: 0,
      remainingCredit: 6,
      status: 'PartiallyPaid',
      lineItems: [{ ...lineDocument, quantity: -1, subTotal: -8.33, taxAmount: -1.67, totalAmount: -10 }],
    },
  },
];

const paid =
  '<PayDate>2016-09-21T00:00:00</PayDate><PayNote>BACS</PayNote><PayMethod>409844</PayMethod><PayAccount>55166</PayAccount><PayAmount>10.0000</PayAmount>';
const paymentDocument = {
  id: '9912345',
  accountRef: { id: '17387830', name: 'Current Account' },
  paymentMethodRef: { id: '409844' },
  date: '2016-09-21T00:00:00',
  note: 'BACS',
  totalAmount: 10,
};
const linked = (type: string, id: string) => [
  { amount: 10, links: [{ type, id, amount: -10, currencyRate: 1 }] },
];

const payments: readonly DocumentCase[] = [
  {
    dataType: 'payments',
    name: 'a payment of an invoice',
    raw: xml(`<Payment><PayID>9912345</PayID><PayInvoice>6</PayInvoice>${paid}</Payment>`),
    expected: {
      ...paymentDocument,
      customerRef: { id: '47414686', companyName: 'Jimi Hendrix' },
      ...currency,
      lines: linked('Invoice', '72655684'),
    },
  },
  {
    dataType: 'payments',
    name: 'a payment of a credit note of nobody',
    raw: xml(`<Payment><PayID>9912345</PayID><PayInvoice>7</PayInvoice>${paid}</Payment>`),
    expected: {
      ...paymentDocument,
      customerRef: { id: 'NullId', companyName: 'Customer not specified' },
      currency: 'GBP',
      currencyRate: 1,
      lines: linked('CreditNote', '72655685'),
    },
  },
  {
    dataType: 'payments',
    name: 'a payment of an invoice that nobody knows, into an account that is in no chart',
    raw: xml(
      '<Payment><PayID>3</PayID><PayInvoice>99</PayInvoice><PayDate>2016-09-21T00:00:00</PayDate><PayMethod>0</PayMethod><PayAccount>1</PayAccount><PayAmount>1</PayAmount></Payment>',
    ),
    expected: {
      id: '3',
      date: '2016-09-21T00:00:00',
      totalAmount: 1,
      currency: 'GBP',
      currencyRate: 1,
      lines: [{ amount: 1 }],
    },
    warnings: ['payment-invoice-unknown'],
  },
  {
    dataType: 'billPayments',
    name: 'a payment of a receipt',
    raw: {
      payment: xml(`<Payment><PayID>9912345</PayID><PayInvoice>1</PayInvoice>${paid}</Payment>`),
      receipt: {
        InvoiceDBID: '45741079',
        CustomerID: '5468649',
        CustomerName: 'Paul McCartney',
        CurrencyCode: 'EUR',
        ExchangeRate: '0.844737287',
        NetAmount: '8.33',
        VATAmount: '1.67',
      },
    },
    expected: {
      ...paymentDocument,
      supplierRef: { id: '5468649', supplierName: 'Paul McCartney' },
      ...currency,
      lines: linked('Bill', '45741079'),
    },
  },
  {
    dataType: 'billPayments',
    name: 'a refund of a credit from nobody',
    raw: {
      payment: xml(`<Payment><PayID>9912345</PayID><PayInvoice>1</PayInvoice>${paid}</Payment>`),
      receipt: {
        InvoiceDBID: '45741079',
        CustomerID: '0',
        CurrencyCode: 'EUR',
        ExchangeRate: '0.844737287',
        NetAmount: '-8.33',
        VATAmount: '0',
      },
    },
    expected: {
      ...paymentDocument,
      supplierRef: { id: 'NullId', supplierName: 'Supplier not specified' },
      ...currency,
      lines: linked('CreditNote', '45741079'),
    },
  },
];

const address = {
  line1: '1 Tooley Street',
  line2: 'Floor 2',
  city: 'London',
  region: 'Surrey',
  postalCode: 'SE1 2QG',
};
const addressLines =
  '<Address1>1 Tooley Street</Address1><Address2>Floor 2</Address2><Address3>London</Address3><Address4>Surrey</Address4>';

const masterData: readonly DocumentCase[] = [
  {
    dataType: 'company',
    name: 'the business',
    raw: {
      id: 'hash',
      details: xml(
        `<D><CompanyName>Demo Ltd</CompanyName>${addressLines}<Postcode>SE1 2QG</Postcode><Telephone>020 1</Telephone><Mobile>07 2</Mobile><VatRegistrationNumber>GB1</VatRegistrationNumber></D>`,
      ),
    },
    expected: {
      companyName: 'Demo Ltd',
      accountingPlatformRef: 'hash',
      companyLegalName: 'Demo Ltd',
      addresses: [{ type: 'Unknown', ...address }],
      phoneNumbers: [
        { number: '020 1', type: 'Primary' },
        { number: '07 2', type: 'Mobile' },
      ],
      taxNumber: 'GB1',
      baseCurrency: 'GBP',
    },
  },
  {
    dataType: 'customers',
    name: 'a customer with everything',
    raw: xml(
      `<Customer><CustomerID>47414686</CustomerID><Name>Jimi Hendrix</Name><Contact>Jimi</Contact><Telephone>1</Telephone><Mobile>2</Mobile><Fax>3</Fax><Email>j@example.test</Email>${addressLines}<CountryName>United Kingdom</CountryName><Postcode>SE1 2QG</Postcode><CustHasDeliveryAddress>1</CustHasDeliveryAddress><DeliveryAddress1>Dock 1</DeliveryAddress1><VATNumber>GB2</VATNumber><CurrencyID>2</CurrencyID><Updated>2016-09-20T10:31:05</Updated></Customer>`,
    ),
    expected: {
      id: '47414686',
      customerName: 'Jimi Hendrix',
      contactName: 'Jimi',
      emailAddress: 'j@example.test',
      defaultCurrency: 'EUR',
      phone: '1',
      addresses: [
        { type: 'Billing', ...address, country: 'United Kingdom' },
        { type: 'Delivery', line1: 'Dock 1' },
      ],
      contacts: [
        {
          name: 'Jimi',
          email: 'j@example.test',
          phone: [
            { number: '1', type: 'Primary' },
            { number: '2', type: 'Mobile' },
            { number: '3', type: 'Fax' },
          ],
          status: 'Active',
        },
      ],
      taxNumber: 'GB2',
      status: 'Active',
      sourceModifiedDate: '2016-09-20T10:31:05.000Z',
    },
    sourceModifiedAt: '2016-09-20T10:31:05.000Z',
  },
  {
    dataType: 'customers',
    name: 'a customer with a name alone',
    raw: xml(
      '<Customer><CustomerID>1</CustomerID><Name>A</Name><Contact/><Updated>0001-01-01T00:00:00</Updated><CurrencyID>9</CurrencyID></Customer>',
    ),
    expected: { id: '1', customerName: 'A', status: 'Active' },
  },
  {
    dataType: 'suppliers',
    name: 'a supplier',
    raw: xml(
      `<Supplier><SupplierID>5468649</SupplierID><Name>Paul McCartney</Name><Contact>Paul</Contact><Mobile>2</Mobile><Email>p@example.test</Email>${addressLines}<PostCode>SE1 2QG</PostCode><VATNumber>GB3</VATNumber><CurrencyID>1</CurrencyID><Updated>2016-09-20T00:00:00</Updated></Supplier>`,
    ),
    expected: {
      id: '5468649',
      supplierName: 'Paul McCartney',
      contactName: 'Paul',
      emailAddress: 'p@example.test',
      phone: '2',
      addresses: [{ type: 'Billing', ...address }],
      taxNumber: 'GB3',
      status: 'Unknown',
      defaultCurrency: 'GBP',
      sourceModifiedDate: '2016-09-20T00:00:00.000Z',
    },
    sourceModifiedAt: '2016-09-20T00:00:00.000Z',
  },
  {
    dataType: 'chartOfAccounts',
    name: 'a nominal code',
    raw: xml(
      '<N><id>17387826</id><Code>4000</Code><Name>Sale of Goods</Name><balance>8.3300</balance><TypeName>Turnover</TypeName><Description>Goods</Description><Archived>true</Archived></N>',
    ),
    expected: {
      id: '17387826',
      nominalCode: '4000',
      name: 'Sale of Goods',
      description: 'Goods',
      fullyQualifiedCategory: 'Income.Turnover',
      fullyQualifiedName: 'Income.Turnover.Sale of Goods',
      currency: 'GBP',
      currentBalance: 8.33,
      type: 'Income',
      status: 'Archived',
      isBankAccount: false,
    },
  },
  {
    dataType: 'chartOfAccounts',
    name: 'the nominal code of a bank account',
    raw: xml(
      '<N><id>17387830</id><Code>1200</Code><Name>Current Account</Name><balance>303.2200</balance><TypeName>Current Assets</TypeName><Archived>false</Archived></N>',
    ),
    expected: {
      id: '17387830',
      nominalCode: '1200',
      name: 'Current Account',
      fullyQualifiedCategory: 'Asset.BankAccount',
      fullyQualifiedName: 'Asset.BankAccount.Current Account',
      currency: 'GBP',
      currentBalance: 303.22,
      type: 'Asset',
      status: 'Active',
      isBankAccount: true,
    },
  },
  {
    dataType: 'chartOfAccounts',
    name: 'a nominal code of a kind that is not known',
    raw: xml('<N><id>1</id><Name>Odd</Name><TypeName>Oddities</TypeName></N>'),
    expected: {
      id: '1',
      name: 'Odd',
      fullyQualifiedName: 'Odd',
      currency: 'GBP',
      type: 'Unknown',
      status: 'Active',
      isBankAccount: false,
    },
    warnings: ['unknown-account-type'],
  },
  {
    dataType: 'bankAccounts',
    name: 'a bank account, its balance from its nominal code',
    raw: xml(
      '<B><AccountID>55166</AccountID><AccountName>Current Account</AccountName><AccountCode>1200</AccountCode></B>',
    ),
    expected: {
      id: '55166',
      accountName: 'Current Account',
      accountType: 'Unknown',
      nominalCode: '1200',
      currency: 'GBP',
      balance: 303.32,
    },
  },
  {
    dataType: 'bankTransactions',
    name: 'money that left the account',
    raw: {
      account: '55166',
      transaction: xml(
        '<T><ID>801</ID><TransactionDate>2016-09-22T00:00:00</TransactionDate><moneyin>0.0000</moneyin><moneyout>12.0000</moneyout><Comment>Bank charges</Comment></T>',
      ),
    },
    expected: {
      id: '55166:801',
      accountId: '55166',
      clearedOnDate: '2016-09-22T00:00:00',
      description: 'Bank charges',
      amount: -12,
      transactionType: 'Unknown',
    },
  },
  {
    dataType: 'taxRates',
    name: 'a rate',
    raw: xml('<R><ID>1</ID><Name>20.00%</Name><Description/><Value>20.0000</Value></R>'),
    expected: { id: '1', name: '20.00%', status: 'Active', effectiveTaxRate: 20, totalTaxRate: 20 },
  },
  {
    dataType: 'taxRates',
    name: 'what VAT does not apply to',
    raw: xml('<R><ID>4</ID><Name>N/A</Name><Value>-1.0000</Value></R>'),
    expected: { id: '4', name: 'N/A', status: 'Active', effectiveTaxRate: 0, totalTaxRate: 0 },
  },
  {
    dataType: 'items',
    name: 'a product',
    raw: {
      product: xml(
        '<P><ProductID>17387826</ProductID><ProductName>Sale of Goods</ProductName><ProductCode>4000</ProductCode><ProductDescription>Goods</ProductDescription><ManageStockLevels>1</ManageStockLevels><ProductPrice>1.5000</ProductPrice></P>',
      ),
    },
    expected: {
      id: '17387826',
      name: 'Sale of Goods',
      code: '4000',
      itemStatus: 'Active',
      type: 'Inventory',
      isBillItem: false,
      isInvoiceItem: true,
      invoiceItem: {
        description: 'Goods',
        unitPrice: 1.5,
        accountRef: { id: '17387826', name: 'Sale of Goods' },
      },
    },
  },
  {
    dataType: 'items',
    name: 'a sub-product',
    raw: {
      subProduct: xml(
        '<S><id>2747099</id><ParentID>17387826</ParentID><Name>Blonde on Blonde</Name><Code>BLONDE01</Code><Description>LP</Description><Price>8.3300</Price><VatRate>20.0000</VatRate><WholesalePrice>5.0000</WholesalePrice><Managed>0</Managed></S>',
      ),
    },
    expected: {
      id: '2747099',
      name: 'Blonde on Blonde',
      code: 'BLONDE01',
      itemStatus: 'Active',
      type: 'NonInventory',
      isBillItem: true,
      billItem: { description: 'LP', unitPrice: 5 },
      isInvoiceItem: true,
      invoiceItem: {
        description: 'LP',
        unitPrice: 8.33,
        accountRef: { id: '17387826', name: 'Sale of Goods' },
        taxRateRef: { id: '1', name: '20.00%', effectiveTaxRate: 20 },
      },
    },
  },
  {
    dataType: 'journalEntries',
    name: 'a journal',
    raw: xml(
      '<J><DBID>3001</DBID><JournalDate>2016-09-30T00:00:00</JournalDate><Comment>Accrual</Comment><Lines><anyType><NominalID>17387826</NominalID><Amount>100.0000</Amount><Comment>A</Comment></anyType><anyType><NominalID>0</NominalID><Amount>-100.0000</Amount></anyType></Lines></J>',
    ),
    expected: {
      id: '3001',
      description: 'Accrual',
      postedOn: '2016-09-30T00:00:00',
      journalLines: [
        {
          description: 'A',
          netAmount: 100,
          currency: 'GBP',
          accountRef: { id: '17387826', name: 'Sale of Goods' },
        },
        { netAmount: -100, currency: 'GBP', accountRef: { id: 'NullId', name: 'Account not specified' } },
      ],
      recordRef: { id: '3001', dataType: 'journalEntries' },
    },
  },
];

const account = (id: string, name: string, balance: string) =>
  `<anyType><id>${id}</id><Name>${name}</Name><balance>${balance}</balance></anyType>`;
const none = (name: string) => ({ name, value: 0, items: [] });

const statements: readonly DocumentCase[] = [
  {
    dataType: 'balanceSheet',
    name: 'a month’s end',
    raw: {
      month: '2016-09',
      report: xml(
        `<B><FixedAssets/><FixedAssetsTotal>0</FixedAssetsTotal><CurrentAssets>${account('1', 'Debtors', '10.0000')}</CurrentAssets><CurrentAssetsTotal>10.0000</CurrentAssetsTotal><CurrentLiabilities>${account('2', 'Sales Tax', '1.6700')}</CurrentLiabilities><CurrentLiabilitiesTotal>1.6700</CurrentLiabilitiesTotal><CapitalReserves>${account('0', 'P&amp;L Account', '7.3300')}${account('9', 'Capital', '1.0000')}</CapitalReserves><CapitalReservesTotal>8.3300</CapitalReservesTotal></B>`,
      ),
    },
    expected: {
      date: '2016-09-30T00:00:00',
      assets: { name: 'Assets', value: 10, items: [{ accountId: '1', name: 'Debtors', value: 10 }] },
      liabilities: {
        name: 'Liabilities',
        value: 1.67,
        items: [{ accountId: '2', name: 'Sales Tax', value: 1.67 }],
      },
      netAssets: 8.33,
      equity: {
        name: 'Equity',
        value: 8.33,
        items: [
          { name: 'P&L Account', value: 7.33 },
          { accountId: '9', name: 'Capital', value: 1 },
        ],
      },
    },
  },
  {
    dataType: 'profitAndLoss',
    name: 'a month whose costs do not come to what KashFlow says',
    raw: {
      month: '2016-02',
      report: xml(
        `<P><Turnover>${account('1', 'Sales', '8.3300')}</Turnover><CostOfSales>${account('2', 'Materials', '3.0000')}</CostOfSales><GrossProfit>6.0000</GrossProfit><Expenses>${account('3', 'Rent', '1.0000')}</Expenses><NetProfit>4.3300</NetProfit></P>`,
      ),
    },
    expected: {
      fromDate: '2016-02-01T00:00:00',
      toDate: '2016-02-29T00:00:00',
      income: { name: 'Income', value: 8.33, items: [{ accountId: '1', name: 'Sales', value: 8.33 }] },
      costOfSales: {
        name: 'Cost of sales',
        value: 3,
        items: [{ accountId: '2', name: 'Materials', value: 3 }],
      },
      grossProfit: 5.33,
      expenses: { name: 'Expenses', value: 1, items: [{ accountId: '3', name: 'Rent', value: 1 }] },
      netOperatingProfit: 4.33,
      otherExpenses: none('Other expenses'),
      otherIncome: none('Other income'),
      netOtherIncome: 0,
      netProfit: 4.33,
    },
    warnings: ['statement-total-differs'],
  },
];

export const documentCases = [...sales, ...payments, ...masterData, ...statements];
