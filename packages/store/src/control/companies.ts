import { Prisma } from '../generated/client.ts';
import { inTransaction } from '../pool.ts';
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
  readonly products: readonly string[];
  readonly parent: CompanyReferenceRow | null;
  /** Oldest first. */
  readonly subsidiaries: readonly CompanyReferenceRow[];
}

/** A company as another one names it. */
export interface CompanyReferenceRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
}

/** Who may act for a company with its access token, and from which pages. */
export interface CompanyAccess {
  readonly clientName: string;
  readonly allowedOrigins: readonly string[];
}

/** Undefined leaves a value as it is, null removes it. */
export interface CompanyChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly tags?: Readonly<Record<string, string>> | null | undefined;
  readonly parentId?: string | null | undefined;
}

export interface NewCompany {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly parentId: string | undefined;
  /** Created together with the company. */
  readonly connection: { readonly id: string; readonly platformKey: string } | undefined;
}

type TellOfProducts = (transaction: Queryable, products: readonly string[]) => Promise<void>;

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
  /** The companies above one, nearest first, it included; empty when the client has no such company. */
  ancestry(clientId: string, companyId: string): Promise<readonly string[]>;
  /**
   * @param tell called with all products, in the transaction that adds one; not called when the company had it
   * @returns false when the client has no such company
   */
  addProduct(clientId: string, companyId: string, product: string, tell: TellOfProducts): Promise<boolean>;
  /**
   * @param tell called with the products that are left, in the transaction that removes one
   * @returns whether the company had it; undefined when the client has no such company
   */
  removeProduct(
    clientId: string,
    companyId: string,
    product: string,
    tell: TellOfProducts,
  ): Promise<boolean | undefined>;
  /** Undefined when the client has no such company. */
  access(clientId: string, companyId: string): Promise<CompanyAccess | undefined>;
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
  ) AS synced ON true
  LEFT JOIN LATERAL (
    SELECT json_build_object('id', parent.id, 'name', parent.name, 'description', parent.description, 'tags', parent.tags) AS reference
    FROM companies AS parent WHERE parent.id = company.parent_id
  ) AS above ON true
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('id', child.id, 'name', child.name, 'description', child.description, 'tags', child.tags)
             ORDER BY child.created_at, child.id) AS "references"
    FROM companies AS child WHERE child.parent_id = company.id
  ) AS below ON true`;

const status = `CASE WHEN decider.status IS NULL THEN 'Blank' WHEN decider.status = 'Linked' THEN 'Linked'
  WHEN decider.status = 'PendingAuth' THEN 'PendingAuth' ELSE 'Deauthorised' END`;

const select = `company.id, company.name, company.description, company.tags, company.created_by AS "createdBy",
  company.created_at AS "createdAt", ${status} AS status, decider.platform_key AS "platformKey", synced.last_sync_at AS "lastSyncAt",
  company.products, above.reference AS parent, coalesce(below."references", '[]') AS subsidiaries`;

const fields: ReadonlyMap<string, ResolvedField> = new Map<string, ResolvedField>([
  ['id', { sql: 'company.id::text', kind: 'text' }],
  ['name', { sql: 'company.name', kind: 'text' }],
  ['description', { sql: 'company.description', kind: 'text' }],
  ['platform', { sql: `coalesce(decider.platform_key, '')`, kind: 'text' }],
  ['status', { sql: `(${status})`, kind: 'text' }],
  ['created', { sql: 'company.created_at', kind: 'instant' }],
  ['lastSync', { sql: 'synced.last_sync_at', kind: 'instant' }],
  ['createdByUserName', { sql: 'company.created_by', kind: 'text' }],
  ['products', { sql: 'product.name', kind: 'text', elements: 'unnest(company.products) AS product (name)' }],
  ['referenceParentCompany.id', { sql: 'company.parent_id::text', kind: 'text' }],
  ['referenceParentCompany.name', { sql: `(above.reference ->> 'name')`, kind: 'text' }],
  ['referenceParentCompany.description', { sql: `(above.reference ->> 'description')`, kind: 'text' }],
  ...['id', 'name', 'description'].map((name): [string, ResolvedField] => [
    `referenceSubsidiaryCompanies.${name}`,
    {
      sql: `subsidiary.${name}::text`,
      kind: 'text',
      elements: '(SELECT * FROM companies AS child WHERE child.parent_id = company.id) AS subsidiary',
    },
  ]),
]);

/** A family of companies has no more generations than this. */
export const deepestFamily = 50;

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
    create: async (clientId, { connection, description, tags, parentId, ...company }, tell) => {
      await prisma.$transaction(async (transaction) => {
        const data = {
          ...company,
          clientId,
          parentId: parentId ?? null,
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

    ancestry: async (clientId, companyId) => {
      const { rows } = await pool.query<{ id: string }>(
        `WITH RECURSIVE chain AS (
           SELECT id, parent_id, 1 AS depth FROM companies WHERE client_id = $1 AND id = $2
           UNION ALL
           SELECT above.id, above.parent_id, chain.depth + 1
           FROM chain JOIN companies AS above ON above.id = chain.parent_id AND above.client_id = $1
           WHERE chain.depth < ${deepestFamily}
         ) SELECT id FROM chain ORDER BY depth`,
        [clientId, companyId],
      );
      return rows.map(({ id }) => id);
    },

    addProduct: (clientId, companyId, product, tell) =>
      inTransaction(pool, async (transaction) => {
        const before = await lockProducts(transaction, clientId, companyId);
        if (before === undefined || before.includes(product)) return before !== undefined;
        const products = [...before, product];
        await transaction.query('UPDATE companies SET products = $2 WHERE id = $1', [companyId, products]);
        await tell(transaction, products);
        return true;
      }),

    removeProduct: (clientId, companyId, product, tell) =>
      inTransaction(pool, async (transaction) => {
        const before = await lockProducts(transaction, clientId, companyId);
        if (before === undefined) return undefined;
        if (!before.includes(product)) return false;
        const products = before.filter((other) => other !== product);
        await transaction.query('UPDATE companies SET products = $2 WHERE id = $1', [companyId, products]);
        await tell(transaction, products);
        return true;
      }),

    access: async (clientId, companyId) => {
      const { rows } = await pool.query<CompanyAccess>(
        `SELECT client.name AS "clientName", client.allowed_origins AS "allowedOrigins"
         FROM companies AS company JOIN clients AS client ON client.id = company.client_id
         WHERE company.client_id = $1 AND company.id = $2`,
        [clientId, companyId],
      );
      return rows[0];
    },
  };
}

function columnsOf({
  name,
  description,
  tags,
  parentId,
}: CompanyChange): Prisma.CompanyUncheckedUpdateManyInput {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags: tags ?? Prisma.DbNull }),
    ...(parentId !== undefined && { parentId }),
  };
}

/** Products of a company, whose row stays locked until the transaction ends; undefined when the client has no such company. */
async function lockProducts(
  transaction: Queryable,
  clientId: string,
  companyId: string,
): Promise<readonly string[] | undefined> {
  const { rows } = await transaction.query<{ products: string[] }>(
    'SELECT products FROM companies WHERE client_id = $1 AND id = $2 FOR UPDATE',
    [clientId, companyId],
  );
  return rows[0]?.products;
}
