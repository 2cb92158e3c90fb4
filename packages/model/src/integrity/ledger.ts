/** What the ledger, bank records and statements promise. */
import { type Amount, amountOf, amountText, isSame, minus, plus, signOf } from './amounts.ts';
import {
  type AccountTransactionDocument,
  type BalanceSheetDocument,
  elementsOf,
  type JournalEntryDocument,
  type ProfitAndLossDocument,
  type TransferDocument,
} from './documents.ts';
import { type IntegrityRules, referenceRule, ruleOf } from './judge.ts';
import { checkCurrency, checkReference, checkYear } from './shared.ts';

export function journalEntryRules(): IntegrityRules {
  const balance = ruleOf('journalEntry', '030', 'error');
  const account = referenceRule('journalEntry', '051', 'chartOfAccounts', 'The account of a line,');
  const year = ruleOf('journalEntry', '071');
  return {
    check(record: JournalEntryDocument, judge) {
      let sum: Amount = 0;
      for (const line of elementsOf(record.journalLines)) {
        sum = plus(sum, amountOf(line.netAmount) ?? 0);
        checkReference(judge, account, line.accountRef);
      }
      if (signOf(sum) !== 0) judge.found(balance, `The lines add up to ${amountText(sum)}, not to 0.`);
      checkYear(judge, year, record.postedOn);
    },
  };
}

export function transferRules(): IntegrityRules {
  const currency = ruleOf('transfer', '040');
  const from = referenceRule('transfer', '051', 'chartOfAccounts', 'The account that it comes from,');
  const to = referenceRule('transfer', '055', 'chartOfAccounts', 'The account that it goes to,');
  const year = ruleOf('transfer', '071');
  return {
    check(record: TransferDocument, judge) {
      checkCurrency(judge, currency, record.from?.currency);
      checkReference(judge, from, record.from?.accountRef);
      checkReference(judge, to, record.to?.accountRef);
      checkYear(judge, year, record.date);
    },
  };
}

export function accountTransactionRules(): IntegrityRules {
  const account = referenceRule('accountTransaction', '051', 'bankAccounts', 'The account');
  const year = ruleOf('accountTransaction', '071');
  return {
    check(record: AccountTransactionDocument, judge) {
      checkReference(judge, account, record.bankAccountRef);
      checkYear(judge, year, record.date);
    },
  };
}

export function balanceSheetRules(): IntegrityRules {
  const balance = ruleOf('balanceSheet', '030', 'error');
  return {
    check(record: BalanceSheetDocument, judge) {
      const assets = amountOf(record.assets?.value);
      const liabilities = amountOf(record.liabilities?.value);
      const equity = amountOf(record.equity?.value);
      if (assets === undefined || liabilities === undefined || equity === undefined) return;
      if (!isSame(minus(assets, liabilities), equity))
        judge.found(
          balance,
          `Assets of ${amountText(assets)} less liabilities of ${amountText(liabilities)} are not the equity of ${amountText(equity)}.`,
        );
    },
  };
}

export function profitAndLossRules(): IntegrityRules {
  const profit = ruleOf('profitAndLoss', '030', 'error');
  return {
    check(record: ProfitAndLossDocument, judge) {
      const stated = amountOf(record.netProfit);
      const income = amountOf(record.income?.value);
      const costOfSales = amountOf(record.costOfSales?.value);
      const expenses = amountOf(record.expenses?.value);
      const otherIncome = amountOf(record.otherIncome?.value);
      const otherExpenses = amountOf(record.otherExpenses?.value);
      if (
        stated === undefined ||
        income === undefined ||
        costOfSales === undefined ||
        expenses === undefined ||
        otherIncome === undefined ||
        otherExpenses === undefined
      )
        return;
      const earned = minus(plus(minus(minus(income, costOfSales), expenses), otherIncome), otherExpenses);
      if (!isSame(earned, stated))
        judge.found(
          profit,
          `Income and expenses make ${amountText(earned)}, the net profit is ${amountText(stated)}.`,
        );
    },
  };
}
