import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { pageEnvelope, pageOf } from '../../http/paging.ts';
import { companyParameters } from '../../http/validation.ts';
import {
  companiesQuery,
  company,
  companyUpdate,
  newCompany,
  replacedCompany,
  replacedCompanyWithId,
} from '../../schemas/companies.ts';
import { createCompanyService } from '../../services/companies.ts';
import exportRoutes from './export.ts';

const companyPage = pageOf(company).meta({ id: 'Companies' });

const routes: FastifyPluginAsyncZod = async (app) => {
  await app.register(exportRoutes);
  const companies = createCompanyService(app.dependencies);
  const tags = ['Companies'];
  /** A replacement removes what it leaves out. */
  const replacement = (body: z.output<typeof replacedCompany>) => ({
    name: body.name,
    description: body.description ?? null,
    tags: body.tags ?? null,
    // The published API has no way to say it: leaving it out must not undo it.
    parentId: body.referenceParentCompany === null ? null : body.referenceParentCompany?.id,
  });
  const update = ({ referenceParentCompany, ...body }: z.output<typeof companyUpdate> = {}) => ({
    name: body.name ?? undefined,
    description: body.description ?? undefined,
    tags: body.tags ?? undefined,
    parentId: referenceParentCompany?.id,
  });

  app.get(
    '/companies',
    {
      schema: {
        operationId: 'list-companies',
        summary: 'List companies',
        tags,
        querystring: companiesQuery,
        response: { 200: companyPage, ...errorResponses(400) },
      },
    },
    async (request) => {
      const page = await companies.list(request.client.id, request.query);
      return pageEnvelope({ url: request.url, paging: request.query, ...page });
    },
  );

  app.post(
    '/companies',
    {
      schema: {
        operationId: 'create-company',
        summary: 'Create company',
        description: 'With `platformType` a connection is created at once, and the answer carries its link.',
        tags,
        body: newCompany,
        response: { 200: company, ...errorResponses(400, 413, 415) },
      },
    },
    (request) => companies.create(request.client.id, request.body),
  );

  app.put(
    '/companies',
    {
      schema: {
        operationId: 'replace-company-by-body',
        summary: 'Replace company (id in the body)',
        tags,
        body: replacedCompanyWithId,
        response: { 200: company, ...errorResponses(400, 404, 413, 415) },
      },
    },
    (request) => companies.update(request.client.id, request.body.id, replacement(request.body)),
  );

  app.get(
    '/companies/:companyId',
    {
      config: { companyToken: true },
      schema: {
        operationId: 'get-company',
        summary: 'Get company',
        tags,
        params: companyParameters,
        response: { 200: company, ...errorResponses(400, 404) },
      },
    },
    (request) => companies.get(request.client.id, request.params.companyId),
  );

  app.put(
    '/companies/:companyId',
    {
      schema: {
        operationId: 'replace-company',
        summary: 'Replace company',
        tags,
        params: companyParameters,
        body: replacedCompany,
        response: { 200: company, ...errorResponses(400, 404, 413, 415) },
      },
    },
    (request) => companies.update(request.client.id, request.params.companyId, replacement(request.body)),
  );

  app.patch(
    '/companies/:companyId',
    {
      schema: {
        operationId: 'update-company',
        summary: 'Update company',
        tags,
        params: companyParameters,
        body: companyUpdate,
        response: { 200: company, ...errorResponses(400, 404, 413, 415) },
      },
    },
    (request) => companies.update(request.client.id, request.params.companyId, update(request.body)),
  );

  app.delete(
    '/companies/:companyId',
    {
      config: { role: 'admin' },
      schema: {
        operationId: 'delete-company',
        summary: 'Delete company',
        description: 'Erases everything that was stored of it.',
        tags,
        params: companyParameters,
        response: { 204: z.undefined().describe('Deleted.'), ...errorResponses(400, 404) },
      },
    },
    async (request, reply) => {
      await companies.delete(request.client.id, request.params.companyId);
      return reply.code(204).send();
    },
  );
};

export default routes;
