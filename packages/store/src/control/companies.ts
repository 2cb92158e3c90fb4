import { Prisma } from '../generated/client.ts';
import type { ResolvedField } from '../records/compile-query.ts';
import type { Store } from '../store.ts';
import { type Queryable, queryableOf } from '../webhooks/outbox.ts';
import type { PlatformFacts } from './connections.ts';
import { type ListPage, type ListRequest, listRows } from './listing.ts';

/** Statuses of a company, in the spelling of the older API. */
export type CompanyStatus = 'Blank' | 'PendingAuth' | 'Linked' | 'Deauthorised';

/** A company with what its connections make of it. */
export interface CompanyRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  /** Of its connections the furthest: linked now, linked once (`Deauthorised`), waiting for consent; `Blank` without connections. */
  readonly status: CompanyStatus;
  /** Platform of the connection that decided the status, the oldest of several. */
  readonly platformKey: string | null;
  /** Latest successful sync of any connection. */
  readonly lastSyncAt: Date | null;
}

/** Undefined leaves a value as it is, null removes it. */
export interface CompanyChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly tags?: Readonly<Record<string, string>> | null | undefined;
}

export interface NewCompany {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** Created together with the company. */
  readonly connection: { readonly id: string; readonly platformKey: string } | undefined;
}

export interface CompanyRepository {
  /** @param tell called in the transaction that creates it */
  create(
    clientId: string,
    company: NewCompany,
    tell: (transaction: Queryable) => Promise<void>,
  ): Promise<void>;
  find(clientId: string, companyId: string): Promise<CompanyRow | undefined>;
  /** @param request.platforms what a query can name of the platforms of `dataConnections` */
  list(
    clientId: string,
    request: ListRequest & { platforms: readonly PlatformFacts[] },
  ): Promise<ListPage<CompanyRow>>;
  /** @returns false when the client has no such company */
  update(clientId: string, companyId: string, change: CompanyChange): Promise<boolean>;
}

/**
 * The connection that decides a company's status stands first: Linked, then those that were once, then those that never were.
 * `created_at, id` makes the choice stable.
 */
const from = `companies AS company
  LEFT JOIN LATERAL (
    SELECT connection.status, connection.platform_key FROM connections AS connection
    WHERE connection.company_id = company.id
    ORDER BY CASE connection.status WHEN 'Linked' THEN 1 WHEN 'PendingAuth' THEN 3 ELSE 2 END, connection.created_at, connection.id
    LIMIT 1
  ) AS decider ON true
  LEFT JOIN LATERAL (
    SELECT max(connection.last_sync_at) AS last_sync_at FROM connections AS connection WHERE connection.company_id = company.id
  ) AS synced ON true`;

const status = `CASE WHEN decider.status IS NULL THEN 'Blank' WHEN decider.status = 'Linked' THEN 'Linked'
  WHEN decider.status = 'PendingAuth' THEN 'PendingAuth' ELSE 'Deauthorised' END`;

const select = `company.id, company.name, company.description, company.tags, company.created_by AS "createdBy",
  company.created_at AS "createdAt", ${status} AS status, decider.platform_key AS "platformKey", synced.last_sync_at AS "lastSyncAt"`;

const fields: ReadonlyMap<string, ResolvedField> = new Map([
  ['id', { sql: 'company.id::text', kind: 'text' }],
  ['name', { sql: 'company.name', kind: 'text' }],
  ['description', { sql: 'company.description', kind: 'text' }],
  ['platform', { sql: `coalesce(decider.platform_key, '')`, kind: 'text' }],
  ['status', { sql: `(${status})`, kind: 'text' }],
  ['created', { sql: 'company.created_at', kind: 'instant' }],
  ['lastSync', { sql: 'synced.last_sync_at', kind: 'instant' }],
  ['createdByUserName', { sql: 'company.created_by', kind: 'text' }],
]);

/** SQL of one tag's value. Names match in any case, as properties of a query do; the name travels as a parameter. */
function tagField(name: string, params: unknown[]): ResolvedField {
  const parameter = `$${params.push(name.toLowerCase())}::text`;
  const sql = `(SELECT tag.value FROM jsonb_each_text(company.tags) AS tag WHERE lower(tag.key) = ${parameter} LIMIT 1)`;
  return { sql, kind: 'text' };
}

const tagsPrefix = 'tags.';
const connectionsPrefix = 'dataConnections.';

const connectionFields: ReadonlyMap<string, Pick<ResolvedField, 'sql' | 'kind'>> = new Map([
  ['id', { sql: 'listed.id::text', kind: 'text' }],
  ['integrationId', { sql: 'platform."integrationId"', kind: 'text' }],
  ['integrationKey', { sql: 'listed.platform_key', kind: 'text' }],
  ['sourceId', { sql: 'platform."sourceId"', kind: 'text' }],
  ['sourceType', { sql: 'platform."sourceType"', kind: 'text' }],
  ['platformName', { sql: 'platform.name', kind: 'text' }],
  ['status', { sql: 'listed.status::text', kind: 'text' }],
  ['created', { sql: 'listed.created_at', kind: 'instant' }],
  ['lastSync', { sql: 'listed.last_sync_at', kind: 'instant' }],
]);

/** A property of any of the company's connections; the platforms, which live in the code, travel as a parameter. */
function connectionField(
  name: string,
  platforms: readonly PlatformFacts[],
  params: unknown[],
): ResolvedField | undefined {
  const field = connectionFields.get(name);
  if (field === undefined) return undefined;
  const facts = `jsonb_to_recordset($${params.push(JSON.stringify(platforms))}::jsonb)
    AS platform (key text, name text, "integrationId" text, "sourceId" text, "sourceType" text)`;
  const ofCompany = '(SELECT * FROM connections WHERE connections.company_id = company.id) AS listed';
  return { ...field, elements: `${ofCompany} LEFT JOIN ${facts} ON platform.key = listed.platform_key` };
}

export function createCompanyRepository({ prisma, pool }: Pick<Store, 'prisma' | 'pool'>): CompanyRepository {
  return {
    create: async (clientId, { connection, description, tags, ...company }, tell) => {
      await prisma.$transaction(async (transaction) => {
        const data = {
          ...company,
          clientId,
          description: description ?? null,
          ...(tags !== undefined && { tags }),
          ...(connection !== undefined && { connections: { create: { ...connection, clientId } } }),
        };
        await transaction.company.create({ data });
        await tell(queryableOf(transaction));
      });
    },

    find: async (clientId, companyId) => {
      const { rows } = await pool.query<CompanyRow>(
        `SELECT ${select} FROM ${from} WHERE company.client_id = $1 AND company.id = $2`,
        [clientId, companyId],
      );
      return rows[0];
    },

    list: (clientId, { platforms, ...request }) => {
      const statement = {
        select,
        from,
        alias: 'company',
        conditions: ['company.client_id = $1'],
        params: [clientId],
        fields,
        fieldWith: (path: string, params: unknown[]) =>
          path.startsWith(tagsPrefix)
            ? tagField(path.slice(tagsPrefix.length), params)
            : connectionField(path.slice(connectionsPrefix.length), platforms, params),
      };
      return listRows<CompanyRow>(pool, statement, request);
    },

    update: async (clientId, companyId, change) => {
      const { count } = await prisma.company.updateMany({
        where: { id: companyId, clientId },
        data: columnsOf(change),
      });
      return count > 0;
    },
  };
}

function columnsOf({ name, description, tags }: CompanyChange): Prisma.CompanyUpdateManyMutationInput {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags: tags ?? Prisma.DbNull }),
  };
}
