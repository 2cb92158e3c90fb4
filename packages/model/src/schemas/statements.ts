import { z } from 'zod';
import {
  currencyCode,
  type DecimalSchema,
  exactDecimal,
  idText,
  jsonDecimal,
  localDateText,
  responseSpine,
  text,
} from './values.ts';

/** A section of a statement and the accounts that make it up; its value is their sum. */
function section<Decimal extends DecimalSchema>(decimal: Decimal) {
  const line = z.strictObject({ accountId: idText.optional(), name: text.optional(), value: decimal });
  return z.strictObject({ name: text.optional(), value: decimal, items: z.array(line) });
}

function balanceSheetShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    date: localDateText,
    assets: section(decimal),
    liabilities: section(decimal),
    netAssets: decimal,
    equity: section(decimal),
  };
}

function profitAndLossShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    fromDate: localDateText,
    toDate: localDateText,
    income: section(decimal),
    costOfSales: section(decimal),
    grossProfit: decimal,
    expenses: section(decimal),
    netOperatingProfit: decimal,
    otherExpenses: section(decimal),
    otherIncome: section(decimal),
    netOtherIncome: decimal,
    netProfit: decimal,
  };
}

function cashFlowShape<Decimal extends DecimalSchema>(decimal: Decimal) {
  return {
    fromDate: localDateText,
    toDate: localDateText,
    cashReceipts: section(decimal),
    cashPayments: section(decimal),
  };
}

/** What the business owns and owes at the end of a month, as the store keeps it. */
export const balanceSheetReport = z.strictObject(balanceSheetShape(exactDecimal));
export const balanceSheetReportResponse = z.strictObject({
  ...balanceSheetShape(jsonDecimal),
  ...responseSpine,
});
export type BalanceSheetReport = z.infer<typeof balanceSheetReport>;

/** What the business earned and spent in a month, as the store keeps it. */
export const profitAndLossReport = z.strictObject(profitAndLossShape(exactDecimal));
export const profitAndLossReportResponse = z.strictObject({
  ...profitAndLossShape(jsonDecimal),
  ...responseSpine,
});
export type ProfitAndLossReport = z.infer<typeof profitAndLossReport>;

/** What came into and left the business's cash in a month, as the store keeps it. */
export const cashFlowReport = z.strictObject(cashFlowShape(exactDecimal));
export const cashFlowReportResponse = z.strictObject({ ...cashFlowShape(jsonDecimal), ...responseSpine });
export type CashFlowReport = z.infer<typeof cashFlowReport>;

/** Members that all statements have beside their reports. */
const available = {
  mostRecentAvailableMonth: localDateText.optional(),
  earliestAvailableMonth: localDateText.optional(),
};

/** Balance sheets as a client reads them, newest first. */
export const balanceSheetResponse = z.strictObject({
  currency: currencyCode.optional(),
  reports: z.array(z.strictObject(balanceSheetShape(jsonDecimal))),
  ...available,
});

/** Profit and loss statements as a client reads them, newest first. */
export const profitAndLossResponse = z.strictObject({
  reports: z.array(z.strictObject(profitAndLossShape(jsonDecimal))),
  reportBasis: z.enum(['Unknown', 'Accrual', 'Cash']),
  currency: currencyCode.optional(),
  ...available,
});

/** Cash flow statements as a client reads them, newest first. */
export const cashFlowResponse = z.strictObject({
  reports: z.array(z.strictObject(cashFlowShape(jsonDecimal))),
  reportBasis: z.enum(['Unknown', 'Accrual', 'Cash']),
  reportInput: z.enum(['Unknown', 'Indirect', 'Direct']),
  currency: currencyCode.optional(),
  ...available,
});
