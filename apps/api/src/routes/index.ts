import type { FastifyPluginAsync } from 'fastify';
import data from './data/index.ts';
import health from './health/index.ts';
import link from './link/index.ts';
import portal from './portal/index.ts';

/** Routes that need an API key. */
export const clientRoutes: readonly FastifyPluginAsync[] = [data];

/** Routes that need none: what browsers open, and what watches the process. */
export const publicRoutes: readonly FastifyPluginAsync[] = [health, portal, link];
