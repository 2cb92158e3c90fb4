/** Financial statements of periods. */
import type { FastifyPluginAsync } from 'fastify';
import { createStatementService } from '../../../data/statements.ts';
import { errorResponses } from '../../../http/error-schema.ts';
import { companyParameters, connectionParameters } from '../../../http/validation.ts';
import { type StatementQuery, statementQuery, statementSchemas } from './schemas.ts';

type StatementRoute = {
  Params: { companyId: string; connectionId?: string };
  Querystring: StatementQuery;
};

const places = [
  { base: '/companies/:companyId/data', prefix: '', parameters: companyParameters },
  {
    base: '/companies/:companyId/connections/:connectionId/data',
    prefix: 'connection-',
    parameters: connectionParameters,
  },
] as const;

const statements = [
  { dataType: 'balanceSheet', name: 'balance-sheet', summary: 'Get balance sheet' },
  { dataType: 'profitAndLoss', name: 'profit-and-loss', summary: 'Get profit and loss' },
  { dataType: 'cashFlowStatement', name: 'cash-flow-statement', summary: 'Get cash flow statement' },
] as const;

const routes: FastifyPluginAsync = async (app) => {
  const service = createStatementService(app.dependencies);

  for (const { base, prefix, parameters } of places) {
    for (const { dataType, name, summary } of statements) {
      app.get<StatementRoute>(
        `${base}/financials/${dataType}`,
        {
          schema: {
            operationId: `get-${prefix}${name}`,
            summary,
            description:
              'As the platform gives it, or derived from its accounts and journal entries. A period without postings is a report of zeros.',
            tags: ['Accounting data'],
            params: parameters,
            querystring: statementQuery,
            response: { 200: statementSchemas[dataType], ...errorResponses(400, 404, 409) },
          },
        },
        async ({ client, params, query }, reply) => {
          const { text, derivedFrom } = await service.read(client.id, params, dataType, query);
          if (derivedFrom.length > 0) void reply.header('x-data-derived-from', derivedFrom.join(', '));
          return reply.type('application/json; charset=utf-8').send(text);
        },
      );
    }
  }
};

export default routes;
