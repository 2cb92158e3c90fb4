import { z } from 'zod';

/**
 * A whole number in a query string: decimal digits, with a minus if need be. Other notations that JavaScript reads (`0x10`, `1e2`,
 * blanks, nothing at all) would serve a page that nobody asked for.
 */
export function wholeNumber(minimum: number, maximum: number) {
  const error = `must be a whole number from ${minimum} to ${maximum}`;
  return z.preprocess(
    (value) => (typeof value === 'string' && /^-?[0-9]+$/.test(value) ? Number(value) : value),
    z.int({ error }).min(minimum, { error }).max(maximum, { error }),
  );
}
