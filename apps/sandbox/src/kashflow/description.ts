/** The operations of KashFlow's service that are served, arguments in the order of its service description, which counts. */
import { type Members, moment, text, whole } from './types.ts';

export interface OperationDescription {
  /** After user name and password. */
  readonly args: Members;
  /** A type, or a list of it; undefined for what answers with a status alone. */
  readonly result: string | undefined;
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
/** Takes one record, and answers with a number or a text. */
const write = (
  argument: string,
  type: string,
  result: string | undefined = 's:int',
): OperationDescription => ({
  args: [[argument, `tns:${type}`]],
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
  GetCustomer: one('Customer', text('CustomerCode')),
  GetCustomerByID: one('Customer', whole('CustomerID')),
  GetSuppliers: listOf('Supplier'),
  GetSupplierByID: one('Supplier', whole('SupplierID')),
  GetProducts: listOf('Product'),
  GetSubProducts: listOf('SubProduct', whole('NominalID')),
  GetSubProductByCode: one('SubProduct', text('ProductCode')),
  GetSubProductByID: one('SubProduct', whole('ProductID')),
  GetInvoice: one('Invoice', whole('InvoiceNumber')),
  GetInvoiceByID: one('Invoice', whole('InvoiceID')),
  GetInvoices_Unpaid: listOf('Invoice'),
  GetInvoicesByDateRange: listOf('Invoice', moment('StartDate', 'EndDate')),
  GetInvoicesForCustomer: listOf('Invoice', whole('CustID')),
  GetInvPayMethods: listOf('PaymentMethod'),
  GetInvoicePayment: listOf('Payment', whole('InvoiceNumber')),
  GetInvoicePaymentsByDateRange: listOf('Payment', [
    ...moment('StartDate', 'EndDate'),
    ...whole('PageNumber'),
  ]),
  GetReceipt: one('Invoice', whole('ReceiptNumber')),
  GetReceiptsForSupplier: listOf('Invoice', whole('SupplierID')),
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
  InsertCustomer: write('custr', 'Customer'),
  UpdateCustomer: write('custr', 'Customer', 's:string'),
  InsertSupplier: write('supl', 'Supplier'),
  UpdateSupplier: write('sup', 'Supplier', undefined),
  AddOrUpdateSubProduct: write('sp', 'SubProduct'),
  InsertInvoice: write('Inv', 'Invoice'),
  UpdateInvoice: write('Inv', 'Invoice', undefined),
  UpdateInvoiceHeader: write('Inv', 'Invoice', undefined),
  InsertInvoicePayment: write('InvoicePayment', 'Payment'),
  InsertReceipt: write('Inv', 'Invoice'),
  UpdateReceipt: write('Receipt', 'Invoice'),
  UpdateReceiptHeader: write('Receipt', 'Invoice'),
  InsertReceiptPayment: write('ReceiptPayment', 'Payment'),
};
