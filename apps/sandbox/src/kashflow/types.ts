/** The types of KashFlow's service, members in the order of its service description, which counts. */

export type Members = readonly (readonly [name: string, type: string])[];

export const text = (...names: readonly string[]): Members =>
  names.map((name) => [name, 's:string'] as const);
export const whole = (...names: readonly string[]): Members => names.map((name) => [name, 's:int'] as const);
const decimal = (...names: readonly string[]): Members => names.map((name) => [name, 's:decimal'] as const);
export const moment = (...names: readonly string[]): Members =>
  names.map((name) => [name, 's:dateTime'] as const);
const flag = (...names: readonly string[]): Members => names.map((name) => [name, 's:boolean'] as const);
const list = (...names: readonly string[]): Members =>
  names.map((name) => [name, 'tns:ArrayOfAnyType'] as const);
const numbered = (name: string): string[] => Array.from({ length: 20 }, (_, index) => `${name}${index + 1}`);

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
    ...text(...numbered('ExtraText')),
    ...whole(...numbered('CheckBox')),
    ...moment('Created', 'Updated'),
    ...whole('CurrencyID'),
    ...text('ContactTitle', 'ContactFirstName', 'ContactLastName'),
    ...whole('CustHasDeliveryAddress'),
    ...text('DeliveryAddress1', 'DeliveryAddress2', 'DeliveryAddress3', 'DeliveryAddress4'),
    ...text('DeliveryCountryName', 'DeliveryCountryCode', 'DeliveryPostcode', 'VATNumber'),
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
    ...text('ContactTitle', 'ContactFirstName', 'ContactLastName'),
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
    ...whole('ProductID', 'Sort', 'ProjID', 'LineID', 'ValuesInCurrency'),
  ],
  Invoice: [
    ...whole('InvoiceDBID', 'InvoiceNumber'),
    ...moment('InvoiceDate', 'DueDate'),
    ...text('Customer'),
    ...whole('CustomerID', 'Paid'),
    ...text('CustomerReference', 'EstimateCategory'),
    ...whole('SuppressTotal', 'ProjectID'),
    ...text('CurrencyCode'),
    ...decimal('ExchangeRate'),
    ...text('ReadableString'),
    ...list('Lines'),
    ...decimal('NetAmount', 'VATAmount', 'AmountPaid'),
    ...text('CustomerName', 'PermaLink'),
    ...flag('UseCustomDeliveryAddress'),
  ],
  Payment: [
    ...whole('PayID', 'PayInvoice'),
    ...moment('PayDate'),
    ...text('PayNote'),
    ...whole('PayMethod', 'PayAccount'),
    ...decimal('PayAmount'),
  ],
  PaymentMethod: [...whole('MethodID'), ...text('MethodName')],
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
