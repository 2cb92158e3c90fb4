/**
 * A span of time in the reader's notation: “340 ms”, “2.4 sec”, “3 min 5 sec”.
 * @param ms milliseconds
 */
export function formatDuration(ms: number, locale?: string): string {
  const unit = (value: number, name: string, places = 0) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: places,
    }).format(value);
  const whole = Math.max(0, ms);
  if (whole < 1000) return unit(whole, 'millisecond');
  if (whole < 60_000) return unit(whole / 1000, 'second', 1);
  const minutes = Math.floor(whole / 60_000);
  const seconds = Math.round((whole % 60_000) / 1000);
  if (minutes < 60) return [unit(minutes, 'minute'), unit(seconds, 'second')].join(' ');
  return [unit(Math.floor(minutes / 60), 'hour'), unit(minutes % 60, 'minute')].join(' ');
}
