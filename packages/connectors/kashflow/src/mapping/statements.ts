/** KashFlow's own statements. A section's value is the sum of its accounts, as everywhere in the model. */
import {
  type BalanceSheetReport,
  type Decimal,
  decimalToExactNumber,
  lastDayOfMonth,
  localDate,
  type ProfitAndLossReport,
  subtractDecimal,
} from '@tributary/model';
import { z } from 'zod';
import {
  balanceSheet,
  decimalOrNone,
  idOrNone,
  profitAndLoss,
  textOrNone,
  type WireStatementLine,
  type WireText,
} from '../wire.ts';
import { sum, ZERO } from './amounts.ts';
import type { MappingContext } from './context.ts';

const month = z.string().regex(/^[0-9]{4}-[0-9]{2}$/);

export const balanceSheetRecord = z.object({ month, report: balanceSheet });
export const profitAndLossRecord = z.object({ month, report: profitAndLoss });

type Section = BalanceSheetReport['assets'];

export function mapBalanceSheet(
  record: z.infer<typeof balanceSheetRecord>,
  context: MappingContext,
): BalanceSheetReport {
  const { report } = record;
  const assets = section('Assets', [...(report.FixedAssets ?? []), ...(report.CurrentAssets ?? [])]);
  const liabilities = section('Liabilities', report.CurrentLiabilities ?? []);
  const equity = section('Equity', report.CapitalReserves ?? []);
  checkTotal(assets.total, [report.FixedAssetsTotal, report.CurrentAssetsTotal], context);
  checkTotal(liabilities.total, [report.CurrentLiabilitiesTotal], context);
  checkTotal(equity.total, [report.CapitalReservesTotal], context);
  return {
    date: localDate(lastDayOfMonth(record.month)),
    assets: assets.shown,
    liabilities: liabilities.shown,
    netAssets: decimalToExactNumber(subtractDecimal(assets.total, liabilities.total)),
    equity: equity.shown,
  };
}

export function mapProfitAndLoss(
  record: z.infer<typeof profitAndLossRecord>,
  context: MappingContext,
): ProfitAndLossReport {
  const { report } = record;
  const income = section('Income', report.Turnover ?? []);
  const costOfSales = section('Cost of sales', report.CostOfSales ?? []);
  const expenses = section('Expenses', report.Expenses ?? []);
  const none = (name: string) => section(name, []).shown;
  const grossProfit = subtractDecimal(income.total, costOfSales.total);
  const netProfit = subtractDecimal(grossProfit, expenses.total);
  checkTotal(grossProfit, [report.GrossProfit], context);
  checkTotal(netProfit, [report.NetProfit], context);
  return {
    fromDate: localDate(`${record.month}-01`),
    toDate: localDate(lastDayOfMonth(record.month)),
    income: income.shown,
    costOfSales: costOfSales.shown,
    grossProfit: decimalToExactNumber(grossProfit),
    expenses: expenses.shown,
    netOperatingProfit: decimalToExactNumber(netProfit),
    otherExpenses: none('Other expenses'),
    otherIncome: none('Other income'),
    netOtherIncome: decimalToExactNumber(ZERO),
    netProfit: decimalToExactNumber(netProfit),
  };
}

function section(name: string, lines: readonly WireStatementLine[]): { shown: Section; total: Decimal } {
  const amounts = lines.map((line) => decimalOrNone(line.balance) ?? ZERO);
  const total = sum(amounts);
  const items = lines.map((line, index) => {
    const accountId = idOrNone(line.id);
    const label = textOrNone(line.Name);
    return {
      ...(accountId === undefined ? {} : { accountId }),
      ...(label === undefined ? {} : { name: label }),
      value: decimalToExactNumber(amounts[index] ?? ZERO),
    };
  });
  return { shown: { name, value: decimalToExactNumber(total), items }, total };
}

/** The platform's own total says whether its lines are all of them. */
function checkTotal(total: Decimal, told: readonly WireText[], context: MappingContext): void {
  const given = told.map(decimalOrNone);
  if (given.some((part) => part === undefined)) return;
  const difference = subtractDecimal(total, sum(given.map((part) => part ?? ZERO)));
  if (difference.unscaled !== 0n)
    context.warn(
      'statement-total-differs',
      'The accounts of a section do not add up to the total that KashFlow gives',
    );
}
