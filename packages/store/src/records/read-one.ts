import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { Pool } from 'pg';
import type { StoredRecord } from './list.ts';
import { storedRecord } from './list.ts';
import type { RecordScope } from './spine.ts';

type Row = Parameters<typeof storedRecord>[0];

/** One stored record by its id at the platform; undefined when there is none. */
export async function readRecord(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
  id: string,
): Promise<StoredRecord | undefined> {
  // PostgreSQL does not take such text; nothing has such an id.
  if (id.includes('\u0000') || !id.isWellFormed()) return undefined;
  const { rows } = await pool.query<Row>({
    name: `read-${dataType}`,
    text: `SELECT document::text AS document, modified_at::text AS modified, is_deleted FROM ${dataTypes[dataType].table}
      WHERE company_id = $1 AND connection_id = $2 AND id = $3`,
    values: [scope.companyId, scope.connectionId, id],
  });
  return rows[0] && storedRecord(rows[0]);
}

/** When the platform had last changed a stored record; undefined when there is none, or the platform does not tell. */
export async function findSourceModified(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
  id: string,
): Promise<Date | undefined> {
  if (id.includes('\u0000') || !id.isWellFormed()) return undefined;
  const { rows } = await pool.query<{ at: Date | null }>(
    `SELECT source_modified_at AS at FROM ${dataTypes[dataType].table} WHERE company_id = $1 AND connection_id = $2 AND id = $3`,
    [scope.companyId, scope.connectionId, id],
  );
  return rows[0]?.at ?? undefined;
}

/** The record of a data type that has one per connection (`company`); undefined before it was read from the platform. */
export async function readOnlyRecord(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
): Promise<StoredRecord | undefined> {
  const { rows } = await pool.query<Row>({
    name: `read-only-${dataType}`,
    text: `SELECT document::text AS document, modified_at::text AS modified, is_deleted FROM ${dataTypes[dataType].table}
      WHERE company_id = $1 AND connection_id = $2 ORDER BY is_deleted, seq DESC LIMIT 1`,
    values: [scope.companyId, scope.connectionId],
  });
  return rows[0] && storedRecord(rows[0]);
}
