/** Signing in to the portal: with a password, or for the first time by invitation. */
import cookie from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { forbidden } from '../../errors.ts';
import { publicErrorResponses } from '../../http/error-schema.ts';
import { sessionTokenOf, setSessionCookie } from '../../portal/cookie.ts';
import { isFromElsewhere } from '../../portal/same-origin.ts';
import { createPortalSessions } from '../../portal/sessions.ts';
import { createPortalUsers } from '../../portal/users.ts';
import {
  invitationAcceptance,
  invitationToken,
  openInvitation,
  portalSession,
  signInRequest,
} from '../../schemas/portal.ts';

const shared = { tags: ['Portal'], security: [] };

const routes: FastifyPluginAsyncZod = async (app) => {
  const { publicUrl } = app.dependencies;
  const sessions = createPortalSessions(app.dependencies);
  const users = createPortalUsers(app.dependencies);
  await app.register(cookie);

  /** Nobody may sign somebody in from a page of their own. */
  const fromHere = async (request: FastifyRequest) => {
    if (isFromElsewhere(request, publicUrl)) throw forbidden('Pages of other sites may not sign in here.');
  };
  app.addHook('onRequest', fromHere);
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));

  app.post(
    '/portal/api/session',
    {
      schema: {
        ...shared,
        operationId: 'create-portal-session',
        summary: 'Sign in',
        description: 'Sets the cookie of the session. After some wrong passwords it takes a while.',
        body: signInRequest,
        response: { 200: portalSession, ...publicErrorResponses(400, 401, 403, 413, 415, 429, 503) },
      },
    },
    async (request, reply) => {
      const previousToken = sessionTokenOf(request);
      const { token, view } = await sessions.signIn({ ...request.body, ip: request.ip, previousToken });
      setSessionCookie(reply, publicUrl, token);
      return view;
    },
  );

  app.post(
    '/portal/api/invitations/lookup',
    {
      schema: {
        ...shared,
        operationId: 'look-up-portal-invitation',
        summary: 'Look up invitation',
        description: 'What the token of an invitation link is worth.',
        body: invitationToken,
        response: { 200: openInvitation, ...publicErrorResponses(400, 403, 404, 410, 413, 415, 503) },
      },
    },
    ({ body }) => users.lookUp(body.token),
  );

  app.post(
    '/portal/api/invitations/accept',
    {
      schema: {
        ...shared,
        operationId: 'accept-portal-invitation',
        summary: 'Accept invitation',
        description: 'Makes the user, and signs in. It works once.',
        body: invitationAcceptance,
        response: { 200: portalSession, ...publicErrorResponses(400, 403, 404, 409, 410, 413, 415, 503) },
      },
    },
    async (request, reply) => {
      const user = await users.accept({ ...request.body, ip: request.ip });
      const { token, view } = await sessions.open(user);
      setSessionCookie(reply, publicUrl, token);
      return view;
    },
  );
};

export default routes;
