/** Building blocks of the descriptions in `options.ts`. */
import { writeFields } from '@tributary/connector-kit';

export const { array, choices, date, number, object, record, reference, text } = writeFields;

/** An amount of money: Kashoo keeps whole cents. */
export const amount = (
  name: string,
  displayName: string,
  description: string,
  details: writeFields.Details = {},
): writeFields.Named =>
  number(name, displayName, description, {
    ...details,
    refusedWhen: ['Must have at most two decimals.', ...(details.refusedWhen ?? [])],
  });
