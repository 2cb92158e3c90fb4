import type { DatasetStatus, DataTypeKey } from '@tributary/model';
import { type Store, shownStatusSql } from '@tributary/store';

/** How far the first sync of one data type is. */
export interface TypeProgress {
  readonly dataType: DataTypeKey;
  readonly state: 'waiting' | 'reading' | 'read' | 'failed' | 'notOffered';
  /** Records read so far, or stored in the end. */
  readonly records: number;
}

const states: Readonly<Record<DatasetStatus, TypeProgress['state']>> = {
  Initial: 'waiting',
  Queued: 'waiting',
  Fetching: 'reading',
  MapQueued: 'reading',
  Mapping: 'reading',
  ProcessingQueued: 'reading',
  Processing: 'reading',
  ValidationQueued: 'reading',
  Validating: 'reading',
  Complete: 'read',
  NotSupported: 'notOffered',
  FetchError: 'failed',
  MapError: 'failed',
  InternalError: 'failed',
  ProcessingError: 'failed',
  ValidationError: 'failed',
  AuthError: 'failed',
  Cancelled: 'failed',
  RateLimitError: 'failed',
  PermissionsError: 'failed',
  PrerequisiteNotMet: 'failed',
};

interface RunRow {
  readonly dataType: DataTypeKey;
  readonly status: DatasetStatus;
  readonly recordsRead: number;
  readonly stored: number;
}

/** The newest run of each data type of a connection that has one, in the order given. */
export async function readProgress(
  { pool }: Pick<Store, 'pool'>,
  connection: { id: string; companyId: string },
  dataTypes: readonly DataTypeKey[],
): Promise<TypeProgress[]> {
  const { rows } = await pool.query<RunRow>(
    `SELECT d.data_type AS "dataType", ${shownStatusSql('r')} AS status, r.records_read AS "recordsRead",
       (d.record_count - d.deleted_count)::float8 AS stored
     FROM datasets d JOIN pull_operations r ON r.id = d.latest_run_id
     WHERE d.company_id = $1 AND d.connection_id = $2`,
    [connection.companyId, connection.id],
  );
  const found = new Map(rows.map((row) => [row.dataType, row]));
  return dataTypes.flatMap((dataType) => {
    const row = found.get(dataType);
    if (row === undefined) return [];
    const state = states[row.status];
    return [{ dataType, state, records: state === 'read' ? row.stored : row.recordsRead }];
  });
}

/** Whether a page that shows this should look again. */
export function isUnderWay(progress: readonly TypeProgress[]): boolean {
  return progress.some(({ state }) => state === 'waiting' || state === 'reading');
}
