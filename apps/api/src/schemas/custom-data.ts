import { z } from 'zod';
import { pageOf } from '../http/paging.ts';
import { storedText } from '../http/text.ts';
import { selector, selectors } from './supplemental-data.ts';

const mostKeys = 10;
const fewKeys = { error: `must be 1 to ${mostKeys}` };

export const customDataType = z
  .object({
    dataSource: storedText({ maximum: 2000 }).describe(
      'Path of a listing below the business of a connection, such as `/items`; `{businessId}` stands for the business. It is only read.',
    ),
    requiredData: selectors.describe('By your names: members of the platform’s records.'),
    keyBy: z.array(selector).min(1, fewKeys).max(mostKeys, fewKeys),
    sourceModifiedDate: z.array(selector).max(mostKeys, fewKeys).nullish(),
  })
  .meta({ id: 'CustomDataTypeConfiguration' });

export type CustomDataType = z.output<typeof customDataType>;

export const customIdentifier = z
  .string()
  .regex(/^[\w.-]{1,100}$/, { error: 'must have 1 to 100 letters, digits, points, dashes or underscores' })
  .describe('A name of the client’s own.');

const customRecord = z
  .object({
    id: z.string().describe('The values of `keyBy`.'),
    content: z
      .record(z.string(), z.looseObject({}))
      .describe('By the names of `requiredData`: objects as they are, anything else as `{"value": …}`.'),
    modifiedDate: z.object({ modifiedDate: z.string() }),
    sourceModifiedDate: z.string().optional().describe('As the platform wrote it.'),
  })
  .meta({ id: 'CustomDataTypeRecord' });

export const customRecords = pageOf(customRecord).meta({ id: 'CustomDataTypeRecords' });
