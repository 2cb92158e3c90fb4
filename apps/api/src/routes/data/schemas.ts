import {
  allDataTypeKeys,
  type DataTypeDefinition,
  datasetStatuses,
  dataTypeKeys,
  dataTypes,
  instantText,
} from '@tributary/model';
import { z } from 'zod';
import { pageOf } from '../../http/paging.ts';
import { connectionParameters, uuidParameter } from '../../http/validation.ts';

const datasetStatus = z.enum(datasetStatuses);

const dataStatus = z
  .object({
    dataType: z.enum(allDataTypeKeys),
    lastSuccessfulSync: instantText.optional(),
    currentStatus: datasetStatus.describe('Of the latest pull; `Initial` when there was none.'),
    latestSyncId: z.uuid().optional(),
    latestSuccessfulSyncId: z.uuid().optional(),
  })
  .meta({ id: 'DataStatus', description: 'How far the pulls of a data type are.' });

export type DataStatus = z.output<typeof dataStatus>;

export const dataStatuses = z
  .object(Object.fromEntries(dataTypeKeys.map((key) => [key, dataStatus.optional()])))
  .meta({ id: 'DataStatuses', description: 'By data type: those that the platform of the company has.' });

export const pullOperation = z
  .object({
    id: z.uuid(),
    companyId: z.uuid(),
    connectionId: z.uuid(),
    dataType: z.string().describe('Key of the data type; of your own ones, `custom/` and the identifier.'),
    status: datasetStatus,
    statusDescription: z.string().optional(),
    errorMessage: z.string().optional(),
    requested: instantText,
    completed: instantText.optional(),
    progress: z.int().min(0).max(100).describe('Percent.'),
    isCompleted: z.boolean().describe('It ended well.'),
    isErrored: z.boolean().describe('It ended otherwise.'),
  })
  .meta({ id: 'PullOperation', description: 'A pull of one data type from a platform.' });

export type PullOperation = z.output<typeof pullOperation>;

export const pullOperations = pageOf(pullOperation).meta({ id: 'PullOperations' });

const upstreamRequest = z
  .object({
    method: z.string(),
    path: z.string().describe('Below the platform’s API, secrets redacted.'),
    status: z.int().optional().describe('Absent when no answer came.'),
    started: z.string().describe('ISO instant.'),
    durationMs: z.int(),
    bytes: z.int(),
    attempt: z.int().describe('From 1, within one call.'),
    records: z.int().optional().describe('Records of the page that the answer became.'),
    failure: z.string().optional(),
    excerpt: z.string().optional().describe('The beginning of an answer that was no success.'),
  })
  .meta({ id: 'UpstreamRequest', description: 'One attempt of one call to the platform.' });

export type UpstreamRequest = z.output<typeof upstreamRequest>;

export const upstreamRequests = pageOf(upstreamRequest).meta({ id: 'UpstreamRequests' });

const validationItem = z
  .object({
    ruleId: z.string(),
    itemId: z.string().optional().describe('Id of the record that it is about.'),
    message: z.string(),
    validatorName: z.string().optional().describe('Whose rule it is: absent for what syncing itself found.'),
  })
  .meta({ id: 'ValidationItem' });

export const validationResult = z
  .object({ errors: z.array(validationItem), warnings: z.array(validationItem) })
  .meta({ id: 'ValidationResult', description: 'What was wrong with the data of a pull.' });

export type ValidationResult = z.output<typeof validationResult>;

export const recordId = z.string().min(1).describe('Id of the record at its platform; case-sensitive.');

export const companyParametersWith = {
  dataset: z.object({ companyId: uuidParameter, datasetId: uuidParameter }),
  dataType: z.object({
    companyId: uuidParameter,
    dataType: z.string().describe('Key of the data type, or `all`.'),
  }),
};

/** `/companies/…/data/{id}` and `/companies/…/connections/…/data/{id}`. */
export const recordParameters = {
  company: z.object({ companyId: uuidParameter, id: recordId }),
  connection: connectionParameters.extend({ id: recordId }),
};

/** `…/attachments/{attachmentId}` below a record of a connection. */
export const attachmentParameters = recordParameters.connection.extend({ attachmentId: z.string().min(1) });

const attachment = z
  .object({
    id: z.string(),
    name: z.string().optional(),
    contentType: z.string().optional(),
    dateCreated: instantText.optional(),
    fileSize: z.int().optional().describe('Bytes.'),
  })
  .meta({ id: 'Attachment', description: 'What the platform tells of a file that is attached to a record.' });

export const attachmentSchemas = {
  content: z.string().meta({ format: 'binary' }).describe('The file, once a platform gives one.'),
  one: attachment,
  list: z.object({ attachments: z.array(attachment) }).meta({ id: 'Attachments' }),
};

export const optionalConnection = z.object({
  connectionId: uuidParameter.optional().describe('Default: the linked connection of the company.'),
});

/** `bank account` as `BankAccount`. */
const componentName = (title: string) =>
  title.replace(/(?:^| )([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** Response schemas of a data type: one record, and a page of them. Statements are answered by periods instead. */
export const recordSchemas = new Map(
  dataTypeKeys.flatMap((key) => {
    const { title, response, servedAs }: DataTypeDefinition = dataTypes[key];
    if (servedAs === 'statement') return [];
    const one = response.meta({ id: componentName(title.singular) });
    return [[key, { one, page: pageOf(one).meta({ id: `${componentName(title.plural)}Page` }) }] as const];
  }),
);
