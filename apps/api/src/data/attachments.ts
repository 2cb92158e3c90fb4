/** What is known of the files that are attached to records, and why their content is not to be had. */
import type { Attachment, Connector } from '@tributary/connector-kit';
import { type DataTypeKey, dataTypes } from '@tributary/model';
import { readRaw, readRecord, type SourceRequest } from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';
import { type ApiError, notFound, notFoundBecause } from '../errors.ts';
import { createSources, type OpenDataset } from './sources.ts';

/** A record that may have attachments. */
interface RecordOfSource {
  readonly source: SourceRequest;
  readonly dataType: DataTypeKey;
  readonly id: string;
}

export interface AttachmentService {
  /** @throws ApiError 404 for what is not there, and for a data type whose attachments the platform does not tell */
  list(clientId: string, record: RecordOfSource): Promise<readonly Attachment[]>;
  get(clientId: string, record: RecordOfSource, attachmentId: string): Promise<Attachment>;
  /** Why an attachment cannot be downloaded. */
  download(clientId: string, record: RecordOfSource, attachmentId: string): Promise<ApiError>;
  /** Why a record is not to be had as PDF. */
  pdf(clientId: string, record: RecordOfSource): Promise<ApiError>;
}

export function createAttachmentService(
  dependencies: Pick<AppDependencies, 'store' | 'connectors'>,
): AttachmentService {
  const { pool } = dependencies.store;
  const sources = createSources(dependencies);

  /** The stored record's dataset, and the connector of its platform. */
  async function find(clientId: string, { source, dataType, id }: RecordOfSource) {
    const dataset = await sources.dataset(clientId, source, dataType);
    const connection = await sources.connection(clientId, source);
    const connector = dependencies.connectors.get(connection?.platformKey ?? '');
    const stored = await readRecord(pool, dataset, dataType, id);
    if (stored === undefined || connector === undefined) throw notFound(dataTypes[dataType].title.singular);
    return { dataset, connector };
  }

  async function attachmentsOf(
    { dataType, id }: RecordOfSource,
    { dataset, connector }: { dataset: OpenDataset; connector: Connector },
  ): Promise<readonly Attachment[]> {
    const { attachments, manifest } = connector;
    if (attachments?.dataTypes.has(dataType) !== true) {
      const { plural } = dataTypes[dataType].title;
      throw notFoundBecause(`Attachments of ${plural} are not supported by platform(s) ${manifest.name}.`);
    }
    const raw = await readRaw(pool, dataset, dataType, id);
    return raw === undefined ? [] : attachments.of(raw);
  }

  const service: AttachmentService = {
    list: async (clientId, record) => attachmentsOf(record, await find(clientId, record)),

    async get(clientId, record, attachmentId) {
      const all = await service.list(clientId, record);
      const found = all.find(({ id }) => id === attachmentId);
      if (found === undefined) throw notFound('attachment');
      return found;
    },

    async download(clientId, record, attachmentId) {
      await service.get(clientId, record, attachmentId);
      const { connector } = await find(clientId, record);
      return notFoundBecause(`${connector.manifest.name} does not give the content of attachments.`);
    },

    async pdf(clientId, record) {
      const { connector } = await find(clientId, record);
      const { plural } = dataTypes[record.dataType].title;
      return notFoundBecause(`${connector.manifest.name} does not give ${plural} as PDF.`);
    },
  };
  return service;
}
