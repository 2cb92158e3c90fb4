/** Asking for a write: what stands in its way is told at once, and nothing is sent; the rest happens in a worker. */
import { checkRecord, type WriteVerdict, withoutNulls } from '@tributary/connector-kit';
import { type AnyDataTypeKey, parseExactJson } from '@tributary/model';
import {
  defaultPushTimeoutMinutes,
  findSourceModified,
  type SourceConnection,
  type SourceRequest,
} from '@tributary/store';
import { ConnectionNotLinkedError } from '@tributary/sync';
import { createSources, isServed } from '../data/sources.ts';
import type { AppDependencies } from '../dependencies.ts';
import { badRequest, conflict, notFound, notFoundBecause } from '../errors.ts';
import type { PushOperation } from '../schemas/push.ts';
import { createPushOperationService } from './push-operations.ts';
import { writableKey } from './push-options.ts';

interface PushRequest {
  readonly source: SourceRequest;
  /** As the client wrote it. */
  readonly dataType: string;
  /** Of the record to be updated; undefined creates one. */
  readonly recordId: string | undefined;
  /** The body as it was sent; undefined when there is none. */
  readonly body: string | undefined;
  readonly timeoutInMinutes?: number | undefined;
  readonly forceUpdate: boolean;
  readonly allowSyncOnPushComplete: boolean;
  readonly traceId: string;
}

export interface PushRequestService {
  /**
   * @returns the operation, `Pending`, with the record as it was sent
   * @throws ApiError 404 for what cannot be written, 400 that names every problem of the record, 409 for a connection that is not Linked
   */
  push(clientId: string, request: PushRequest): Promise<PushOperation & { data: unknown }>;
}

const mostShown = 50;

export function createPushRequestService(
  dependencies: Pick<AppDependencies, 'store' | 'connectors' | 'pushes' | 'newId'>,
): PushRequestService {
  const { store, connectors, pushes, newId } = dependencies;
  const sources = createSources(dependencies);
  const operations = createPushOperationService(dependencies);

  /** What can be done about it at all. */
  const writerOf = (connection: SourceConnection, name: string, recordId: string | undefined) => {
    const connector = connectors.get(connection.platformKey);
    const dataType = writableKey(name);
    const { writer, writing } = connector ?? {};
    const platform = connector?.manifest.name ?? 'the platform';
    const shown = dataType ?? JSON.stringify(name.slice(0, 100));
    if (dataType === undefined || writer === undefined || !writing?.dataTypes.has(dataType))
      throw notFoundBecause(`Datatype ${shown} cannot be written to ${platform}.`);
    if (recordId !== undefined && !writer.updates.has(dataType))
      throw notFoundBecause(`Records of ${dataType} cannot be changed at ${platform}, only created.`);
    return { dataType, writer, writing };
  };

  return {
    async push(clientId, request) {
      const { source, recordId } = request;
      const connection = await sources.connection(clientId, source);
      if (connection === undefined) throw notFound('connection');
      const { dataType, writer, writing } = writerOf(connection, request.dataType, recordId);
      const record = recordIn(request.body);
      const id = newId();
      const scope = { companyId: connection.companyId, connectionId: connection.id };
      const expectedModifiedAt =
        recordId === undefined || request.forceUpdate
          ? undefined
          : await modifiedAtOf(dataType, scope, recordId);
      const described = checkRecord(writing.describe(dataType, { accounts: [], taxRates: [] }), record);
      const ruled: WriteVerdict =
        described.errors.length > 0
          ? { errors: [], warnings: [] }
          : writer.validate({
              operationId: id,
              action: recordId === undefined ? 'create' : 'update',
              dataType,
              id: recordId,
              record,
              expectedModifiedMs: expectedModifiedAt?.getTime(),
            });
      const errors = [...described.errors, ...ruled.errors];
      if (errors.length > 0)
        throw badRequest(
          `The record cannot be written: ${errors
            .slice(0, mostShown)
            .map(({ message }) => message)
            .join(' ')}`,
          errors,
        );
      if (connection.status !== 'Linked') throw notLinked();
      const warnings = [...described.warnings, ...ruled.warnings];
      try {
        await pushes.request({
          id,
          connectionId: connection.id,
          dataType,
          action: recordId === undefined ? 'create' : 'update',
          recordId,
          data: request.body ?? '{}',
          expectedModifiedAt,
          syncAfterwards: request.allowSyncOnPushComplete,
          validation: warnings.length === 0 ? undefined : { errors: [], warnings },
          timeoutInMinutes: request.timeoutInMinutes ?? defaultPushTimeoutMinutes,
          traceId: request.traceId,
        });
      } catch (error) {
        if (error instanceof ConnectionNotLinkedError) throw notLinked();
        throw error;
      }
      return { ...(await operations.get(clientId, connection.companyId, id)), data: exactly(request.body) };
    },
  };

  async function modifiedAtOf(
    dataType: AnyDataTypeKey,
    scope: { companyId: string; connectionId: string },
    recordId: string,
  ): Promise<Date | undefined> {
    return isServed(dataType) ? findSourceModified(store.pool, scope, dataType, recordId) : undefined;
  }
}

const notLinked = () => conflict('The connection is not linked: nothing can be written to its platform.');

function recordIn(body: string | undefined): Record<string, unknown> {
  if (body === undefined || body.trim() === '') throw badRequest('The request needs a record in its body.');
  let record: unknown;
  try {
    record = withoutNulls(parseExactJson(body));
  } catch {
    throw badRequest('body: has a number that is out of range');
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    throw badRequest('body: must be a JSON object');
  return record as Record<string, unknown>;
}

/** The record with every digit as it was sent. */
function exactly(body: string | undefined): unknown {
  return JSON.parse(body ?? '{}', (_name, value: unknown, { source }) =>
    typeof value === 'number' && source !== undefined ? JSON.rawJSON(source) : value,
  );
}
