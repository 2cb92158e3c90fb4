import { dataTypes, instant, instantText } from '@tributary/model';
import { readRawWithMapping } from '@tributary/store';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { createSources, isServed, requireDataType } from '../../data/sources.ts';
import { notFoundBecause } from '../../errors.ts';
import { errorResponses } from '../../http/error-schema.ts';
import { connectionParameters } from '../../http/validation.ts';

const rawRecord = z
  .object({
    raw: z.unknown().describe('As the platform sent it, to the last digit.'),
    mappingVersion: z.int(),
    readAt: instantText.describe('When what was made of it last changed here.'),
  })
  .meta({ id: 'RawRecord', description: 'The platform’s own record behind one of the unified model.' });

const routes: FastifyPluginAsyncZod = async (app) => {
  const sources = createSources(app.dependencies);

  app.get(
    '/portal/api/companies/:companyId/connections/:connectionId/records/:dataType/:recordId/raw',
    {
      schema: {
        operationId: 'get-raw-record',
        summary: 'Get raw record',
        description: 'The platform’s record behind a stored one.',
        tags: ['Portal'],
        params: connectionParameters.extend({ dataType: z.string(), recordId: z.string() }),
        response: { 200: rawRecord, ...errorResponses(400, 404, 409) },
      },
    },
    async ({ client, params }, reply) => {
      const { recordId, dataType: name, ...source } = params;
      const dataType = requireDataType(name);
      const connection = await sources.connection(client.id, source);
      if (!isServed(dataType)) throw sources.notSupported(dataType, connection);
      const dataset = await sources.dataset(client.id, source, dataType);
      const found = await readRawWithMapping(app.dependencies.store.pool, dataset, dataType, recordId);
      if (found === undefined)
        throw notFoundBecause(
          `There is no raw record behind this ${dataTypes[dataType].title.singular}: there is no such record, or it was made of others.`,
        );
      const { raw, mappingVersion, modifiedAt } = found;
      // Text in text: parsing would round the platform's numbers.
      return reply
        .type('application/json; charset=utf-8')
        .serializer(String)
        .send(`{"raw":${raw},"mappingVersion":${mappingVersion},"readAt":"${instant(modifiedAt)}"}` as never);
    },
  );
};

export default routes;
