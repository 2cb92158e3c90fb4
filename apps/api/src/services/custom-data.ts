import { findPlatform } from '@tributary/connectors';
import { customDataTypeKey, instant } from '@tributary/model';
import {
  createCustomDataTypeRepository,
  isCustomTypeRequested,
  listCustomRecords,
  maximumCustomDataTypes,
  type StoredCustomRecord,
} from '@tributary/store';
import { parseCustomSource } from '@tributary/sync';
import { createPullOperationService } from '../data/pull-operations.ts';
import { createSources } from '../data/sources.ts';
import type { AppDependencies } from '../dependencies.ts';
import { conflict, notFound, notFoundBecause, refused } from '../errors.ts';
import { type PageInformation, type PagingQuery, pageInformationOf } from '../http/paging.ts';
import type { PullOperation } from '../routes/data/schemas.ts';
import type { CustomDataType } from '../schemas/custom-data.ts';

type Source = { companyId: string; connectionId: string };

/** Data types that clients define: listings of the platform, picked from by dotted names. */
export interface CustomDataService {
  /** @throws ApiError 400 for a data source that does not lie below the business of a connection */
  save(
    clientId: string,
    platformKey: string,
    identifier: string,
    type: CustomDataType,
  ): Promise<CustomDataType>;
  get(clientId: string, platformKey: string, identifier: string): Promise<CustomDataType>;
  /** @throws ApiError 404 for what is not configured, 409 when the connection is not Linked */
  refresh(clientId: string, source: Source, identifier: string, traceId: string): Promise<PullOperation>;
  /** @returns the page as JSON text @throws ApiError 409 for what was never refreshed */
  list(
    clientId: string,
    source: Source,
    identifier: string,
    request: { url: string; paging: Pick<PagingQuery, 'page' | 'pageSize'> },
  ): Promise<string>;
}

export function createCustomDataService(
  dependencies: Pick<AppDependencies, 'store' | 'connectors' | 'sync'>,
): CustomDataService {
  const { store, connectors } = dependencies;
  const types = createCustomDataTypeRepository(store);
  const sources = createSources(dependencies);
  const pulls = createPullOperationService(dependencies);

  function platformOf(keyOrWord: string) {
    const connector = findPlatform(connectors, keyOrWord);
    if (connector === undefined)
      throw notFoundBecause(`There is no integration ${JSON.stringify(keyOrWord.slice(0, 40))}.`);
    const { name, platformKey } = connector.manifest;
    if (connector.customListings === undefined)
      throw notFoundBecause(`${name} does not take custom data types.`);
    return { name, platformKey, listings: connector.customListings };
  }

  /** The connection, whose platform the client has configured this data type for. */
  async function require(clientId: string, source: Source, identifier: string) {
    const connection = await sources.connection(clientId, source);
    if (connection === undefined) throw notFound('connection');
    if ((await types.find(clientId, connection.platformKey, identifier)) === undefined)
      throw notFoundBecause('The custom data type is not configured for the platform of this connection.');
    return connection;
  }

  return {
    async save(clientId, keyOrWord, identifier, { sourceModifiedDate, ...type }) {
      const { listings, platformKey, name } = platformOf(keyOrWord);
      const path = parseCustomSource(type.dataSource)?.path;
      // Any business will do: what is refused for one is refused for all.
      if (path === undefined || listings.pathOf(path, '1') === undefined)
        throw refused(
          'body.dataSource',
          'must be a plain path below the business of a connection, such as /items',
          'DataSource',
        );
      const config = { ...type, ...(sourceModifiedDate && { sourceModifiedDate }) };
      if (!(await types.save(clientId, platformKey, identifier, config)))
        throw conflict(`There are ${maximumCustomDataTypes} custom data types of ${name} already.`);
      return config;
    },

    async get(clientId, keyOrWord, identifier) {
      const { platformKey } = platformOf(keyOrWord);
      const config = await types.find(clientId, platformKey, identifier);
      if (config === undefined) throw notFound('custom data type');
      return toView(config);
    },

    async refresh(clientId, source, identifier, traceId) {
      const connection = await require(clientId, source, identifier);
      return pulls.requestCustom(connection, customDataTypeKey(identifier), traceId);
    },

    async list(clientId, source, identifier, { url, paging }) {
      const connection = await require(clientId, source, identifier);
      const scope = { companyId: source.companyId, connectionId: connection.id };
      if (!(await isCustomTypeRequested(store.pool, scope, customDataTypeKey(identifier))))
        throw conflict('The data set has not been requested.');
      const { rows, total } = await listCustomRecords(store.pool, scope, identifier, paging);
      return pageText(rows, pageInformationOf({ url, paging, totalResults: total }));
    },
  };
}

function toView({
  dataSource,
  requiredData,
  keyBy,
  sourceModifiedDate,
}: {
  readonly dataSource: string;
  readonly requiredData: Readonly<Record<string, string>>;
  readonly keyBy: readonly string[];
  readonly sourceModifiedDate?: readonly string[] | undefined;
}): CustomDataType {
  return {
    dataSource,
    requiredData: { ...requiredData },
    keyBy: [...keyBy],
    ...(sourceModifiedDate !== undefined && { sourceModifiedDate: [...sourceModifiedDate] }),
  };
}

/** Numbers leave with the digits that they came with. */
function pageText(rows: readonly StoredCustomRecord[], page: PageInformation): string {
  return JSON.stringify({ results: rows.map(recordView), ...page });
}

function recordView({ id, content, modifiedAt, sourceModifiedDate }: StoredCustomRecord) {
  const members = JSON.parse(content, (_name, value: unknown, { source }) =>
    typeof value === 'number' && source !== undefined ? JSON.rawJSON(source) : value,
  ) as Record<string, unknown>;
  return {
    id,
    content: Object.fromEntries(Object.entries(members).map(([name, value]) => [name, objectOf(value)])),
    modifiedDate: { modifiedDate: instant(modifiedAt) },
    ...(sourceModifiedDate !== null && { sourceModifiedDate }),
  };
}

/** The published schema has objects here, and its clients refuse anything else. */
function objectOf(value: unknown): object {
  const isObject =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
  return isObject ? value : { value };
}
