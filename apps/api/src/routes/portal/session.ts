/** The session of the browser that asks. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses, portalSecurity } from '../../http/error-schema.ts';
import { clearSessionCookie } from '../../portal/cookie.ts';
import { createPortalSessions, sessionView } from '../../portal/sessions.ts';
import { passwordChange, portalSession } from '../../schemas/portal.ts';
import { portalOf } from './portal-request.ts';

/** Whatever their role, users see and end their own session. */
const config = { role: 'viewer', sessionOnly: true } as const;
const shared = { tags: ['Portal'], security: portalSecurity };

const routes: FastifyPluginAsyncZod = async (app) => {
  const { publicUrl } = app.dependencies;
  const sessions = createPortalSessions(app.dependencies);

  app.get(
    '/portal/api/session',
    {
      config,
      schema: {
        ...shared,
        operationId: 'get-portal-session',
        summary: 'Get session',
        response: { 200: portalSession, ...errorResponses() },
      },
    },
    async (request) => {
      const { session, token } = portalOf(request);
      return sessionView(session, token);
    },
  );

  app.delete(
    '/portal/api/session',
    {
      config: { ...config, audited: false },
      schema: {
        ...shared,
        operationId: 'delete-portal-session',
        summary: 'Sign out',
        response: { 204: z.undefined().describe('Signed out.'), ...errorResponses() },
      },
    },
    async (request, reply) => {
      await sessions.signOut(portalOf(request).token);
      clearSessionCookie(reply, publicUrl);
      return reply.code(204).send();
    },
  );

  app.put(
    '/portal/api/session/password',
    {
      config,
      schema: {
        ...shared,
        operationId: 'change-portal-password',
        summary: 'Change password',
        description: 'Ends the other sessions of the user.',
        body: passwordChange,
        response: { 204: z.undefined().describe('Changed.'), ...errorResponses(400, 413, 415) },
      },
    },
    async (request, reply) => {
      await sessions.changePassword(portalOf(request).session, { ...request.body, ip: request.ip });
      return reply.code(204).send();
    },
  );
};

export default routes;
