/**
 * The log of changes (docs/adr/0044). Before a request that may change something is handled, what it is about to do is written down;
 * after it succeeded, that it was done. A process that dies in between leaves an entry that says so: nothing is changed without one.
 */
import { dropAuditEntry, settleAuditEntry, writeAuditEntry } from '@tributary/store';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { isSafe } from '../portal/roles.ts';
import { detailOf, madeTarget, targetOf } from '../services/audit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Members of the body whose values the log of changes shows; false: the route changes nothing that is worth an entry. */
    audited?: readonly string[] | false;
  }
  interface FastifyRequest {
    /** While it is being done: the entry of the request, and what it has made. */
    audit: { readonly id: string; made: unknown } | undefined;
  }
}

export default fp(
  async (app) => {
    const { newId, store } = app.dependencies;
    const { pool } = store;
    app.decorateRequest('audit', undefined);

    app.addHook('preHandler', async (request) => {
      if (!isAudited(request)) return;
      const { client, ip, routeOptions } = request;
      const { audited: shown = [] } = routeOptions.config;
      const described = {
        path: routeOptions.url ?? '',
        params: request.params as Readonly<Record<string, unknown>>,
        body: request.body,
        shown: shown === false ? [] : shown,
      };
      const id = newId();
      await writeAuditEntry(
        pool,
        {
          id,
          clientId: client.id,
          actor: client.actor,
          ip,
          action: operationIdOf(request),
          target: targetOf(described),
          detail: detailOf(described),
        },
        { isSettled: false },
      );
      request.audit = { id, made: undefined };
    });

    app.addHook('preSerialization', async (request, _reply, payload) => {
      if (request.audit !== undefined) request.audit.made = payload;
      return payload;
    });

    app.addHook('onSend', async (request, { statusCode }, payload) => {
      const { audit } = request;
      // After a failure of ours nobody knows what was done: the entry stays, and says that.
      if (audit === undefined || statusCode >= 500) return payload;
      request.audit = undefined;
      try {
        if (statusCode >= 400) await dropAuditEntry(pool, audit.id);
        else await settleAuditEntry(pool, audit.id, madeTarget(request.routeOptions.url ?? '', audit.made));
      } catch (error) {
        request.log.warn(
          { err: error },
          'an entry of the log of changes could not be settled; it stays open',
        );
      }
      return payload;
    });
  },
  { name: 'audit', dependencies: ['authentication', 'idempotency'] },
);

function isAudited({ method, routeOptions }: FastifyRequest): boolean {
  return !isSafe(method) && routeOptions.config.audited !== false;
}

function operationIdOf({ method, routeOptions }: FastifyRequest): string {
  const { operationId } = (routeOptions.schema ?? {}) as { operationId?: string };
  return operationId ?? `${method} ${routeOptions.url}`;
}
