import { Readable } from 'node:stream';
import { type FieldDefinition, fieldsOf, instant, parseQuery, type QueryNode } from '@tributary/model';
import {
  type CompanyChange,
  type CompanyReferenceRow,
  type CompanyRow,
  type ConnectionRow,
  createCompanyRepository,
  createConnectionRepository,
  deepestFamily,
  exportCompany,
} from '@tributary/store';
import { createErasure } from '@tributary/sync';
import { connectionLinkUrl, connectionView } from '@tributary/webhooks';
import type { AppDependencies } from '../dependencies.ts';
import { notFound, refused } from '../errors.ts';
import { readListQuery, readParameter } from '../http/list-query.ts';
import type { PageOf, PagingQuery } from '../http/paging.ts';
import { decodedTwice } from '../http/query-string.ts';
import { type Company, type CompanyReference, companyFields } from '../schemas/companies.ts';
import { createIntegrationService } from './integrations.ts';
import { platformFacts } from './platform-facts.ts';

export interface CompanyService {
  /** @throws ApiError 400 for a platform that is unknown or disabled */
  create(clientId: string, company: NewCompanyRequest): Promise<Company>;
  get(clientId: string, companyId: string): Promise<Company>;
  list(clientId: string, paging: PagingQuery & { tags?: string | undefined }): Promise<PageOf<Company>>;
  /** Undefined leaves a value as it is, null removes it. */
  update(clientId: string, companyId: string, change: CompanyChange): Promise<Company>;
  /** Everything that is kept of the company, as NDJSON. */
  export(clientId: string, companyId: string): Promise<Readable>;
  /** Deletes the company and erases the data of its connections. */
  delete(clientId: string, companyId: string): Promise<void>;
}

interface NewCompanyRequest {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly tags?: Readonly<Record<string, string>> | null | undefined;
  readonly referenceParentCompany?: { readonly id: string } | null | undefined;
  /** Key or word of a platform to connect at once. */
  readonly platformType?: string | null | undefined;
}

/** Tag names are the client's own: every name is a text property. */
class TagFields extends Map<string, FieldDefinition> {
  override get(name: string): FieldDefinition {
    return { path: name, kind: 'text' };
  }
}

/** A query on tags as one on companies. */
function belowTags(node: QueryNode): QueryNode {
  return node.type === 'comparison'
    ? { ...node, field: `tags.${node.field}` }
    : { ...node, nodes: node.nodes.map(belowTags) };
}

function allOf(...nodes: readonly (QueryNode | undefined)[]): QueryNode | undefined {
  const given = nodes.filter((node) => node !== undefined);
  return given.length < 2 ? given[0] : { type: 'and', nodes: given };
}

export function createCompanyService(dependencies: AppDependencies): CompanyService {
  const { store, publicUrl, events, newId } = dependencies;
  const companies = createCompanyRepository(store);
  const connections = createConnectionRepository(store);
  const erasure = createErasure(dependencies);
  const integrations = createIntegrationService(dependencies);
  const fields = fieldsOf(companyFields);
  const platforms = platformFacts(dependencies.connectors);

  async function get(clientId: string, companyId: string): Promise<Company> {
    const row = await companies.find(clientId, companyId);
    if (row === undefined) throw notFound('company');
    return viewOf(row, await connections.listOfCompanies(clientId, [companyId]));
  }

  /** A parent is another company of the client, and not one of the company's own descendants. */
  async function checkParent(clientId: string, parentId: string, companyId: string | undefined) {
    const place = 'body.referenceParentCompany.id';
    const ancestry = await companies.ancestry(clientId, parentId);
    if (ancestry.length === 0) throw refused(place, 'there is no such company', 'KnownCompany');
    if (companyId !== undefined && ancestry.includes(companyId))
      throw refused(place, 'a company cannot be above itself', 'CompanyFamily');
    if (ancestry.length >= deepestFamily - 1)
      throw refused(place, `a family has at most ${deepestFamily} generations`, 'CompanyFamily');
  }

  function viewOf(row: CompanyRow, rows: readonly ConnectionRow[]): Company {
    const [first] = rows;
    return {
      id: row.id,
      name: row.name,
      ...(row.description !== null && { description: row.description }),
      platform: row.platformKey ?? '',
      status: row.status,
      redirect: `${publicUrl}/link/company/${row.id}`,
      ...(first !== undefined && { linkUrl: connectionLinkUrl(publicUrl, first) }),
      ...(row.lastSyncAt !== null && { lastSync: instant(row.lastSyncAt) }),
      created: instant(row.createdAt),
      ...(row.createdBy !== null && { createdByUserName: row.createdBy }),
      products: [...row.products],
      ...(row.tags !== null && { tags: { ...row.tags } }),
      ...(row.parent !== null && { referenceParentCompany: referenceTo(row.parent) }),
      referenceSubsidiaryCompanies: row.subsidiaries.map(referenceTo),
      dataConnections: rows.map((connection) => connectionView(connection, dependencies)),
    };
  }

  return {
    get,

    async create(clientId, { name, description, tags, referenceParentCompany, platformType }) {
      const parentId = referenceParentCompany?.id;
      if (parentId !== undefined) await checkParent(clientId, parentId, undefined);
      const platformKey = platformType
        ? await integrations.requireEnabled(clientId, platformType, 'body.platformType')
        : undefined;
      const connection = platformKey === undefined ? undefined : { id: newId(), platformKey };
      const id = newId();
      const company = {
        id,
        name,
        description: description ?? undefined,
        tags: tags ?? undefined,
        parentId,
        connection,
      };
      await companies.create(clientId, company, async (transaction) => {
        const scope = { clientId, companyId: id };
        await events.companyCreated(transaction, scope);
        if (connection === undefined) return;
        const connectionId = connection.id;
        await events.connectionChanged(transaction, 'connection.created', { ...scope, connectionId });
      });
      return get(clientId, id);
    },

    async list(clientId, paging) {
      const { filter, ...request } = readListQuery(paging, fields);
      const tags = readParameter('tags', paging.tags?.trim() || undefined, (text) =>
        parseQuery(decodedTwice(text), new TagFields()),
      );
      const { rows, total, ...page } = await companies.list(clientId, {
        ...request,
        filter: allOf(filter, tags && belowTags(tags)),
        platforms,
      });
      const ofAll = await connections.listOfCompanies(
        clientId,
        rows.map((row) => row.id),
      );
      const byCompany = Map.groupBy(ofAll, (connection) => connection.companyId);
      return {
        results: rows.map((row) => viewOf(row, byCompany.get(row.id) ?? [])),
        totalResults: total,
        ...page,
      };
    },

    async update(clientId, companyId, change) {
      if (typeof change.parentId === 'string') await checkParent(clientId, change.parentId, companyId);
      if (!(await companies.update(clientId, companyId, change))) throw notFound('company');
      return get(clientId, companyId);
    },

    async export(clientId, companyId) {
      const lines = await exportCompany(store.pool, { clientId, companyId });
      if (lines === undefined) throw notFound('company');
      return Readable.from(lines, { objectMode: false });
    },

    async delete(clientId, companyId) {
      if (!(await erasure.company(clientId, companyId))) throw notFound('company');
    },
  };
}

function referenceTo({ id, name, description, tags }: CompanyReferenceRow): CompanyReference {
  return {
    id,
    name,
    ...(description !== null && { description }),
    ...(tags !== null && { tags: { ...tags } }),
  };
}
