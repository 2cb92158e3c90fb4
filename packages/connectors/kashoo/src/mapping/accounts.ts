import { type Account, type BankAccount, centsToExactNumber, type StatementSection } from '@tributary/model';
import type { WireAccount } from '../wire.ts';
import { idOrNone, textOrNone } from '../wire-values.ts';
import type { MappingContext, SourceModified } from './context.ts';

type Classification = 'Asset' | 'Liability' | 'Equity' | 'Income' | 'Expense';

/** Kashoo's account types: classification, and the part of the category that tells them apart. */
const TYPES: ReadonlyMap<string, readonly [Classification, string?]> = new Map([
  ['ACCOUNTS_RECEIVABLE', ['Asset', 'AccountsReceivable']],
  ['BANK', ['Asset', 'BankAccount']],
  ['CASH', ['Asset', 'Cash']],
  ['FIXED_ASSET', ['Asset', 'FixedAsset']],
  ['INVENTORY', ['Asset', 'Inventory']],
  ['OTHER_ASSET', ['Asset', 'OtherAsset']],
  ['OTHER_CURRENT_ASSET', ['Asset', 'OtherCurrentAsset']],
  ['PREPAID_EXPENSE', ['Asset', 'PrepaidExpense']],
  ['ACCOUNTS_PAYABLE', ['Liability', 'AccountsPayable']],
  ['CLIENT_CREDIT', ['Liability', 'ClientCredit']],
  ['CREDIT_CARD', ['Liability', 'CreditCard']],
  ['LONG_TERM_LIABILITY', ['Liability', 'LongTermLiability']],
  ['OTHER_CURRENT_LIABILITY', ['Liability', 'OtherCurrentLiability']],
  ['PAYROLL_TAX', ['Liability', 'PayrollTax']],
  ['TAXES', ['Liability', 'Taxes']],
  ['EQUITY', ['Equity']],
  ['RETAINED_EARNINGS', ['Equity', 'RetainedEarnings']],
  ['INCOME', ['Income']],
  ['GAIN_OR_LOSS_ON_EXCHANGE', ['Income', 'GainOrLossOnExchange']],
  ['COST_OF_GOODS_SOLD', ['Expense', 'CostOfGoodsSold']],
  ['EXPENSE', ['Expense']],
]);

/** Types whose accounts hold or owe money at an institution or in a till. */
const MONEY_TYPES: ReadonlySet<string> = new Set(['BANK', 'CREDIT_CARD', 'CASH']);
const CREDIT_CARD = 'CREDIT_CARD';
/** Deeper than any real chart; ends a chain of parents that leads back to itself. */
const MAX_DEPTH = 10;

/** Whether an account of this type is a bank account too. Types are accepted in any case. */
export function isMoneyType(type: string | null | undefined): boolean {
  return MONEY_TYPES.has((type ?? '').toUpperCase());
}

/** Income and expense that statements show apart from the rest of their classification. */
const OWN_SECTIONS: ReadonlyMap<string, StatementSection> = new Map([
  ['GAIN_OR_LOSS_ON_EXCHANGE', 'other'],
  ['COST_OF_GOODS_SOLD', 'costOfSales'],
]);
const SECTIONS: Readonly<Record<Classification, StatementSection>> = {
  Asset: 'asset',
  Liability: 'liability',
  Equity: 'equity',
  Income: 'income',
  Expense: 'expense',
};
const CREDIT_CLASSIFICATIONS: ReadonlySet<Classification> = new Set(['Liability', 'Equity', 'Income']);

/** The side on which an account's balance is positive: what the platform says, else what its type implies. */
export function normalSideOf(account: WireAccount): 'debit' | 'credit' {
  const classification = TYPES.get((account.type ?? '').toUpperCase())?.[0];
  const isCredit =
    account.normalBalanceCredit ??
    (classification !== undefined && CREDIT_CLASSIFICATIONS.has(classification));
  return isCredit ? 'credit' : 'debit';
}

/** Where an account stands in the statements; undefined for a type that is not known. */
export function sectionOf(account: WireAccount): StatementSection | undefined {
  const type = (account.type ?? '').toUpperCase();
  const classification = TYPES.get(type)?.[0];
  return OWN_SECTIONS.get(type) ?? (classification && SECTIONS[classification]);
}

/** An account with its balance in cents: above zero on the side, debit or credit, on which such an account grows. */
export interface AccountWithBalance {
  readonly account: WireAccount;
  readonly balance: bigint | undefined;
}

export function mapAccount(
  { account, balance }: AccountWithBalance,
  context: MappingContext,
  modified: SourceModified | undefined,
): Account {
  const type = (account.type ?? '').toUpperCase();
  const known = TYPES.get(type);
  if (known === undefined) {
    context.warn(
      'unknown-account-type',
      `Account type ${JSON.stringify(type.slice(0, 40))} is not known; the account is Unknown`,
    );
  }
  warnWithoutBalance(balance, context);
  return {
    id: context.id,
    nominalCode: textOrNone(account.number),
    name: textOrNone(account.name),
    description: textOrNone(account.description),
    fullyQualifiedCategory: known?.join('.'),
    fullyQualifiedName: qualifiedName(account, context),
    currency: textOrNone(account.currency) ?? context.lookup.homeCurrency,
    currentBalance: balance === undefined ? undefined : centsToExactNumber(balance),
    type: known?.[0] ?? 'Unknown',
    status: statusOf(account),
    isBankAccount: isMoneyType(type),
    sourceModifiedDate: modified?.text,
  };
}

/** A BANK, CREDIT_CARD or CASH account. What is owed on a credit card is a positive balance. */
export function mapBankAccount(
  { account, balance }: AccountWithBalance,
  context: MappingContext,
  modified: SourceModified | undefined,
): BankAccount {
  const isCredit = (account.type ?? '').toUpperCase() === CREDIT_CARD;
  warnWithoutBalance(balance, context);
  // The balance counts in the account's own direction, which the business can have turned round.
  const isTurned =
    typeof account.normalBalanceCredit === 'boolean' && account.normalBalanceCredit !== isCredit;
  const signed = balance !== undefined && isTurned ? -balance : balance;
  return {
    id: context.id,
    accountName: textOrNone(account.name),
    accountType: isCredit ? 'Credit' : 'Debit',
    nominalCode: textOrNone(account.number),
    currency: textOrNone(account.currency) ?? context.lookup.homeCurrency,
    balance: signed === undefined ? undefined : centsToExactNumber(signed),
    status: statusOf(account),
    sourceModifiedDate: modified?.text,
  };
}

function statusOf(account: WireAccount): 'Archived' | 'Active' {
  return account.archived === true || account.removed === true ? 'Archived' : 'Active';
}

function warnWithoutBalance(balance: bigint | undefined, context: MappingContext): void {
  if (balance === undefined) context.warn('balance-missing', 'The platform gave no balance for the account');
}

/** Names of the account and the accounts above it, outermost first: `Office Supplies:Software`. */
function qualifiedName(account: WireAccount, context: MappingContext): string | undefined {
  const name = textOrNone(account.name);
  if (name === undefined) return undefined;
  const names = [name];
  let parentId = idOrNone(account.parent);
  while (parentId !== undefined && names.length < MAX_DEPTH) {
    const parent = context.lookup.accounts.get(parentId);
    if (parent?.name === undefined) break;
    names.unshift(parent.name);
    parentId = parent.parentId;
  }
  return names.join(':');
}
