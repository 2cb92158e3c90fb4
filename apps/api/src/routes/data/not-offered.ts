/**
 * Operations of the published lending API for which no platform of Tributary has the data, or which belong to services that it does
 * not have: each answers with the reason, so that a client can tell them from a wrong path.
 */
import type { FastifyPluginAsync } from 'fastify';
import { createSources } from '../../data/sources.ts';
import { notFoundBecause } from '../../errors.ts';
import { companyParameters } from '../../http/validation.ts';

type Path = { Params: { companyId: string; connectionId?: string } };

const company = '/companies/:companyId';
const assess = '/data/companies/:companyId';

const banking = 'needs banking data, which no platform here gives.';
const commerce = 'needs commerce data, which no platform here gives.';
const own = 'is a service of its own that Tributary does not have.';

const operations: readonly (readonly [methods: readonly ('GET' | 'POST')[], path: string, reason: string])[] =
  [
    [
      ['GET'],
      `${assess}/assess/dataTypes/:dataType/dataIntegrity/:view`,
      `Matching of bank and accounting records ${banking}`,
    ],
    [
      ['GET'],
      `${assess}/connections/:connectionId/assess/commerceMetrics/*`,
      `A commerce metric ${commerce}`,
    ],
    [['GET', 'POST'], `${assess}/assess/excel`, `Spreadsheets of reports: this ${own}`],
    [['GET'], `${assess}/assess/excel/download`, `Spreadsheets of reports: this ${own}`],
    [['GET'], `${company}/reports/enhancedProfitAndLoss/accounts`, `Categorization of accounts ${own}`],
    [['GET'], `${company}/reports/enhancedBalanceSheet/accounts`, `Categorization of accounts ${own}`],
    [['GET'], `${company}/reports/enhancedCashFlow/transactions`, `A categorized bank statement ${banking}`],
    [['GET'], `${company}/reports/enhancedInvoices`, `Reconciliation of invoices ${banking}`],
    [['GET', 'POST'], `${company}/reports/liabilities/loans`, `A summary of loans ${banking}`],
    [
      ['GET', 'POST'],
      `${company}/reports/liabilities/loans/transactions`,
      `A list of loan transactions ${banking}`,
    ],
    [['GET'], `${company}/reports`, `Generation of reports ${own}`],
    [['POST'], `${company}/reports/:reportType`, `Generation of reports ${own}`],
    [['GET'], `${company}/reports/:reportType/:reportId/:view`, `Generation of reports ${own}`],
    [['GET'], `${company}/files`, `Upload of files ${own}`],
    [['GET'], `${company}/files/download`, `Upload of files ${own}`],
    [['POST'], `${company}/connections/:connectionId/files`, `Upload of files ${own}`],
    [
      ['GET', 'POST'],
      `${company}/connections/:connectionId/bankStatements/upload/*`,
      `Upload of bank statements ${own}`,
    ],
  ];

const routes: FastifyPluginAsync = async (app) => {
  const sources = createSources(app.dependencies);
  const options = { schema: { hide: true, params: companyParameters.loose() } };

  for (const [methods, url, reason] of operations) {
    for (const method of methods) {
      app.route<Path>({
        ...options,
        method,
        url,
        handler: async ({ client, params: { companyId } }) => {
          await sources.connection(client.id, { companyId });
          throw notFoundBecause(reason);
        },
      });
    }
  }
};

export default routes;
