import { instant, instantText } from '@tributary/model';
import { type AuditEntry, listAuditLog } from '@tributary/store';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses } from '../../http/error-schema.ts';
import { pageEnvelope, pageOf, pagingQuery } from '../../http/paging.ts';

const auditEntry = z
  .object({
    id: z.uuid(),
    at: instantText,
    actor: z.object({
      type: z.enum(['user', 'apiKey', 'companyToken', 'integrationKey', 'system']),
      id: z.string().optional(),
      name: z.string().optional(),
    }),
    ip: z.string().optional().describe('Where the request came from.'),
    action: z.string().describe('The id of the operation in this document.'),
    target: z.object({ type: z.string(), id: z.string().optional() }).optional(),
    outcome: z
      .enum(['done', 'unknown'])
      .describe(
        '`unknown`: it was begun, and its end was not written down: it still runs, or the process stopped.',
      ),
    detail: z
      .object({
        members: z.array(z.string()).optional().describe('Names of what was sent.'),
        values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
      })
      .catchall(z.unknown())
      .optional()
      .describe('Ids in the path, names of what was sent, and harmless values of it.'),
  })
  .meta({ id: 'AuditLogEntry', description: 'A change: who, what, when.' });

const auditPage = pageOf(auditEntry).meta({ id: 'AuditLog' });

const routes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/portal/api/auditLog',
    {
      config: { role: 'admin' },
      schema: {
        operationId: 'list-audit-log',
        summary: 'List changes',
        description: 'What was changed through this API and the portal, newest first.',
        tags: ['Portal'],
        querystring: pagingQuery.pick({ page: true, pageSize: true }),
        response: { 200: auditPage, ...errorResponses(400) },
      },
    },
    async ({ client, query, url }) => {
      const { rows, total } = await listAuditLog(app.dependencies.store.pool, client.id, query);
      return pageEnvelope({ url, paging: query, results: rows.map(entryView), totalResults: total });
    },
  );
};

function entryView(row: AuditEntry): z.input<typeof auditEntry> {
  return {
    id: row.id,
    at: instant(row.at),
    actor: {
      type: row.actorType,
      ...(row.actorId !== null && { id: row.actorId }),
      ...(row.actorName !== null && { name: row.actorName }),
    },
    ...(row.ip !== null && { ip: row.ip }),
    action: row.action,
    ...(row.targetType !== null && {
      target: { type: row.targetType, ...(row.targetId !== null && { id: row.targetId }) },
    }),
    outcome: row.isSettled ? 'done' : 'unknown',
    ...(row.detail !== null && { detail: row.detail }),
  };
}

export default routes;
