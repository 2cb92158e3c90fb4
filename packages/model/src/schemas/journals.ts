import { z } from 'zod';
import { accountRef, namedRef } from './parts.ts';
import {
  currencyCode,
  type DecimalSchema,
  exactDecimal,
  idText,
  instantText,
  jsonDecimal,
  localDateText,
  nonEmptyText,
  responseSpine,
  supplementedSpine,
  text,
} from './values.ts';

/** Data types of the records that stand behind a posting. */
const postingDataType = z.enum([
  'bankTransactions',
  'billCreditNotes',
  'billPayments',
  'bills',
  'creditNotes',
  'directCosts',
  'directIncomes',
  'invoices',
  'journalEntries',
  'payments',
  'transfers',
]);

/** The record that a posting comes from. */
const postingRecordRef = z.strictObject({ id: idText.optional(), dataType: postingDataType.optional() });

/** A customer or a supplier. */
const partyRef = z.strictObject({
  id: nonEmptyText,
  dataType: z.enum(['customers', 'suppliers']).optional(),
});

/** A customer, a supplier or a tracking category. */
const trackingRecordRef = z.strictObject({
  id: idText.optional(),
  dataType: z.enum(['customers', 'suppliers', 'trackingCategories']).optional(),
});

function journalLine<Decimal extends DecimalSchema>(decimal: Decimal) {
  return z.strictObject({
    description: text.optional(),
    netAmount: decimal,
    transactionAmount: decimal.optional(),
    currency: currencyCode.optional(),
    transactionCurrency: currencyCode.optional(),
    accountRef: accountRef.optional(),
    tracking: z.strictObject({ recordRefs: z.array(trackingRecordRef).optional() }).optional(),
    contactRef: partyRef.optional(),
  });
}

function journalEntryShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    id: idText,
    description: text.optional(),
    postedOn: localDateText,
    createdOn: instantText.optional(),
    updatedOn: instantText.optional(),
    journalRef: namedRef.optional(),
    journalLines: z.array(journalLine(decimal)).optional(),
    recordRef: postingRecordRef.optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** Journal entry as mappings produce it and the store keeps it: what one record posts to the ledger. */
export const journalEntry = z.strictObject(journalEntryShape(exactDecimal));
/** Journal entry as a client reads it. */
export const journalEntryResponse = z.strictObject({
  ...journalEntryShape(jsonDecimal),
  ...supplementedSpine,
});
export type JournalEntry = z.infer<typeof journalEntry>;
export type PostingDataType = z.infer<typeof postingDataType>;

const journalShape = {
  id: idText,
  journalCode: text.optional(),
  name: text.optional(),
  type: text.optional(),
  parentId: idText.optional(),
  hasChildren: z.boolean().optional(),
  createdOn: instantText.optional(),
  status: z.enum(['Unknown', 'Active', 'Archived']).optional(),
  sourceModifiedDate: instantText.optional(),
};

/** Journal: a book that entries of one kind are entered into. */
export const journal = z.strictObject(journalShape);
/** Journal as a client reads it. */
export const journalResponse = z.strictObject({ ...journalShape, ...responseSpine });
export type Journal = z.infer<typeof journal>;

const reconciliation = z.enum(['Unknown', 'Unreconciled', 'Reconciled', 'Void']);

function transferShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  const side = z.strictObject({
    accountRef: z.strictObject({ id: idText.optional(), dataType: text.optional() }).optional(),
    currency: currencyCode.optional(),
    amount: decimal.optional(),
  });
  return {
    id: idText,
    description: text.optional(),
    contactRef: partyRef.optional(),
    date: localDateText,
    from: side.optional(),
    to: side.optional(),
    status: reconciliation.optional(),
    trackingCategoryRefs: z.array(namedRef).optional(),
    depositedRecordRefs: z
      .array(z.strictObject({ id: idText.optional(), dataType: text.optional() }))
      .optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** Movement of money between two accounts of the business. */
export const transfer = z.strictObject(transferShape(exactDecimal));
/** Transfer as a client reads it. */
export const transferResponse = z.strictObject({ ...transferShape(jsonDecimal), ...supplementedSpine });
export type Transfer = z.infer<typeof transfer>;

function accountTransactionShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  const line = z.strictObject({
    description: text.optional(),
    recordRef: postingRecordRef.optional(),
    amount: decimal.optional(),
  });
  return {
    id: idText,
    transactionId: text.optional(),
    note: text.optional(),
    bankAccountRef: accountRef.optional(),
    date: localDateText,
    status: reconciliation.optional(),
    currency: currencyCode.optional(),
    currencyRate: decimal.optional(),
    lines: z.array(line).optional(),
    totalAmount: decimal.optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** What a record moved on a bank account of the books; positive when the account received it. */
export const accountTransaction = z.strictObject(accountTransactionShape(exactDecimal));
/** Account transaction as a client reads it. */
export const accountTransactionResponse = z.strictObject({
  ...accountTransactionShape(jsonDecimal),
  ...responseSpine,
});
export type AccountTransaction = z.infer<typeof accountTransaction>;
