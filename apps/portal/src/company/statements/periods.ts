/** Periods of statements: which are asked for, and what they are called. */

export interface PeriodChoice {
  readonly value: string;
  readonly label: string;
  /** Months. */
  readonly periodLength: number;
  readonly periodsToCompare: number;
}

export const periodChoices: readonly PeriodChoice[] = [
  { value: 'm12', label: '12 months', periodLength: 1, periodsToCompare: 12 },
  { value: 'm24', label: '24 months', periodLength: 1, periodsToCompare: 24 },
  { value: 'q8', label: '8 quarters', periodLength: 3, periodsToCompare: 8 },
  { value: 'y5', label: '5 years', periodLength: 12, periodsToCompare: 5 },
];

/** The period's name: its month, or its first and last. @param fromDate, toDate local dates, `YYYY-MM-DD…` */
export function periodName(fromDate: string, toDate: string, locale?: string): string {
  const [from, to] = [fromDate.slice(0, 7), toDate.slice(0, 7)];
  return from === to ? monthName(to, locale) : `${monthName(from, locale)} – ${monthName(to, locale)}`;
}

/** @param date begins with `YYYY-MM` */
export function monthName(date: string, locale?: string): string {
  const at = new Date(`${date.slice(0, 7)}-01T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return date;
  return new Intl.DateTimeFormat(locale, { month: 'short', year: '2-digit', timeZone: 'UTC' }).format(at);
}

/** The month that statements end with unless another is chosen: the books' newest, but none of the future. */
export function newestMonth(mostRecent: string | undefined, today: Date): string {
  const now = today.toISOString().slice(0, 7);
  const newest = mostRecent?.slice(0, 7);
  return newest !== undefined && newest < now ? newest : now;
}
