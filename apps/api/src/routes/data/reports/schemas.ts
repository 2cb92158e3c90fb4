import { instantText, jsonDecimal, localDateText } from '@tributary/model';
import { z } from 'zod';
import { wholeNumber } from '../../../http/whole-number.ts';

const mostPeriods = 240;
const longestPeriodDays = 3660;
/** A hundred years: more days than any books have. */
const mostDays = 36_600;
const earliestYear = 1900;

/** A date, or an instant as the client writes it: the day that it names is meant. */
const DAY = /^(\d{4}-\d{2}-\d{2})(?:T[0-9:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/;

function dayOf(text: string): string | undefined {
  const day = DAY.exec(text)?.[1];
  if (day === undefined || Number(day.slice(0, 4)) < earliestYear) return undefined;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) ? day : undefined;
}

const reportDate = z
  .string()
  .refine((text) => text === '' || dayOf(text) !== undefined, {
    error: `must be a date from ${earliestYear}-01-01 on, such as 2024-05-31`,
  })
  .transform((text) => (text === '' ? undefined : dayOf(text)));

/** Query parameters of an aged report. */
export const agedQuery = z
  .object({
    reportDate: reportDate
      .optional()
      .describe('The last day that counts, such as `2024-05-31`; default: today.'),
    numberOfPeriods: wholeNumber(1, mostPeriods)
      .default(4)
      .describe('Periods, going back from the report date.'),
    periodLengthDays: wholeNumber(1, longestPeriodDays).default(30).describe('Days of one period.'),
  })
  .refine(({ numberOfPeriods, periodLengthDays }) => numberOfPeriods * periodLengthDays <= mostDays, {
    error: `times periodLengthDays must be no more than ${mostDays} days`,
    path: ['numberOfPeriods'],
  });

export type AgedQuery = z.output<typeof agedQuery>;

const agedCurrencyOutstanding = z
  .object({
    currency: z.string().optional(),
    agedOutstandingAmounts: z.array(
      z.object({
        fromDate: localDateText.optional().describe('Absent for all that is older than the periods.'),
        toDate: localDateText,
        amount: jsonDecimal,
        details: z.array(z.object({ name: z.string(), amount: jsonDecimal })),
      }),
    ),
  })
  .meta({ id: 'AgedCurrencyOutstanding' });

function agedReport<Id extends string, Name extends string>(id: Id, name: Name) {
  return z.object({
    generated: instantText,
    reportDate: localDateText,
    data: z.array(
      z.object({
        [id]: z.string(),
        [name]: z.string().optional(),
        agedCurrencyOutstanding: z.array(agedCurrencyOutstanding),
      }),
    ),
  });
}

export const agedSchemas = {
  agedDebtor: agedReport('customerId', 'customerName').meta({
    id: 'AgedDebtorReport',
    description: 'What customers owe, by age: from the issue date to the report date.',
  }),
  agedCreditor: agedReport('supplierId', 'supplierName').meta({
    id: 'AgedCreditorReport',
    description: 'What suppliers are owed, by age: from the issue date to the report date.',
  }),
} as const;

export const availability = z
  .boolean()
  .describe('Whether the data types that the report is made of have been read.');
