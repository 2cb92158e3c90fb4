import { z } from 'zod';
import { validDatatypeLink } from './parts.ts';
import {
  currencyCode,
  type DecimalSchema,
  exactDecimal,
  idText,
  instantText,
  jsonDecimal,
  supplementedSpine,
  text,
} from './values.ts';

const status = z.enum(['Unknown', 'Active', 'Archived', 'Pending']);

function accountShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    id: idText,
    nominalCode: text.optional(),
    name: text.optional(),
    description: text.optional(),
    fullyQualifiedCategory: text.optional(),
    fullyQualifiedName: text.optional(),
    currency: currencyCode.optional(),
    currentBalance: decimal.optional(),
    type: z.enum(['Unknown', 'Asset', 'Expense', 'Income', 'Liability', 'Equity']),
    status,
    isBankAccount: z.boolean(),
    validDatatypeLinks: z.array(validDatatypeLink).optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** Nominal account (data type `chartOfAccounts`) as mappings produce it and the store keeps it. */
export const account = z.strictObject(accountShape(exactDecimal));
/** Nominal account as a client reads it. */
export const accountResponse = z.strictObject({ ...accountShape(jsonDecimal), ...supplementedSpine });
export type Account = z.infer<typeof account>;

function bankAccountShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    id: idText,
    accountName: text.optional(),
    accountType: z.enum(['Unknown', 'Credit', 'Debit']).optional(),
    nominalCode: text.optional(),
    sortCode: text.optional(),
    accountNumber: text.optional(),
    iBan: text.optional(),
    currency: currencyCode.optional(),
    balance: decimal.optional(),
    institution: text.optional(),
    availableBalance: decimal.optional(),
    overdraftLimit: decimal.optional(),
    status: status.optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** Bank account as mappings produce it and the store keeps it. */
export const bankAccount = z.strictObject(bankAccountShape(exactDecimal));
/** Bank account as a client reads it. */
export const bankAccountResponse = z.strictObject({ ...bankAccountShape(jsonDecimal), ...supplementedSpine });
export type BankAccount = z.infer<typeof bankAccount>;
