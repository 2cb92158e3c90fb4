/** Periods that listings are asked for. Pure; months are `YYYY-MM`, dates `YYYY-MM-DD`. */
import { addMonths, lastDayOfMonth } from '@tributary/model';

export interface Period {
  /** First and last day. */
  readonly first: string;
  readonly last: string;
}

/** Everything older than this many months before now is asked for at once: how old the books are, nobody tells. */
const MONTHLY_BEFORE = 36;
/** Invoices are dated ahead; further than this nobody dates them. */
const MONTHS_AHEAD = 12;
/** What is dated within so many months is likely to be edited still. */
const RECENT_MONTHS = 3;
/** Before any bookkeeping at KashFlow (founded 2005), imported history included. */
const BEGINNING = '1970-01-01';

const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7);

export const firstDay = (month: string): string => `${month}-01`;

/**
 * The periods of a full read in order of time: one of all that is older, then month by month to a year ahead.
 * @param fromDate before which nothing is wanted; undefined: everything is
 */
export function allPeriods(nowMs: number, fromDate: string | undefined): Period[] {
  const now = monthOf(nowMs);
  const monthly = addMonths(now, -MONTHLY_BEFORE);
  const older: Period = { first: BEGINNING, last: lastDayOfMonth(addMonths(monthly, -1)) };
  return [older, ...months(monthly, addMonths(now, MONTHS_AHEAD))].flatMap((period) =>
    from(period, fromDate),
  );
}

/** The periods of a read between two full ones. */
export function recentPeriods(nowMs: number, fromDate: string | undefined): Period[] {
  const now = monthOf(nowMs);
  return months(addMonths(now, -RECENT_MONTHS), addMonths(now, MONTHS_AHEAD)).flatMap((period) =>
    from(period, fromDate),
  );
}

/** Months of statements, oldest first: three years and the current month; between full reads the newest only. */
export function statementMonths(nowMs: number, isRecent: boolean): string[] {
  const now = monthOf(nowMs);
  return months(addMonths(now, -(isRecent ? RECENT_MONTHS : MONTHLY_BEFORE)), now).map(({ first }) =>
    first.slice(0, 7),
  );
}

/** The whole time from the first day on. */
export function wholePeriod(nowMs: number, fromDate: string | undefined): Period {
  return { first: fromDate ?? BEGINNING, last: lastDayOfMonth(addMonths(monthOf(nowMs), MONTHS_AHEAD)) };
}

/** What is dated within the last months. */
export function recentPeriod(nowMs: number, fromDate: string | undefined): Period {
  const start = firstDay(addMonths(monthOf(nowMs), -RECENT_MONTHS));
  return wholePeriod(nowMs, fromDate !== undefined && fromDate > start ? fromDate : start);
}

function months(first: string, last: string): Period[] {
  const periods: Period[] = [];
  for (let month = first; month <= last; month = addMonths(month, 1))
    periods.push({ first: firstDay(month), last: lastDayOfMonth(month) });
  return periods;
}

function from(period: Period, fromDate: string | undefined): Period[] {
  if (fromDate === undefined || fromDate <= period.first) return [period];
  return fromDate > period.last ? [] : [{ first: fromDate, last: period.last }];
}
