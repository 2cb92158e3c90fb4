/** Data paths that no platform of Tributary serves: each answers with the reason. */
import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { FastifyPluginAsync } from 'fastify';
import { createSources, isServed, requireDataType } from '../../data/sources.ts';
import { notFoundBecause } from '../../errors.ts';
import { companyParameters, connectionParameters } from '../../http/validation.ts';

type Path = {
  Params: { companyId: string; connectionId?: string; name: string; rest?: string; nested?: string };
};

/** Where a data type has another name in paths than everywhere else. */
const pathNames: Readonly<Record<string, string>> = { 'commerce-info': 'commerce-companyInfo' };

/** Statements lie one level deeper, `/data/financials/balanceSheet`, and bank transactions below their account. */
function nameOf({ name, rest, nested }: Path['Params']): string {
  if (name.toLowerCase() === 'financials' && rest !== undefined) return rest;
  if (nested?.toLowerCase() === 'banktransactions') return nested;
  return pathNames[name.toLowerCase()] ?? name;
}

const routes: FastifyPluginAsync = async (app) => {
  const sources = createSources(app.dependencies);

  for (const [base, parameters] of [
    ['/companies/:companyId/data', companyParameters],
    ['/companies/:companyId/connections/:connectionId/data', connectionParameters],
  ] as const) {
    const options = { schema: { hide: true, params: parameters.loose() } };
    for (const path of [`${base}/:name`, `${base}/:name/:rest`, `${base}/:name/:rest/:nested`]) {
      app.get<Path>(path, options, async ({ client, params }, reply) => {
        const connection = await sources.connection(client.id, params);
        const dataType = requireDataType(nameOf(params));
        if (params.nested !== undefined && isServed(dataType)) return reply.callNotFound();
        throw isServed(dataType) ? elsewhere(dataType) : sources.notSupported(dataType, connection);
      });
    }
  }
};

function elsewhere(dataType: DataTypeKey) {
  const { listPath, scopes } = dataTypes[dataType];
  const base = (scopes as readonly string[]).includes('company')
    ? '/companies/{companyId}/data'
    : '/companies/{companyId}/connections/{connectionId}/data';
  return notFoundBecause(`Datatype ${dataType} is read at ${base}/${listPath}.`);
}

export default routes;
