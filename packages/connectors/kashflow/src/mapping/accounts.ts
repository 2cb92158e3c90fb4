import {
  type Account,
  type BankAccount,
  type BankTransaction,
  decimalToExactNumber,
  subtractDecimal,
} from '@tributary/model';
import { z } from 'zod';
import {
  type bankAccount,
  bankTransaction,
  decimalOrNone,
  isTrue,
  textOrNone,
  type WireNominalCode,
} from '../wire.ts';
import { ZERO } from './amounts.ts';
import { type MappingContext, optionalDate, Unmappable } from './context.ts';

type Category = readonly [type: Account['type'], part: string];

/** The kinds of nominal codes, told by their words; the first that fits. */
const KINDS: readonly (readonly [words: RegExp, category: Category])[] = [
  [/cost of sales|direct cost/i, ['Expense', 'CostOfSales']],
  [/turnover|income|sales|revenue/i, ['Income', 'Turnover']],
  [/expense|overhead/i, ['Expense', 'Expenses']],
  [/fixed asset/i, ['Asset', 'FixedAssets']],
  [/current asset/i, ['Asset', 'CurrentAssets']],
  [/asset/i, ['Asset', 'OtherAssets']],
  [/current liabilit/i, ['Liability', 'CurrentLiabilities']],
  [/liabilit/i, ['Liability', 'OtherLiabilities']],
  [/capital|reserve|equity/i, ['Equity', 'CapitalAndReserves']],
];

/** A nominal code. One that a bank account has is a bank account, whatever its kind. */
export function mapAccount(record: WireNominalCode, context: MappingContext): Account {
  const code = textOrNone(record.Code)?.trim();
  const isBankAccount = code !== undefined && [...context.lookup.bankCodes.values()].includes(code);
  const kind = textOrNone(record.TypeName) ?? textOrNone(record.ClassificationName);
  const known = KINDS.find(([words]) => kind !== undefined && words.test(kind))?.[1];
  if (known === undefined && !isBankAccount)
    context.warn(
      'unknown-account-type',
      `The kind ${JSON.stringify((kind ?? '').slice(0, 40))} is not known; the account is Unknown`,
    );
  const [type, part]: readonly [Account['type'], string?] = isBankAccount
    ? [known?.[0] ?? 'Asset', 'BankAccount']
    : (known ?? ['Unknown']);
  const category = part === undefined ? undefined : `${type}.${part}`;
  const name = textOrNone(record.Name);
  const balance = decimalOrNone(record.balance);
  return {
    id: context.id,
    nominalCode: code,
    name,
    description: textOrNone(record.Description),
    fullyQualifiedCategory: category,
    fullyQualifiedName: category === undefined || name === undefined ? name : `${category}.${name}`,
    currency: context.lookup.homeCurrency,
    currentBalance: balance === undefined ? undefined : decimalToExactNumber(balance),
    type,
    status: isTrue(record.Archived) ? 'Archived' : 'Active',
    isBankAccount,
  };
}

/** Its balance is that of its nominal code. */
export function mapBankAccount(record: z.infer<typeof bankAccount>, context: MappingContext): BankAccount {
  const { lookup } = context;
  const code = textOrNone(record.AccountCode)?.trim();
  const account = code === undefined ? undefined : lookup.accountIdByCode.get(code);
  const balance = account === undefined ? undefined : lookup.accounts.get(account)?.balance;
  return {
    id: context.id,
    accountName: textOrNone(record.AccountName),
    accountType: 'Unknown',
    nominalCode: code,
    currency: lookup.homeCurrency,
    balance: balance === undefined ? undefined : decimalToExactNumber(balance),
  };
}

/** A transaction kept together with the account that it was listed for. */
export const bankTransactionRecord = z.object({ account: z.string(), transaction: bankTransaction });

export function mapBankTransaction(
  { account, transaction }: z.infer<typeof bankTransactionRecord>,
  context: MappingContext,
): BankTransaction {
  const moneyIn = decimalOrNone(transaction.moneyin);
  const moneyOut = decimalOrNone(transaction.moneyout);
  if (moneyIn === undefined && moneyOut === undefined) throw new Unmappable('moneyin, moneyout: are missing');
  const amount = subtractDecimal(moneyIn ?? ZERO, moneyOut ?? ZERO);
  return {
    id: context.id,
    accountId: account,
    clearedOnDate: optionalDate(transaction.TransactionDate, 'TransactionDate', context),
    description: textOrNone(transaction.Comment),
    amount: decimalToExactNumber(amount),
    transactionType: 'Unknown',
  };
}
