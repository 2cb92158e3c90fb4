/** What the portal needs beside the public API. */
import type { FastifyPluginAsync } from 'fastify';
import session from './session.ts';

const routes: FastifyPluginAsync = async (app) => {
  for (const part of [session]) await app.register(part);
};

export default routes;
