/** Months as text: `YYYY-MM`. */

/** @returns the last calendar date of a month, `YYYY-MM-DD` */
export function lastDayOfMonth(month: string): string {
  const { year, index } = parsed(month);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = index === 1 ? (isLeap ? 29 : 28) : (DAYS[index] ?? 31);
  return `${month}-${days}`;
}

/**
 * The month so many months later (earlier when negative).
 * @throws RangeError when it lies outside the years 1 to 9999
 */
export function addMonths(month: string, count: number): string {
  const { year, index } = parsed(month);
  const total = year * 12 + index + count;
  const result = Math.floor(total / 12);
  if (!(result >= 1 && result <= 9999)) throw new RangeError('The month lies outside the calendar');
  return `${String(result).padStart(4, '0')}-${String((total % 12) + 1).padStart(2, '0')}`;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** @throws RangeError when the text is no month */
function parsed(month: string): { year: number; index: number } {
  if (!/^[0-9]{4}-(?:0[1-9]|1[0-2])$/.test(month))
    throw new RangeError(`Not a month (YYYY-MM): ${JSON.stringify(month.slice(0, 40))}`);
  return { year: Number(month.slice(0, 4)), index: Number(month.slice(5)) - 1 };
}
