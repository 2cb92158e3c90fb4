/** What the portal needs beside the public API. */
import type { FastifyPluginAsync } from 'fastify';
import auditLog from './audit-log.ts';
import session from './session.ts';
import users from './users.ts';

const routes: FastifyPluginAsync = async (app) => {
  for (const part of [session, users, auditLog]) await app.register(part);
};

export default routes;
