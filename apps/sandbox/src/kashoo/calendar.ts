/** Calendar arithmetic on UTC days; a date is `YYYY-MM-DD`, an instant is epoch milliseconds. */
export const DAY_MS = 86_400_000;

/** The first millisecond of the UTC day that holds `instantMs`. */
export function dayStart(instantMs: number): number {
  return Math.floor(instantMs / DAY_MS) * DAY_MS;
}

export function dateOf(instantMs: number): string {
  return new Date(instantMs).toISOString().slice(0, 10);
}

export function instantOf(instantMs: number): string {
  return new Date(instantMs).toISOString();
}

/** The first day of the month that lies `months` before the month of `instantMs`. */
export function monthStart(instantMs: number, monthsBefore: number): number {
  const date = new Date(instantMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - monthsBefore, 1);
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for an existing calendar day written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const parsed = Date.parse(`${text}T00:00:00.000Z`);
  return !Number.isNaN(parsed) && dateOf(parsed) === text;
}
