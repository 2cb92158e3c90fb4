import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { errorResponses } from '../../http/error-schema.ts';
import { profile, replacedProfile } from '../../schemas/profile.ts';
import { createProfileService } from '../../services/profile.ts';

const routes: FastifyPluginAsyncZod = async (app) => {
  const profiles = createProfileService(app.dependencies);
  const tags = ['Settings'];

  app.get(
    '/profile',
    {
      schema: {
        operationId: 'get-profile',
        summary: 'Get profile',
        tags,
        response: { 200: profile, ...errorResponses() },
      },
    },
    (request) => profiles.get(request.client.id),
  );

  app.put(
    '/profile',
    {
      schema: {
        operationId: 'update-profile',
        summary: 'Replace profile',
        tags,
        body: replacedProfile,
        response: { 200: profile, ...errorResponses(400, 413, 415) },
      },
    },
    (request) => profiles.replace(request.client.id, request.body),
  );
};

export default routes;
