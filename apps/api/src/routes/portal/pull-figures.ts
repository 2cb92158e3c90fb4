import { instant, instantText } from '@tributary/model';
import { findRunFigures } from '@tributary/store';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { errorResponses } from '../../http/error-schema.ts';
import { companyParameters, uuidParameter } from '../../http/validation.ts';

const count = z.int().min(0);

const pullFigures = z
  .object({
    trigger: z.string().describe('`firstLink`, `request` or `schedule`.'),
    listing: z
      .string()
      .optional()
      .describe('`initial`: everything, into nothing; `full`: everything; `incremental`: what changed.'),
    started: instantText.optional(),
    pages: count,
    recordsRead: count,
    inserted: count,
    changed: count,
    unchanged: count,
    deleted: count,
    quarantined: count.describe('Records that did not fit the model, and were put aside.'),
    warnings: count,
  })
  .meta({ id: 'PullFigures', description: 'What a pull has read so far, and what became of it.' });

const routes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/portal/api/companies/:companyId/pulls/:datasetId/figures',
    {
      schema: {
        operationId: 'get-pull-figures',
        summary: 'Get figures of a pull',
        tags: ['Portal'],
        params: companyParameters.extend({ datasetId: uuidParameter }),
        response: { 200: pullFigures, ...errorResponses(400, 404) },
      },
    },
    async ({ client, params: { companyId, datasetId } }) => {
      const found = await findRunFigures(app.dependencies.store.pool, client.id, companyId, datasetId);
      if (found === undefined) throw notFound('pull operation');
      const { listing, startedAt, ...figures } = found;
      return {
        ...figures,
        ...(listing !== null && { listing }),
        ...(startedAt !== null && { started: instant(startedAt) }),
      };
    },
  );
};

export default routes;
