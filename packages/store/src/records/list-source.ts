/** Whose records a request reads: from the client's company to the connection and the dataset that serve it. */
import type { DataTypeKey } from '@tributary/model';
import type { Pool } from 'pg';
import type { ConnectionStatus } from '../generated/client.ts';
import { shownStatusSql } from '../runs/pull-operations.ts';
import type { ListCounters } from './list-plan.ts';

/** The connection that serves a request. */
export interface SourceConnection {
  readonly id: string;
  readonly clientId: string;
  readonly companyId: string;
  readonly platformKey: string;
  readonly status: ConnectionStatus;
}

/** What one data type of the serving connection is read with. */
export interface RecordSource {
  /** Undefined when the company has none (or not the one that was named). */
  readonly connection: SourceConnection | undefined;
  /** Undefined as long as the data type was neither requested nor written. */
  readonly counters: ListCounters | undefined;
}

/** @param connectionId undefined: the connection that serves the company (see {@link findServingConnection}) */
export interface SourceRequest {
  readonly companyId: string;
  readonly connectionId?: string | undefined;
}

/** A row of {@link sourceSelection}. */
export type SourceRow = {
  readonly id: string | null;
  readonly platform_key: string;
  readonly status: ConnectionStatus;
  readonly is_requested: boolean;
  readonly record_count: number;
  readonly last_seq: number;
};

/**
 * A company is served by its Linked connection; while it has none, by the one that was synced last, so that data stays readable
 * after an unlink, and every data type comes from the same books.
 */
const servingFirst = `(connection.status = 'Linked') DESC, connection.last_sync_at DESC NULLS LAST, connection.created_at DESC, connection.id`;

/**
 * Finds the source of a data type's records.
 * @returns undefined when the client has no such company
 */
export async function findRecordSource(
  pool: Pool,
  clientId: string,
  request: SourceRequest,
  dataType: DataTypeKey,
): Promise<RecordSource | undefined> {
  const { rows } = await pool.query<SourceRow>({
    name: request.connectionId === undefined ? 'source-of-company' : 'source-of-connection',
    text: sourceSelection(request, '$4'),
    values: [
      clientId,
      request.companyId,
      dataType,
      ...(request.connectionId === undefined ? [] : [request.connectionId]),
    ],
  });
  return rows[0] && sourceOf(clientId, request, rows[0]);
}

/** Parameters: client, company, data type; and the connection, when one is named, at `connection`. */
export function sourceSelection({ connectionId }: SourceRequest, connection: string): string {
  return `SELECT serving.id, serving.platform_key, serving.status, dataset.latest_run_id IS NOT NULL OR dataset.record_count > 0 AS is_requested,
      dataset.record_count::float8 AS record_count, dataset.last_seq::float8 AS last_seq
    FROM companies AS company
    LEFT JOIN LATERAL (
      SELECT connection.id, connection.platform_key, connection.status FROM connections AS connection
      WHERE connection.company_id = company.id ${connectionId === undefined ? '' : `AND connection.id = ${connection}::uuid`}
      ORDER BY ${servingFirst} LIMIT 1
    ) AS serving ON true
    LEFT JOIN datasets AS dataset
      ON dataset.company_id = company.id AND dataset.connection_id = serving.id AND dataset.data_type = $3::text
    WHERE company.client_id = $1::uuid AND company.id = $2::uuid`;
}

/** What a row of {@link sourceSelection} says. */
export function sourceOf(clientId: string, { companyId }: SourceRequest, row: SourceRow): RecordSource {
  if (row.id === null) return { connection: undefined, counters: undefined };
  return {
    connection: { id: row.id, clientId, companyId, platformKey: row.platform_key, status: row.status },
    counters: row.is_requested ? { recordCount: row.record_count, lastSeq: row.last_seq } : undefined,
  };
}

/**
 * The connection that serves a company, or the one that is named.
 * @returns undefined when the client has no such company; `connection` is undefined when the company has no such connection
 */
export async function findServingConnection(
  pool: Pool,
  clientId: string,
  request: SourceRequest,
): Promise<Pick<RecordSource, 'connection'> | undefined> {
  // Every data type has the same connection; which one is asked for does not matter.
  return findRecordSource(pool, clientId, request, 'company');
}

/** How far one data type of a connection is. */
export interface DatasetStatusRow {
  readonly dataType: DataTypeKey;
  readonly latestRunId: string | null;
  /** Of the latest run. */
  readonly latestStatus: string | null;
  readonly latestSuccessfulRunId: string | null;
  readonly lastSuccessfulSyncAt: Date | null;
}

/** The statuses of a connection's datasets. */
export async function listDatasetStatuses(
  pool: Pool,
  scope: { companyId: string; connectionId: string },
): Promise<DatasetStatusRow[]> {
  const { rows } = await pool.query<DatasetStatusRow>(
    `SELECT dataset.data_type AS "dataType", dataset.latest_run_id AS "latestRunId", ${shownStatusSql('run')} AS "latestStatus",
       dataset.latest_successful_run_id AS "latestSuccessfulRunId", dataset.last_successful_sync_at AS "lastSuccessfulSyncAt"
     FROM datasets AS dataset LEFT JOIN pull_operations AS run ON run.id = dataset.latest_run_id
     WHERE dataset.company_id = $1 AND dataset.connection_id = $2`,
    [scope.companyId, scope.connectionId],
  );
  return rows;
}
