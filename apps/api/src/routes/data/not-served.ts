/** Data paths that no platform of Tributary serves: each answers with the reason. */
import { type AnyDataTypeKey, type DataTypeKey, dataTypes } from '@tributary/model';
import type { FastifyPluginAsync } from 'fastify';
import { createSources, isServed, requireDataType } from '../../data/sources.ts';
import { notFoundBecause } from '../../errors.ts';
import { companyParameters, connectionParameters } from '../../http/validation.ts';

type Path = { Params: { companyId: string; connectionId?: string; name: string; '*'?: string } };

const routes: FastifyPluginAsync = async (app) => {
  const sources = createSources(app.dependencies);

  for (const [base, parameters] of [
    ['/companies/:companyId/data', companyParameters],
    ['/companies/:companyId/connections/:connectionId/data', connectionParameters],
  ] as const) {
    const options = { schema: { hide: true, params: parameters.loose() } };
    for (const path of [`${base}/:name`, `${base}/:name/*`]) {
      app.get<Path>(path, options, async ({ client, params }) => {
        const connection = await sources.connection(client.id, params);
        const dataType = dataTypeAt(params.name, params['*']?.split('/') ?? []);
        const isThere =
          isServed(dataType) &&
          (connection === undefined || sources.supportedTypes(connection).includes(dataType));
        throw isThere ? elsewhere(dataType) : sources.notSupported(dataType, connection);
      });
    }
  }
};

/** The data type that a path is about; most are named by its first part. */
function dataTypeAt(name: string, rest: readonly string[]): AnyDataTypeKey {
  switch (name.toLowerCase()) {
    // Statements lie one level deeper: `/data/financials/balanceSheet`.
    case 'financials':
      return requireDataType(rest[0] ?? '');
    case 'accounts':
      return 'chartOfAccounts';
    case 'info':
      return 'company';
    case 'commerce-info':
      return 'commerce-companyInfo';
    // `/data/bankAccounts/{id}/bankTransactions`, and `…/transactions` for a company.
    case 'bankaccounts':
      return rest.length > 1 && /^(bank)?transactions$/i.test(rest[1] ?? '')
        ? 'bankTransactions'
        : 'bankAccounts';
    default:
      return requireDataType(name);
  }
}

function elsewhere(dataType: DataTypeKey) {
  const { scopes } = dataTypes[dataType];
  const listPath = dataTypes[dataType].listPath.replace(/:(\w+)/g, '{$1}');
  const base = (scopes as readonly string[]).includes('company')
    ? '/companies/{companyId}/data'
    : '/companies/{companyId}/connections/{connectionId}/data';
  return notFoundBecause(`Datatype ${dataType} is read at ${base}/${listPath}.`);
}

export default routes;
