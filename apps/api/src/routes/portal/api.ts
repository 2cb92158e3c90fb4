/** What the portal needs beside the public API. */
import type { FastifyPluginAsync } from 'fastify';
import auditLog from './audit-log.ts';
import { brandingRoutes } from './branding.ts';
import integrations from './integrations.ts';
import overview from './overview.ts';
import pullFigures from './pull-figures.ts';
import rawRecord from './raw-record.ts';
import session from './session.ts';
import users from './users.ts';

const routes: FastifyPluginAsync = async (app) => {
  for (const part of [
    session,
    users,
    auditLog,
    brandingRoutes,
    integrations,
    overview,
    pullFigures,
    rawRecord,
  ])
    await app.register(part);
};

export default routes;
