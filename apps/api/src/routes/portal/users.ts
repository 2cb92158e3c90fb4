/** Users of the portal. Owners manage them; admins invite those who may do less. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorResponses, portalSecurity } from '../../http/error-schema.ts';
import { uuidParameter } from '../../http/validation.ts';
import { createPortalUsers } from '../../portal/users.ts';
import {
  createdPortalInvitation,
  newPortalInvitation,
  portalInvitation,
  portalUser,
  portalUserChange,
} from '../../schemas/portal.ts';
import { portalOf } from './portal-request.ts';

const owners = { role: 'owner', sessionOnly: true } as const;
const admins = { role: 'admin', sessionOnly: true } as const;
const shared = { tags: ['Portal'], security: portalSecurity };
const userParameters = z.object({ userId: uuidParameter });

const routes: FastifyPluginAsyncZod = async (app) => {
  const users = createPortalUsers(app.dependencies);

  app.get(
    '/portal/api/users',
    {
      config: admins,
      schema: {
        ...shared,
        operationId: 'list-portal-users',
        summary: 'List users',
        response: { 200: z.object({ results: z.array(portalUser) }), ...errorResponses() },
      },
    },
    async ({ client }) => ({ results: await users.list(client.id) }),
  );

  app.patch(
    '/portal/api/users/:userId',
    {
      config: { ...owners, audited: ['name', 'role', 'isDisabled'] },
      schema: {
        ...shared,
        operationId: 'update-portal-user',
        summary: 'Update user',
        description: 'Takes effect at once; sessions of a user who is disabled end.',
        params: userParameters,
        body: portalUserChange,
        response: { 200: portalUser, ...errorResponses(400, 404, 409, 413, 415) },
      },
    },
    ({ client, params, body }) => users.change(client.id, params.userId, body),
  );

  app.delete(
    '/portal/api/users/:userId',
    {
      config: owners,
      schema: {
        ...shared,
        operationId: 'delete-portal-user',
        summary: 'Remove user',
        params: userParameters,
        response: { 204: z.undefined().describe('Removed.'), ...errorResponses(400, 404, 409) },
      },
    },
    async ({ client, params }, reply) => {
      await users.delete(client.id, params.userId);
      return reply.code(204).send();
    },
  );

  app.get(
    '/portal/api/invitations',
    {
      config: admins,
      schema: {
        ...shared,
        operationId: 'list-portal-invitations',
        summary: 'List invitations',
        description: 'Those that can be accepted.',
        response: { 200: z.object({ results: z.array(portalInvitation) }), ...errorResponses() },
      },
    },
    async ({ client }) => ({ results: await users.invitations(client.id) }),
  );

  app.post(
    '/portal/api/invitations',
    {
      config: { ...admins, audited: ['email', 'role'] },
      schema: {
        ...shared,
        operationId: 'create-portal-invitation',
        summary: 'Invite user',
        description:
          'The answer holds the link for the invited person, this once; it works for seven days. Replaces an earlier invitation of the same address. Only owners invite owners.',
        body: newPortalInvitation,
        response: { 200: createdPortalInvitation, ...errorResponses(400, 409, 413, 415) },
      },
    },
    (request) => users.invite(portalOf(request).session, request.body),
  );

  app.delete(
    '/portal/api/invitations/:invitationId',
    {
      config: admins,
      schema: {
        ...shared,
        operationId: 'delete-portal-invitation',
        summary: 'Withdraw invitation',
        params: z.object({ invitationId: uuidParameter }),
        response: { 204: z.undefined().describe('Withdrawn.'), ...errorResponses(400, 404) },
      },
    },
    async (request, reply) => {
      await users.withdraw(portalOf(request).session, request.params.invitationId);
      return reply.code(204).send();
    },
  );
};

export default routes;
