/** What events tell, read in the transaction that makes it true. */
import type { Queryable } from './outbox.ts';

/** A company as its events show it. */
export interface CompanyFacts {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly description: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly createdBy: string | null;
  readonly products: readonly string[];
  readonly createdAt: Date;
  readonly lastSyncAt: Date | null;
}

const companyColumns = `company.id::text AS id, company.client_id::text AS "clientId", company.name, company.description, company.tags,
  company.created_by AS "createdBy", company.products, company.created_at AS "createdAt"`;

/** @returns undefined when the client has no such company */
export async function readCompanyFacts(
  queryable: Queryable,
  clientId: string,
  companyId: string,
): Promise<CompanyFacts | undefined> {
  const { rows } = await queryable.query<CompanyFacts>(
    `SELECT ${companyColumns},
       (SELECT max(last_sync_at) FROM connections WHERE company_id = company.id) AS "lastSyncAt"
     FROM companies AS company WHERE company.client_id = $1::uuid AND company.id = $2::uuid`,
    [clientId, companyId],
  );
  return rows[0];
}

/** A connection as its events show it, errors newest first. */
export interface ConnectionFacts {
  readonly id: string;
  readonly companyId: string;
  readonly platformKey: string;
  readonly status: 'PendingAuth' | 'Linked' | 'Unlinked' | 'Deauthorized';
  readonly connectionInfo: unknown;
  readonly createdAt: Date;
  readonly lastSyncAt: Date | null;
  readonly errors: readonly {
    readonly statusCode: string;
    readonly statusText: string;
    readonly errorMessage: string;
    readonly erroredAt: Date;
    readonly resolvedAt: Date | null;
  }[];
}

/** @returns undefined when the client has no such connection */
export async function readConnectionFacts(
  queryable: Queryable,
  clientId: string,
  connectionId: string,
): Promise<ConnectionFacts | undefined> {
  const { rows } = await queryable.query<Omit<ConnectionFacts, 'errors'>>(
    `SELECT id::text AS id, company_id::text AS "companyId", platform_key AS "platformKey", status::text AS status,
       connection_info AS "connectionInfo", created_at AS "createdAt", last_sync_at AS "lastSyncAt"
     FROM connections WHERE client_id = $1::uuid AND id = $2::uuid`,
    [clientId, connectionId],
  );
  const [connection] = rows;
  if (connection === undefined) return undefined;
  const { rows: errors } = await queryable.query<ConnectionFacts['errors'][number]>(
    `SELECT status_code AS "statusCode", status_text AS "statusText", error_message AS "errorMessage", errored_at AS "erroredAt",
       resolved_at AS "resolvedAt"
     FROM connection_errors WHERE connection_id = $1::uuid ORDER BY errored_at DESC LIMIT 10`,
    [connectionId],
  );
  return { ...connection, errors };
}

/** A run as the events of its end show it. */
export interface ReadFacts {
  readonly id: string;
  readonly dataType: string;
  readonly status: string;
  readonly errorMessage: string | null;
  readonly hasModified: boolean;
  readonly hasWarnings: boolean;
  /** End of the successful run before it. */
  readonly previousAt: Date | null;
}

const readColumns = `run.id::text AS id, run.data_type AS "dataType", run.status, run.error_message AS "errorMessage",
  run.inserted + run.changed + run.deleted > 0 AS "hasModified", run.warnings + run.quarantined > 0 AS "hasWarnings",
  (SELECT earlier.completed_at FROM pull_operations AS earlier
   WHERE earlier.connection_id = run.connection_id AND earlier.data_type = run.data_type AND earlier.status = 'Complete' AND earlier.id <> run.id
   ORDER BY earlier.requested_at DESC LIMIT 1) AS "previousAt"`;

/** A run that has ended. */
export async function readRunFacts(queryable: Queryable, runId: string): Promise<ReadFacts | undefined> {
  const { rows } = await queryable.query<ReadFacts>(
    `SELECT ${readColumns} FROM pull_operations AS run WHERE run.id = $1::uuid AND run.completed_at IS NOT NULL`,
    [runId],
  );
  return rows[0];
}

/** The newest ended run of each data type of a connection. */
export async function readNewestRunFacts(queryable: Queryable, connectionId: string): Promise<ReadFacts[]> {
  const { rows } = await queryable.query<ReadFacts>(
    `SELECT ${readColumns}
     FROM (
       SELECT DISTINCT ON (data_type) * FROM pull_operations
       WHERE connection_id = $1::uuid AND completed_at IS NOT NULL ORDER BY data_type, requested_at DESC
     ) AS run ORDER BY run.data_type`,
    [connectionId],
  );
  return rows;
}

/**
 * Notes that a data type of a connection's first sync was read, whatever came of it.
 * @returns true for the last of them, once: its lock on the connection's row makes two that end at a time count one after the other
 */
export async function endAwaitedRead(
  queryable: Queryable,
  connectionId: string,
  dataType: string,
): Promise<boolean> {
  const { rows } = await queryable.query<{ left: number }>(
    `UPDATE connections SET awaited_types = array_remove(awaited_types, $2::text)
     WHERE id = $1::uuid AND $2::text = ANY (awaited_types) RETURNING cardinality(awaited_types)::int AS left`,
    [connectionId, dataType],
  );
  return rows[0]?.left === 0;
}
