import { balanceSheetResponse, cashFlowResponse, profitAndLossResponse } from '@tributary/model';
import { z } from 'zod';
import { wholeNumber } from '../../../http/whole-number.ts';

const longestPeriod = 120;
const mostPeriods = 240;
/** A hundred years: more months than any books have. */
const mostMonths = 1200;
const earliestYear = 1900;

/** `YYYY-MM`, a date of the month, or an instant of it as the client writes it: the month that it names is meant. */
const MONTH = /^(\d{4})-(0[1-9]|1[0-2])(?:-(\d{2})(?:T[0-9:.]+(?:Z|[+-]\d{2}:?\d{2})?)?)?$/;

const startMonth = z
  .string()
  .transform((text) => (text === '' ? undefined : text))
  .refine((text) => text === undefined || monthOf(text) !== undefined, {
    error: `must be a month from ${earliestYear}-01 on, such as 2024-05 or 2024-05-01`,
  })
  .transform((text) => (text === undefined ? undefined : monthOf(text)));

function monthOf(text: string): string | undefined {
  const [, year = '', month = '', day = '01'] = MONTH.exec(text) ?? [];
  if (year === '' || Number(year) < earliestYear) return undefined;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return date.toISOString().startsWith(`${year}-${month}-${day}`) ? `${year}-${month}` : undefined;
}

/** Query parameters of a statement. */
export const statementQuery = z
  .object({
    periodLength: wholeNumber(1, longestPeriod).describe('Months of one period.'),
    periodsToCompare: wholeNumber(1, mostPeriods).describe(
      'How many periods, going back from the start month.',
    ),
    startMonth: startMonth
      .optional()
      .describe('Newest month of the answer, such as `2024-05-01`; default: the current one.'),
  })
  .refine(({ periodLength, periodsToCompare }) => periodLength * periodsToCompare <= mostMonths, {
    error: `times periodLength must be no more than ${mostMonths} months`,
    path: ['periodsToCompare'],
  });

export type StatementQuery = z.output<typeof statementQuery>;

export const statementSchemas = {
  balanceSheet: balanceSheetResponse.meta({
    id: 'BalanceSheet',
    description: 'What the business owns and owes at the end of each period, newest first.',
  }),
  profitAndLoss: profitAndLossResponse.meta({
    id: 'ProfitAndLoss',
    description: 'What the business earned and spent in each period, newest first.',
  }),
  cashFlowStatement: cashFlowResponse.meta({
    id: 'CashFlowStatement',
    description:
      'The money that came in and went out in each period, newest first: receipts less payments are what bank accounts and cash gained.',
  }),
} as const;
