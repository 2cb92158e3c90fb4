/**
 * The registry of data types. Longer than a module should be: it is one table, an entry for each data type, and is read as one.
 */
import type { z } from 'zod';
import {
  accountRef,
  type ColumnDefinition,
  currency,
  customerRef,
  day,
  flag,
  moment,
  numeric,
  party,
  supplierRef,
  text,
} from './columns.ts';
import { account, accountResponse, bankAccount, bankAccountResponse } from './schemas/accounts.ts';
import { bankTransaction, bankTransactionResponse } from './schemas/bank-transactions.ts';
import { bill, billResponse } from './schemas/bills.ts';
import { company, companyResponse } from './schemas/company.ts';
import { customer, customerResponse, supplier, supplierResponse } from './schemas/contacts.ts';
import {
  billCreditNote,
  billCreditNoteResponse,
  creditNote,
  creditNoteResponse,
} from './schemas/credit-notes.ts';
import { invoice, invoiceResponse } from './schemas/invoices.ts';
import { item, itemResponse, taxRate, taxRateResponse } from './schemas/items.ts';
import {
  accountTransaction,
  accountTransactionResponse,
  journal,
  journalEntry,
  journalEntryResponse,
  journalResponse,
  transfer,
  transferResponse,
} from './schemas/journals.ts';
import { billPayment, billPaymentResponse, payment, paymentResponse } from './schemas/payments.ts';
import {
  balanceSheetReport,
  balanceSheetReportResponse,
  cashFlowReport,
  cashFlowReportResponse,
  profitAndLossReport,
  profitAndLossReportResponse,
} from './schemas/statements.ts';

/** Which of the published read paths serve a data type: `/companies/{id}/data/…`, `/companies/{id}/connections/{id}/data/…`. */
export type DataTypeScope = 'company' | 'connection';

/** Everything that the house has to know of a data type. */
export type DataTypeDefinition = {
  readonly key: string;
  /** Table of the data plane. */
  readonly table: string;
  /** Where the published read routes have it, below `…/data/`; a parameter in it is named by `listedBy`. */
  readonly listPath: string;
  /** Its records are listed for one record of another type only, which this parameter of `listPath` and property of its own names. */
  readonly listedBy?: string;
  /** The published model gives it no `metadata`: what cannot be told to be deleted is not listed then. */
  readonly withoutMetadata?: true;
  readonly scopes: readonly DataTypeScope[];
  /** Noun of summaries and messages. */
  readonly title: { readonly singular: string; readonly plural: string };
  /** Body: what mappings produce and the store keeps. */
  readonly record: z.ZodObject;
  /** Body plus what the response adds from columns. */
  readonly response: z.ZodObject;
  readonly columns: readonly ColumnDefinition[];
  /**
   * Absent: clients list its records and read them one by one. `statement`: the records are monthly reports, and clients ask for
   * periods made of them at `listPath`.
   */
  readonly servedAs?: 'statement';
};

/** The data types that Tributary serves, by their key in the published API. */
export const dataTypes = {
  company: {
    key: 'company',
    table: 'company_info',
    listPath: 'info',
    scopes: ['company'],
    title: { singular: 'company info', plural: 'company info' },
    record: company,
    response: companyResponse,
    columns: [
      text('company_name', 'companyName'),
      text('company_legal_name', 'companyLegalName'),
      text('accounting_platform_ref', 'accountingPlatformRef'),
      text('registration_number', 'registrationNumber'),
      text('tax_number', 'taxNumber'),
      text('base_currency', 'baseCurrency'),
      day('financial_year_start_date', 'financialYearStartDate'),
      day('ledger_lock_date', 'ledgerLockDate'),
      moment('created_date', 'createdDate'),
    ],
  },
  chartOfAccounts: {
    key: 'chartOfAccounts',
    table: 'accounts',
    listPath: 'accounts',
    scopes: ['company'],
    title: { singular: 'account', plural: 'accounts' },
    record: account,
    response: accountResponse,
    columns: [
      text('nominal_code', 'nominalCode'),
      text('name', 'name'),
      text('fully_qualified_category', 'fullyQualifiedCategory'),
      text('fully_qualified_name', 'fullyQualifiedName'),
      text('currency', 'currency'),
      numeric('current_balance', 'currentBalance'),
      text('type', 'type'),
      text('status', 'status'),
      flag('is_bank_account', 'isBankAccount'),
    ],
  },
  bankAccounts: {
    key: 'bankAccounts',
    table: 'bank_accounts',
    listPath: 'bankAccounts',
    scopes: ['connection'],
    title: { singular: 'bank account', plural: 'bank accounts' },
    record: bankAccount,
    response: bankAccountResponse,
    columns: [
      text('account_name', 'accountName'),
      text('account_type', 'accountType'),
      text('nominal_code', 'nominalCode'),
      text('sort_code', 'sortCode'),
      text('account_number', 'accountNumber'),
      text('iban', 'iBan'),
      text('currency', 'currency'),
      numeric('balance', 'balance'),
      text('institution', 'institution'),
      numeric('available_balance', 'availableBalance'),
      numeric('overdraft_limit', 'overdraftLimit'),
      text('status', 'status'),
    ],
  },
  customers: {
    key: 'customers',
    table: 'customers',
    listPath: 'customers',
    scopes: ['company'],
    title: { singular: 'customer', plural: 'customers' },
    record: customer,
    response: customerResponse,
    columns: [text('customer_name', 'customerName'), ...party],
  },
  suppliers: {
    key: 'suppliers',
    table: 'suppliers',
    listPath: 'suppliers',
    scopes: ['company'],
    title: { singular: 'supplier', plural: 'suppliers' },
    record: supplier,
    response: supplierResponse,
    columns: [text('supplier_name', 'supplierName'), ...party],
  },
  invoices: {
    key: 'invoices',
    table: 'invoices',
    listPath: 'invoices',
    scopes: ['company'],
    title: { singular: 'invoice', plural: 'invoices' },
    record: invoice,
    response: invoiceResponse,
    columns: [
      text('invoice_number', 'invoiceNumber'),
      ...customerRef,
      day('issue_date', 'issueDate'),
      day('due_date', 'dueDate'),
      day('paid_on_date', 'paidOnDate'),
      ...currency,
      numeric('sub_total', 'subTotal'),
      numeric('total_discount', 'totalDiscount'),
      numeric('total_tax_amount', 'totalTaxAmount'),
      numeric('total_amount', 'totalAmount'),
      numeric('amount_due', 'amountDue'),
      text('status', 'status'),
      text('note', 'note'),
    ],
  },
  bills: {
    key: 'bills',
    table: 'bills',
    listPath: 'bills',
    scopes: ['company'],
    title: { singular: 'bill', plural: 'bills' },
    record: bill,
    response: billResponse,
    columns: [
      text('reference', 'reference'),
      ...supplierRef,
      day('issue_date', 'issueDate'),
      day('due_date', 'dueDate'),
      ...currency,
      numeric('sub_total', 'subTotal'),
      numeric('tax_amount', 'taxAmount'),
      numeric('total_amount', 'totalAmount'),
      numeric('amount_due', 'amountDue'),
      text('status', 'status'),
      text('note', 'note'),
    ],
  },
  payments: {
    key: 'payments',
    table: 'payments',
    listPath: 'payments',
    scopes: ['company'],
    title: { singular: 'payment', plural: 'payments' },
    record: payment,
    response: paymentResponse,
    columns: [
      ...customerRef,
      ...accountRef,
      day('date', 'date'),
      ...currency,
      numeric('total_amount', 'totalAmount'),
      text('reference', 'reference'),
      text('note', 'note'),
    ],
  },
  billPayments: {
    key: 'billPayments',
    table: 'bill_payments',
    listPath: 'billPayments',
    scopes: ['company'],
    title: { singular: 'bill payment', plural: 'bill payments' },
    record: billPayment,
    response: billPaymentResponse,
    columns: [
      ...supplierRef,
      ...accountRef,
      day('date', 'date'),
      ...currency,
      numeric('total_amount', 'totalAmount'),
      text('reference', 'reference'),
      text('note', 'note'),
    ],
  },
  items: {
    key: 'items',
    table: 'items',
    listPath: 'items',
    scopes: ['company'],
    title: { singular: 'item', plural: 'items' },
    record: item,
    response: itemResponse,
    columns: [
      text('name', 'name'),
      text('code', 'code'),
      text('item_status', 'itemStatus'),
      text('type', 'type'),
      flag('is_bill_item', 'isBillItem'),
      numeric('bill_unit_price', 'billItem.unitPrice'),
      flag('is_invoice_item', 'isInvoiceItem'),
      numeric('invoice_unit_price', 'invoiceItem.unitPrice'),
    ],
  },
  taxRates: {
    key: 'taxRates',
    table: 'tax_rates',
    listPath: 'taxRates',
    scopes: ['company'],
    title: { singular: 'tax rate', plural: 'tax rates' },
    record: taxRate,
    response: taxRateResponse,
    columns: [
      text('name', 'name'),
      text('code', 'code'),
      text('status', 'status'),
      numeric('effective_tax_rate', 'effectiveTaxRate'),
      numeric('total_tax_rate', 'totalTaxRate'),
    ],
  },
  journalEntries: {
    key: 'journalEntries',
    table: 'journal_entries',
    listPath: 'journalEntries',
    scopes: ['company'],
    title: { singular: 'journal entry', plural: 'journal entries' },
    record: journalEntry,
    response: journalEntryResponse,
    columns: [
      text('description', 'description'),
      day('posted_on', 'postedOn'),
      moment('created_on', 'createdOn'),
      moment('updated_on', 'updatedOn'),
      text('journal_id', 'journalRef.id'),
      text('journal_name', 'journalRef.name'),
      text('record_id', 'recordRef.id'),
      text('record_data_type', 'recordRef.dataType'),
    ],
  },
  journals: {
    key: 'journals',
    table: 'journals',
    listPath: 'journals',
    scopes: ['company'],
    title: { singular: 'journal', plural: 'journals' },
    record: journal,
    response: journalResponse,
    columns: [
      text('journal_code', 'journalCode'),
      text('name', 'name'),
      text('type', 'type'),
      text('parent_id', 'parentId'),
      flag('has_children', 'hasChildren'),
      moment('created_on', 'createdOn'),
      text('status', 'status'),
    ],
  },
  transfers: {
    key: 'transfers',
    table: 'transfers',
    listPath: 'transfers',
    scopes: ['connection'],
    title: { singular: 'transfer', plural: 'transfers' },
    record: transfer,
    response: transferResponse,
    columns: [
      text('description', 'description'),
      text('contact_id', 'contactRef.id'),
      text('contact_data_type', 'contactRef.dataType'),
      day('date', 'date'),
      text('from_account_id', 'from.accountRef.id'),
      text('from_account_data_type', 'from.accountRef.dataType'),
      text('from_currency', 'from.currency'),
      numeric('from_amount', 'from.amount'),
      text('to_account_id', 'to.accountRef.id'),
      text('to_account_data_type', 'to.accountRef.dataType'),
      text('to_currency', 'to.currency'),
      numeric('to_amount', 'to.amount'),
      text('status', 'status'),
    ],
  },
  accountTransactions: {
    key: 'accountTransactions',
    table: 'account_transactions',
    listPath: 'accountTransactions',
    scopes: ['connection'],
    title: { singular: 'account transaction', plural: 'account transactions' },
    record: accountTransaction,
    response: accountTransactionResponse,
    columns: [
      text('transaction_id', 'transactionId'),
      text('note', 'note'),
      text('bank_account_id', 'bankAccountRef.id'),
      text('bank_account_name', 'bankAccountRef.name'),
      day('date', 'date'),
      text('status', 'status'),
      ...currency,
      numeric('total_amount', 'totalAmount'),
    ],
  },
  creditNotes: {
    key: 'creditNotes',
    table: 'credit_notes',
    listPath: 'creditNotes',
    scopes: ['company'],
    title: { singular: 'credit note', plural: 'credit notes' },
    record: creditNote,
    response: creditNoteResponse,
    columns: [
      text('credit_note_number', 'creditNoteNumber'),
      ...customerRef,
      day('issue_date', 'issueDate'),
      day('allocated_on_date', 'allocatedOnDate'),
      ...currency,
      numeric('sub_total', 'subTotal'),
      numeric('total_discount', 'totalDiscount'),
      numeric('total_tax_amount', 'totalTaxAmount'),
      numeric('total_amount', 'totalAmount'),
      numeric('remaining_credit', 'remainingCredit'),
      numeric('discount_percentage', 'discountPercentage'),
      text('status', 'status'),
      text('note', 'note'),
    ],
  },
  billCreditNotes: {
    key: 'billCreditNotes',
    table: 'bill_credit_notes',
    listPath: 'billCreditNotes',
    scopes: ['company'],
    title: { singular: 'bill credit note', plural: 'bill credit notes' },
    record: billCreditNote,
    response: billCreditNoteResponse,
    columns: [
      text('bill_credit_note_number', 'billCreditNoteNumber'),
      ...supplierRef,
      day('issue_date', 'issueDate'),
      day('allocated_on_date', 'allocatedOnDate'),
      ...currency,
      numeric('sub_total', 'subTotal'),
      numeric('total_discount', 'totalDiscount'),
      numeric('total_tax_amount', 'totalTaxAmount'),
      numeric('total_amount', 'totalAmount'),
      numeric('remaining_credit', 'remainingCredit'),
      numeric('discount_percentage', 'discountPercentage'),
      text('status', 'status'),
      text('note', 'note'),
    ],
  },
  bankTransactions: {
    key: 'bankTransactions',
    table: 'bank_transactions',
    listPath: 'bankAccounts/:accountId/bankTransactions',
    listedBy: 'accountId',
    withoutMetadata: true,
    scopes: ['connection'],
    title: { singular: 'bank transaction', plural: 'bank transactions' },
    record: bankTransaction,
    response: bankTransactionResponse,
    columns: [
      text('account_id', 'accountId'),
      day('cleared_on_date', 'clearedOnDate'),
      text('description', 'description'),
      flag('reconciled', 'reconciled'),
      numeric('amount', 'amount'),
      numeric('balance', 'balance'),
      text('transaction_type', 'transactionType'),
    ],
  },
  balanceSheet: {
    key: 'balanceSheet',
    table: 'balance_sheets',
    listPath: 'financials/balanceSheet',
    scopes: ['company'],
    title: { singular: 'balance sheet', plural: 'balance sheets' },
    record: balanceSheetReport,
    response: balanceSheetReportResponse,
    columns: [day('date', 'date'), numeric('net_assets', 'netAssets')],
    servedAs: 'statement',
  },
  profitAndLoss: {
    key: 'profitAndLoss',
    table: 'profit_and_loss_reports',
    listPath: 'financials/profitAndLoss',
    scopes: ['company'],
    title: { singular: 'profit and loss', plural: 'profit and loss' },
    record: profitAndLossReport,
    response: profitAndLossReportResponse,
    columns: [
      day('from_date', 'fromDate'),
      day('to_date', 'toDate'),
      numeric('gross_profit', 'grossProfit'),
      numeric('net_operating_profit', 'netOperatingProfit'),
      numeric('net_other_income', 'netOtherIncome'),
      numeric('net_profit', 'netProfit'),
    ],
    servedAs: 'statement',
  },
  cashFlowStatement: {
    key: 'cashFlowStatement',
    table: 'cash_flow_reports',
    listPath: 'financials/cashFlowStatement',
    scopes: ['company'],
    title: { singular: 'cash flow statement', plural: 'cash flow statements' },
    record: cashFlowReport,
    response: cashFlowReportResponse,
    columns: [
      day('from_date', 'fromDate'),
      day('to_date', 'toDate'),
      numeric('cash_receipts', 'cashReceipts.value'),
      numeric('cash_payments', 'cashPayments.value'),
    ],
    servedAs: 'statement',
  },
} as const satisfies Record<string, DataTypeDefinition>;

/** Key of a data type that Tributary serves. */
export type DataTypeKey = keyof typeof dataTypes;

/** Body of a record of one data type. */
export type RecordOf<Key extends DataTypeKey> = z.infer<(typeof dataTypes)[Key]['record']>;

/** The keys of {@link dataTypes}, in their order. */
export const dataTypeKeys = Object.keys(dataTypes) as readonly DataTypeKey[];
