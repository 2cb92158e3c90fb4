/** What sound books promise: for each data type what its records are checked for. Pure; what needs other records is asked of a judge. */
import type { DataTypeKey } from '../data-types.ts';
import { type DuplicateRule, type IntegrityCheck, type IntegrityRules, ruleOf } from './judge.ts';
import {
  accountTransactionRules,
  balanceSheetRules,
  journalEntryRules,
  profitAndLossRules,
  transferRules,
} from './ledger.ts';
import { paymentRules } from './payments.ts';
import { saleRules } from './sales.ts';
import { checkCurrency } from './shared.ts';

/** The currency of a record that has one of its own. */
function currencyCheck(subject: string, member: 'currency' | 'defaultCurrency'): IntegrityCheck {
  const rule = ruleOf(subject, '040');
  return (record: { readonly currency?: unknown; readonly defaultCurrency?: unknown }, judge) =>
    checkCurrency(judge, rule, record[member]);
}

/** A code that is to be one record's alone. */
const codeOf = (subject: string, column: string): DuplicateRule => ({
  ...ruleOf(subject, '060'),
  what: 'The code',
  column,
});

const nothing: IntegrityCheck = () => undefined;

/** Data types that are not here have nothing to be checked. */
export const integrityRules: Readonly<Partial<Record<DataTypeKey, IntegrityRules>>> = {
  chartOfAccounts: {
    check: currencyCheck('account', 'currency'),
    duplicates: codeOf('account', 'nominal_code'),
  },
  bankAccounts: { check: currencyCheck('bankAccount', 'currency') },
  customers: { check: currencyCheck('customer', 'defaultCurrency') },
  suppliers: { check: currencyCheck('supplier', 'defaultCurrency') },
  items: { check: nothing, duplicates: codeOf('item', 'code') },
  taxRates: { check: nothing, duplicates: codeOf('taxRate', 'code') },
  invoices: saleRules('invoices'),
  bills: saleRules('bills'),
  payments: paymentRules('payments'),
  billPayments: paymentRules('billPayments'),
  transfers: transferRules(),
  journalEntries: journalEntryRules(),
  accountTransactions: accountTransactionRules(),
  balanceSheet: balanceSheetRules(),
  profitAndLoss: profitAndLossRules(),
};
