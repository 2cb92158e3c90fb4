import type { Connection, ConnectionStatus } from '../generated/client.ts';
import { inTransaction } from '../pool.ts';
import type { ResolvedField } from '../records/compile-query.ts';
import type { Store } from '../store.ts';
import type { Queryable } from '../webhooks/outbox.ts';
import { type ListPage, type ListRequest, listRows } from './listing.ts';

/** Why a connection stopped working, newest first; without `resolvedAt` it still does not. */
export interface ConnectionProblem {
  readonly statusCode: string;
  readonly statusText: string;
  readonly errorMessage: string;
  readonly erroredAt: Date;
  readonly resolvedAt: Date | null;
}

/** A connection as the public API shows it. */
export type ConnectionRow = Pick<
  Connection,
  'id' | 'clientId' | 'companyId' | 'platformKey' | 'connectionInfo' | 'createdAt' | 'lastSyncAt'
> & { readonly status: ConnectionStatus; readonly errors: readonly ConnectionProblem[] };

/** What a query on connections can name of their platforms, which live in the code and not in the database. */
export interface PlatformFacts {
  readonly key: string;
  readonly name: string;
  readonly integrationId: string;
  readonly sourceId: string;
  readonly sourceType: string;
}

export interface ConnectionRepository {
  /** @returns undefined when the client has no such company */
  create(
    clientId: string,
    connection: { id: string; companyId: string; platformKey: string },
    tell: TellChange,
  ): Promise<ConnectionRow | undefined>;
  find(clientId: string, companyId: string, connectionId: string): Promise<ConnectionRow | undefined>;
  list(
    clientId: string,
    companyId: string,
    request: ListRequest & { platforms: readonly PlatformFacts[] },
  ): Promise<ListPage<ConnectionRow>>;
  /** Connections of several companies, oldest first. */
  listOfCompanies(clientId: string, companyIds: readonly string[]): Promise<ConnectionRow[]>;
  /** Sets `Unlinked`, whatever the status was. @returns undefined when there is no such connection */
  unlink(
    clientId: string,
    companyId: string,
    connectionId: string,
    tell: TellChange,
  ): Promise<ConnectionRow | undefined>;
}

/** Called in the transaction that creates a connection, or that makes a Linked one something else. */
type TellChange = (transaction: Queryable) => Promise<void>;

const columns = {
  id: true,
  clientId: true,
  companyId: true,
  platformKey: true,
  status: true,
  connectionInfo: true,
  createdAt: true,
  lastSyncAt: true,
  errors: { orderBy: { erroredAt: 'desc' as const }, take: 10 },
};

const oldestFirst = [{ createdAt: 'asc' as const }, { id: 'asc' as const }];

const fields: ReadonlyMap<string, ResolvedField> = new Map([
  ['id', { sql: 'connection.id::text', kind: 'text' }],
  ['integrationId', { sql: 'platform.integration_id', kind: 'text' }],
  ['integrationKey', { sql: 'connection.platform_key', kind: 'text' }],
  ['sourceId', { sql: 'platform.source_id', kind: 'text' }],
  ['sourceType', { sql: 'platform.source_type', kind: 'text' }],
  ['platformName', { sql: 'platform.name', kind: 'text' }],
  ['status', { sql: 'connection.status::text', kind: 'text' }],
  ['created', { sql: 'connection.created_at', kind: 'instant' }],
  ['lastSync', { sql: 'connection.last_sync_at', kind: 'instant' }],
]);

const from = `connections AS connection
  LEFT JOIN unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
    AS platform (key, name, integration_id, source_id, source_type) ON platform.key = connection.platform_key`;

export function createConnectionRepository({
  prisma,
  pool,
}: Pick<Store, 'prisma' | 'pool'>): ConnectionRepository {
  const find: ConnectionRepository['find'] = async (clientId, companyId, connectionId) => {
    const where = { id: connectionId, clientId, companyId };
    return (await prisma.connection.findFirst({ where, select: columns })) ?? undefined;
  };

  return {
    find,

    create: async (clientId, { id, companyId, platformKey }, tell) => {
      const rowCount = await inTransaction(pool, async (client) => {
        const created = await client.query(
          `INSERT INTO connections (id, client_id, company_id, platform_key)
           SELECT $1, client_id, id, $4 FROM companies WHERE client_id = $2 AND id = $3`,
          [id, clientId, companyId, platformKey],
        );
        if (created.rowCount === 1) await tell(client);
        return created.rowCount;
      });
      return rowCount === 1 ? find(clientId, companyId, id) : undefined;
    },

    list: async (clientId, companyId, { platforms, ...request }) => {
      const platformParams = (['key', 'name', 'integrationId', 'sourceId', 'sourceType'] as const).map(
        (name) => platforms.map((platform) => platform[name]),
      );
      const statement = {
        select: 'connection.id, connection.created_at AS "createdAt"',
        alias: 'connection',
        from,
        conditions: ['connection.client_id = $1', 'connection.company_id = $2'],
        params: [clientId, companyId, ...platformParams],
        fields,
      };
      const page = await listRows<{ id: string; createdAt: Date }>(pool, statement, request);
      const ids = page.rows.map((row) => row.id);
      const found = await prisma.connection.findMany({
        where: { clientId, id: { in: ids } },
        select: columns,
      });
      const byId = new Map(found.map((row) => [row.id, row]));
      return { ...page, rows: ids.flatMap((id) => byId.get(id) ?? []) };
    },

    listOfCompanies: (clientId, companyIds) =>
      prisma.connection.findMany({
        where: { clientId, companyId: { in: [...companyIds] } },
        select: columns,
        orderBy: oldestFirst,
      }),

    unlink: async (clientId, companyId, connectionId, tell) => {
      const rowCount = await inTransaction(pool, async (client) => {
        const scope = [clientId, companyId, connectionId];
        const before = await client.query<{ status: ConnectionStatus }>(
          'SELECT status FROM connections WHERE client_id = $1 AND company_id = $2 AND id = $3 FOR NO KEY UPDATE',
          scope,
        );
        const unlinked = await client.query(
          `UPDATE connections SET status = 'Unlinked' WHERE client_id = $1 AND company_id = $2 AND id = $3`,
          scope,
        );
        if (before.rows[0]?.status === 'Linked') await tell(client);
        return unlinked.rowCount;
      });
      return rowCount === 1 ? find(clientId, companyId, connectionId) : undefined;
    },
  };
}
