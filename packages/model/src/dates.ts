const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the numbers name a day of the proleptic Gregorian calendar, years 1 to 9999. */
export function isCalendarDate(year: number, month: number, day: number): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (DAYS_IN_MONTH[month - 1] ?? 0) + (leap ? 1 : 0);
}

/** The digits of `text` from `start` to `end` as a number, NaN when one of them is no digit. */
function digitsAt(text: string, start: number, end: number): number {
  let number = 0;
  for (let index = start; index < end; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Whether the first ten characters are a calendar date `YYYY-MM-DD`. */
function startsWithCalendarDate(text: string): boolean {
  return (
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(7) === 45 &&
    isCalendarDate(digitsAt(text, 0, 4), digitsAt(text, 5, 7), digitsAt(text, 8, 10))
  );
}

/** Whether the text is a local date of the unified model: `YYYY-MM-DDT00:00:00`. */
export function isLocalDate(text: string): boolean {
  return text.length === 19 && text.endsWith('T00:00:00') && startsWithCalendarDate(text);
}

/** Whether the text is an instant of the unified model: `YYYY-MM-DDTHH:MM:SS[.fraction]Z`. */
export function isInstant(text: string): boolean {
  const length = text.length;
  if (length < 20 || length > 30 || text.charCodeAt(length - 1) !== 90 || !startsWithCalendarDate(text))
    return false;
  if (text.charCodeAt(10) !== 84 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return false;
  if (!(digitsAt(text, 11, 13) < 24 && digitsAt(text, 14, 16) < 60 && digitsAt(text, 17, 19) < 60))
    return false;
  if (length === 20) return true;
  return text.charCodeAt(19) === 46 && length > 21 && !Number.isNaN(digitsAt(text, 20, length - 1));
}

/**
 * A calendar date as the unified model writes it: local to the business, without zone.
 * `2024-02-29` becomes `2024-02-29T00:00:00`.
 * @throws RangeError when the text is not a calendar date `YYYY-MM-DD`
 */
export function localDate(text: string): string {
  if (text.length !== 10 || !startsWithCalendarDate(text)) {
    throw new RangeError(`Not a calendar date (YYYY-MM-DD): ${JSON.stringify(text.slice(0, 40))}`);
  }
  return `${text}T00:00:00`;
}

/** ISO 8601 with a zone: seconds and fraction optional, `Z` or an offset. */
const ZONED_INSTANT =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})$/;
const COMPACT_OFFSET = /([+-][0-9]{2})([0-9]{2})$/;

/**
 * An instant as the unified model writes it, ISO 8601 in UTC with milliseconds: `2024-02-29T11:22:33.000Z`.
 * Takes epoch milliseconds, a `Date`, or ISO text with a zone. Text without a zone names no instant and is refused.
 * @throws RangeError when the value names no instant of the years 1 to 9999
 */
export function instant(value: number | string | Date): string {
  // With milliseconds, as most platforms write it, it is what would come out.
  if (typeof value === 'string' && value.length === 24 && isInstant(value)) return value;
  const milliseconds = typeof value === 'string' ? parseInstant(value) : Number(value);
  const date = new Date(milliseconds);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) {
    throw new RangeError(
      `Not an instant: ${typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : value}`,
    );
  }
  return date.toISOString();
}

function parseInstant(text: string): number {
  if (!ZONED_INSTANT.test(text) || !startsWithCalendarDate(text)) return Number.NaN;
  return Date.parse(text.replace(COMPACT_OFFSET, '$1:$2'));
}
