import { z } from 'zod';

/** A yes or no in a query string, in any case. */
export const flagText = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false'], { error: 'must be true or false' }))
  .transform((text) => text === 'true');
