import type { DataTypeKey } from '@tributary/model';

/**
 * Names the texts by which a small business is told what is read and why (here, and the pages that show them). It is recorded with
 * each consent: raise it whenever those texts change their meaning.
 */
export const consentPageVersion = 'link-3';

/** What each data type is, in words of somebody who keeps books and not of somebody who programs. */
export const dataDescriptions: Readonly<
  Record<DataTypeKey, { readonly label: string; readonly detail: string }>
> = {
  company: { label: 'Business details', detail: 'name, currency and financial year' },
  chartOfAccounts: { label: 'Accounts', detail: 'the accounts in your books and their balances' },
  bankAccounts: { label: 'Bank accounts', detail: 'bank and card accounts in your books and their balances' },
  customers: { label: 'Customers', detail: 'names and contact details' },
  suppliers: { label: 'Suppliers', detail: 'names and contact details' },
  invoices: { label: 'Invoices', detail: 'what you have sold, and what is still owed to you' },
  bills: { label: 'Bills', detail: 'what you have bought, and what you still owe' },
  payments: { label: 'Payments received', detail: 'what customers have paid' },
  billPayments: { label: 'Payments made', detail: 'what you have paid to suppliers' },
  items: { label: 'Products and services', detail: 'what you sell and buy, with prices' },
  taxRates: { label: 'Tax rates', detail: 'the taxes that your books use' },
  creditNotes: { label: 'Credit notes', detail: 'what you have credited to customers' },
  billCreditNotes: { label: 'Credit from suppliers', detail: 'what suppliers have credited to you' },
  bankTransactions: { label: 'Bank transactions', detail: 'what came in and went out of bank accounts' },
  transfers: { label: 'Transfers', detail: 'money moved between your own accounts' },
  journalEntries: { label: 'Journal entries', detail: 'everything that has been posted to your accounts' },
  journals: { label: 'Journals', detail: 'the kinds of postings in your books' },
  accountTransactions: {
    label: 'Account transactions',
    detail: 'what came in and went out of bank accounts',
  },
  balanceSheet: {
    label: 'Balance sheet',
    detail: 'what your business owns and owes at the end of each month',
  },
  profitAndLoss: { label: 'Profit and loss', detail: 'what your business earned and spent in each month' },
  cashFlowStatement: { label: 'Cash flow', detail: 'the money that came in and went out in each month' },
};
