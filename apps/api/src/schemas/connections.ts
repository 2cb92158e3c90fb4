import { instantText } from '@tributary/model';
import { z } from 'zod';

export const sourceType = z.enum([
  'Accounting',
  'Banking',
  'BankFeed',
  'Commerce',
  'Expense',
  'Other',
  'Unknown',
]);

const connectionStatus = z.enum(['PendingAuth', 'Linked', 'Unlinked', 'Deauthorized']);

const connectionError = z
  .object({
    statusCode: z.string(),
    statusText: z.string(),
    errorMessage: z.string(),
    erroredOnUtc: instantText,
    status: z.enum(['Active', 'Resolved']),
    resolvedOnUtc: instantText.optional(),
  })
  .meta({ id: 'DataConnectionError', description: 'Why a connection stopped working.' });

export const connection = z
  .object({
    id: z.uuid(),
    integrationId: z.uuid(),
    integrationKey: z.string(),
    sourceId: z.uuid(),
    sourceType,
    platformName: z.string(),
    linkUrl: z.url().describe('Where the small business authorises, or authorises again.'),
    status: connectionStatus,
    lastSync: instantText.optional(),
    created: instantText,
    dataConnectionErrors: z.array(connectionError).optional(),
    connectionInfo: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'Connection', description: 'A company’s link to one platform.' });

export type Connection = z.output<typeof connection>;

/** Properties that `query` and `orderBy` can name. */
export const connectionFields = connection.omit({
  linkUrl: true,
  dataConnectionErrors: true,
  connectionInfo: true,
});

const needed = { error: 'is needed: the key of an integration' };

/** Older clients send the key by itself. */
export const newConnection = z
  .union(
    [z.string(), z.object({ platformKey: z.string(needed).describe('Key of an integration.') }, needed)],
    needed,
  )
  .transform((body) => (typeof body === 'string' ? body : body.platformKey))
  .meta({ id: 'CreateConnection' });

export const authorizationUpdate = z
  .record(z.string(), z.string({ error: 'must be text' }))
  .nullish()
  .meta({ id: 'UpdateAuthorization' });

export const connectionUpdate = z
  .object({
    status: z
      .string({ error: 'is needed: Unlinked' })
      .describe('`Unlinked` is the one status that can be set.'),
  })
  .meta({ id: 'UpdateConnection' });
