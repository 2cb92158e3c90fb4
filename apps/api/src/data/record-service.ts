/** Reading records: lists, single ones, and the business's own. */
import { Readable } from 'node:stream';
import {
  type DataTypeKey,
  dataTypeKeys,
  dataTypes,
  type FieldCatalogue,
  fieldsOf,
  type QueryNode,
} from '@tributary/model';
import {
  isKeyRange,
  isStatementTimeout,
  listRecords,
  type RecordListRequest,
  readKeyRange,
  readOnlyRecord,
  readRecord,
  type SourceRequest,
  StreamExpiredError,
  streamRecords,
} from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';
import { conflict, notFound, refused } from '../errors.ts';
import { readListQuery } from '../http/list-query.ts';
import type { PagingQuery } from '../http/paging.ts';
import { type PagePlace, pageBytes, pageChunks, recordText } from './page-text.ts';
import { createSlots } from './slots.ts';
import { createSources, type OpenDataset } from './sources.ts';

/** What a list is asked for with. */
interface ListParameters {
  /** As received, for the links. */
  readonly url: string;
  readonly paging: PagingQuery;
  /** Only records with this value of an id property. */
  readonly within?: { readonly property: string; readonly id: string };
}

export interface RecordService {
  /** @returns the page as JSON, or as a stream of it when it is big */
  list(
    clientId: string,
    source: SourceRequest,
    dataType: DataTypeKey,
    parameters: ListParameters,
  ): Promise<Buffer | Readable>;
  /** @returns the record as JSON text */
  get(clientId: string, source: SourceRequest, dataType: DataTypeKey, id: string): Promise<string>;
  /** @returns what the platform knows of the business itself, as JSON text */
  info(clientId: string, source: SourceRequest): Promise<string>;
}

/** Pages of up to so many records are read at once; bigger ones are streamed. */
const mostAtOnce = 500;
/** Records of a stream that are fetched together: few enough to be gone before the garbage collector would keep them (docs/performance.md). */
const batchSize = 100;
/** The longest that a client may take to read a streamed page: the database keeps a snapshot for it. */
const longestReadMs = 60_000;
const slotWaitMs = 10_000;

export function createRecordService(
  dependencies: Pick<AppDependencies, 'store' | 'connectors'>,
  { maxOpenMs = longestReadMs } = {},
): RecordService {
  // Counters and records come from one server, which may be a replica.
  const pool = dependencies.store.reading;
  const sources = createSources({ store: { pool }, connectors: dependencies.connectors });
  // Each stream keeps a connection; the other half of the pool stays free for everything else.
  const slots = createSlots(Math.max(1, Math.floor(pool.options.max / 2)), slotWaitMs);
  const catalogues = new Map<DataTypeKey, FieldCatalogue>(
    dataTypeKeys.map((key) => [key, fieldsOf(dataTypes[key].response)]),
  );

  async function openStream(
    dataset: OpenDataset,
    dataType: DataTypeKey,
    request: RecordListRequest,
    place: Pick<PagePlace, 'url' | 'withoutMetadata'>,
  ) {
    const release = await slots.acquire();
    try {
      const limits = { batchSize, maxOpenMs };
      const page = await streamRecords(pool, dataset, dataType, dataset.counters, request, limits);
      const chunks = pageChunks(page.batches, { ...place, paging: request, total: page.total });
      const stream = Readable.from(chunks, { objectMode: false });
      // Read to its end, broken off by the client or never begun: all of them close the stream.
      stream.once('close', () => void page.close());
      void page.closed.then(({ isExpired }) => {
        release();
        if (isExpired) stream.destroy(new StreamExpiredError());
      });
      return stream;
    } catch (error) {
      release();
      throw error;
    }
  }

  return {
    async list(clientId, source, dataType, { url, paging, within }) {
      const withoutMetadata = 'withoutMetadata' in dataTypes[dataType];
      const { filter, ...rest } = readListQuery(paging, catalogues.get(dataType) ?? new Map());
      const request = { ...rest, query: narrowed(filter, within, withoutMetadata) };
      if (request.pageSize <= mostAtOnce && isKeyRange(request)) {
        const found = await readKeyRange(pool, clientId, source, dataType, request);
        const { records, total, ...end } = (await sources.open(found, source, dataType)).source.page();
        return pageBytes(records, { url, paging, total, withoutMetadata }, end);
      }
      const dataset = await sources.dataset(clientId, source, dataType);
      const most = Math.min(request.pageSize, dataset.counters.recordCount);
      try {
        if (most > mostAtOnce) return await openStream(dataset, dataType, request, { url, withoutMetadata });
        const { counters } = dataset;
        const { records, total, ...end } = await listRecords(pool, dataset, dataType, counters, request);
        return pageBytes(records, { url, paging, total, withoutMetadata }, end);
      } catch (error) {
        throw isStatementTimeout(error) ? tooExpensive(request, error) : error;
      }
    },

    async get(clientId, source, dataType, id) {
      const dataset = await sources.dataset(clientId, source, dataType);
      const record = await readRecord(pool, dataset, dataType, id);
      if (record === undefined) throw notFound(dataTypes[dataType].title.singular);
      return recordText(record);
    },

    async info(clientId, source) {
      const dataset = await sources.dataset(clientId, source, 'company');
      const record = await readOnlyRecord(pool, dataset, 'company');
      if (record === undefined) {
        throw conflict('The company info has not been read from the platform yet.', { canBeRetried: 'True' });
      }
      // The published model gives the company info neither `modifiedDate` nor `metadata`.
      return record.document;
    },
  };
}

const notDeleted: QueryNode = {
  type: 'comparison',
  field: 'metadata.isDeleted',
  kind: 'boolean',
  operator: '=',
  value: false,
};

/** A filter of the client, and what the place that the list was asked for at leaves out. */
function narrowed(
  filter: QueryNode | undefined,
  within: ListParameters['within'],
  withoutMetadata: boolean,
): QueryNode | undefined {
  const nodes: QueryNode[] = withoutMetadata ? [notDeleted] : [];
  if (within !== undefined)
    nodes.push({
      type: 'comparison',
      field: within.property,
      kind: 'id',
      operator: '=',
      value: within.id,
    });
  if (filter !== undefined) nodes.push(filter);
  return nodes.length > 1 ? { type: 'and', nodes } : nodes[0];
}

/** What asks too much of this many records will do so again: unlike a slow database, it is the client's to change. */
function tooExpensive({ query, orderBy }: RecordListRequest, error: unknown): unknown {
  if (query === undefined && orderBy === undefined) return error;
  const message =
    'takes too long on this many records; fewer conditions, or one more on a date or a status, may help.';
  return refused(query === undefined ? 'query.orderBy' : 'query.query', message, 'QueryCost');
}
