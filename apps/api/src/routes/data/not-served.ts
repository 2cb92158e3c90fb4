/** Data paths that no platform of Tributary serves: each answers with the reason. */
import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { FastifyPluginAsync } from 'fastify';
import { createSources, isServed, requireDataType } from '../../data/sources.ts';
import { notFoundBecause } from '../../errors.ts';
import { companyParameters, connectionParameters } from '../../http/validation.ts';

type Path = { Params: { companyId: string; connectionId?: string; name: string; rest?: string } };

const routes: FastifyPluginAsync = async (app) => {
  const sources = createSources(app.dependencies);

  for (const [base, parameters] of [
    ['/companies/:companyId/data', companyParameters],
    ['/companies/:companyId/connections/:connectionId/data', connectionParameters],
  ] as const) {
    const options = { schema: { hide: true, params: parameters.loose() } };
    for (const path of [`${base}/:name`, `${base}/:name/:rest`]) {
      app.get<Path>(path, options, async ({ client, params }) => {
        const connection = await sources.connection(client.id, params);
        // Statements lie one level deeper: `/data/financials/balanceSheet`.
        const isStatement = params.name.toLowerCase() === 'financials' && params.rest !== undefined;
        const dataType = requireDataType(isStatement ? (params.rest ?? '') : params.name);
        throw isServed(dataType) ? elsewhere(dataType) : sources.notSupported(dataType, connection);
      });
    }
  }
};

function elsewhere(dataType: DataTypeKey) {
  const { scopes } = dataTypes[dataType];
  const listPath = dataTypes[dataType].listPath.replace(/:(\w+)/g, '{$1}');
  const base = (scopes as readonly string[]).includes('company')
    ? '/companies/{companyId}/data'
    : '/companies/{companyId}/connections/{connectionId}/data';
  return notFoundBecause(`Datatype ${dataType} is read at ${base}/${listPath}.`);
}

export default routes;
