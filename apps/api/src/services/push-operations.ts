import { fieldsOf, instant } from '@tributary/model';
import { createPushOperationRepository, listUpstreamRequests, type PushOperationRow } from '@tributary/store';
import { requestView } from '../data/pull-operations.ts';
import { createSources } from '../data/sources.ts';
import type { AppDependencies } from '../dependencies.ts';
import { notFound } from '../errors.ts';
import { readListQuery } from '../http/list-query.ts';
import type { PageOf, PagingQuery } from '../http/paging.ts';
import type { UpstreamRequest } from '../routes/data/schemas.ts';
import { type PushOperation, pushOperation } from '../schemas/push.ts';

/** What became of a company's writes to its platform. */
export interface PushOperationService {
  list(clientId: string, companyId: string, paging: PagingQuery): Promise<PageOf<PushOperation>>;
  get(clientId: string, companyId: string, pushOperationKey: string): Promise<PushOperation>;
  /** Calls to the platform that the write has led to. */
  requests(
    clientId: string,
    companyId: string,
    pushOperationKey: string,
    paging: Pick<PagingQuery, 'page' | 'pageSize'>,
  ): Promise<PageOf<UpstreamRequest>>;
}

export function createPushOperationService(
  dependencies: Pick<AppDependencies, 'store' | 'connectors'>,
): PushOperationService {
  const pushes = createPushOperationRepository(dependencies.store);
  const sources = createSources(dependencies);
  const fields = fieldsOf(pushOperation.omit({ validation: true }));

  const service: PushOperationService = {
    async list(clientId, companyId, paging) {
      const request = readListQuery(paging, fields);
      await sources.connection(clientId, { companyId });
      const { rows, total, ...end } = await pushes.list(clientId, companyId, request);
      return { results: rows.map(pushOperationView), totalResults: total, ...end };
    },

    async get(clientId, companyId, pushOperationKey) {
      const row = await pushes.find(clientId, companyId, pushOperationKey);
      if (row !== undefined) return pushOperationView(row);
      await sources.connection(clientId, { companyId });
      throw notFound('push operation');
    },

    async requests(clientId, companyId, pushOperationKey, { page, pageSize }) {
      await service.get(clientId, companyId, pushOperationKey);
      const { pool } = dependencies.store;
      const paging = { page, pageSize };
      const { rows, total } = await listUpstreamRequests(pool, companyId, pushOperationKey, paging);
      return { results: rows.map(requestView), totalResults: total, hasNext: page * pageSize < total };
    },
  };
  return service;
}

/** A row holds what whoever wrote to the platform stored: the answer's schema is what it was checked against. */
function pushOperationView(row: PushOperationRow): PushOperation {
  return pushOperation.parse({
    ...(row.changes !== null && { changes: row.changes }),
    dataType: row.dataType,
    companyId: row.companyId,
    pushOperationKey: row.id,
    dataConnectionKey: row.connectionId,
    requestedOnUtc: instant(row.createdAt),
    ...(row.completedAt !== null && { completedOnUtc: instant(row.completedAt) }),
    ...(row.timeoutInMinutes !== null && { timeoutInMinutes: row.timeoutInMinutes }),
    status: row.status,
    ...(row.errorMessage !== null && { errorMessage: row.errorMessage }),
    ...(row.validation !== null && { validation: row.validation }),
    statusCode: row.statusCode,
  });
}
