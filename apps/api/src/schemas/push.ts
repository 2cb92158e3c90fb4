import { allDataTypeKeys, instantText } from '@tributary/model';
import { z } from 'zod';
import { pageOf } from '../http/paging.ts';

const optionType = z.enum([
  'Array',
  'Object',
  'String',
  'Number',
  'Boolean',
  'DateTime',
  'File',
  'MultiPart',
]);

const choice = z
  .object({
    value: z.string(),
    type: optionType,
    displayName: z.string(),
    description: z.string().optional(),
    required: z.boolean().optional(),
  })
  .meta({ id: 'PushOptionChoice' });

const remark = z.object({ field: z.string(), details: z.string() }).meta({ id: 'PushFieldValidation' });

const validation = z
  .object({ warnings: z.array(remark).optional(), information: z.array(remark).optional() })
  .meta({ id: 'PushValidationInfo' });

const detailsObject = z.object({
  type: optionType,
  displayName: z.string(),
  description: z.string(),
  required: z.boolean(),
  options: z.array(choice).optional().describe('Every value that is taken; absent: any.'),
  validation: validation.optional(),
});
const details = detailsObject.shape;

interface Details extends z.output<typeof detailsObject> {}
interface Property extends Details {
  properties?: Record<string, Property> | undefined;
}

const property: z.ZodType<Property> = z
  .object({ ...details, properties: z.lazy(() => z.record(z.string(), property)).optional() })
  .meta({ id: 'PushOptionProperty' });

export const pushOption = z
  .object({ ...details, properties: z.record(z.string(), property).optional() })
  .meta({ id: 'PushOption', description: 'How the platform takes records of a data type.' });

export type PushOption = z.output<typeof pushOption>;

const validationItem = z.object({
  itemId: z.string().optional(),
  message: z.string().optional(),
  validatorName: z.string().optional(),
});

export const pushOperation = z
  .object({
    changes: z
      .array(
        z.object({
          type: z.enum(['Unknown', 'Created', 'Modified', 'Deleted', 'AttachmentUploaded']),
          recordRef: z.object({ id: z.string(), dataType: z.enum(allDataTypeKeys).optional() }).optional(),
        }),
      )
      .optional(),
    dataType: z.enum(allDataTypeKeys),
    companyId: z.uuid(),
    pushOperationKey: z.uuid(),
    dataConnectionKey: z.uuid(),
    requestedOnUtc: instantText,
    completedOnUtc: instantText.optional(),
    timeoutInMinutes: z.int().optional(),
    status: z.enum(['Pending', 'Failed', 'Success', 'TimedOut']),
    errorMessage: z.string().optional(),
    validation: z
      .object({ errors: z.array(validationItem).optional(), warnings: z.array(validationItem).optional() })
      .optional(),
    statusCode: z.int(),
  })
  .meta({ id: 'PushOperation', description: 'A write to the platform.' });

export type PushOperation = z.output<typeof pushOperation>;

/** What asking for a write answers. */
export const requestedPush = pushOperation
  .extend({ data: z.unknown().describe('The record as it was sent.') })
  .meta({ id: 'RequestedPushOperation', description: 'A write to the platform that was asked for.' });

export const pushOperations = pageOf(pushOperation).meta({ id: 'PushOperations' });
