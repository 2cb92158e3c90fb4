import { z } from 'zod';
import {
  type DecimalSchema,
  exactDecimal,
  idText,
  instantText,
  jsonDecimal,
  localDateText,
  text,
} from './values.ts';

const transactionType = z.enum([
  'Unknown',
  'Credit',
  'Debit',
  'Int',
  'Div',
  'Fee',
  'SerChg',
  'Dep',
  'Atm',
  'Pos',
  'Xfer',
  'Check',
  'Payment',
  'Cash',
  'DirectDep',
  'DirectDebit',
  'RepeatPmt',
  'Other',
]);

function shape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    id: idText,
    accountId: idText.optional(),
    clearedOnDate: localDateText.optional(),
    description: text.optional(),
    reconciled: z.boolean().optional(),
    amount: decimal.optional(),
    balance: decimal.optional(),
    transactionType: transactionType.optional(),
    sourceModifiedDate: instantText.optional(),
  };
}

/** What moved on a bank account, as mappings produce it and the store keeps it; positive when the account received it. */
export const bankTransaction = z.strictObject(shape(exactDecimal));
/** Bank transaction as a client reads it. The published model gives it no `metadata`. */
export const bankTransactionResponse = z.strictObject({ ...shape(jsonDecimal), modifiedDate: instantText });
export type BankTransaction = z.infer<typeof bankTransaction>;
