/** Whether the text is an instant that can be shown. */
function instantOf(text: string): Date | undefined {
  // The API's instants are UTC, some without saying so.
  const isZoned = /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(text);
  const date = new Date(isZoned || !text.includes('T') ? text : `${text}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** An instant with date and time, in the reader's locale and time zone. Text that is none is given back. */
export function formatInstant(text: string, locale?: string, timeZone?: string): string {
  const date = instantOf(text);
  if (!date) return text;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(date);
}

/** A calendar day, such as `2024-02-29` or `2024-02-29T00:00:00`: the same day in every time zone. */
export function formatDay(text: string, locale?: string): string {
  const day = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (!day) return text;
  const date = new Date(`${day[0]}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return text;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(date);
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/**
 * How long ago an instant was, in words of the reader's locale: “5 minutes ago”.
 * @param nowMs milliseconds since the epoch
 */
export function formatAgo(text: string, nowMs: number, locale?: string): string {
  const date = instantOf(text);
  if (!date) return text;
  const seconds = Math.round((date.getTime() - nowMs) / 1000);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return words.format(0, 'second');
}
