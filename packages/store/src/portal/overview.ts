/** What the portal's pages show at a glance. */
import type { Pool } from 'pg';
import type { ConnectionStatus } from '../generated/client.ts';
import { shownStatusSql } from '../runs/pull-operations.ts';

/** A connection that was synced lately. */
export interface LastSync {
  readonly companyId: string;
  readonly companyName: string;
  readonly connectionId: string;
  readonly platformKey: string;
  readonly lastSyncAt: Date;
}

/** Counts of what a client has. */
export interface ClientSummary {
  readonly companies: number;
  readonly connections: Readonly<Partial<Record<ConnectionStatus, number>>>;
  /** Keys of the platforms that are switched on. */
  readonly enabledPlatforms: readonly string[];
  /** Of these, and others: the client saved application keys of its own. */
  readonly platformsWithKeys: readonly string[];
  readonly isApiKeyUsed: boolean;
  readonly hasWebhook: boolean;
  readonly lastSyncs: readonly LastSync[];
}

const mostLastSyncs = 10;

/** One look at a client. */
export async function readClientSummary(pool: Pool, clientId: string): Promise<ClientSummary> {
  const [facts, syncs] = await Promise.all([
    pool.query<Omit<ClientSummary, 'lastSyncs'>>(
      `SELECT
         (SELECT count(*)::float8 FROM companies WHERE client_id = $1) AS companies,
         (SELECT coalesce(json_object_agg(status, count), '{}') FROM (
            SELECT status, count(*) AS count FROM connections WHERE client_id = $1 GROUP BY status) AS counted) AS connections,
         ARRAY (SELECT platform_key FROM client_integrations WHERE client_id = $1 AND enabled ORDER BY platform_key) AS "enabledPlatforms",
         ARRAY (SELECT platform_key FROM client_integrations WHERE client_id = $1 AND application_client_id IS NOT NULL ORDER BY platform_key) AS "platformsWithKeys",
         -- The row is there from the first request of a day on, its count some seconds later.
         EXISTS (SELECT FROM client_usage WHERE client_id = $1) AS "isApiKeyUsed",
         EXISTS (SELECT FROM webhook_consumers WHERE client_id = $1) AS "hasWebhook"`,
      [clientId],
    ),
    pool.query<LastSync>(
      `SELECT company.id AS "companyId", company.name AS "companyName", connection.id AS "connectionId",
         connection.platform_key AS "platformKey", connection.last_sync_at AS "lastSyncAt"
       FROM connections AS connection JOIN companies AS company ON company.id = connection.company_id
       WHERE connection.client_id = $1 AND connection.last_sync_at IS NOT NULL
       ORDER BY connection.last_sync_at DESC, connection.id LIMIT ${mostLastSyncs}`,
      [clientId],
    ),
  ]);
  const [row] = facts.rows;
  if (row === undefined) throw new Error('a query without FROM gave no row');
  return { ...row, lastSyncs: syncs.rows };
}

/** One data type of one connection: what is stored, when it was and will be read, and how its latest run goes or went. */
export interface DatasetOverview {
  readonly connectionId: string;
  readonly dataType: string;
  /** Stored records, those marked deleted included. */
  readonly records: number;
  readonly deleted: number;
  /** 0: not scheduled. */
  readonly scheduleHours: number;
  readonly nextRunAt: Date | null;
  readonly lastSuccessfulSyncAt: Date | null;
  /** Null: never requested, or its history was deleted. */
  readonly run: {
    readonly id: string;
    readonly status: string;
    /** Percent. */
    readonly progress: number;
    readonly pages: number;
    readonly recordsRead: number;
    readonly warnings: number;
    readonly errorMessage: string | null;
    readonly statusDescription: string | null;
    readonly requestedAt: Date;
    readonly startedAt: Date | null;
    readonly completedAt: Date | null;
  } | null;
}

type DatasetRow = Omit<DatasetOverview, 'run'> & {
  [Member in keyof NonNullable<DatasetOverview['run']> as `run.${Member}`]:
    | NonNullable<DatasetOverview['run']>[Member]
    | null;
};

/** The datasets of all of a company's connections; the company is the caller's to check. */
export async function listDatasetOverviews(pool: Pool, companyId: string): Promise<DatasetOverview[]> {
  const { rows } = await pool.query<DatasetRow>(
    `SELECT dataset.connection_id AS "connectionId", dataset.data_type AS "dataType", dataset.record_count::float8 AS records,
       dataset.deleted_count::float8 AS deleted, dataset.schedule_hours AS "scheduleHours", dataset.next_run_at AS "nextRunAt",
       dataset.last_successful_sync_at AS "lastSuccessfulSyncAt",
       run.id AS "run.id", ${shownStatusSql('run')} AS "run.status", run.progress AS "run.progress", run.pages AS "run.pages",
       run.records_read AS "run.recordsRead", run.warnings AS "run.warnings", run.error_message AS "run.errorMessage",
       run.status_description AS "run.statusDescription", run.requested_at AS "run.requestedAt", run.started_at AS "run.startedAt",
       run.completed_at AS "run.completedAt"
     FROM datasets AS dataset LEFT JOIN pull_operations AS run ON run.id = dataset.latest_run_id
     WHERE dataset.company_id = $1 ORDER BY dataset.connection_id, dataset.data_type`,
    [companyId],
  );
  return rows.map((row) => {
    const members = Object.entries(row);
    const own = members.filter(([name]) => !name.startsWith('run.'));
    const ofRun = members.filter(([name]) => name.startsWith('run.'));
    const run =
      row['run.id'] === null
        ? null
        : Object.fromEntries(ofRun.map(([name, value]) => [name.slice(4), value]));
    return { ...Object.fromEntries(own), run } as DatasetOverview;
  });
}
