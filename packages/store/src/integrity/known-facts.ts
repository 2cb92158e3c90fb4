/** What records are checked against beside themselves. */
import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { Pool } from 'pg';
import { inKeyedTransaction } from '../pool.ts';
import { recordByKey } from '../records/by-key.ts';
import type { RecordScope } from '../records/spine.ts';

export interface BooksFacts {
  /** Data types that have been read to their end. */
  readonly read: readonly DataTypeKey[];
  /** The currency of the books; undefined: not known yet. */
  readonly currency: string | undefined;
}

export async function readBooksFacts(
  pool: Pool,
  { companyId, connectionId }: RecordScope,
): Promise<BooksFacts> {
  const { rows } = await pool.query<{ read: DataTypeKey[]; currency: string | null }>(
    `SELECT ARRAY(SELECT data_type FROM datasets WHERE company_id = $1 AND connection_id = $2 AND last_successful_sync_at IS NOT NULL) AS read,
       (SELECT max(base_currency) FROM company_info WHERE company_id = $1 AND connection_id = $2) AS currency`,
    [companyId, connectionId],
  );
  return { read: rows[0]?.read ?? [], currency: rows[0]?.currency ?? undefined };
}

/** Those of the ids that no stored record has. One that is marked deleted can still be read: it is there. */
export async function missingRecords(
  pool: Pool,
  { companyId, connectionId }: RecordScope,
  dataType: DataTypeKey,
  ids: readonly string[],
): Promise<string[]> {
  const { rows } = await inKeyedTransaction(pool, (client) =>
    client.query<{ id: string }>(
      `SELECT wanted.id FROM unnest($3::text[]) AS wanted (id)
     WHERE ${recordByKey('true', dataTypes[dataType].table, 'wanted.id')} IS NOT TRUE`,
      [companyId, connectionId, ids],
    ),
  );
  return rows.map(({ id }) => id);
}
