/** What is served of KashFlow's service: types and operations, in the element order of its service description, which counts. */

type Members = readonly (readonly [name: string, type: string])[];

const text = (...names: readonly string[]): Members => names.map((name) => [name, 's:string'] as const);
const whole = (...names: readonly string[]): Members => names.map((name) => [name, 's:int'] as const);
const decimal = (...names: readonly string[]): Members => names.map((name) => [name, 's:decimal'] as const);
const moment = (...names: readonly string[]): Members => names.map((name) => [name, 's:dateTime'] as const);
const flag = (...names: readonly string[]): Members => names.map((name) => [name, 's:boolean'] as const);
const list = (...names: readonly string[]): Members =>
  names.map((name) => [name, 'tns:ArrayOfAnyType'] as const);

const NOMINAL: Members = [...whole('id', 'Code'), ...text('Name'), ...decimal('debit', 'credit', 'balance')];

export const TYPES: Readonly<Record<string, Members>> = {
  CompanyDetails: [
    ...text('CompanyName', 'Address1', 'Address2', 'Address3', 'Address4', 'Postcode', 'PrimaryEmail'),
    ...text('PrimaryContact', 'Telephone', 'Mobile', 'VatRegistered', 'VatRegistrationNumber'),
    ...whole('PaymentTerms'),
    ...text('CurrencySymbol', 'CurrencyPosition', 'UsDate'),
    ...whole('CurrencyId'),
    ...text('CurrencyName'),
  ],
  Currencies: [
    ...whole('CurrencyId'),
    ...text('CurrencyCode'),
    ...decimal('ExchangeRate'),
    ...whole('isDefault'),
  ],
  BasicDataset: [...whole('ID'), ...text('Name', 'Description'), ...decimal('Value')],
  NominalCode: NOMINAL,
  NominalCodeExtended: [
    ...NOMINAL,
    ...whole('TypeID'),
    ...text('TypeName'),
    ...whole('ClassificationID'),
    ...text('ClassificationName'),
    ...whole('AutoFill'),
    ...decimal('Price', 'VATRate'),
    ...text('Description'),
    ...flag('Archived'),
  ],
  BankAccount: [...whole('AccountID'), ...text('AccountName'), ...whole('AccountCode')],
  BankTransaction: [
    ...whole('ID', 'accid'),
    ...moment('TransactionDate'),
    ...decimal('moneyin', 'moneyout'),
    ...whole('Vatable'),
    ...decimal('VatRate', 'VatAmount'),
    ...whole('TransactionType'),
    ...text('Comment'),
    ...whole('ProjectID', 'CustomerId', 'SupplierId'),
  ],
  Customer: [
    ...whole('CustomerID'),
    ...text('Code', 'Name', 'Contact', 'Telephone', 'Mobile', 'Fax', 'Email'),
    ...text(
      'Address1',
      'Address2',
      'Address3',
      'Address4',
      'CountryName',
      'CountryCode',
      'Postcode',
      'Website',
    ),
    ...whole('EC', 'OutsideEC'),
    ...text('Notes'),
    ...whole('Source'),
    ...decimal('Discount'),
    ...flag('ShowDiscount'),
    ...whole('PaymentTerms'),
    ...moment('Created', 'Updated'),
    ...whole('CurrencyID'),
    ...text('ContactTitle', 'ContactFirstName', 'ContactLastName'),
    ...whole('CustHasDeliveryAddress'),
    ...text('VATNumber'),
  ],
  Supplier: [
    ...whole('SupplierID'),
    ...text(
      'Code',
      'Name',
      'Contact',
      'Mobile',
      'Fax',
      'Address1',
      'Address2',
      'Address3',
      'Address4',
      'PostCode',
    ),
    ...text('Telephone', 'Website', 'Email'),
    ...moment('Created', 'Updated'),
    ...whole('EC'),
    ...text('VATNumber', 'Notes'),
    ...whole('CurrencyID', 'PaymentTerms'),
  ],
  Product: [
    ...whole('ProductID'),
    ...text('ProductName'),
    ...whole('ProductCode'),
    ...text('ProductDescription'),
    ...whole('ManageStockLevels', 'QtyInStock'),
    ...decimal('ProductPrice'),
  ],
  SubProduct: [
    ...whole('id', 'ParentID'),
    ...text('Name', 'Code', 'Description'),
    ...decimal('Price', 'VatRate', 'WholesalePrice'),
    ...whole('Managed', 'QtyInStock', 'StockWarnQty', 'AutoFill'),
  ],
  InvoiceLine: [
    ...decimal('Quantity'),
    ...text('Description'),
    ...decimal('Rate'),
    ...whole('ChargeType'),
    ...decimal('VatRate', 'VatAmount'),
    ...whole('ProductID', 'Sort', 'ProjID', 'LineID'),
  ],
  Invoice: [
    ...whole('InvoiceDBID', 'InvoiceNumber'),
    ...moment('InvoiceDate', 'DueDate'),
    ...text('Customer'),
    ...whole('CustomerID', 'Paid'),
    ...text('CustomerReference'),
    ...whole('SuppressTotal', 'ProjectID'),
    ...text('CurrencyCode'),
    ...decimal('ExchangeRate'),
    ...list('Lines'),
    ...decimal('NetAmount', 'VATAmount', 'AmountPaid'),
    ...text('CustomerName'),
    ...flag('UseCustomDeliveryAddress'),
  ],
  Payment: [
    ...whole('PayID', 'PayInvoice'),
    ...moment('PayDate'),
    ...text('PayNote'),
    ...whole('PayMethod', 'PayAccount'),
    ...decimal('PayAmount'),
  ],
  JournalLine: [...whole('NominalID'), ...decimal('Amount'), ...text('Comment'), ...whole('ProjId')],
  JournalEntry: [
    ...whole('DBID', 'JournalNumber'),
    ...moment('JournalDate'),
    ...text('Comment'),
    ...list('Lines'),
  ],
  BalanceSheet: [
    ...moment('Date'),
    ...list('FixedAssets'),
    ...decimal('FixedAssetsTotal'),
    ...list('CurrentAssets'),
    ...decimal('CurrentAssetsTotal'),
    ...list('CurrentLiabilities'),
    ...decimal('CurrentLiabilitiesTotal'),
    ...list('CapitalReserves'),
    ...decimal('CapitalReservesTotal'),
  ],
  ProfitAndLoss: [
    ...moment('StartDate', 'EndDate'),
    ...list('Turnover'),
    ...decimal('TurnoverTotal'),
    ...list('CostOfSales'),
    ...decimal('CostOfSalesTotal', 'GrossProfit'),
    ...list('Expenses'),
    ...decimal('ExpensesTotal', 'NetProfit'),
  ],
};

export interface OperationDescription {
  /** After user name and password. */
  readonly args: Members;
  /** A type, or a list of it. */
  readonly result: string;
  readonly isList: boolean;
  /** After `StatusDetail`. */
  readonly extra: Members;
}

const listOf = (result: string, args: Members = [], extra: Members = []): OperationDescription => ({
  args,
  result,
  isList: true,
  extra,
});
const one = (result: string, args: Members = []): OperationDescription => ({
  args,
  result,
  isList: false,
  extra: [],
});

export const OPERATIONS: Readonly<Record<string, OperationDescription>> = {
  GetCompanyDetails: one('CompanyDetails'),
  GetCurrencies: listOf('Currencies'),
  GetVATRates: listOf('BasicDataset'),
  GetNominalCodes: listOf('NominalCode'),
  GetNominalCodesExtended: listOf('NominalCodeExtended'),
  GetBankAccounts: listOf('BankAccount'),
  GetBankTransactions: listOf('BankTransaction', whole('AccountID')),
  GetCustomers: listOf('Customer'),
  GetCustomersModifiedSince: listOf('Customer', moment('ModifiedSince')),
  GetCustomerByID: one('Customer', whole('CustomerID')),
  GetSuppliers: listOf('Supplier'),
  GetSupplierByID: one('Supplier', whole('SupplierID')),
  GetProducts: listOf('Product'),
  GetSubProducts: listOf('SubProduct', whole('NominalID')),
  GetInvoice: one('Invoice', whole('InvoiceNumber')),
  GetInvoiceByID: one('Invoice', whole('InvoiceID')),
  GetInvoices_Unpaid: listOf('Invoice'),
  GetInvoicesByDateRange: listOf('Invoice', moment('StartDate', 'EndDate')),
  GetInvoicePaymentsByDateRange: listOf('Payment', [
    ...moment('StartDate', 'EndDate'),
    ...whole('PageNumber'),
  ]),
  GetReceipt: one('Invoice', whole('ReceiptNumber')),
  GetReceipts: listOf('Invoice'),
  GetReceiptsWithPaging: listOf(
    'Invoice',
    [...whole('Page', 'PerPage'), ...text('FilterBy')],
    whole('PageNumber', 'TotalPages', 'TotalRecords'),
  ),
  GetReceiptPayment: listOf('Payment', whole('ReceiptNumber')),
  GetJournals: listOf('JournalEntry'),
  GetBalanceSheet: one('BalanceSheet', moment('Date')),
  GetProfitAndLoss: one('ProfitAndLoss', moment('StartDate', 'EndDate')),
};
