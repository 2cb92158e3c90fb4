/** Which connection serves a request, and why none does. */
import type { ConnectorManifest } from '@tributary/connector-kit';
import { type AnyDataTypeKey, type DataTypeKey, dataTypeKeys, parseDataTypeKey } from '@tributary/model';
import {
  findRecordSource,
  findServingConnection,
  type ListCounters,
  listDatasetStatuses,
  type RecordSource,
  type SourceConnection,
  type SourceRequest,
  type Store,
} from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';
import { type ApiError, conflict, notFound, notFoundBecause } from '../errors.ts';

/** A dataset that can be read. */
export interface OpenDataset {
  readonly companyId: string;
  readonly connectionId: string;
  readonly counters: ListCounters;
  readonly manifest: ConnectorManifest | undefined;
}

export interface Sources {
  /**
   * The connection that is named, or else the one that serves the company; undefined when the company has none.
   * @throws ApiError 404 for a company or connection that the client does not have
   */
  connection(clientId: string, request: SourceRequest): Promise<SourceConnection | undefined>;
  /** @throws ApiError 404 as above and for a data type that the platform lacks, altogether or for this business; 409 for one that was never requested */
  dataset(clientId: string, request: SourceRequest, dataType: DataTypeKey): Promise<OpenDataset>;
  /** The same for a source that was found already, which comes with it. */
  open<Found extends RecordSource>(
    found: Found | undefined,
    request: SourceRequest,
    dataType: DataTypeKey,
  ): Promise<OpenDataset & { readonly source: Found }>;
  /** Data types of a connection's platform, in the order of the first sync. */
  supportedTypes(connection: SourceConnection): readonly DataTypeKey[];
  /** Why no platform of a request serves a data type. */
  notSupported(dataType: AnyDataTypeKey, connection: SourceConnection | undefined): ApiError;
}

export function createSources({
  store,
  connectors,
}: {
  store: Pick<Store, 'pool'>;
  connectors: AppDependencies['connectors'];
}): Sources {
  const manifestOf = (connection: SourceConnection) => connectors.get(connection.platformKey)?.manifest;

  const sources: Sources = {
    supportedTypes: (connection) => [...(manifestOf(connection)?.dataTypes.keys() ?? [])],

    notSupported(dataType, connection) {
      const names =
        connection === undefined
          ? [...connectors.values()].map(({ manifest }) => manifest.name)
          : [manifestOf(connection)?.name ?? connection.platformKey];
      return notFoundBecause(`Datatype ${dataType} not supported by platform(s) ${names.join(', ')}.`);
    },

    async connection(clientId, request) {
      const found = await findServingConnection(store.pool, clientId, request);
      return known(found, request).connection;
    },

    async dataset(clientId, request, dataType) {
      return sources.open(await findRecordSource(store.pool, clientId, request, dataType), request, dataType);
    },

    async open(found, request, dataType) {
      const source = known(found, request);
      const { connection, counters } = source;
      if (connection !== undefined && !manifestOf(connection)?.dataTypes.has(dataType)) {
        throw sources.notSupported(dataType, connection);
      }
      if (connection === undefined || counters === undefined) throw notRequested();
      const manifest = manifestOf(connection);
      const dataset = {
        companyId: request.companyId,
        connectionId: connection.id,
        counters,
        source,
        manifest,
      };
      if (await isLacking(dataset, dataType)) throw sources.notSupported(dataType, connection);
      return dataset;
    },
  };

  /** A platform can have a data type for some businesses only; the latest pull found out whether it does for this one. */
  async function isLacking(
    { counters, manifest: _manifest, ...scope }: OpenDataset,
    dataType: DataTypeKey,
  ): Promise<boolean> {
    if (counters.recordCount > 0) return false;
    const statuses = await listDatasetStatuses(store.pool, scope);
    return statuses.find((row) => row.dataType === dataType)?.latestStatus === 'NotSupported';
  }

  return sources;
}

function known<Found extends { readonly connection: SourceConnection | undefined }>(
  found: Found | undefined,
  request: SourceRequest,
): Found {
  if (found === undefined) throw notFound('company');
  if (found.connection === undefined && request.connectionId !== undefined) throw notFound('connection');
  return found;
}

function notRequested(): ApiError {
  return conflict('The data set has not been requested.');
}

/**
 * The data type that a client names, in any case.
 * @throws ApiError 404 that repeats a name which no data type has
 */
export function requireDataType(name: string): AnyDataTypeKey {
  const key = parseDataTypeKey(name);
  if (key === undefined)
    throw notFoundBecause(`There is no data type ${JSON.stringify(name.slice(0, 100))}.`);
  return key;
}

/** Whether some platform of Tributary has the data type. */
export function isServed(key: AnyDataTypeKey): key is DataTypeKey {
  return (dataTypeKeys as readonly string[]).includes(key);
}
