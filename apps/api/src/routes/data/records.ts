/** Reads of every data type: lists and single records, of a company and of one of its connections. */
import { type DataTypeDefinition, type DataTypeKey, dataTypeKeys, dataTypes } from '@tributary/model';
import type { FastifyPluginAsync } from 'fastify';
import { createRecordService, type RecordService } from '../../data/record-service.ts';
import { errorResponses } from '../../http/error-schema.ts';
import { type PagingQuery, pagingQuery } from '../../http/paging.ts';
import { companyParameters, connectionParameters } from '../../http/validation.ts';
import { recordId, recordParameters, recordSchemas } from './schemas.ts';

/** Records leave as the text that they were stored as; the schemas of the answers are documentation, checked when records are stored. */
const json = 'application/json; charset=utf-8';

type Source = { companyId: string; connectionId?: string };
type ListRoute = { Params: Source & Record<string, string | undefined>; Querystring: PagingQuery };
type RecordRoute = { Params: Source & { id: string } };

/** The two places that records are read from. */
const places = [
  { scope: 'company', base: '/companies/:companyId/data', parameters: companyParameters },
  {
    scope: 'connection',
    base: '/companies/:companyId/connections/:connectionId/data',
    parameters: connectionParameters,
  },
] as const;
type Place = (typeof places)[number];

const routes: FastifyPluginAsync = async (app) => {
  const records = createRecordService(app.dependencies);

  for (const place of places) {
    for (const key of dataTypeKeys) {
      const definition: DataTypeDefinition = dataTypes[key];
      if (definition.servedAs === 'statement') continue;
      if (key === 'company') await app.register(infoRoute(records, place));
      // A connection serves all that it has; a company only what is published there.
      else if (place.scope === 'connection' || definition.scopes.includes('company')) {
        await app.register(listRoute(records, place, key));
        await app.register(singleRoute(records, place, key));
      }
    }
  }
};

function infoRoute(records: RecordService, { scope, base, parameters }: Place): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: Source }>(
      `${base}/info`,
      {
        schema: {
          operationId: operationId('get', scope, 'company info'),
          summary: 'Get company info',
          description: 'What the platform knows of the business itself.',
          tags: ['Accounting data'],
          params: parameters,
          response: { 200: recordSchemas.get('company')?.one, ...errorResponses(400, 404, 409) },
        },
      },
      async ({ client, params }, reply) => reply.type(json).send(await records.info(client.id, params)),
    );
  };
}

function listRoute(
  records: RecordService,
  { scope, base, parameters }: Place,
  key: DataTypeKey,
): FastifyPluginAsync {
  const { listPath, listedBy, title }: DataTypeDefinition = dataTypes[key];
  return async (app) => {
    app.get<ListRoute>(
      `${base}/${listPath}`,
      {
        schema: {
          tags: ['Accounting data'],
          operationId: operationId('list', scope, title.plural),
          summary: `List ${title.plural}`,
          params: listedBy === undefined ? parameters : parameters.extend({ [listedBy]: recordId }),
          querystring: pagingQuery,
          response: { 200: recordSchemas.get(key)?.page, ...errorResponses(400, 404, 409) },
        },
      },
      async ({ client, params, url, query }, reply) => {
        const within =
          listedBy === undefined ? {} : { within: { property: listedBy, id: params[listedBy] ?? '' } };
        const page = await records.list(client.id, params, key, { url, paging: query, ...within });
        return reply.type(json).send(page);
      },
    );
  };
}

function singleRoute(records: RecordService, { scope, base }: Place, key: DataTypeKey): FastifyPluginAsync {
  const { listPath, listedBy, title }: DataTypeDefinition = dataTypes[key];
  return async (app) => {
    // What is listed for one record of another type is not published one by one.
    if (listedBy !== undefined) return;
    app.get<RecordRoute>(
      `${base}/${listPath}/:id`,
      {
        schema: {
          tags: ['Accounting data'],
          operationId: operationId('get', scope, title.singular),
          summary: `Get ${title.singular}`,
          params: recordParameters[scope],
          response: { 200: recordSchemas.get(key)?.one, ...errorResponses(400, 404, 409) },
        },
      },
      async ({ client, params }, reply) =>
        reply.type(json).send(await records.get(client.id, params, key, params.id)),
    );
  };
}

function operationId(verb: string, scope: Place['scope'], title: string): string {
  return `${verb}-${scope === 'connection' ? 'connection-' : ''}${title.replaceAll(' ', '-')}`;
}

export default routes;
