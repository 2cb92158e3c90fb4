import type { PushOperation } from '../generated/client.ts';
import type { ResolvedField } from '../records/compile-query.ts';
import type { Store } from '../store.ts';
import { type ListPage, type ListRequest, listRows } from './listing.ts';

/** What the public API shows of a push operation. */
export type PushOperationRow = Pick<
  PushOperation,
  | 'id'
  | 'companyId'
  | 'connectionId'
  | 'dataType'
  | 'status'
  | 'statusCode'
  | 'errorMessage'
  | 'changes'
  | 'validation'
  | 'timeoutInMinutes'
  | 'completedAt'
  | 'recordId'
> & {
  /** The record as the client sent it, exact JSON text; null for those of older releases. */
  readonly data: string | null;
  /** When it was requested. */
  readonly createdAt: Date;
};

export interface PushOperationRepository {
  /** Oldest first unless ordered otherwise. */
  list(clientId: string, companyId: string, request: ListRequest): Promise<ListPage<PushOperationRow>>;
  find(clientId: string, companyId: string, id: string): Promise<PushOperationRow | undefined>;
}

const select = `push.id, push.company_id AS "companyId", push.connection_id AS "connectionId", push.data_type AS "dataType", push.status,
  push.status_code AS "statusCode", push.error_message AS "errorMessage", push.changes, push.validation,
  push.timeout_in_minutes AS "timeoutInMinutes", push.created_at AS "createdAt", push.completed_at AS "completedAt",
  push.record_id AS "recordId", push.data::text AS data`;

/** What was changed is a list of JSON. */
const changes = `jsonb_array_elements(CASE jsonb_typeof(push.changes) WHEN 'array' THEN push.changes END) AS change (value)`;

/** By the names of the public API. */
const fields: ReadonlyMap<string, ResolvedField> = new Map<string, ResolvedField>([
  ['changes.type', { sql: `(change.value ->> 'type')`, kind: 'text', elements: changes }],
  ['changes.recordRef.id', { sql: `(change.value #>> '{recordRef,id}')`, kind: 'text', elements: changes }],
  [
    'changes.recordRef.dataType',
    { sql: `(change.value #>> '{recordRef,dataType}')`, kind: 'text', elements: changes },
  ],
  ['pushOperationKey', { sql: 'push.id::text', kind: 'text' }],
  ['companyId', { sql: 'push.company_id::text', kind: 'text' }],
  ['dataConnectionKey', { sql: 'push.connection_id::text', kind: 'text' }],
  ['dataType', { sql: 'push.data_type', kind: 'text' }],
  ['status', { sql: 'push.status', kind: 'text' }],
  ['statusCode', { sql: 'push.status_code', kind: 'numeric' }],
  ['errorMessage', { sql: 'push.error_message', kind: 'text' }],
  ['timeoutInMinutes', { sql: 'push.timeout_in_minutes', kind: 'numeric' }],
  ['requestedOnUtc', { sql: 'push.created_at', kind: 'instant' }],
  ['completedOnUtc', { sql: 'push.completed_at', kind: 'instant' }],
]);

/** Writes to platforms, as a client reads them. */
export function createPushOperationRepository({ pool }: Pick<Store, 'pool'>): PushOperationRepository {
  return {
    list: (clientId, companyId, request) =>
      listRows<PushOperationRow>(
        pool,
        {
          select,
          from: 'push_operations AS push',
          alias: 'push',
          conditions: ['push.client_id = $1', 'push.company_id = $2'],
          params: [clientId, companyId],
          fields,
        },
        request,
      ),

    find: async (clientId, companyId, id) => {
      const { rows } = await pool.query<PushOperationRow>(
        `SELECT ${select} FROM push_operations AS push WHERE push.client_id = $1 AND push.company_id = $2 AND push.id = $3`,
        [clientId, companyId, id],
      );
      return rows[0];
    },
  };
}
