/**
 * Datasets, and the order in which rows are locked.
 *
 * Whoever locks rows of more than one of these tables, or more than one row of a table, does it in this order, so that no two
 * transactions wait for each other in a circle:
 *
 *   1. datasets, by company, connection and data type
 *   2. pull_operations, by id
 *   3. push_operations, by id
 *   4. connections
 *   5. webhook_consumers, by id, and then what is theirs
 *
 * A row that was skipped because somebody else holds it (SKIP LOCKED) is not waited for and may come at any time.
 */
import type { DataTypeKey } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import type { RecordScope } from '../records/spine.ts';

/** A dataset as a run plans with it. Instants are epoch milliseconds. */
export interface DatasetState {
  readonly cursorMs: number | null;
  readonly cursorFromDate: string | null;
  readonly mappingVersion: number;
  /** Version of the client's supplemental data that all stored records were given. */
  readonly supplementalVersion: number;
  /** What stored records were last mapped with; null: with this and that, or nobody knows (docs/adr/0049). */
  readonly mappedWith: string | null;
  readonly lastSuccessfulSyncAtMs: number | null;
  readonly lastSeq: bigint;
  readonly recordCount: number;
  readonly deletedCount: number;
}

/** The connection was erased while a run of it was under way. */
export class DatasetGoneError extends Error {
  constructor(connectionId: string, dataType: DataTypeKey) {
    super(`there is no dataset of ${dataType} for connection ${connectionId}`);
    this.name = 'DatasetGoneError';
  }
}

const selection = `(extract(epoch from cursor_at) * 1000)::float8 AS "cursorMs", cursor_from_date::text AS "cursorFromDate",
  mapping_version AS "mappingVersion", supplemental_version AS "supplementalVersion", mapped_with AS "mappedWith",
  (extract(epoch from last_successful_sync_at) * 1000)::float8 AS "lastSuccessfulSyncAtMs", last_seq::text AS "lastSeq", record_count::float8 AS "recordCount", deleted_count::float8 AS "deletedCount"`;

type Row = Omit<DatasetState, 'lastSeq'> & { readonly lastSeq: string };

async function read(
  queryable: Pool | ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  suffix: string,
): Promise<DatasetState> {
  const { rows } = await queryable.query<Row>(
    `SELECT ${selection} FROM datasets WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 ${suffix}`,
    [scope.companyId, scope.connectionId, dataType],
  );
  const row = rows[0];
  if (row === undefined) throw new DatasetGoneError(scope.connectionId, dataType);
  return { ...row, lastSeq: BigInt(row.lastSeq) };
}

export function readDataset(pool: Pool, scope: RecordScope, dataType: DataTypeKey): Promise<DatasetState> {
  return read(pool, scope, dataType, '');
}

/** Reads the dataset and keeps its row locked until the transaction ends: whoever writes its records holds this lock. */
export function lockDataset(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
): Promise<DatasetState> {
  return read(client, scope, dataType, 'FOR UPDATE');
}

/** Locks some datasets of a connection, in the order above; whether they are there is for {@link lockDataset} to say. */
export async function lockDatasets(
  client: ClientBase,
  scope: RecordScope,
  dataTypes: readonly DataTypeKey[],
): Promise<void> {
  await client.query(
    `SELECT FROM datasets WHERE company_id = $1 AND connection_id = $2 AND data_type = ANY($3::text[]) ORDER BY data_type FOR UPDATE`,
    [scope.companyId, scope.connectionId, [...dataTypes]],
  );
}

/** Locks every dataset of a connection, in the order above. */
export async function lockDatasetsOf(client: ClientBase, connectionId: string): Promise<void> {
  await client.query(
    `SELECT FROM datasets AS dataset JOIN connections AS connection
       ON connection.company_id = dataset.company_id AND connection.id = dataset.connection_id
     WHERE connection.id = $1 ORDER BY dataset.data_type FOR UPDATE OF dataset`,
    [connectionId],
  );
}

/** Moves the counters in the transaction that changed the records, so that totals need no count. */
export async function moveCounters(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  delta: { inserted: number; deleted: number },
): Promise<void> {
  if (delta.inserted === 0 && delta.deleted === 0) return;
  await client.query(
    `UPDATE datasets SET last_seq = last_seq + $4, record_count = record_count + $4, deleted_count = deleted_count + $5
     WHERE company_id = $1 AND connection_id = $2 AND data_type = $3`,
    [scope.companyId, scope.connectionId, dataType, delta.inserted, delta.deleted],
  );
}

/** Records of the dataset come to be mapped with something else than the others. */
export async function forgetMappedWith(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
): Promise<void> {
  await client.query(
    'UPDATE datasets SET mapped_with = NULL WHERE company_id = $1 AND connection_id = $2 AND data_type = $3',
    [scope.companyId, scope.connectionId, dataType],
  );
}

/** All stored records of the dataset have been given this version of the client's supplemental data. */
export async function noteSupplementalVersion(
  queryable: Pool | ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  version: number,
): Promise<void> {
  await queryable.query(
    `UPDATE datasets SET supplemental_version = $4
     WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 AND supplemental_version <> $4`,
    [scope.companyId, scope.connectionId, dataType, version],
  );
}
