/** Asking for syncs, and looking at how they went. */
import {
  allDataTypeKeys,
  type CustomDataTypeKey,
  type DatasetStatus,
  type DataTypeKey,
  fieldsOf,
  instant,
} from '@tributary/model';
import {
  findPullOperation,
  listDatasetStatuses,
  listPullOperations,
  listUpstreamRequests,
  listWarnings,
  type PullOperationRow,
  type SourceConnection,
  type SourceRequest,
  type StoredUpstreamRequest,
  type StoredWarning,
} from '@tributary/store';
import { ConnectionNotLinkedError } from '@tributary/sync';
import { z } from 'zod';
import type { AppDependencies } from '../dependencies.ts';
import { type ApiError, conflict, notFound } from '../errors.ts';
import { readListQuery } from '../http/list-query.ts';
import type { PageOf, PagingQuery } from '../http/paging.ts';
import {
  type DataStatus,
  type PullOperation,
  pullOperation,
  type UpstreamRequest,
  type ValidationResult,
} from '../routes/data/schemas.ts';
import { createSources, isServed, requireDataType } from './sources.ts';

export interface PullOperationService {
  /** How far each data type of the company's platform is; empty while the company has no connection. */
  statuses(clientId: string, companyId: string): Promise<Record<string, DataStatus>>;
  /**
   * Starts a sync of one data type, or finds the one that runs.
   * @throws ApiError 404 for a data type that is unknown or that the platform lacks; 409 without a Linked connection
   */
  request(clientId: string, source: SourceRequest, dataType: string, traceId: string): Promise<PullOperation>;
  /** The same for a data type that the client defined. @throws ApiError 409 when the connection is not Linked */
  requestCustom(
    connection: SourceConnection,
    dataType: CustomDataTypeKey,
    traceId: string,
  ): Promise<PullOperation>;
  /** The same for every data type of the platform. */
  requestAll(clientId: string, source: SourceRequest, traceId: string): Promise<void>;
  list(clientId: string, companyId: string, paging: PagingQuery): Promise<PageOf<PullOperation>>;
  get(clientId: string, companyId: string, id: string): Promise<PullOperation>;
  /** Ends a pull that is under way. @throws ApiError 409 when it has ended already */
  cancel(clientId: string, companyId: string, id: string): Promise<PullOperation>;
  /** Calls to the platform that a pull made, in the order in which they were logged. */
  requests(
    clientId: string,
    companyId: string,
    id: string,
    paging: Pick<PagingQuery, 'page' | 'pageSize'>,
  ): Promise<PageOf<UpstreamRequest>>;
  /** Data errors and warnings that a pull found. */
  validation(clientId: string, companyId: string, id: string): Promise<ValidationResult>;
}

/** Bounds the answer: books with more findings than this have one cause behind many of them. */
const mostWarnings = 10_000;

export function createPullOperationService(
  dependencies: Pick<AppDependencies, 'store' | 'connectors' | 'sync'>,
): PullOperationService {
  const { sync } = dependencies;
  const { pool } = dependencies.store;
  const sources = createSources(dependencies);
  const fields = fieldsOf(pullOperation.extend({ dataType: z.enum(allDataTypeKeys) }));

  async function find(clientId: string, companyId: string, id: string): Promise<PullOperationRow> {
    const row = await findPullOperation(pool, clientId, companyId, id);
    if (row !== undefined) return row;
    await sources.connection(clientId, { companyId });
    throw notFound('pull operation');
  }

  return {
    async statuses(clientId, companyId) {
      const connection = await sources.connection(clientId, { companyId });
      if (connection === undefined) return {};
      const rows = await listDatasetStatuses(pool, { companyId, connectionId: connection.id });
      const byType = new Map(rows.map((row) => [row.dataType, row]));
      return Object.fromEntries(
        sources
          .supportedTypes(connection)
          .map((dataType) => [dataType, statusView(dataType, byType.get(dataType))]),
      );
    },

    async request(clientId, source, name, traceId) {
      const dataType = requireDataType(name);
      const connection = await sources.connection(clientId, source);
      const isSupported =
        isServed(dataType) && (!connection || sources.supportedTypes(connection).includes(dataType));
      if (!isSupported) throw sources.notSupported(dataType, connection);
      const linked = requireLinked(connection);
      return whenLinked(async () =>
        pullOperationView(
          await sync.requestRun({ connection: linked, dataType, trigger: 'request', traceId }),
        ),
      );
    },

    async requestCustom(connection, dataType, traceId) {
      if (connection.status !== 'Linked') throw notLinked();
      const request = { connection, dataType, trigger: 'request', traceId } as const;
      return whenLinked(async () => pullOperationView(await sync.requestRun(request)));
    },

    async requestAll(clientId, source, traceId) {
      const connection = requireLinked(await sources.connection(clientId, source));
      await whenLinked(() => sync.requestAll({ connection, trigger: 'request', traceId }));
    },

    async list(clientId, companyId, paging) {
      const request = readListQuery(paging, fields);
      await sources.connection(clientId, { companyId });
      const { rows, total, ...end } = await listPullOperations(pool, clientId, companyId, request);
      return { results: rows.map(pullOperationView), totalResults: total, ...end };
    },

    async get(clientId, companyId, id) {
      return pullOperationView(await find(clientId, companyId, id));
    },

    async cancel(clientId, companyId, id) {
      await find(clientId, companyId, id);
      if (!(await sync.cancelRun({ clientId, companyId, runId: id }))) {
        throw conflict('The pull operation has ended already.');
      }
      return pullOperationView(await find(clientId, companyId, id));
    },

    async requests(clientId, companyId, id, { page, pageSize }) {
      await find(clientId, companyId, id);
      const { rows, total } = await listUpstreamRequests(pool, companyId, id, { page, pageSize });
      return { results: rows.map(requestView), totalResults: total, hasNext: page * pageSize < total };
    },

    async validation(clientId, companyId, id) {
      await find(clientId, companyId, id);
      const rows = await listWarnings(pool, companyId, id, mostWarnings);
      const of = (severity: StoredWarning['severity']) =>
        rows.filter((row) => row.severity === severity).map(warningView);
      return { errors: of('error'), warnings: of('warning') };
    },
  };
}

function requireLinked(connection: SourceConnection | undefined): SourceConnection {
  if (connection?.status !== 'Linked') throw notLinked();
  return connection;
}

function notLinked(): ApiError {
  return conflict('The company has no linked connection to read from.');
}

/** The connection may have stopped being Linked since it was looked at. */
async function whenLinked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ConnectionNotLinkedError ? notLinked() : error;
  }
}

/**
 * A run as the public API shows it. Exactly one of `isCompleted` and `isErrored` is true of a run that has ended, whatever ended
 * it, so that a client which waits for either never waits for ever. A data type that the platform lacks for a business is no error.
 */
function pullOperationView(row: PullOperationRow): PullOperation {
  const isCompleted = row.status === 'Complete' || row.status === 'NotSupported';
  return {
    id: row.id,
    companyId: row.companyId,
    connectionId: row.connectionId,
    dataType: row.dataType,
    status: row.status as DatasetStatus,
    ...(row.statusDescription !== null && { statusDescription: row.statusDescription }),
    ...(row.errorMessage !== null && { errorMessage: row.errorMessage }),
    requested: instant(row.requestedAt),
    ...(row.completedAt !== null && { completed: instant(row.completedAt) }),
    progress: row.progress,
    isCompleted,
    isErrored: row.completedAt !== null && !isCompleted,
  };
}

type StatusRow = Awaited<ReturnType<typeof listDatasetStatuses>>[number];

function statusView(dataType: DataTypeKey, row: StatusRow | undefined): DataStatus {
  // The history may be shorter than the memory of the dataset: its latest run can be gone.
  const forgotten = row?.lastSuccessfulSyncAt ? 'Complete' : 'Initial';
  return {
    dataType,
    ...(row?.lastSuccessfulSyncAt && { lastSuccessfulSync: instant(row.lastSuccessfulSyncAt) }),
    currentStatus: (row?.latestStatus as DatasetStatus | null | undefined) ?? forgotten,
    ...(row?.latestRunId && { latestSyncId: row.latestRunId }),
    ...(row?.latestSuccessfulRunId && { latestSuccessfulSyncId: row.latestSuccessfulRunId }),
  };
}

function warningView({ ruleId, itemId, message }: StoredWarning) {
  const [, subject = ''] = /^accounting-([A-Za-z]+)-\d{3}$/.exec(ruleId) ?? [];
  const validatorName = `${subject.slice(0, 1).toUpperCase()}${subject.slice(1)}Validator`;
  return { ruleId, ...(itemId !== null && { itemId }), message, ...(subject !== '' && { validatorName }) };
}

export function requestView(row: StoredUpstreamRequest): UpstreamRequest {
  return {
    method: row.method,
    path: row.path,
    ...(row.status !== null && { status: row.status }),
    started: instant(row.startedAt),
    durationMs: row.durationMs,
    bytes: row.bytes,
    attempt: row.attempt,
    ...(row.records !== null && { records: row.records }),
    ...(row.failure !== null && { failure: row.failure }),
    ...(row.excerpt !== null && { excerpt: row.excerpt }),
  };
}
