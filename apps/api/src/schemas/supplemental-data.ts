import { parseSelector } from '@tributary/model';
import { z } from 'zod';
import { storedText } from '../http/text.ts';

const mostGroups = 20;
const mostMembers = 100;

/** A name of the client's own. */
const ownName = storedText({ maximum: 100 });

/** Where a value stands in the platform's record: names of members with dots between them. */
export const selector = storedText({ maximum: 500 }).refine((text) => parseSelector(text) !== undefined, {
  error: 'must be names of members with dots between them, such as salesTerm.name',
});

/** Values by the client's names for them. */
export const selectors = z
  .record(ownName, selector)
  .refine((members) => Object.keys(members).length <= mostMembers, {
    error: `must be at most ${mostMembers}`,
  });

const source = z
  .object({
    dataSource: storedText({ maximum: 500, blank: true })
      .optional()
      .describe('Kept as it is: the values come from the record that the data type is read from.'),
    pullData: selectors.optional(),
    pushData: selectors.optional(),
  })
  .meta({ id: 'SupplementalDataSource' });

const groups = z
  .record(ownName, source)
  .refine((all) => Object.keys(all).length <= mostGroups, { error: `must be at most ${mostGroups}` });

export type SupplementalGroups = z.output<typeof groups>;

export const supplementalDataConfiguration = z
  .object({ supplementalDataConfig: groups })
  .meta({ id: 'SupplementalDataConfiguration' });

/** The schema of the published API wraps the groups, its examples do not: both are taken. */
export const newSupplementalData = z
  .preprocess(
    (body) =>
      typeof body === 'object' && body !== null && !('supplementalDataConfig' in body)
        ? { supplementalDataConfig: body }
        : body,
    supplementalDataConfiguration,
  )
  .meta({ id: 'ConfigureSupplementalData' });
