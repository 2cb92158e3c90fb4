import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { companyParameters } from '../../http/validation.ts';
import { createCompanyService } from '../../services/companies.ts';

const ndjson = 'application/x-ndjson';

const description = `Everything that is kept of the company, one JSON object on each line. \`kind\` says what it is: \`company\`,
\`connection\`, \`consent\`, \`syncSetting\` (where the company has its own), \`record\`, \`pullOperation\`, and \`end\`, which comes last and
counts the others: without it the export is not whole. A record:

\`{"kind":"record","connectionId":"…","dataType":"invoices","id":"…","isDeleted":false,"modifiedDate":"…","document":{…}}\``;

/** A company's data, to take elsewhere. */
const routes: FastifyPluginAsync = async (app) => {
  const companies = createCompanyService(app.dependencies);
  const line = z.string().describe('Lines of JSON (NDJSON).');

  app.get<{ Params: { companyId: string } }>(
    '/companies/:companyId/export',
    {
      schema: {
        operationId: 'export-company',
        summary: 'Export company',
        description,
        tags: ['Companies'],
        params: companyParameters,
        response: {
          200: { description: 'The lines.', content: { [ndjson]: { schema: line } } },
          ...errorResponses(400, 404),
        },
      },
    },
    async ({ client, params: { companyId } }, reply) => {
      const lines = await companies.export(client.id, companyId);
      return reply
        .type(ndjson)
        .header('content-disposition', `attachment; filename="company-${companyId}.ndjson"`)
        .send(lines);
    },
  );
};

export default routes;
