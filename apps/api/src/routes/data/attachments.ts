/** Files attached to records, and records as files. */
import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { FastifyPluginAsync } from 'fastify';
import { createAttachmentService } from '../../data/attachments.ts';
import { errorResponses } from '../../http/error-schema.ts';
import { attachmentParameters, attachmentSchemas, recordParameters } from './schemas.ts';

type RecordRoute = { Params: { companyId: string; connectionId?: string; id: string } };
type AttachmentRoute = { Params: RecordRoute['Params'] & { attachmentId: string } };

/** Data types of which the published API has attachments. */
const withAttachments = ['invoices', 'bills', 'customers', 'suppliers'] as const satisfies DataTypeKey[];

const routes: FastifyPluginAsync = async (app) => {
  const service = createAttachmentService(app.dependencies);
  const recordOf = (dataType: DataTypeKey, { id, ...source }: RecordRoute['Params']) => ({
    source,
    dataType,
    id,
  });

  for (const dataType of withAttachments) {
    const { listPath, title } = dataTypes[dataType];
    const base = `/companies/:companyId/connections/:connectionId/data/${listPath}/:id/attachments`;
    const name = `${title.singular.replaceAll(' ', '-')}-attachment`;
    const shared = { tags: ['Accounting data'] };
    const answers = errorResponses(400, 404, 409);

    app.get<RecordRoute>(
      base,
      {
        schema: {
          ...shared,
          operationId: `list-${name}s`,
          summary: `List the attachments of a ${title.singular}`,
          params: recordParameters.connection,
          response: { 200: attachmentSchemas.list, ...answers },
        },
      },
      async ({ client, params }) => ({
        attachments: await service.list(client.id, recordOf(dataType, params)),
      }),
    );

    app.get<AttachmentRoute>(
      `${base}/:attachmentId`,
      {
        schema: {
          ...shared,
          operationId: `get-${name}`,
          summary: `Get an attachment of a ${title.singular}`,
          params: attachmentParameters,
          response: { 200: attachmentSchemas.one, ...answers },
        },
      },
      async ({ client, params: { attachmentId, ...params } }) =>
        service.get(client.id, recordOf(dataType, params), attachmentId),
    );

    app.get<AttachmentRoute>(
      `${base}/:attachmentId/download`,
      {
        schema: {
          ...shared,
          operationId: `download-${name}`,
          summary: `Download an attachment of a ${title.singular}`,
          description: 'No platform gives the content of attachments so far: the answer says so.',
          params: attachmentParameters,
          response: { 200: attachmentSchemas.content, ...answers },
        },
      },
      async ({ client, params: { attachmentId, ...params } }) => {
        throw await service.download(client.id, recordOf(dataType, params), attachmentId);
      },
    );
  }

  app.get<RecordRoute>(
    '/companies/:companyId/data/invoices/:id/pdf',
    {
      schema: {
        operationId: 'download-invoice-pdf',
        summary: 'Download an invoice as PDF',
        description: 'No platform gives invoices as PDF so far: the answer says so.',
        tags: ['Accounting data'],
        params: recordParameters.company,
        response: { 200: attachmentSchemas.content, ...errorResponses(400, 404, 409) },
      },
    },
    async ({ client, params }) => {
      throw await service.pdf(client.id, recordOf('invoices', params));
    },
  );
};

export default routes;
