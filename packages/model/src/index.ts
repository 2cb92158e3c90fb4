/** The unified data model: record schemas, exact numbers, dates, statuses, query language. Everything here computes; nothing reads or writes. */
export * from './aged.ts';
export type { ColumnDefinition, ColumnKind } from './columns.ts';
export * from './data-type-keys.ts';
export * from './data-types.ts';
export * from './dataset-status.ts';
export { instant, isCalendarDate, localDate } from './dates.ts';
export { parseExactJson, wireDecimalText } from './exact-json.ts';
export { decimalText, type ExactNumber, exactNumber, isExactNumber } from './exact-number.ts';
export { type FieldKind, fieldKinds } from './field-kinds.ts';
export * from './integrity/index.ts';
export { type JsonSchema, overrideExactDecimal, toJsonSchema } from './json-schema.ts';
export * from './money.ts';
export { addMonths, lastDayOfMonth } from './months.ts';
export * from './not-specified.ts';
export * from './query.ts';
export * from './query-ast.ts';
export { fieldsOf } from './query-fields.ts';
export { matchesQuery } from './query-match.ts';
export { normaliseDecimal } from './query-values.ts';
export { quickParser } from './quick-read.ts';
export type { Account, BankAccount } from './schemas/accounts.ts';
export type { BankTransaction } from './schemas/bank-transactions.ts';
export type { Bill, BillLineItem } from './schemas/bills.ts';
export type { Company } from './schemas/company.ts';
export type { Customer, Supplier } from './schemas/contacts.ts';
export type { BillCreditNote, CreditNote } from './schemas/credit-notes.ts';
export type { Invoice, InvoiceLineItem } from './schemas/invoices.ts';
export type { Item, TaxRate } from './schemas/items.ts';
export type {
  AccountTransaction,
  Journal,
  JournalEntry,
  PostingDataType,
  Transfer,
} from './schemas/journals.ts';
export type { BillPayment, BillPaymentLine, Payment, PaymentLine } from './schemas/payments.ts';
export {
  type BalanceSheetReport,
  balanceSheetResponse,
  type CashFlowReport,
  cashFlowResponse,
  type ProfitAndLossReport,
  profitAndLossResponse,
} from './schemas/statements.ts';
export { exactDecimal, idText, instantText, jsonDecimal, localDateText } from './schemas/values.ts';
export { parseSelectable, parseSelector, type Selector, selectMembers, selectValue } from './selectors.ts';
export * from './statements.ts';
export { cleanText, parseCleanJson } from './text.ts';
export { issueMessages, type ValidationOutcome, validateRecord } from './validation.ts';
